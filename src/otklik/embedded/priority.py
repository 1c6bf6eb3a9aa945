"""Who goes first when processors are short: the switch, the database and we before all else on the machine.

A ring passes through all three, and waits wherever one of them waits for a processor. Only root may do this, or whoever is
allowed to by `ulimit -e` (systemd: `LimitNICE=-10`); for others everything stays as it was.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

NICE: Final = -10


def raise_own() -> bool:
    """The calling thread's, which should be that of the event loop. Other threads and whatever we start are as everybody
    else: what they do (storing a recording, speaking a prompt) must not stand in the way of a ring."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
        os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
    except OSError:
        return False
    raise_session(NICE)
    return True


def raise_session(nice: int) -> None:
    """Where the kernel shares processors out by sessions (sched(7), autogroup) niceness counts only inside of ours."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice))


def may_raise() -> bool:
    """Tries it on the calling thread and leaves it as it was."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
        os.setpriority(os.PRIO_PROCESS, 0, before)
    except OSError:
        return False
    return True
