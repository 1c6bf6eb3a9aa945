"""Programs out of the distribution's own signed packages, unpacked beside the system: no root, nothing installed.

apt works with private folders and an empty status file, so that it resolves the whole closure down to the C library;
the packages are checked by apt against the signed index and once more by us before `dpkg-deb -x` unpacks them. They
run through their own loader (`Tree.command`). What the system's administrator set for apt (proxy, credentials) holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otklik.embedded import child
from otklik.embedded.faults import Unavailable
from otklik.embedded.mirrors import PART, Source, System
from otklik.errors import Language

TOOLS: Final = ("apt-get", "apt-cache", "apt-config", "dpkg", "dpkg-deb")
INDEX_SECONDS: Final = 300
DOWNLOAD_SECONDS: Final = 1800
UNPACK_SECONDS: Final = 120
NEEDED_BYTES: Final = 700_000_000
UNPACKERS: Final = 2
# A dead network should be known soon: somebody waits, and may go on without.
IMPATIENT: Final = tuple(f"-oAcquire::{name}" for name in ("Retries=0", "http::Timeout=8", "https::Timeout=8"))
BATCH: Final = 10

# Needed to install packages or to administer a system, not to run the programs out of their tree.
LEFT_OUT: Final = re.compile(
    r"(perl|libperl|gnupg|gpg|dirmngr|passwd|adduser|libc-gconv|tzdata|libpam|pinentry|debconf|pci\.ids|libsnmp-base)"
)
PRUNED: Final = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/lintian", "var")

Progress = Callable[[str, float | None], None]
"""(a line for a person, the share done of this stage from 0 to 1 or None while it cannot be told)"""

STAGES: Final[dict[str, dict[Language, str]]] = {
    "wait": {
        "ru": "{what}: другая копия уже загружает, ждём её",
        "en": "{what}: another copy is fetching it, waiting",
    },
    "index": {"ru": "{what}: список пакетов", "en": "{what}: list of packages"},
    "download": {"ru": "{what}: загрузка {done} из {total} МБ", "en": "{what}: downloading {done} of {total} MB"},
    "unpack": {"ru": "{what}: распаковка {done} из {total}", "en": "{what}: unpacking {done} of {total}"},
}

# What apt says, in the C locale, and what it means. The order matters: the first that matches is taken.
_FAULTS: Final = (
    (r"free space|No space left", "packages_no_space", False),
    (r"is not valid yet|is expired|invalid since", "packages_clock", False),
    (
        r"NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|signatures were invalid|couldn't be verified|"
        r"Clearsigned file isn't valid|unauthenticated|Missing key|cannot be authenticated|sqv returned an error",
        "packages_bad_signature",
        False,
    ),
    (r"Hash Sum mismatch|unexpected size|Writing more data than expected", "packages_damaged", True),
    (
        r"resolv|Could not connect|Unable to connect|Connection (failed|refused|timed out|reset)|unreachable|"
        r"Cannot initiate the connection|timed out|handshake|Certificate",
        "packages_no_network",
        True,
    ),
    (r"does not have a Release file|404 +Not Found|File not found|No such file", "packages_no_suite", False),
    (r"Unable to locate package|no installation candidate|unmet dependencies", "packages_no_suite", False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One suite of one archive; what is fetched comes from nowhere else."""

    source: Source
    suite: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    name: str
    file: str
    size: int
    hash_name: str
    digest: str


def archives(system: System) -> list[Archive]:
    """Where to look, in this order."""
    parts = ("main",) if system.family is None else tuple(dict.fromkeys(("main", PART[system.family])))
    return [
        Archive(source=source, suite=suite, parts=parts) for source in system.archives() for suite in system.suites()
    ]


