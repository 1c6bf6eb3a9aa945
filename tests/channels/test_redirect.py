"""Telephones that answer a call with another address (SIP 3xx): nobody is called there, whoever they are. A real Asterisk alone: in
its own hands a redirection is a new call, at the expense of whoever pays for the trunk."""

from __future__ import annotations

import asyncio

import pytest

from otklik.contact.facts import ContactArrived, OfferDeclined
from otklik.contact.ids import OfferNumber
from otklik.contact.outside_number import OutsideEnded
from tests.channels.inbox import NUMBER
from tests.channels.lab import AsteriskLab, SipAgent, SipOutsider, perform
from tests.channels.test_outside_contract import ringing
from tests.channels.test_phone_contract import ANNA, ONE, desk_offer, waiting

PREMIUM = "+78095550000"
TWO = OfferNumber(2)


def targets(lab: AsteriskLab) -> dict[str, str]:
    """Through the trunk to a number that costs, and to our own entry point."""
    port = lab._outside.port
    return {
        "a number outside": f"sip:{PREMIUM}@127.0.0.1:{lab.server[1]}",
        "an address outside": f"sip:{PREMIUM}@127.0.0.1:{port}",
        "ourselves": f"sip:{NUMBER}@127.0.0.1:{lab.server[1]}",
        "a dial string": f"sip:PJSIP%2Ftrunk%2Fsip%3A{PREMIUM}%40127.0.0.1%3A{port}@127.0.0.1",
    }


TO = ("a number outside", "an address outside", "ourselves", "a dial string")


async def settled(lab: AsteriskLab, *, channels: int) -> None:
    """No line but these is left, and none comes."""
    async with asyncio.timeout(8):
        while len(await lab.listed("channels")) != channels:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("to", TO)
async def test_desk_telephone_that_sends_calls_on_has_refused_and_nobody_is_called(
    asterisk_lab: AsteriskLab, to: str
) -> None:
    lab = asterisk_lab
    customer, phone = await waiting(lab), await lab.desk_phone(ANNA)
    assert isinstance(phone, SipAgent)
    await perform(lab, desk_offer(customer))
    await phone.rings()
    phone._line().send_on(targets(lab)[to])
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(
        contact=customer.contact, agent=ANNA, offer=ONE, telephone=True
    )
    await settled(lab, channels=1)
    assert not lab.rings_outside(PREMIUM)
    assert [fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived)][1:] == []
    await perform(lab, desk_offer(customer, TWO))
    assert await phone.rings() == (customer.contact, "2", False), "it is rung again"


@pytest.mark.parametrize("to", TO)
async def test_somebody_outside_who_sends_a_call_on_has_not_answered_and_nobody_is_called(
    asterisk_lab: AsteriskLab, to: str
) -> None:
    lab = asterisk_lab
    customer, outsider = await ringing(lab)
    assert isinstance(outsider, SipOutsider)
    outsider._call.send_on(targets(lab)[to])
    assert (await lab.inbox.next(OutsideEnded)).contact == customer.contact
    await settled(lab, channels=1)
    assert not lab.rings_outside(PREMIUM)
    assert [fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived)][1:] == []


@pytest.mark.parametrize("status", [480, 486, 600, 603])
async def test_telephone_set_to_take_no_calls_refuses_and_stays_registered(
    asterisk_lab: AsteriskLab, status: int
) -> None:
    lab = asterisk_lab
    customer, phone = await waiting(lab), await lab.desk_phone(ANNA)
    assert isinstance(phone, SipAgent)
    await perform(lab, desk_offer(customer))
    await phone.rings()
    phone._line().decline(status)
    declined = await lab.inbox.next(OfferDeclined)
    assert (declined.offer, declined.telephone) == (ONE, True)
