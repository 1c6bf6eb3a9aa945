"""Becomes a voice's program after giving up what speaking does not need: `python -I -S confined_program.py FOLDER PROGRAM …`. It ends with
us, has limits, no network, no new rights, and writes nowhere but in its folder. Nothing but the standard library may be imported.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from typing import Final

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 4 * 2**30
"""Of addresses: a neural voice maps its model, and each thread a stack."""
LARGEST_FILE_BYTES: Final = 64 * 2**20
OPEN_FILES: Final = 256

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEWUSER, _NEWNET = 0x1000_0000, 0x4000_0000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_WRITES: Final = sum(1 << bit for bit in (1, 4, 5, 6, 7, 8, 9, 10, 11, 12))
"""Writing a file, removing and making anything: what the first version of landlock(7) knows of it."""


def confine(folder: str) -> None:
    """What the kernel does not have is left out."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.unshare(_NEWNET if os.getuid() == 0 else _NEWUSER | _NEWNET)
    limits = (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _write_only_in(libc, folder)


def _write_only_in(libc: ctypes.CDLL, folder: str) -> None:
    handled = ctypes.create_string_buffer(struct.pack("Q", _WRITES), 8)
    rules = libc.syscall(_CREATE_RULESET, handled, 8, 0)
    if rules < 0:
        return
    for place in (folder, "/dev/null"):
        beneath = os.open(place, os.O_PATH | os.O_CLOEXEC)
        allowed = _WRITES if place == folder else 1 << 1
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, beneath), 12)
        libc.syscall(_ADD_RULE, rules, 1, rule, 0)
        os.close(beneath)
    libc.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def main() -> None:
    folder, *program = sys.argv[1:]
    os.chdir(folder)
    confine(folder)
    try:
        os.execv(program[0], program)
    except OSError as err:
        sys.exit(f"{program[0]}: {err.strerror}")


if __name__ == "__main__":
    main()