def missing_tools() -> list[str]:
    """Which of the package tools this system lacks; also the one that checks signatures."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return missing if shutil.which("gpgv") or shutil.which("sqv") else [*missing, "gpgv"]


@dataclass(frozen=True, slots=True)
class Tree:
    """An unpacked closure, run through its own loader and libraries."""

    root: Path

    @property
    def libraries(self) -> tuple[Path, ...]:
        """The architecture's folders; older releases have a second one outside /usr. The first has the programs' own."""
        there = [folder for place in ("usr/lib", "lib") for folder in sorted(self.root.glob(f"{place}/*-linux-gnu*"))]
        if not any((folder / "libc.so.6").exists() for folder in there):
            raise FileNotFoundError(f"no C library in {self.root}")
        return tuple(there)

    @property
    def loader(self) -> Path:
        found = [path for folder in self.libraries for path in sorted(folder.glob("ld-linux*.so.*"))]
        if not found:
            raise FileNotFoundError(f"no loader in {self.root}")
        return found[0]

    def library_path(self, *further: str) -> str:
        """`further` folders are named below the tree's own."""
        inner = [folder / name for name in further for folder in self.libraries if (folder / name).is_dir()]
        return ":".join(str(folder) for folder in (*self.libraries, *inner))

    def command(self, program: str, *further_libraries: str, **env: str) -> child.Command:
        """How to run `usr/bin/x` of this tree."""
        words = (str(self.loader), "--library-path", self.library_path(*further_libraries), str(self.root / program))
        return child.Command(argv=words, env=env)


