"""Is a port free, and if not, whose is it."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Final, Literal

Kind = Literal["udp", "tcp"]
_TABLES: Final[dict[Kind, tuple[str, ...]]] = {"udp": ("udp", "udp6"), "tcp": ("tcp", "tcp6")}
_LISTENING: Final = "0A"
_UNCONNECTED: Final = "07"


def is_free(address: str, port: int, kind: Kind) -> bool:
    """Could a server take it now?"""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as probe:
        if kind == "tcp":
            # Connections that ended lately do not count: a server sets the same.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def is_ours(address: str) -> bool:
    """Does this machine have this address?"""
    return is_free(address, 0, "udp")


def free_ports(address: str, count: int) -> list[int]:
    """Different TCP ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((address, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def holder(port: int, kind: Kind) -> str | None:
    """ "program (pid)" of who holds it, as far as we may look; None if nobody is seen. Formats: proc(5)."""
    inodes = {inode for table in _TABLES[kind] for inode in _sockets(Path("/proc/net") / table, port, kind)}
    if not inodes:
        return None
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _holds(folder, inodes):
            with contextlib.suppress(OSError):
                return f"{(folder / 'comm').read_text().strip()} ({folder.name})"
    return "?"


def _sockets(table: Path, port: int, kind: Kind) -> list[str]:
    wanted = _LISTENING if kind == "tcp" else _UNCONNECTED
    found = []
    with contextlib.suppress(OSError):
        for line in table.read_text().splitlines()[1:]:
            words = line.split()
            if int(words[1].rpartition(":")[2], 16) == port and words[3] == wanted:
                found.append(f"socket:[{words[9]}]")
    return found


def _holds(folder: Path, inodes: set[str]) -> bool:
    with contextlib.suppress(OSError):
        for descriptor in (folder / "fd").iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(descriptor) in inodes:
                    return True
    return False
