"""The data folder of one running copy: its locks, its secrets, and `run.json`, where scripts and people find everything.

A copy is one process with the whole folder to itself, or several processes that share it, each with its own part.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from otklik.errors import AppError

PRIVATE = 0o600
RUNNING_DATABASE = "database-url"
RUNNING_ASTERISK = "asterisk.json"


class Premises:
    """Made and locked by `open`; the locks go with the process, also after `kill -9`."""

    def __init__(self, path: Path, locks: list[int], run_file: Path) -> None:
        self.path = path
        self._locks = locks
        self._run_file = run_file
        self._written = ""

    @classmethod
    def open(cls, path: Path, part: str | None = None) -> Premises:
        """The whole folder, or one `part` of it ("web-8800") beside other processes that have other parts. Raises
        `AppError("data_folder_in_use")` or `AppError("data_folder_unusable")`."""
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unusable(path, error) from error
        if part is None:
            return cls(path.resolve(), [_lock(path, "lock", fcntl.LOCK_EX)], path.resolve() / "run.json")
        own = _lock(path, f"lock-{part}", fcntl.LOCK_EX)
        try:
            shared = _lock(path, "lock", fcntl.LOCK_SH)
        except AppError:
            os.close(own)
            raise
        return cls(path.resolve(), [own, shared], path.resolve() / f"run-{part}.json")

    def close(self) -> None:
        self._run_file.unlink(missing_ok=True)
        for lock in self._locks:
            os.close(lock)

    def has_secret(self, name: str) -> bool:
        return (self.path / "secrets" / name).exists()

    def secret(self, name: str, length: int = 24) -> str:
        """A random secret of this folder, made once."""
        file = self.path / "secrets" / name
        if file.exists():
            return file.read_text().strip()
        file.parent.mkdir(exist_ok=True, mode=0o700)
        fresh = file.with_name(f".{name}.{os.getpid()}")
        write_private(fresh, secrets.token_urlsafe(length))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass  # another process was quicker: its secret is the one
        finally:
            fresh.unlink()
        return file.read_text().strip()

    def keep_database(self, url: str) -> None:
        """For short commands beside the running program."""
        (self.path / "secrets").mkdir(exist_ok=True, mode=0o700)
        write_private(self.path / "secrets" / RUNNING_DATABASE, url)

    def keep_asterisk(self, address: dict[str, object]) -> None:
        """For the switchboards beside the process that keeps it running."""
        (self.path / "secrets").mkdir(exist_ok=True, mode=0o700)
        write_private(self.path / "secrets" / RUNNING_ASTERISK, json.dumps(address))

    def write_run(self, description: dict[str, object]) -> Path:
        """Written only if it says something new."""
        file = self._run_file
        text = json.dumps(description, ensure_ascii=False, indent=2)
        if text != self._written:
            write_private(file, text)
            self._written = text
        return file


def running_copy(path: Path) -> dict[str, Any] | None:
    """What the copy that runs on this folder says in its `run.json`; None if none runs, whatever it left behind.
    Raises `AppError("data_folder_in_use")` while one is starting."""
    try:
        Premises.open(path).close()
        return None
    except AppError as error:
        if error.code != "data_folder_in_use":
            raise
        found = _descriptions(path)
        if not found:
            raise error from None
        # Of several processes the pages' have the address, and a switchboard may know a demo's people.
        return {key: value for each in found for key, value in each.items()}


def _descriptions(path: Path) -> list[dict[str, Any]]:
    """What the processes on this folder say, those with pages last; not what killed ones have left behind."""
    parts = sorted(path.glob("run-*.json"), key=lambda file: (file.name.startswith("run-web"), file.name))
    files = [file for file in parts if _locked(path / f"lock-{file.stem.removeprefix('run-')}")]
    found = []
    for file in [path / "run.json"] if (path / "run.json").exists() else files:
        try:
            found.append(json.loads(file.read_text()))
        except (OSError, ValueError):
            continue
    return found


def _lock(path: Path, name: str, how: int) -> int:
    try:
        lock = os.open(path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(lock, 32, 0).decode(errors="replace").strip() or "?"
        os.close(lock)
        raise AppError("data_folder_in_use", folder=str(path), pid=owner) from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _locked(file: Path) -> bool:
    try:
        lock = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _unusable(path: Path, error: OSError) -> AppError:
    return AppError("data_folder_unusable", folder=str(path), reason=error.strerror or str(error))


def running_database(path: Path) -> str | None:
    """The database of the copy that runs on this folder; None if it has none yet."""
    try:
        return (path / "secrets" / RUNNING_DATABASE).read_text() or None
    except OSError:
        return None


def running_pids(path: Path) -> list[int]:
    """Processes of the copy that runs on this folder, as its `run.json` says; empty if none does."""
    found = [each.get("processes", {}) for each in _descriptions(path)]
    return [pid for processes in found for pid in processes.values() if pid is not None]


def running_parts(path: Path) -> list[tuple[str, str]]:
    """(role, process id) of the processes that share the folder; empty if one has it whole, or none runs."""
    return [(each["role"], str(each["processes"]["otklik"])) for each in _descriptions(path) if "role" in each]


def running_asterisk(path: Path) -> dict[str, Any] | None:
    """The Asterisk that another process keeps running for us, or that it would; None before it has said so."""
    try:
        found: dict[str, Any] = json.loads((path / "secrets" / RUNNING_ASTERISK).read_text())
    except (OSError, ValueError):
        return None
    return found


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and readable by the owner only from the first byte."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
    part.replace(file)