class Fetcher:
    """One fetch into one working folder, which is the caller's to remove. `peer` names what is fetched, for people."""

    def __init__(self, folder: Path, archive: Archive, peer: str, progress: Progress, language: Language) -> None:
        self._folder = folder
        self._archive = archive
        self._peer = peer
        self._progress = progress
        self._language = language

    async def version(self, package: str) -> str | None:
        """Bring the archive's index and tell which version of the package it has; None: none."""
        self._say("index", None)
        self._prepare()
        await self._apt("apt-get", "update", *IMPATIENT, timeout_seconds=INDEX_SECONDS)
        said = await self._apt("apt-cache", "policy", package, timeout_seconds=60)
        found = re.search(r"Candidate: (\S+)", said)
        return found[1] if found and found[1] != "(none)" else None

    async def unpack(self, packages: Iterable[str], root: Path) -> list[Package]:
        """Fetch the closure of these packages and unpack it into `root`. Call `version` first."""
        if shutil.disk_usage(self._folder).free < NEEDED_BYTES:
            raise self._unavailable("packages_no_space", "")
        closure = await self._closure(packages)
        downloads = self._folder / "packages"
        await self._download(closure, downloads)
        for package in closure:
            await asyncio.to_thread(self._check, downloads / package.file, package)
        await self._unpack(closure, downloads, root)
        shutil.rmtree(downloads)
        return closure

    def _prepare(self) -> None:
        for name in ("etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "state/lists/partial", "log"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
        (self._folder / "packages").mkdir(exist_ok=True)
        (self._folder / "state/status").touch()
        (self._folder / "etc/sources.list").write_text(self._source_line())
        (self._folder / "apt.conf").write_text(self._configuration())

    def _source_line(self) -> str:
        signed_by = self._archive.source.signed_by
        if signed_by is not None and "BEGIN PGP" in signed_by:
            path = self._folder / "key.asc"
            path.write_text(signed_by)
            signed_by = str(path)
        # `file:` leaves the packages where they are, `copy:` brings them like any other (apt-transport-*(1)).
        uri = re.sub(r"^file:", "copy:", self._archive.source.uri)
        options = f"[signed-by={signed_by}] " if signed_by else ""
        return f"deb {options}{uri} {self._archive.suite} {' '.join(self._archive.parts)}\n"

    def _configuration(self) -> str:
        architecture = _output("dpkg", "--print-architecture").strip()
        lines = [line for line in _output("apt-config", "dump").splitlines() if _CARRIED.match(line)]
        own = {
            "Dir": self._folder,
            "Dir::Etc": self._folder / "etc",
            "Dir::Etc::sourcelist": self._folder / "etc/sources.list",
            "Dir::Etc::trusted": "/etc/apt/trusted.gpg",
            "Dir::Etc::trustedparts": "/etc/apt/trusted.gpg.d",
            "Dir::Etc::netrc": "/etc/apt/auth.conf",
            "Dir::Etc::netrcparts": "/etc/apt/auth.conf.d",
            "Dir::State": self._folder / "state",
            "Dir::State::status": self._folder / "state/status",
            "Dir::Cache": self._folder / "cache",
            "Dir::Log": self._folder / "log",
            "APT::Architecture": architecture,
            "APT::Install-Recommends": "false",
            "APT::Get::AllowUnauthenticated": "false",
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
            "Acquire::AllowInsecureRepositories": "false",
            "Acquire::AllowWeakRepositories": "false",
            "Acquire::AllowDowngradeToInsecureRepositories": "false",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Acquire::http::Timeout": "20",
            "Acquire::https::Timeout": "20",
            "Acquire::ForceHash": "SHA256",
            "Debug::NoLocking": "true",
        }
        lines += [f'{name} "{value}";' for name, value in own.items()]
        return "\n".join([*lines, f'APT::Architectures {{ "{architecture}"; }};']) + "\n"

    async def _closure(self, packages: Iterable[str]) -> list[Package]:
        said = await self._apt("apt-get", "install", "--print-uris", "-qq", "-y", *packages, timeout_seconds=60)
        found = [
            Package(name=m[2], file=m[1], size=int(m[3]), hash_name=m[4], digest=m[5]) for m in _URI.finditer(said)
        ]
        if not found:
            raise self._unavailable("packages_failed", said)
        return [package for package in found if not LEFT_OUT.match(package.name)]

    async def _download(self, closure: list[Package], downloads: Path) -> None:
        """What an interrupted fetch brought, and is whole, is not brought again."""
        wanted = [package for package in closure if not _whole(downloads / package.file, package)]
        for package in wanted:
            (downloads / package.file).unlink(missing_ok=True)
        if not wanted:
            return
        total = sum(package.size for package in wanted)

        def show(line: str) -> None:
            found = re.match(r"dlstatus:\d+:([\d.]+):", line)
            if found:
                share = min(float(found[1]) / 100, 1.0)
                self._say("download", share, done=round(total * share / 1e6), total=round(total / 1e6))

        self._say("download", 0.0, done=0, total=round(total / 1e6))
        names = [package.name for package in wanted]
        await self._apt("apt-get", "download", *names, timeout_seconds=DOWNLOAD_SECONDS, cwd=downloads, show=show)

    def _check(self, path: Path, package: Package) -> None:
        if not _whole(path, package):
            raise self._damaged(path, "SHA256")

    def _damaged(self, file: Path, reason: str) -> Unavailable:
        """It is removed, so that the next try brings it again."""
        file.unlink(missing_ok=True)
        return self._unavailable("packages_damaged", f"{file.name}: {reason}", retryable=True)

    async def _unpack(self, closure: list[Package], downloads: Path, root: Path) -> None:
        await asyncio.to_thread(root.mkdir)
        batches = [closure[first : first + BATCH] for first in range(0, len(closure), BATCH)]
        done = 0

        async def unpack_some() -> None:
            nonlocal done
            while batches:
                batch = batches.pop()
                await self._unpack_batch([downloads / package.file for package in batch], root)
                done += len(batch)
                self._say("unpack", done / len(closure), done=done, total=len(closure))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(UNPACKERS):
                    group.create_task(unpack_some())
        except* Unavailable as several:
            raise several.exceptions[0] from None
        await asyncio.to_thread(_prune, root)

    async def _unpack_batch(self, files: list[Path], root: Path) -> None:
        log = self._folder / "log" / f"{files[0].name}.log"
        words = ("/bin/sh", "-c", _UNPACK, str(root), *map(str, files))
        program = child.Program(argv=words, env=_environment(), log=log, cwd=root, umask=0o022)
        if await child.run(program, UNPACK_SECONDS) != 0:
            raise self._fault(log.read_text("utf-8", "replace"))

    async def _apt(
        self,
        *words: str,
        timeout_seconds: float,
        cwd: Path | None = None,
        show: Callable[[str], None] | None = None,
    ) -> str:
        """Run an apt tool with our folders and return what it printed; its faults become ours."""
        log = self._folder / "log" / "apt.log"
        log.unlink(missing_ok=True)
        program = child.Program(
            argv=(_which(words[0]), *([] if show is None else ["-o", "APT::Status-Fd=2"]), *words[1:]),
            env={**_environment(), "APT_CONFIG": str(self._folder / "apt.conf")},
            log=log,
            cwd=cwd or self._folder,
            umask=0o022,
        )
        try:
            async with _tail(log, show):
                status = await child.run(program, timeout_seconds)
        except TimeoutError as err:
            raise self._unavailable("packages_no_network", f"no answer in {timeout_seconds:.0f} s") from err
        said = log.read_text("utf-8", "replace")
        if status != 0:
            raise self._fault(said)
        return said

    def _fault(self, said: str) -> Unavailable:
        complaint = "\n".join(line for line in said.splitlines() if line[:2] in ("E:", "W:", "Er")) or said
        for pattern, code, retryable in _FAULTS:
            if re.search(pattern, complaint):
                return self._unavailable(code, complaint, retryable=retryable)
        return self._unavailable("packages_failed", complaint, retryable=True)

    def _unavailable(self, code: str, detail: str, *, retryable: bool = False) -> Unavailable:
        return Unavailable(
            self._peer,
            code,
            retryable=retryable,
            what=self._peer,
            source=f"{self._archive.source.uri} {self._archive.suite}",
            folder=str(self._folder),
            detail=_essence(detail),
        )

    def _say(self, stage: str, share: float | None, **figures: int) -> None:
        self._progress(STAGES[stage][self._language].format(what=self._peer, **figures), share)


def _essence(complaint: str) -> str:
    """One line of what apt says, for a screen; the whole stands in its log."""
    lines = complaint.strip().splitlines() or [""]
    return next((line for line in lines if line.startswith("E:")), lines[-1])[:240]


# The administrator's proxies, time-outs and date checks; never what would switch the checking of signatures off.
_CARRIED: Final = re.compile(
    r'^Acquire::(http|https|ftp|Check-Valid-Until|Check-Date|Max-ValidTime|Min-ValidTime|ForceIPv)[^"]* "[^"]+";$'
)
_UNPACK: Final = 'for file; do dpkg-deb -x "$file" "$0" || exit 1; done'
_URI: Final = re.compile(r"^'\S+' (([^_\s]+)_\S+\.deb) (\d+) (\w+):([0-9a-f]+)\s*$", re.MULTILINE)


def _whole(path: Path, package: Package) -> bool:
    if not path.is_file() or path.stat().st_size != package.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, package.hash_name.removesuffix("Sum").lower()).hexdigest() == package.digest


def _prune(root: Path) -> None:
    for name in PRUNED:
        for path in (root / name).glob("**/*") if name.endswith("doc") else ():
            if path.is_file() and path.name != "copyright":
                path.unlink()
        if not name.endswith("doc"):
            shutil.rmtree(root / name, ignore_errors=True)


def _which(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise FileNotFoundError(tool)
    return found


def _environment() -> dict[str, str]:
    """Ours, with messages in English; DEBIAN_FRONTEND for nothing may ask."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "APT_CONFIG"))}
    return {**kept, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def _output(*words: str) -> str:
    done = subprocess.run(
        [_which(words[0]), *words[1:]], env=_environment(), capture_output=True, text=True, timeout=20
    )
    return done.stdout


@contextlib.asynccontextmanager
async def _tail(log: Path, show: Callable[[str], None] | None) -> AsyncIterator[None]:
    """While the body runs, hand on the last line of the log four times a second."""
    if show is None:
        yield
        return

    async def follow() -> None:
        while True:
            await asyncio.sleep(0.25)
            show(child.last_lines(log, lines=1))

    task = asyncio.get_running_loop().create_task(follow(), name="apt progress")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
