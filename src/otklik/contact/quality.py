"""How well two people hear each other on a line: a figure (MOS) from what the sound's packets suffered. Pure.

The E-model of ITU-T G.107 in the short form for voice over IP by Cole and Rosenbluth, "Voice over IP Performance Monitoring"
(ACM SIGCOMM CCR 31/2, 2001): R = 93.2 - Id - Ie,eff. Id is the delay's part, Ie,eff the loss's, with Ie and Bpl of G.711 with
concealment (ITU-T G.113, appendix I). `ui/src/phone/quality.ts` computes the same, and is tested by the same table.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId

Hearing = Literal["good", "poor", "bad"]

R_UNHARMED: Final = 93.2
LOSS_ROBUSTNESS: Final = 25.1
"""Bpl: the larger, the less a lost packet is heard. Browsers and nearly all telephones conceal losses."""
CODEC_MS: Final = 20.0
"""Of packing and unpacking. A jitter buffer of twice the jitter comes to it."""
POOR: Final = 3.6
"""Below it R is under 70: "many users dissatisfied" (ITU-T G.109)."""
BAD: Final = 3.1
"""Below it R is under 60: "nearly all users dissatisfied"."""
BETTER: Final = 0.15
"""So much above a limit it is well again: a line on the edge is not told of all the time."""
WORST: Final = 1.0


class LineMeasured(Struct, frozen=True, kw_only=True):
    """How one line of a contact is, over all that was said on it by now: an agent's, or without `agent` the customer's. A later
    one stands in place of the earlier. `now`: the last seconds alone. Of a contact that is forgotten it changes nothing, and is refused
    to an agent, as to one who had no part in it."""

    contact: ContactId
    agent: AgentId | None = None
    mos: float
    worst_mos: float
    loss: float
    """Share of packets, 0 to 1, of the direction that is worse."""
    jitter_ms: float
    round_trip_ms: float
    now: Hearing = "good"


class LineQuality(Struct, frozen=True, kw_only=True, gc=False):
    """The same, as a contact keeps it. `worst_mos` is that of the worst eight seconds."""

    agent: AgentId | None = None
    mos: float
    worst_mos: float
    loss: float
    jitter_ms: float
    round_trip_ms: float
    now: Hearing = "good"


class Counts(Struct, frozen=True, kw_only=True, gc=False):
    """What a line's end has counted since its beginning: of what it hears, and, where the other end tells, of what is heard there."""

    received: int = 0
    lost: int = 0
    sent: int = 0
    lost_there: int = 0
    jitter_ms: float = 0.0
    jitter_there_ms: float = 0.0
    round_trip_ms: float = 0.0


def mos(loss: float, jitter_ms: float, round_trip_ms: float) -> float:
    """1 (nobody understands) to 4.4 (nothing is wrong)."""
    percent = 100 * min(1.0, max(0.0, loss))
    delay = max(0.0, round_trip_ms) / 2 + 2 * max(0.0, jitter_ms) + CODEC_MS
    by_delay = 0.024 * delay + (0.11 * (delay - 177.3) if delay > 177.3 else 0.0)
    by_loss = 95 * percent / (percent + LOSS_ROBUSTNESS)
    r = min(100.0, max(0.0, R_UNHARMED - by_delay - by_loss))
    return round(max(WORST, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6), 2)


def hearing(figure: float, before: Hearing) -> Hearing:
    """In a word; it becomes better only when it is clearly so."""
    poor = POOR + (BETTER if before != "good" else 0.0)
    bad = BAD + (BETTER if before == "bad" else 0.0)
    return "bad" if figure < bad else "poor" if figure < poor else "good"


class Meter:
    """One line, asked every four seconds; judged by what came between the last sample and the last but two."""

    def __init__(self) -> None:
        self._samples: deque[Counts] = deque([Counts()], maxlen=2)
        self._worst = 5.0
        self.now: Hearing = "good"

    def feed(self, counts: Counts) -> bool:
        """True: it is to be told, since it became better or worse."""
        before, last = self._samples[0], self._samples[-1]
        self._samples.append(counts)
        if counts.received <= last.received:
            return False  # nothing was heard meanwhile: on hold, or the line is new
        figure = mos(_loss(before, counts), _jitter(counts), counts.round_trip_ms)
        self._worst = min(self._worst, figure)
        was, self.now = self.now, hearing(figure, self.now)
        return self.now != was

    @property
    def heard(self) -> bool:
        return self._worst < 5.0

    def measured(self, contact: ContactId, agent: AgentId | None = None) -> LineMeasured:
        """Over the whole line; only once something was `heard`."""
        counts = self._samples[-1]
        loss, jitter = _loss(Counts(), counts), _jitter(counts)
        return LineMeasured(
            contact=contact,
            agent=agent,
            mos=mos(loss, jitter, counts.round_trip_ms),
            worst_mos=self._worst,
            loss=round(loss, 4),
            jitter_ms=round(jitter, 1),
            round_trip_ms=round(counts.round_trip_ms, 1),
            now=self.now,
        )


def _loss(before: Counts, after: Counts) -> float:
    """Of the direction that lost more."""
    here = _share(after.lost - before.lost, after.received - before.received)
    there = _share(
        after.lost_there - before.lost_there, after.sent - before.sent - (after.lost_there - before.lost_there)
    )
    return max(here, there)


def _share(lost: int, came: int) -> float:
    """Duplicates may make a loss negative (RFC 3550, 6.4.1)."""
    return min(1.0, max(0, lost) / max(1, max(0, lost) + max(0, came)))


def _jitter(counts: Counts) -> float:
    return max(counts.jitter_ms, counts.jitter_there_ms)
