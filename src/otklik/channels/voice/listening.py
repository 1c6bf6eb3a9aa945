"""How customers' lines are heard: while they talk, Asterisk is asked every few seconds what their packets suffered.

ARI's `rtp_statistics` counts from the beginning of a line. Of what the other end hears it knows only what that end reports (RTCP);
telephones and trunks that report nothing are judged by what we hear alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import structlog

from otklik.channels.voice.ari import Ari, Reply
from otklik.contact.ids import ContactId
from otklik.contact.quality import Counts, Meter
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

PERIOD_SECONDS: Final = 4.0
AT_ONCE: Final = 50
NOTHING: Final = (404, 409, 412)
"""The line is gone, or has no sound."""
SETTLED_PACKETS: Final = 300
LONGEST_JITTER_SECONDS: Final = 0.25
"""Asterisk's estimate begins with whatever the first packet makes of it (4,031 s were seen, 1.4 s after 140 packets) and forgets a
sixteenth of that with each packet; after a break it does so again. What is more than a jitter buffer could hold is no jitter."""


class Call(Protocol):
    """A customer's call, as far as it is listened to."""

    contact: ContactId
    channel: str
    joined: bool
    meter: Meter

    def tell_heard(self) -> None: ...


async def listen(ari: Ari, calls: Callable[[], Iterable[Call]]) -> None:
    while True:
        await asyncio.sleep(PERIOD_SECONDS)
        if not ari.up():
            continue
        talking = [call for call in calls() if call.channel and call.joined]
        for begin in range(0, len(talking), AT_ONCE):
            try:
                await asyncio.gather(*(_ask(ari, call) for call in talking[begin : begin + AT_ONCE]))
            except Exception:  # noqa: BLE001  an answer that nobody understands must not end telephony
                log.exception("lines_not_measured")


async def _ask(ari: Ari, call: Call) -> None:
    try:
        reply = await ari.request("GET", statistics(call.channel), accept=NOTHING)
    except PeerError as err:
        log.debug("line_not_measured", contact=call.contact, reason=str(err))
        return
    if reply.ok:
        heard(call, reply)


def statistics(channel: str) -> str:
    return f"channels/{channel}/rtp_statistics"


def heard(call: Call, reply: Reply) -> None:
    if call.meter.feed(counts(reply.json())):
        call.tell_heard()


def counts(told: dict[str, Any]) -> Counts:
    """Of `RTPstat`; its times are in seconds. `tx` is what we report of the other end's packets, `rx` what it reports of ours; of
    losses it is the other way round."""
    received = int(told.get("rxcount", 0))
    return Counts(
        received=received,
        lost=int(told.get("rxploss", 0)),
        sent=int(told.get("txcount", 0)),
        lost_there=int(told.get("txploss", 0)),
        jitter_ms=_jitter(told.get("txjitter", 0.0)) if received >= SETTLED_PACKETS else 0.0,
        jitter_there_ms=_jitter(told.get("rxjitter", 0.0)),
        round_trip_ms=1000 * float(told.get("rtt", 0.0)),
    )


def _jitter(seconds: float) -> float:
    return 1000 * float(seconds) if seconds <= LONGEST_JITTER_SECONDS else 0.0
