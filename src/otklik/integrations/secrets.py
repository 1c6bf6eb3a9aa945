"""Passwords and keys of outer systems, by name. The set-up names them, whoever runs the installation gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PREFIX: Final = "OTKLIK_SECRET_"
"""Nothing else of the environment can be named: the program's own passwords stand there, too."""
LARGEST_BYTES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Secrets:
    """Of an environment, else of a folder with a file for each."""

    environment: Mapping[str, str]
    folder: Path | None = None

    def find(self, name: str) -> str | None:
        """`name` is capitals, digits and underscores, as the audit sees to. None: nobody has given it."""
        if (found := self.environment.get(f"{PREFIX}{name}")) is not None:
            return found.strip()
        if self.folder is None or "/" in name or "." in name:
            return None
        try:
            return (self.folder / name).read_bytes()[:LARGEST_BYTES].decode().strip()
        except (OSError, UnicodeDecodeError):
            return None
