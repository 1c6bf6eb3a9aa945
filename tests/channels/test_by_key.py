"""Whoever answers outside, and the voice that asks for a key fails."""

from __future__ import annotations

from typing import Any, cast

import pytest

from otklik.channels.voice import by_key
from otklik.channels.voice.consultation import Leg
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.errors import PeerError

C1 = ContactId("c1")


class Call:
    contact = C1

    def __init__(self, *, there: bool) -> None:
        self.there, self.gone = there, 0

    def has(self, leg: object) -> bool:
        return self.there

    def nobody_there(self, leg: object) -> None:
        self.gone += 1

    async def settle(self) -> None: ...


class Mute:
    async def render(self, speech: object) -> None:
        raise PeerError("speech", "none", retryable=False)


@pytest.mark.parametrize(("asks", "there", "given_up"), [(True, True, 1), (False, True, 0), (True, False, 0)])
async def test_without_a_voice_only_a_line_that_still_waits_for_its_key_is_given_up(
    asks: bool, there: bool, given_up: int
) -> None:
    leg = Leg(contact=C1, agent=AgentId("anna"), offer=OfferNumber(1), channel="c1.1", replaces=None)
    leg.asks = by_key.Asked("ru") if asks else None
    call = Call(there=there)
    await by_key._speak(cast(Any, call), leg, cast(Any, Mute()), "ru")
    assert call.gone == given_up
