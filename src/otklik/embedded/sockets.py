"""Where a peer puts its unix socket: in its own folder, or, when that path is too long for a socket, under /tmp."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

LONGEST_PATH_BYTES: Final = 107
"""sun_path without its final zero, unix(7)."""
TEMPORARY: Final = Path("/tmp")  # TMPDIR may be just as long


def socket_folder(preferred: Path, socket_name: str, owner: tuple[int, int] | None = None) -> Path:
    """A folder (0700, of `owner` if given, else ours) in which `socket_name` fits. Made if missing. Raises
    `PermissionError` if somebody else has put something at that place."""
    folder = preferred.absolute()
    if len(os.fsencode(folder / socket_name)) > LONGEST_PATH_BYTES:
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        folder = TEMPORARY / f"otklik-{os.geteuid()}-{digest}"
    _make_private(folder, owner)
    return folder


def leave(folder: Path) -> None:
    """After the socket is gone: take a folder under /tmp away again."""
    if folder.parent == TEMPORARY:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _make_private(folder: Path, owner: tuple[int, int] | None) -> None:
    if not folder.parent.is_dir():
        folder.parent.mkdir(parents=True, mode=0o700)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        seen = folder.lstat()
        allowed = {os.geteuid(), owner[0] if owner else os.geteuid()}
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in allowed:
            raise PermissionError(f"{folder} belongs to somebody else") from None
    if owner is not None:
        os.chown(folder, *owner)
    folder.chmod(0o700)
