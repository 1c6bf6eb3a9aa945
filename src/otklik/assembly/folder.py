"""The data folder of one running copy: its lock, its secrets, and `run.json`, where scripts and people find everything."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from otklik.errors import AppError

PRIVATE = 0o600


class Premises:
    """Made and locked by `open`; the lock goes with the process, also after `kill -9`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        self._written = ""

    @classmethod
    def open(cls, path: Path) -> Premises:
        """Raises `AppError("data_folder_in_use")` or `AppError("data_folder_unusable")`."""
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        except OSError as error:
            raise AppError("data_folder_unusable", folder=str(path), reason=error.strerror or str(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(lock, 32, 0).decode(errors="replace").strip() or "?"
            os.close(lock)
            raise AppError("data_folder_in_use", folder=str(path), pid=owner) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        return cls(path.resolve(), lock)

    def close(self) -> None:
        (self.path / "run.json").unlink(missing_ok=True)
        os.close(self._lock)

    def has_secret(self, name: str) -> bool:
        return (self.path / "secrets" / name).exists()

    def secret(self, name: str, length: int = 24) -> str:
        """A random secret of this folder, made once."""
        file = self.path / "secrets" / name
        if file.exists():
            return file.read_text().strip()
        file.parent.mkdir(exist_ok=True, mode=0o700)
        value = secrets.token_urlsafe(length)
        write_private(file, value)
        return value

    def write_run(self, description: dict[str, object]) -> Path:
        """Written only if it says something new."""
        file = self.path / "run.json"
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
        try:
            found: dict[str, Any] = json.loads((path / "run.json").read_text())
        except (OSError, ValueError):
            raise error from None
        return found


def running_pids(path: Path) -> list[int]:
    """Processes of the copy that runs on this folder, as its `run.json` says; empty if none does."""
    try:
        processes = json.loads((path / "run.json").read_text())["processes"]
    except (OSError, ValueError, KeyError):
        return []
    return [pid for pid in processes.values() if pid is not None]


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and readable by the owner only from the first byte."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
    part.replace(file)
