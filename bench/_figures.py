"""How a measurement prints its line, and the statistics it uses."""

from __future__ import annotations

import json
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def report(
    name: str,
    figures: dict[str, float],
    *,
    peer: dict[str, float],
    goal: str,
    holds: bool,
    ratio: float | None = None,
) -> int:
    """One JSON object on one line; the exit status says whether the goal holds."""
    rounded = {key: round(value, 3) for key, value in figures.items()}
    theirs = {key: round(value, 3) for key, value in peer.items()}
    line = {"name": name, "figures": rounded, "peer": theirs, "ratio": None if ratio is None else round(ratio, 3)}
    print(json.dumps(line | {"goal": goal, "holds": holds}, ensure_ascii=False), flush=True)
    return 0 if holds else 1


def percentile(values: list[float], share: float) -> float:
    """Nearest rank; `share` is 0..1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def spread(name: str, milliseconds: list[float]) -> dict[str, float]:
    """The figures of one latency: its least, its median, its 95th percentile."""
    return {
        f"{name}_min_ms": min(milliseconds),
        f"{name}_p50_ms": percentile(milliseconds, 0.5),
        f"{name}_p95_ms": percentile(milliseconds, 0.95),
    }


def load() -> float:
    """How busy the machine was in the last minute: waiting and running processes on average."""
    return os.getloadavg()[0]


def cpu_seconds(pid: int, *, apart: set[int]) -> float:
    """User and system time of this process, of the children it has now and of those it has waited for.

    Children in `apart` are counted by themselves.
    """
    return sum(_cpu(one) for one in with_children([pid], apart=apart - {pid}))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def with_children(pids: list[int], *, apart: set[int] | None = None) -> set[int]:
    """These processes and all their descendants, but for those who are apart and whose they are."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = set(pids), list(pids)
    while todo:
        for child in parents.get(todo.pop(), []):
            if child not in found and child not in (apart or ()):
                found.add(child)
                todo.append(child)
    return found
