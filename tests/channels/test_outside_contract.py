"""What every switch does when a customer is put through to somebody outside: run against the simulator and a real Asterisk."""

from __future__ import annotations

import pytest

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact import decisions as do
from otklik.contact.configuration import Speech
from otklik.contact.facts import ContactArrived, CustomerLeft, VerbFinished
from otklik.contact.outside_number import OutsideAnswered, OutsideEnded
from otklik.contact.ports import KnownLine
from tests.channels.inbox import NUMBER, TENANT
from tests.channels.lab import RINGING_TONE, AsteriskLab, Customer, Lab, Outsider, SipSide, perform, until
from tests.channels.test_asterisk import leg_of

DOCTOR = "+78005553535"


def call_outside(
    customer: Customer, attempt: int = 1, *, music: bool = False, ring_seconds: float = 10, number: str = DOCTOR
) -> do.CallOutside:
    return do.CallOutside(
        contact=customer.contact,
        attempt=attempt,
        ring_seconds=ring_seconds,
        music=music,
        number=number,
        caller=NUMBER,
    )


async def ringing(lab: Lab, *, music: bool = False, ring_seconds: float = 10) -> tuple[Customer, Outsider]:
    customer = await lab.call()
    await perform(
        lab, do.Record(contact=customer.contact), call_outside(customer, music=music, ring_seconds=ring_seconds)
    )
    return customer, await lab.outsider(DOCTOR)


async def talking(lab: Lab) -> tuple[Customer, Outsider]:
    customer, outsider = await ringing(lab)
    await outsider.answer()
    assert await lab.inbox.next(OutsideAnswered) == OutsideAnswered(contact=customer.contact, attempt=1)
    await customer.hears("outside")
    await outsider.hears_the_customer()
    return customer, outsider


async def ended(lab: Lab, customer: Customer, attempt: int = 1) -> str:
    fact = await lab.inbox.next(OutsideEnded)
    assert (fact.contact, fact.attempt) == (customer.contact, attempt)
    return fact.cause


async def test_somebody_outside_sees_our_number_answers_and_hangs_up_and_the_customer_is_still_there(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    assert outsider.caller == NUMBER
    outsider.hang_up()
    assert await ended(lab, customer) == "hung_up"
    say = do.Say(contact=customer.contact, step=2, speech=(Speech(text="hello", language="en"),), block="bye")
    await perform(lab, say)
    assert (await lab.inbox.next(VerbFinished)).step == 2
    await perform(lab, do.End(contact=customer.contact))
    await customer.gone()


async def test_customer_hears_music_meanwhile_where_that_is_wished(lab: Lab) -> None:
    customer, outsider = await ringing(lab, music=True)
    await customer.hears("music")
    await outsider.answer()
    await customer.hears("outside")
    outsider.hang_up()
    assert await ended(lab, customer) == "hung_up"


async def test_customer_who_hangs_up_takes_the_other_side_along(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    customer.hang_up()
    assert await lab.inbox.next(CustomerLeft) == CustomerLeft(contact=customer.contact, cause="hung_up")
    await outsider.stops()
    assert not any(isinstance(fact, OutsideEnded) for fact in lab.inbox.facts)


async def test_customer_who_hangs_up_while_it_rings_has_it_rung_no_longer(lab: Lab) -> None:
    customer, outsider = await ringing(lab)
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await outsider.stops()


async def test_busy_is_told_and_the_next_number_has_a_line_of_its_own(lab: Lab) -> None:
    customer, outsider = await ringing(lab)
    outsider.busy()
    assert await ended(lab, customer) == "busy"
    await perform(lab, call_outside(customer, 2))
    second = await lab.outsider(DOCTOR)
    await second.answer()
    assert (await lab.inbox.next(OutsideAnswered)).attempt == 2
    await customer.hears("outside")


async def test_called_twice_is_one_line(lab: Lab) -> None:
    customer, outsider = await ringing(lab)
    await perform(lab, call_outside(customer))
    await outsider.answer()
    await lab.inbox.next(OutsideAnswered)
    await perform(lab, call_outside(customer))
    await customer.hears("outside")
    outsider.hang_up()
    assert await ended(lab, customer) == "hung_up"
    assert not lab.rings_outside(DOCTOR)


async def test_a_conversation_and_a_ring_are_ended_by_us(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    await perform(lab, do.EndOutside(contact=customer.contact, attempt=7))
    await customer.hears("outside")
    await perform(lab, do.EndOutside(contact=customer.contact, attempt=1))
    assert await ended(lab, customer) == "hung_up"
    await outsider.stops()
    await perform(lab, call_outside(customer, 2))
    second = await lab.outsider(DOCTOR)
    await perform(lab, do.EndOutside(contact=customer.contact, attempt=2))
    assert await ended(lab, customer, 2) == "no_answer"
    await second.stops()


async def test_afterwards_the_customer_waits_with_music_or_is_connected_with_an_agent(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    outsider.hang_up()
    await ended(lab, customer)
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("music")


async def test_without_a_trunk_it_has_failed_at_once(lab: Lab) -> None:
    lab.take_trunk_away()
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact), call_outside(customer))
    assert await ended(lab, customer) == "failed"
    assert not lab.rings_outside(DOCTOR)


async def test_a_switch_that_dies_loses_both(lab: Lab) -> None:
    customer, _ = await talking(lab)
    await lab.crash()
    assert (await lab.inbox.next(CustomerLeft)).contact == customer.contact


# after a restart of ours


async def test_a_conversation_is_taken_over_after_a_restart_of_ours_and_goes_on(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    arrived = next(fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived))
    known = KnownLine(contact=customer.contact, leg=arrived.leg, outside=1)
    await restarted(lab, known)
    assert await lab.inbox.next(OutsideAnswered) == OutsideAnswered(contact=customer.contact, attempt=1)
    await customer.hears("outside")
    outsider.hang_up()
    assert await ended(lab, customer) == "hung_up"


async def test_whom_nobody_calls_any_more_after_a_restart_is_told_to_have_failed(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact))
    arrived = next(fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived))
    await restarted(lab, KnownLine(contact=customer.contact, leg=arrived.leg, outside=3))
    assert await ended(lab, customer, 3) == "lost"


