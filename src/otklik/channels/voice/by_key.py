"""An agent's number outside: whoever answers there is asked for a key, so that a mailbox never answers a customer.

1 accepts. Another key refuses. Without a key within `KEY_SECONDS`, or when the line ends before one, nobody was there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from otklik.contact.configuration import Speech
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.ports import SpeechRenderer
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

ACCEPT: Final = "1"
KEY_SECONDS: Final = 15.0
REPEATED: Final = 3
PROMPTS: Final = {
    "ru": "Звонок из контакт-центра. Чтобы принять, нажмите один.",
    "en": "A call from your contact centre. Press one to accept.",
}


@dataclass(slots=True, eq=False)
class Asked:
    """`timer` runs from the answer on."""

    language: str
    timer: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


class Leg(Protocol):
    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    channel: str
    asks: Asked | None


class Call(Protocol):
    """The customer's call, as a number outside needs it."""

    contact: ContactId

    def accepted(self, leg: Any) -> None: ...
    def refused(self, leg: Any) -> None: ...
    def nobody_there(self, leg: Any) -> None: ...
    def spawn(self, work: Coroutine[Any, Any, None]) -> None: ...
    async def settle(self) -> None: ...
    def has(self, leg: Any) -> bool: ...
    def send(self, method: str, path: str, body: dict[str, object] | None = None) -> None: ...


def ask(call: Call, leg: Leg, speech: SpeechRenderer) -> None:
    """Somebody, or something, has answered."""
    asked = leg.asks
    if asked is None or asked.timer is not None:
        return
    asked.timer = asyncio.get_running_loop().call_later(KEY_SECONDS, lambda: call.spawn(_give_up(call, leg)))
    call.spawn(_speak(call, leg, speech, asked.language))


def press(call: Call, leg: Leg, key: str) -> None:
    if leg.asks is None or leg.asks.timer is None:
        return  # a key to the customer's side goes with the sound
    leg.asks.stop()
    leg.asks = None
    if key == ACCEPT:
        call.send("DELETE", f"playbacks/{_playback(leg)}")
        call.accepted(leg)
    else:
        call.refused(leg)


def _playback(leg: Leg) -> str:
    return f"{leg.channel}.key"


async def _speak(call: Call, leg: Leg, speech: SpeechRenderer, language: str) -> None:
    language = language if language in PROMPTS else "en"
    try:
        path = await speech.render(Speech(text=PROMPTS[language], language=language))
    except PeerError as err:
        log.error("key_not_asked_for", contact=call.contact, reason=str(err))
        await _give_up(call, leg)
        return
    if leg.asks is not None and call.has(leg):
        sound = f"sound:{path.with_suffix('')}"
        call.send("POST", f"channels/{leg.channel}/play/{_playback(leg)}", {"media": [sound] * REPEATED})
        await call.settle()


async def _give_up(call: Call, leg: Leg) -> None:
    if leg.asks is not None and call.has(leg):
        call.nobody_there(leg)
        await call.settle()
