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

import structlog

from otklik.contact.decisions import Decision, SetTimer
from otklik.errors import PeerError
from otklik.storage import codec
from otklik.storage.log import EventLog

log = structlog.get_logger()

GATHER_SECONDS = 1.0
FACTS_IN_MEMORY = 100_000
"""While the database is away; beyond it the oldest go, and are not compared."""
SLICE = 200
"""Facts told without a breath: about 0.3 ms."""

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
            await self._log.save_decided([await _row(first, run) for first, run in _runs(waiting)])
        except (PeerError, asyncio.CancelledError):
            self._waiting = [*waiting, *self._waiting]
            self._facts = sum(len(decided) for _, decided in self._waiting)
            raise


def _runs(waiting: Sequence[tuple[int, Sequence[Sequence[Decision]]]]) -> list[tuple[int, list[Sequence[Decision]]]]:
    """Consecutive facts in one list, with the number of the first."""
    runs: list[tuple[int, list[Sequence[Decision]]]] = []
    for first, decided in waiting:
        if runs and runs[-1][0] + len(runs[-1][1]) == first:
            runs[-1][1].extend(decided)
        else:
            runs.append((first, list(decided)))
    return runs


async def _row(first: int, decided: Sequence[Sequence[Decision]]) -> tuple[int, int, bytes]:
    """(number of the first fact, how many facts, packed lines). Lines are made a few at a time, since a thread that
    makes them holds the loop up for longer; packing lets the loop run on."""
    lines: list[bytes] = []
    for start in range(0, len(decided), SLICE):
        lines += map(_lines, decided[start : start + SLICE])
        await asyncio.sleep(0)
    return first, len(decided), await asyncio.to_thread(zlib.compress, b"\n".join(lines), 1)


def _lines(decisions: Sequence[Decision]) -> bytes:
    """What was decided from one fact: a line of JSON."""
    return b"[" + b",".join(map(_line, decisions)) + b"]"


def unpack(body: bytes) -> list[list[Told]]:
    return [json.loads(line) for line in zlib.decompress(body).split(b"\n")]


def told(decision: Decision) -> Told:
    found: Told = json.loads(_line(decision))
    return found


def _line(decision: Decision) -> bytes:
    body = codec.storable_json(decision)
    if isinstance(decision, SetTimer):
        return b'{"kind":"SetTimer","timer":"%b",%b' % (codec.KINDS[type(decision.fact)].encode(), body[1:])
    return b'{"kind":"%b",%b' % (type(decision).__name__.encode(), body[1:])
