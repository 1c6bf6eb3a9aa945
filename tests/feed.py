"""A page as the browser keeps it: a snapshot, the changes of its own and those that it shares with others."""

from __future__ import annotations

import json
from typing import Any, Protocol

State = dict[str, Any]


class Source(Protocol):
    """What `contact.ports.Subscription` is to a page."""

    async def next(self) -> str: ...


class FollowedPage:
    """Feed it every message; `state` is what the page shows. A gap is a failure."""

    def __init__(self) -> None:
        self.state: State = {}
        self.seq = 0
        self.shared: dict[str, int] = {}
        self.snapshots = 0

    def take(self, text: str) -> State:
        message: State = json.loads(text)
        match message["type"]:
            case "snapshot":
                self.state, self.seq, self.shared = message["state"], message["seq"], message["shared"]
                self.snapshots += 1
            case "change":
                assert message["seq"] == self.seq + 1, f"a gap in the feed: {message}"
                self.seq = message["seq"]
                self.state = self.state | message["set"]
            case "shared":
                self._take_shared(message)
        return message

    async def read(self, source: Source) -> State:
        return self.take(await source.next())

    def _take_shared(self, message: State) -> None:
        of = message["of"]
        whole = message.get("whole")
        assert whole is not None or message["seq"] == self.shared[of] + 1, f"a gap in the feed: {message}"
        self.shared[of] = message["seq"]
        shown: State = self.state if of == "centre" else dict(self.state[of])
        shown = shown | (whole or {}) | message.get("set", {})
        for table, ids in message.get("gone", {}).items():
            shown[table] = [row for row in shown[table] if row["id"] not in ids]
        for table, rows in message.get("put", {}).items():
            fresh = {row["id"]: row for row in rows}
            kept = [fresh.pop(row["id"], row) for row in shown[table]]
            shown[table] = [*kept, *fresh.values()]
        self.state = shown if of == "centre" else self.state | {of: shown}


def comparable(state: State) -> State:
    """But for the clock of the snapshot and the order of the rows."""
    floor = state["floor"] and {
        name: sorted(rows, key=lambda row: str(row.get("id"))) for name, rows in state["floor"].items()
    }
    return state | {"now": None, "floor": floor}
