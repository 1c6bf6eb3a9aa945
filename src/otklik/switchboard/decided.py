"""What was decided, kept a moment after it was done, so that a replay can be compared with it.

Off the way of a call: a list is kept by reference, and once a second it is written as one packed row. A crash loses the
last second of it; the log lost nothing, and a replay says how many facts it could not compare.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from otklik.contact.decisions import Decision, SetTimer
from otklik.errors import PeerError
from otklik.storage import codec
from otklik.storage.log import EventLog

log = structlog.get_logger()

GATHER_SECONDS = 1.0
FACTS_IN_MEMORY = 100_000
"""While the database is away; beyond it the oldest go, and are not compared."""

Told = dict[str, Any]
"""A decision as plain values: its kind and its fields."""


class Decided:
    """`note` what was decided from consecutive facts; `run` writes it."""

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self._waiting: list[tuple[int, Sequence[Sequence[Decision]]]] = []
        self._facts = 0

    def note(self, last_seq: int, decided: Sequence[Sequence[Decision]]) -> None:
        """`decided`: by fact, of the facts up to `last_seq`."""
        self._waiting.append((last_seq - len(decided) + 1, decided))
        self._facts += len(decided)
        while self._facts > FACTS_IN_MEMORY:
            self._facts -= len(self._waiting.pop(0)[1])

    async def run(self) -> None:
        while True:
            await asyncio.sleep(GATHER_SECONDS)
            try:
                await self.flush()
            except PeerError as error:
                log.error("decisions_not_kept", tenant=self._log.tenant, reason=str(error))

    async def flush(self) -> None:
        """Raises `PeerError`; what was not written is kept for the next time."""
        waiting, self._waiting, self._facts = self._waiting, [], 0
        if not waiting:
            return
        try:
            await self._log.save_decided(await asyncio.to_thread(_rows, waiting))
        except PeerError:
            self._waiting = [*waiting, *self._waiting]
            self._facts = sum(len(decided) for _, decided in self._waiting)
            raise


def _rows(waiting: Sequence[tuple[int, Sequence[Sequence[Decision]]]]) -> list[tuple[int, int, bytes]]:
    """(number of the first fact, how many facts, packed lines) for each run of consecutive facts."""
    runs: list[tuple[int, list[Sequence[Decision]]]] = []
    for first, decided in waiting:
        if runs and runs[-1][0] + len(runs[-1][1]) == first:
            runs[-1][1].extend(decided)
        else:
            runs.append((first, list(decided)))
    return [(first, len(decided), pack(decided)) for first, decided in runs]


def pack(decided: Sequence[Sequence[Decision]]) -> bytes:
    """A line of JSON for each fact."""
    lines = (b"[" + b",".join(map(_line, decisions)) + b"]" for decisions in decided)
    return zlib.compress(b"\n".join(lines), 1)


def unpack(body: bytes) -> list[list[Told]]:
    return [json.loads(line) for line in zlib.decompress(body).split(b"\n")]


def told(decision: Decision) -> Told:
    found: Told = json.loads(_line(decision))
    return found


def _line(decision: Decision) -> bytes:
    kind: dict[str, str] = {"kind": type(decision).__name__}
    if isinstance(decision, SetTimer):
        kind["timer"] = codec.KINDS[type(decision.fact)]
    return msgspec.json.encode(kind)[:-1] + b"," + msgspec.json.encode(decision)[1:]
