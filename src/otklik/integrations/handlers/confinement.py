"""What a process gives up before it runs foreign code, with nothing but what the kernel offers: limits (setrlimit(2)), another user or a
user namespace without rights, a network of its own with nothing in it, no files but Python's own (landlock(7)), and a short list of
system calls (seccomp(2)). What a kernel does not have is left out, and told.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HOLDS: Final = ("parent", "memory", "user", "network", "files", "calls")
"""ends with us; little memory and no processes of its own; nobody's rights; no network; no files; few system calls."""
MEMORY_BYTES: Final = 192 * 1024 * 1024
LIFETIME_CPU_SECONDS: Final = 3_600
"""Should nobody stop it."""
LARGEST_FILE_BYTES: Final = 65_536
OPEN_FILES: Final = 32
USERS: Final = 0x7000_0000
"""From here on each process has a user of its own, by its number; nobody else's by any convention (systemd's UIDS-GIDS)."""
NOBODY: Final = 65_534

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_NEWUTS, _NEWIPC, _NEWUSER, _NEWNET = 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x4000_0000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ: Final = 1 << 2 | 1 << 3
_BITS_BY_ABI: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""Kinds of access to files that a version of Landlock knows; later ones know 16."""
_CAPABILITIES_VERSION: Final = 0x2008_0522
_libc: Final = ctypes.CDLL(None, use_errno=True)

_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CALLS: Final = {
    "x86_64": (
        0xC000_003E,
        257,
        (
            *(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 24, 25, 28, 32, 35, 39, 60, 63, 72, 77, 79, 89),
            *(97, 98, 99, 100, 102, 104, 107, 108, 110, 131, 186, 202, 204, 217, 219, 228, 229, 230, 231, 262, 267, 269, 271),
            *(273, 318, 324, 332, 334, 439),
        ),
    ),
    "aarch64": (
        0xC000_00B7,
        56,
        (
            *(17, 23, 25, 46, 48, 57, 61, 62, 63, 64, 65, 66, 67, 73, 78, 79, 80, 93, 94, 98, 99, 101, 113, 114, 115, 123, 124),
            *(128, 132, 134, 135, 139, 153, 160, 165, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 226, 233),
            *(278, 283, 291, 293, 439),
        ),
    ),
}  # fmt: skip
"""By machine: its number (linux/audit.h), that of openat, and the calls that an interpreter needs to compute, to read what is open and
to end (the kernel's system call tables). Among those not there: socket, clone, fork, execve, kill, tgkill, ptrace, mount, prctl, ioctl."""


def confine(parent: int) -> list[str]:
    """Which of `HOLDS` hold from now on. Call once, in a process with one thread that has all it needs imported."""
    held: list[str] = []
    _to_an_empty_place()
    library = [os.open(each, os.O_PATH | os.O_CLOEXEC) for each in _library()]
    user, network = _nobody()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after every change of user, which clears it (prctl(2))
    if os.getppid() != parent:
        os._exit(0)
    held += ["parent", "memory"]
    _limit()
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    files = _no_files_but(library)
    calls = _few_calls()
    held += ["user"] if user else []
    held += ["network"] if network or calls else []
    held += ["files"] if files else []
    return held + (["calls"] if calls else [])


def _to_an_empty_place() -> None:
    """A folder that is there no more: nothing is in it, and nothing can be made in it."""
    place = f"/tmp/{os.urandom(16).hex()}"  # noqa: S108  a name that nobody can guess, and gone at once
    os.mkdir(place)
    os.chdir(place)
    os.rmdir(place)


def _nobody() -> tuple[bool, bool]:
    """(another user, or our own without rights over anything; a network without anything in it)."""
    if os.getuid() == 0:
        network = _libc.unshare(_NEWNET | _NEWIPC | _NEWUTS) == 0
        return _become(USERS + os.getpid()) or _become(NOBODY), network
    uid, gid = os.getuid(), os.getgid()
    if _libc.unshare(_NEWUSER | _NEWNET | _NEWIPC | _NEWUTS) != 0:
        return False, False
    try:
        for name, line in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
            Path(f"/proc/self/{name}").write_text(line, encoding="ascii")
    except OSError:
        pass  # without a map it is nobody as well (user_namespaces(7))
    return _without_capabilities(), True


def _become(user: int) -> bool:
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:
        return False
    return True


def _without_capabilities() -> bool:
    header = struct.pack("Ii", _CAPABILITIES_VERSION, 0)
    return bool(_libc.capset(header, bytes(24)) == 0)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, LIFETIME_CPU_SECONDS),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        top = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (top, top))


def _no_files_but(library: list[int]) -> bool:
    """These may be read, as far as everybody may."""
    abi = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    handled = (1 << _BITS_BY_ABI.get(abi, 16)) - 1
    rules = struct.pack("QQQ", handled, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    for beneath in library:
        _libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", _READ, beneath), 0)
        os.close(beneath)
    done = _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return bool(done)


def _library() -> Iterator[str]:
    """Python's, and what it is linked with."""
    for place in {os.path.dirname(os.__file__), "/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo"}:
        if os.path.isdir(place):
            yield place


def _few_calls() -> bool:
    """A filter that looks at the machine, then at the call; openat may not write; all else fails with EPERM."""
    known = _CALLS.get(os.uname().machine)
    if known is None:
        return False
    machine, openat, allowed = known
    load, same, any_bit, back = 0x20, 0x15, 0x45, 0x06
    allow, deny, kill = 0x7FFF_0000, 0x0005_0001, 0x8000_0000
    steps = [(load, 0, 0, 4), (same, 1, 0, machine), (back, 0, 0, kill), (load, 0, 0, 0)]
    for call in allowed:
        steps += [(same, 0, 1, call), (back, 0, 0, allow)]
    steps += [(same, 0, 3, openat), (load, 0, 0, 32), (any_bit, 1, 0, _WRITES), (back, 0, 0, allow), (back, 0, 0, deny)]
    filters = b"".join(struct.pack("HBBI", code, yes, no, value) for code, yes, no, value in steps)
    kept = ctypes.create_string_buffer(filters, len(filters))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
    return bool(_libc.prctl(_PR_SET_SECCOMP, 2, program, 0, 0) == 0)
