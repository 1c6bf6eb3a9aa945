"""Becomes a voice's program after giving up what speaking does not need: `python -I -S confined_program.py FOLDER PLACES PROGRAM …`. It ends with
us, has limits, no network, no new rights, writes nowhere but in its folder, and reads only there, in PLACES (with ":" between) and what
belongs to the machine. Nothing but the standard library may be imported.
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
LACKS: Final = b"otklik: not confined: "
"""Before what the kernel did not do, as the first line of its complaints."""

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEWUSER, _NEWNET = 0x1000_0000, 0x4000_0000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_WRITE, _READ_FILE, _READ_FOLDER, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_FIRST: Final = sum(1 << bit for bit in range(1, 13))
"""Writing and reading files, reading folders, removing and making anything: what the first version of landlock(7) knows. Starting programs
is left free."""
_MACHINES: Final = (
    *("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store"),
    *(
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/alternatives",
        "/etc/localtime",
        "/etc/fonts",
        "/etc/nsswitch.conf",
    ),
    *("/etc/festival", "/etc/festival.scm", "/etc/RHVoice", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu"),
)
"""Nothing here is anybody's."""


def confine(folder: str, places: list[str]) -> list[str]:
    """What the kernel does not have is left out. Which of "network", "files" that are."""
    libc = ctypes.CDLL(None, use_errno=True)
    network = libc.unshare(_NEWNET if os.getuid() == 0 else _NEWUSER | _NEWNET) == 0
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after a change of user, which clears it (prctl(2))
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
    files = _files_only_in(libc, folder, places)
    return [name for name, held in (("network", network), ("files", files)) if not held]


def _files_only_in(libc: ctypes.CDLL, folder: str, places: list[str]) -> bool:
    abi = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    handled = _FIRST | (1 << 13 if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0)
    rules = libc.syscall(_CREATE_RULESET, struct.pack("Q", handled), ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    _allow(libc, rules, folder, handled)
    _allow(libc, rules, "/dev/null", _WRITE | _READ_FILE)
    for place in (*_MACHINES, *places):
        _allow(libc, rules, place, _READ_FILE | _READ_FOLDER if os.path.isdir(place) else _READ_FILE)
    done = libc.syscall(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return bool(done)


def _allow(libc: ctypes.CDLL, rules: int, place: str, what: int) -> None:
    """What is not there is left out."""
    try:
        beneath = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", what, beneath), 0)
    os.close(beneath)


def main() -> None:
    folder, places, *program = sys.argv[1:]
    os.chdir(folder)
    lacks = confine(folder, [each for each in places.split(os.pathsep) if each])
    if lacks:
        os.write(2, LACKS + ", ".join(lacks).encode() + b"\n")
    try:
        os.execv(program[0], program)
    except OSError as err:
        sys.exit(f"{program[0]}: {err.strerror}")


if __name__ == "__main__":
    main()
