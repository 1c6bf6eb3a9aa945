"""Runs inside a new child before the real program: ties it to its parent, changes who it is, then becomes it.

A script for `python -I -S`, started by `child.start` only; it imports nothing of ours. Its argument is one JSON
object. A preexec_fn would do the same, but may deadlock in a program that has threads.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
COULD_NOT_BE_STARTED = 126

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def _enter_namespace() -> None:
    """Root outside, nobody inside: files stay root's own and no capability is left after exec (user_namespaces(7))."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(CLONE_NEWUSER), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        _write(f"/proc/self/{name}", line)


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def _raise_open_files(wanted: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    top = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (top, hard))


def _go_first(nice: int) -> None:
    """As far as we may; see priority.py. The session is new, and so is its share of the processors."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    with contextlib.suppress(OSError):
        _write("/proc/self/autogroup", str(nice))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def main(order: dict[str, Any]) -> None:
    os.umask(order["umask"])
    os.chdir(order["cwd"])
    if order["open_files"]:
        _raise_open_files(order["open_files"])
    if order["nice"]:
        _go_first(order["nice"])
    if order["identity"] == "namespace":
        _enter_namespace()
    elif order["identity"]:
        _become(*order["identity"])
    # After every change of credentials, which would clear it (prctl(2)).
    _check(_libc.prctl(PR_SET_PDEATHSIG, order["death_signal"], 0, 0, 0), "prctl")
    if os.getppid() != order["parent"]:
        os._exit(0)
    os.execve(order["argv"][0], order["argv"], order["env"])


if __name__ == "__main__":
    try:
        main(json.loads(sys.argv[1]))
    except OSError as err:
        sys.stderr.write(f"{sys.argv[0]}: {err}\n")
        os._exit(COULD_NOT_BE_STARTED)
