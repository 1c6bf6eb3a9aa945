"""Desk telephones and numbers outside, behind every switch: the simulator and a real Asterisk."""

from __future__ import annotations

import pytest

from otklik.contact import decisions as do
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    AgentUnreachable,
    ContactArrived,
    CustomerLeft,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
)
from otklik.contact.ids import AgentId, OfferNumber
from otklik.contact.phone import Outside
from otklik.contact.ports import KnownLine
from tests.channels.inbox import TENANT
from tests.channels.lab import AgentPhone, AsteriskLab, Customer, Lab, perform

ANNA = AgentId("anna")
ONE, TWO = OfferNumber(1), OfferNumber(2)
MOBILE = "+79160000001"
QUEUE = "+74951234567"


def desk_offer(who: Customer, number: OfferNumber = ONE) -> do.Offer:
    return do.Offer(contact=who.contact, agent=ANNA, offer=number, ring_seconds=10, phone="desk")


def outside_offer(who: Customer, number: OfferNumber = ONE) -> do.Offer:
    outside = Outside(number=MOBILE, caller=QUEUE, language="ru")
    return do.Offer(contact=who.contact, agent=ANNA, offer=number, ring_seconds=10, phone="outside", outside=outside)


def connect(who: Customer, number: OfferNumber = ONE) -> do.Connect:
    return do.Connect(contact=who.contact, agent=ANNA, offer=number)


async def waiting(lab: Lab) -> Customer:
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact), do.PlayMusic(contact=customer.contact))
    return customer


async def talking(lab: Lab) -> tuple[Customer, AgentPhone]:
    customer, phone = await waiting(lab), await lab.desk_phone(ANNA)
    await perform(lab, desk_offer(customer))
    await phone.rings()
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer))
    await customer.hears("agent")
    await phone.hears("customer")
    return customer, phone


async def test_desk_telephone_registers_rings_talks_is_held_and_muted(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Hold(contact=customer.contact))
    await customer.hears("music")
    await phone.hears()
    await perform(lab, do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE))
    await customer.hears("agent")
    await perform(lab, do.Mute(contact=customer.contact, agent=ANNA, offer=ONE, muted=True))
    await customer.hears()
    await perform(lab, do.Mute(contact=customer.contact, agent=ANNA, offer=ONE, muted=False))
    await customer.hears("agent")
    phone.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=customer.contact, agent=ANNA, offer=ONE, cause="hung_up")


async def test_page_and_desk_telephone_of_one_agent_are_told_apart(lab: Lab) -> None:
    customer = await waiting(lab)
    page = await lab.phone(ANNA)
    desk = await lab.desk_phone(ANNA)
    told = [fact for fact in lab.inbox.facts if isinstance(fact, AgentReachable)]
    assert [fact.phone for fact in told] == ["page", "desk"]
    await perform(lab, desk_offer(customer))
    assert await desk.rings() == (customer.contact, "1", False)
    await page.quiet()
    desk.decline()
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(
        contact=customer.contact, agent=ANNA, offer=ONE, telephone=True
    )


async def test_ring_at_a_desk_telephone_that_is_not_registered_fails_at_once(lab: Lab) -> None:
    customer = await waiting(lab)
    await lab.phone(ANNA)
    await perform(lab, desk_offer(customer))
    assert (await lab.inbox.next(OfferFailed)).cause == "unregistered"


async def test_account_taken_away_is_the_end_of_the_telephone(lab: Lab) -> None:
    await lab.desk_phone(ANNA)
    await lab.voice.set_telephone(TENANT, ANNA, None)
    assert await lab.inbox.next(AgentUnreachable) == AgentUnreachable(agent=ANNA, phone="desk")
    customer = await waiting(lab)
    await perform(lab, desk_offer(customer))
    assert (await lab.inbox.next(OfferFailed)).cause == "unregistered"


async def test_number_outside_talks_only_after_the_key(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    phone = await lab.outside_phone(ANNA, MOBILE)
    await phone.answer()
    await phone.hears_the_question()
    await customer.hears("music")
    assert not [fact for fact in lab.inbox.facts if isinstance(fact, OfferAnswered)]
    phone.press("1")
    answered = await lab.inbox.next(OfferAnswered)
    assert answered == OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE)
    await perform(lab, connect(customer))
    await customer.hears("agent")
    await phone.hears("customer")
    await perform(lab, do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await phone.quiet()


async def test_another_key_outside_refuses(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    phone = await lab.outside_phone(ANNA, MOBILE)
    await phone.answer()
    await phone.hears_the_question()
    phone.press("2")
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(contact=customer.contact, agent=ANNA, offer=ONE)
    await phone.quiet()


async def test_mailbox_that_answers_and_hangs_up_was_nobody(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    phone = await lab.outside_phone(ANNA, MOBILE)
    await phone.answer()
    await phone.hears_the_question()
    phone.hang_up()
    assert (await lab.inbox.next(OfferFailed)).cause == "no key"


async def test_busy_mobile_is_no_refusal(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    phone = await lab.outside_phone(ANNA, MOBILE)
    phone.decline()
    assert (await lab.inbox.next(OfferFailed)).cause == "cause 17"


async def test_nothing_is_dialled_outside_without_a_trunk(lab: Lab) -> None:
    lab.take_trunk_away()
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    assert isinstance(await lab.inbox.next(OfferFailed), OfferFailed)


async def test_customer_who_leaves_ends_what_rings_outside(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, outside_offer(customer))
    phone = await lab.outside_phone(ANNA, MOBILE)
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await phone.quiet()


async def test_desk_telephone_keeps_its_registration_over_a_restart_of_ours(asterisk_lab: AsteriskLab) -> None:
    customer, phone = await talking(asterisk_lab)
    account = asterisk_lab.accounts[ANNA]
    arrived = next(fact for fact in asterisk_lab.inbox.facts if isinstance(fact, ContactArrived))
    known = KnownLine(contact=customer.contact, leg=arrived.leg, agent=ANNA, offer=ONE)
    await asterisk_lab.voice.close()
    asterisk_lab.voice = asterisk_lab._make_voice()
    await asterisk_lab.voice.set_telephone(TENANT, ANNA, account)
    await asterisk_lab.start([known])
    reached = await asterisk_lab.inbox.next(AgentReachable)
    assert reached == AgentReachable(agent=ANNA, phone="desk")
    assert OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE) in asterisk_lab.inbox.facts
    await customer.hears("agent")
    await phone.hears("customer")


@pytest.mark.parametrize("placed", [True, False])
async def test_telephone_that_can_lifts_itself_for_a_call_that_was_asked_for(
    asterisk_lab: AsteriskLab, placed: bool
) -> None:
    customer, phone = await waiting(asterisk_lab), await asterisk_lab.desk_phone(ANNA)
    offer = do.Offer(contact=customer.contact, agent=ANNA, offer=ONE, ring_seconds=10, phone="desk", placed=placed)
    await perform(asterisk_lab, offer)
    await phone.rings()
    assert phone.line is not None and phone.line.invite is not None
    assert ("answer-after=0" in phone.line.invite.get("Call-Info")) is placed