async def test_a_line_that_should_not_be_is_hung_up_at_a_restart(lab: Lab) -> None:
    customer, outsider = await talking(lab)
    arrived = next(fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived))
    await restarted(lab, KnownLine(contact=customer.contact, leg=arrived.leg))
    await outsider.stops()


async def restarted(lab: Lab, known: KnownLine) -> None:
    if isinstance(lab.voice, SimulatedVoice):
        await lab.voice.reconcile(TENANT, [known])
    else:
        assert isinstance(lab, AsteriskLab)
        await lab.restart_ours(known)


# what only a real switch shows


async def test_while_it_rings_the_customer_hears_that(asterisk_lab: AsteriskLab) -> None:
    customer, _ = await ringing(asterisk_lab)
    assert isinstance(customer, SipSide)
    await until("the customer hears that it rings", lambda: customer.call.hears(RINGING_TONE))


async def test_who_does_not_answer_in_time_is_called_no_longer(asterisk_lab: AsteriskLab) -> None:
    customer, outsider = await ringing(asterisk_lab, ring_seconds=1)
    await outsider.stops()
    assert await ended(asterisk_lab, customer) == "no_answer"


@pytest.mark.parametrize("number", ["1", "1234567", "78005553535", "+7800;transport=tcp", "", "+78005553535@x"])
async def test_a_number_of_another_form_is_never_dialled(asterisk_lab: AsteriskLab, number: str) -> None:
    customer = await asterisk_lab.call()
    await perform(asterisk_lab, do.Record(contact=customer.contact), call_outside(customer, number=number))
    assert await ended(asterisk_lab, customer) == "failed"
    channels = [channel["id"] for channel in await asterisk_lab.listed("channels")]
    assert channels == [leg_of(asterisk_lab, customer).leg]


async def test_who_answers_while_we_are_away_is_put_through_when_we_are_back(asterisk_lab: AsteriskLab) -> None:
    customer, outsider = await ringing(asterisk_lab)
    assert isinstance(customer, SipSide)
    leg = leg_of(asterisk_lab, customer).leg
    await asterisk_lab.voice.close()
    await outsider.answer()
    await asterisk_lab.restart_ours(KnownLine(contact=customer.contact, leg=leg, outside=1))
    await asterisk_lab.inbox.next(OutsideAnswered)
    await customer.hears("outside")
    await outsider.hears_the_customer()


async def test_what_rings_through_a_restart_of_ours_is_put_through_when_it_is_answered(
    asterisk_lab: AsteriskLab,
) -> None:
    customer, outsider = await ringing(asterisk_lab)
    assert isinstance(customer, SipSide)
    leg = leg_of(asterisk_lab, customer).leg
    await asterisk_lab.restart_ours(KnownLine(contact=customer.contact, leg=leg, outside=1))
    await outsider.answer()
    await asterisk_lab.inbox.next(OutsideAnswered)
    await customer.hears("outside")
    await outsider.hears_the_customer()
    outsider.hang_up()
    assert await ended(asterisk_lab, customer) == "hung_up"
