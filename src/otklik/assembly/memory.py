"""How the collector of unreachable objects is set for a server: it must not stop a call for what the start has made."""

from __future__ import annotations

import gc

COLLECT_AT = (10_000, 20, 100)
"""Objects more than before a collection of the youngest; younger collections before one of the middle, and of all."""


def settle_memory() -> None:
    """Call at the end of the start. What it has made lives as long as the program: the collector is not to walk through
    all of it, for tens of milliseconds in which nothing rings, each time the young has doubled."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AT)
