"""Find Asterisk, or fetch it: out of the distribution's packages, into a cache that all copies of a user share.

A tree in the cache is complete or absent (unpacked aside, then renamed) and is only read afterwards. A lock lets one
copy fetch while the others wait; what an interrupted fetch had downloaded is used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from otklik.embedded import mirrors, packages
from otklik.embedded.child import Command
from otklik.embedded.faults import Unavailable
from otklik.embedded.packages import STAGES, Fetcher, Package, Progress, Tree
from otklik.errors import Language

PEER: Final = "Asterisk"
PACKAGES: Final = ("asterisk", "espeak-ng")
RECIPE: Final = 1
"""Raise it when a tree is made in another way: older trees are then left alone and a new one is fetched."""
OLDEST: Final = (22, 5)
"""The first with commands over the event WebSocket and outgoing WebSockets."""
LOCK_POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskFound:
    version: str
    origin: Literal["tree", "system"]
    place: Path
    """The tree, or the program."""
    command: Command
    modules: Path
    share: Path
    espeak: Command | None
    """espeak-ng with its Russian and English voices; None if there is none."""


def find(cache: Path) -> AsteriskFound | None:
    """The newest tree in the cache, else the system's own if it is new enough. Quick; starts nothing that stays."""
    folder = cache / "asterisk"
    notes = sorted(folder.glob("*/tree.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for note in notes:
        with contextlib.suppress(OSError, ValueError, KeyError):
            about = json.loads(note.read_text())
            if about["recipe"] == RECIPE:
                return _in_tree(note.parent, str(about["version"]))
    return _in_system()


async def fetch(
    cache: Path, progress: Progress, *, language: Language = "ru", system: mirrors.System | None = None
) -> AsteriskFound:
    """Bring Asterisk into the cache, unless another copy has done so meanwhile. Call from the main thread.

    Raises `Unavailable` with what to do: no package tools or sources, no network, a bad signature, a damaged
    package, no space. Nothing unchecked is ever unpacked.
    """
    missing = packages.missing_tools()
    if missing:
        raise Unavailable(PEER, "packages_no_tools", retryable=False, what=PEER, tools=", ".join(missing))
    places = packages.archives(system or mirrors.system())
    if not places:
        raise Unavailable(PEER, "packages_no_sources", retryable=False, what=PEER)
    folder = cache / "asterisk"
    folder.mkdir(parents=True, exist_ok=True)
    async with _alone(folder, lambda: progress(STAGES["wait"][language].format(what=PEER), None)):
        found = find(cache)
        if found is not None and found.origin == "tree":
            return found
        return await _fetch(folder, places, progress, language)


async def _fetch(folder: Path, places: list[packages.Archive], progress: Progress, language: Language) -> AsteriskFound:
    """Try one archive and release after the other; the first fault that is not "not here" is the answer."""
    work = folder / "fetch"
    absent: Unavailable | None = None
    for place in places:
        _clear(work)
        fetcher = Fetcher(work, place, PEER, progress, language)
        try:
            version = await fetcher.version(PACKAGES[0])
        except Unavailable as err:
            if err.code != "packages_no_suite":
                raise
            absent = err
            continue
        if version is not None and _suits(version):
            closure = await fetcher.unpack(PACKAGES, work / "root")
            return _settle(folder, work, place, version, closure)
    tried = ", ".join(dict.fromkeys(place.suite for place in places))
    raise absent or Unavailable(
        PEER, "packages_no_suite", retryable=False, what=PEER, source=tried, folder=str(folder), detail=""
    )


def _clear(work: Path) -> None:
    """Everything of an earlier try but the packages it had brought, which are checked before they are used."""
    work.mkdir(mode=0o700, exist_ok=True)
    for path in work.iterdir():
        if path.name != "packages":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _settle(folder: Path, work: Path, place: packages.Archive, version: str, closure: list[Package]) -> AsteriskFound:
    """See that it runs, then give the tree its name."""
    root = work / "root"
    sounds = root / "usr/share/asterisk/sounds"
    # Made by a script of the package, which is not run here.
    if not (sounds / "en").exists() and (sounds / "en_US_f_Allison").is_dir():
        (sounds / "en").symlink_to("en_US_f_Allison")
    short = re.sub(r"[^\w.]+", "-", version.split(":")[-1])
    try:
        says = _version_of(Tree(root).command("usr/sbin/asterisk"))
    except OSError:
        says = None
    if says is None:
        raise Unavailable(
            PEER,
            "packages_damaged",
            retryable=True,
            what=PEER,
            source=place.suite,
            folder=str(work),
            detail="asterisk -V",
        )
    about = {
        "recipe": RECIPE,
        "version": says,
        "package": version,
        "suite": place.suite,
        "made_at": time.time(),
        "packages": [asdict(package) for package in closure],
    }
    fresh = folder / f"{place.suite}-{os.uname().machine}-{short}-{RECIPE}"
    shutil.rmtree(fresh, ignore_errors=True)
    staged = folder / "fetch.done"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o755)
    root.rename(staged / "root")
    (staged / "tree.json").write_text(json.dumps(about, indent=1))
    staged.rename(fresh)
    shutil.rmtree(work)
    return _in_tree(fresh, says)


@contextlib.asynccontextmanager
async def _alone(folder: Path, waiting: Callable[[], None]) -> AsyncIterator[None]:
    number = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        said = False
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not said:
                    waiting()
                    said = True
            await asyncio.sleep(LOCK_POLL_SECONDS)
        yield
    finally:
        os.close(number)


def _in_tree(place: Path, version: str) -> AsteriskFound:
    tree = Tree(place / "root")
    espeak = None
    if (tree.root / "usr/bin/espeak-ng").exists():
        voices = next(iter(tree.root.glob("usr/lib/**/espeak-ng-data")), None)
        env = {"ESPEAK_DATA_PATH": str(voices.parent)} if voices else {}
        espeak = tree.command("usr/bin/espeak-ng", "pulseaudio", **env)
    if not (tree.root / "usr/sbin/asterisk").exists():
        raise FileNotFoundError(f"no asterisk in {tree.root}")
    return AsteriskFound(
        version=version,
        origin="tree",
        place=place,
        command=tree.command("usr/sbin/asterisk"),
        modules=tree.libraries[0] / "asterisk/modules",
        share=tree.root / "usr/share/asterisk",
        espeak=espeak,
    )


def _in_system() -> AsteriskFound | None:
    program = shutil.which("asterisk", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    command = Command(argv=(program,))
    version = _version_of(command)
    modules = [path for pattern in _MODULES for path in sorted(Path("/usr").glob(pattern)) if path.is_dir()]
    if version is None or not _suits(version) or not modules:
        return None
    share = next((path for path in _SHARES if path.is_dir()), Path("/var/lib/asterisk"))
    return AsteriskFound(
        version=version,
        origin="system",
        place=Path(program),
        command=command,
        modules=modules[0],
        share=share,
        espeak=system_espeak(),
    )


_MODULES: Final = ("lib/*/asterisk/modules", "lib/asterisk/modules", "lib64/asterisk/modules")
_SHARES: Final = (Path("/usr/share/asterisk"), Path("/var/lib/asterisk"))


def find_espeak(cache: Path) -> Command | None:
    """espeak-ng out of the newest tree, else the system's own."""
    found = find(cache)
    return found.espeak if found is not None and found.espeak is not None else system_espeak()


def system_espeak() -> Command | None:
    program = shutil.which("espeak-ng")
    return Command(argv=(program,)) if program else None


def _version_of(command: Command) -> str | None:
    """What it calls itself, e.g. 22.10.1; None if it does not start."""
    try:
        said = subprocess.run(
            [*command.argv, "-V"], env={**os.environ, **command.env}, capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"Asterisk (?:certified[/-])?(\d+\.\d+[\d.]*)", said.stdout)
    return found[1].rstrip(".") if found else None


def _suits(version: str) -> bool:
    """Of a package ("1:22.10.1+dfsg") or of the program ("22.10.1")."""
    found = re.match(r"(?:\d+:)?(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST
