#!/usr/bin/env python3
"""Makes `.venv` from the locks and builds the browser part. Standard library only; a no-op when nothing changed.

Works on Debian and Ubuntu with nothing but Python: where `venv` lacks pip (no python3-venv), pip's own wheel is taken
from the distribution's package, without root.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main() -> int:
    dev = "--dev" in sys.argv
    if sys.version_info < (3, 11):  # noqa: UP036  this script is what an older Python meets first
        say(f"Otklik needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install a newer python3 and repeat.")
        return 1
    locks = [ROOT / "requirements.lock", *([ROOT / "tests" / "requirements.lock"] if dev else [])]
    stamp = VENV / ("dev.stamp" if dev else "run.stamp")
    wanted = digest([*locks, ROOT / "pyproject.toml"])
    if not (stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()):
        make_environment(locks)
        stamp.write_text(wanted)
    # Whoever runs the program may not be allowed to write here.
    run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "src")])
    return subprocess.call([str(PYTHON), "hatch_build.py"], cwd=ROOT)


def make_environment(locks: list[Path]) -> None:
    began = time.monotonic()
    say("Making the Python environment in .venv …")
    if not (PYTHON.exists() and run([str(PYTHON), "-m", "pip", "--version"])):
        create_venv()
    install(locks)
    say(f"Environment ready in {time.monotonic() - began:.0f} s.")


def create_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if run([sys.executable, "-m", "venv", str(VENV)]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    must([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "Python cannot make a virtual environment.")
    with tempfile.TemporaryDirectory() as folder:
        must(["apt-get", "download", "python3-pip-whl"], ADVICE, cwd=folder)
        package = next(Path(folder).glob("python3-pip-whl_*.deb"))
        must(["dpkg", "-x", str(package), folder], ADVICE)
        wheel = next(Path(folder).rglob("pip-*.whl"))
        must([str(PYTHON), f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)], ADVICE)


ADVICE = "pip is missing and could not be fetched. Install it once: sudo apt install python3-venv"


def install(locks: list[Path]) -> None:
    requirements = [argument for lock in locks for argument in ("-r", str(lock))]
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    uv_lines = uv_requirement(locks[0])
    environment = dict(os.environ)
    if index := output([*pip, "config", "get", "global.index-url"]):
        environment.setdefault("UV_DEFAULT_INDEX", index)
    fast = False
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(uv_lines)
        file.flush()
        if run([*pip, "install", "--quiet", "--require-hashes", "-r", file.name]):
            # What uv installs it compiles when asked only; without, each start of the program takes three times as long.
            uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
            fast = run([*uv, "--require-hashes", *requirements], env=environment)
    if not fast:
        say("Installing with pip (takes a little longer) …")
        must(
            [*pip, "install", "--quiet", "--require-hashes", *requirements],
            "The packages could not be installed. Is the network (or your package mirror) reachable? Then repeat.",
        )
    must(
        [*pip, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "Otklik itself could not be installed; the lines above say why.",
        env={**environment, "OTKLIK_SKIP_UI": "1"},
    )


def uv_requirement(lock: Path) -> str:
    lines, taking = [], False
    for line in lock.read_text().splitlines():
        if not line.startswith((" ", "#")):
            taking = line.startswith("uv==")
        if taking and not line.lstrip().startswith("#"):
            lines.append(line)
    return "\n".join(lines) + "\n"


def digest(files: list[Path]) -> str:
    total = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def run(command: list[str], env: dict[str, str] | None = None) -> bool:
    try:
        return subprocess.run(command, capture_output=True, env=env, check=False).returncode == 0
    except OSError:
        return False


def output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def must(command: list[str], advice: str, cwd: str | None = None, env: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, env=env, check=False)
    except OSError as error:
        raise SystemExit(f"{advice}\n({command[0]}: {error})") from error
    if done.returncode != 0:
        raise SystemExit(advice)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
