"""What every switch behind the `Voice` port does, whoever it is: run against the simulator and a real Asterisk."""

from __future__ import annotations

import pytest

from otklik.contact import decisions as do
from otklik.contact.configuration import Speech
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    AgentUnreachable,
    ContactArrived,
    CustomerLeft,
    KeyPressed,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
    VerbFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.ports import KnownLine
from tests.channels.inbox import NUMBER, TENANT
from tests.channels.lab import AgentPhone, Customer, Lab, perform

TEXT = (Speech(text="Здравствуйте", language="ru"),)
ONE, TWO = OfferNumber(1), OfferNumber(2)
ANNA = AgentId("anna")


def say(who: Customer, step: int = 1) -> do.Say:
    return do.Say(contact=who.contact, step=step, speech=TEXT)


def ask(who: Customer, step: int = 1, *, max_digits: int = 1, timeout_seconds: float = 5.0) -> do.Ask:
    return do.Ask(contact=who.contact, step=step, speech=TEXT, max_digits=max_digits, timeout_seconds=timeout_seconds)


def offer(who: Customer, number: OfferNumber = ONE) -> do.Offer:
    return do.Offer(contact=who.contact, agent=ANNA, offer=number, ring_seconds=10)


def connect(who: Customer, number: OfferNumber = ONE) -> do.Connect:
    return do.Connect(contact=who.contact, agent=ANNA, offer=number)


async def waiting(lab: Lab) -> Customer:
    """A customer who hears music."""
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact), do.PlayMusic(contact=customer.contact))
    return customer


async def talking(lab: Lab) -> tuple[Customer, AgentPhone]:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer))
    await customer.hears("agent")
    await phone.hears("customer")
    return customer, phone


async def test_a_call_to_a_known_number_is_a_contact_from_the_first_moment(lab: Lab) -> None:
    customer = await lab.call(NUMBER, "89161234567")
    arrived = lab.inbox.facts[-1]
    assert isinstance(arrived, ContactArrived)
    assert (arrived.contact, arrived.dnis, arrived.ani) == (customer.contact, NUMBER, "+79161234567")
    assert arrived.leg


async def test_a_caller_without_a_number_is_a_contact_too(lab: Lab) -> None:
    await lab.call(NUMBER, "anonymous")
    arrived = lab.inbox.facts[-1]
    assert isinstance(arrived, ContactArrived)
    assert arrived.ani is None


async def test_an_unknown_number_is_refused_and_is_no_contact(lab: Lab) -> None:
    assert await lab.refused("4040")
    assert lab.inbox.facts == []


async def test_a_new_contact_is_refused_while_the_centre_is_overloaded(lab: Lab) -> None:
    lab.inbox.overloaded = True
    assert await lab.refused(NUMBER)
    lab.inbox.overloaded = False
    await lab.call()


async def test_a_text_is_spoken_to_its_end(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact), say(customer, 7))
    await customer.hears("speech")
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=7, outcome="done")
    await customer.hears()


async def test_a_key_answers_the_question_and_stops_the_speech(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, ask(customer, 3))
    await customer.hears("speech")
    customer.press("2")
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=3, outcome="digits", digits="2")
    await customer.hears()


async def test_silence_after_a_question_is_a_timeout(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, ask(customer, 3, timeout_seconds=0.2))
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=3, outcome="timeout")


async def test_a_key_pressed_during_the_greeting_answers_the_next_question(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, say(customer, 1))
    await customer.hears("speech")
    customer.press("1")
    assert (await lab.inbox.next(VerbFinished)).outcome == "done"
    await perform(lab, ask(customer, 2))
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=2, outcome="digits", digits="1")
    await customer.hears()


async def test_several_digits_are_collected_until_the_hash_key(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, ask(customer, 1, max_digits=6))
    await customer.hears("speech")
    customer.press("12#")
    assert (await lab.inbox.next(VerbFinished)).digits == "12"


async def test_a_text_that_may_not_be_interrupted_is_spoken_on_and_keeps_the_key(lab: Lab) -> None:
    customer = await lab.call()
    legal = do.Say(contact=customer.contact, step=1, speech=TEXT, interruptible=False, block="notice")
    await perform(lab, legal)
    await customer.hears("speech")
    customer.press("1")
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=1, outcome="done", block="notice")
    await perform(lab, ask(customer, 2))
    assert (await lab.inbox.next(VerbFinished)).digits == "1"


async def test_masked_digits_are_told_apart_from_the_asterisks(lab: Lab) -> None:
    customer = await lab.call()
    pin = do.Ask(contact=customer.contact, step=1, speech=TEXT, max_digits=6, terminator="*", masked=True, block="pin")
    await perform(lab, pin)
    await customer.hears("speech")
    customer.press("08*")
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(
        contact=customer.contact, step=1, outcome="digits", digits="**", block="pin", secret="08"
    )


async def test_an_announcement_interrupts_the_music_and_gives_it_back(lab: Lab) -> None:
    customer = await waiting(lab)
    await customer.hears("music")
    await perform(lab, do.Announce(contact=customer.contact, speech=TEXT))
    await customer.hears("speech")
    await customer.hears("music")
    assert lab.inbox.about(customer.contact) == []


async def test_a_key_of_a_waiting_customer_is_told_during_music_and_announcement(lab: Lab) -> None:
    customer = await waiting(lab)
    await customer.hears("music")
    customer.press("1")
    assert await lab.inbox.next(KeyPressed) == KeyPressed(contact=customer.contact, key="1")
    await perform(lab, do.Announce(contact=customer.contact, speech=TEXT))
    await customer.hears("speech")
    customer.press("*")
    assert await lab.inbox.next(KeyPressed) == KeyPressed(contact=customer.contact, key="*")
    await customer.hears("music")


async def test_a_key_of_a_waiting_customer_does_not_answer_the_scenario_that_follows(lab: Lab) -> None:
    customer = await waiting(lab)
    customer.press("1")
    await lab.inbox.next(KeyPressed)
    await perform(lab, ask(customer, 101))
    await customer.hears("speech")
    customer.press("2")
    done = await lab.inbox.next(VerbFinished)
    assert done == VerbFinished(contact=customer.contact, step=101, outcome="digits", digits="2")


async def test_an_offer_rings_the_agent_who_is_told_of_the_contact(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    assert await phone.rings() == (customer.contact, "1", False)
    await phone.answer()
    answered = await lab.inbox.next(OfferAnswered)
    assert answered == OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE)
    await customer.hears("music")


async def test_a_connected_customer_and_agent_hear_each_other_and_nothing_else(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Announce(contact=customer.contact, speech=TEXT))
    await customer.hears("agent")
    await phone.hears("customer")


async def test_connecting_ends_an_announcement(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    await perform(lab, do.Announce(contact=customer.contact, speech=TEXT))
    await customer.hears("speech")
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer))
    await customer.hears("agent")


async def test_a_declined_offer_is_told_and_the_customer_keeps_the_music(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    phone.decline()
    declined = await lab.inbox.next(OfferDeclined)
    assert declined == OfferDeclined(contact=customer.contact, agent=ANNA, offer=ONE)
    await customer.hears("music")


async def test_an_offer_to_an_agent_without_a_phone_fails_at_once(lab: Lab) -> None:
    customer = await waiting(lab)
    await perform(lab, offer(customer))
    failed = await lab.inbox.next(OfferFailed)
    assert failed == OfferFailed(contact=customer.contact, agent=ANNA, offer=ONE, cause="unregistered")


async def test_an_offer_to_a_provisioned_but_unregistered_phone_fails_at_once(lab: Lab) -> None:
    customer = await waiting(lab)
    await lab.voice.provision(TENANT, ANNA)
    await perform(lab, offer(customer))
    failed = await lab.inbox.next(OfferFailed)
    assert failed.cause == "unregistered"
    await lab.voice.deprovision(ANNA)


async def test_a_withdrawn_offer_stops_ringing_without_a_fact(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    await perform(lab, do.Withdraw(contact=customer.contact, agent=ANNA, offer=ONE))
    await phone.quiet()
    await perform(lab, offer(customer, TWO))
    assert await phone.rings() == (customer.contact, "2", False)
    assert lab.inbox.about(customer.contact) == []


async def test_an_agent_who_answers_while_the_offer_is_withdrawn_is_not_connected(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    await phone.answer()
    await perform(lab, do.Withdraw(contact=customer.contact, agent=ANNA, offer=ONE))
    await phone.quiet()
    await perform(lab, connect(customer))
    await customer.hears("music")
    late = OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE)
    assert lab.inbox.about(customer.contact) in ([], [late])


async def test_a_customer_who_leaves_while_it_rings_stops_the_ring(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await phone.quiet()
    assert lab.inbox.about(customer.contact)[:1] == [CustomerLeft(contact=customer.contact, cause="hung_up")]


async def test_a_customer_who_leaves_as_the_agent_answers_has_left_and_nothing_comes_after(lab: Lab) -> None:
    customer, phone = await waiting(lab), await lab.phone(ANNA)
    await perform(lab, offer(customer))
    await phone.rings()
    await phone.answer()
    customer.hang_up()
    left = await lab.inbox.next(CustomerLeft)
    await perform(lab, connect(customer))
    await phone.quiet()
    answered = OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE)
    assert _without_recording(lab, customer.contact) in ([left], [answered, left])


async def test_an_agent_who_hangs_up_leaves_the_customer_on_the_line(lab: Lab) -> None:
    customer, phone = await talking(lab)
    phone.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=customer.contact, agent=ANNA, offer=ONE, cause="hung_up")
    await perform(lab, do.PlayMusic(contact=customer.contact), offer(customer, TWO))
    await customer.hears("music")
    assert (await phone.rings())[1] == "2"
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer, TWO))
    await customer.hears("agent")


async def test_an_agent_whose_line_dies_is_lost_not_hung_up(lab: Lab) -> None:
    customer, phone = await talking(lab)
    phone.die()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=customer.contact, agent=ANNA, offer=ONE, cause="lost")


async def test_on_hold_the_customer_hears_music_and_the_agent_nothing(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Hold(contact=customer.contact))
    await customer.hears("music")
    await phone.hears()
    await perform(lab, do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE))
    await customer.hears("agent")
    await phone.hears("customer")


async def test_a_muted_agent_is_not_heard_but_hears(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Mute(contact=customer.contact, agent=ANNA, offer=ONE, muted=True))
    await customer.hears()
    await phone.hears("customer")
    await perform(lab, do.Mute(contact=customer.contact, agent=ANNA, offer=ONE, muted=False))
    await customer.hears("agent")


async def test_a_rejoined_line_replaces_the_old_one_without_a_fact_of_its_end(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Rejoin(contact=customer.contact, agent=ANNA, offer=TWO, replaces=ONE))
    assert await phone.rings() == (customer.contact, "2", True)
    await phone.answer()
    answered = await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer, TWO))
    await phone.hears("customer")
    await customer.hears("agent")
    first = OfferAnswered(contact=customer.contact, agent=ANNA, offer=ONE)
    assert lab.inbox.about(customer.contact) == [first, answered]


async def test_a_released_agent_is_hung_up_without_a_fact(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await phone.quiet()
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(customer.contact))


async def test_an_ended_contact_leaves_and_takes_the_agents_line_along(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await perform(lab, do.End(contact=customer.contact))
    await customer.gone()
    await phone.quiet()
    left = await lab.inbox.next(CustomerLeft)
    assert left == CustomerLeft(contact=customer.contact, cause="hung_up")
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(customer.contact))


async def test_decisions_for_a_line_that_is_gone_change_nothing(lab: Lab) -> None:
    customer, phone = await talking(lab)
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await phone.quiet()
    before = _without_recording(lab, customer.contact)
    contact = customer.contact
    await perform(
        lab,
        say(customer),
        do.PlayMusic(contact=contact),
        offer(customer, TWO),
        connect(customer, TWO),
        do.Hold(contact=contact),
        do.Mute(contact=contact, agent=ANNA, offer=ONE, muted=True),
        do.Withdraw(contact=contact, agent=ANNA, offer=ONE),
        do.Release(contact=contact, agent=ANNA, offer=ONE),
        do.End(contact=contact),
    )
    assert _without_recording(lab, customer.contact) == before


async def test_a_switch_that_dies_loses_its_calls_and_says_so(lab: Lab) -> None:
    customer, phone = await talking(lab)
    await lab.crash()
    left = await lab.inbox.next(CustomerLeft)
    facts = _without_recording(lab, customer.contact)
    lost = AgentLegEnded(contact=customer.contact, agent=ANNA, offer=ONE, cause="lost")
    assert left == CustomerLeft(contact=customer.contact, cause="node_lost")
    assert facts[1:] == [lost, left]
    await lab.call()


async def test_after_a_restart_of_ours_contacts_whose_line_is_gone_have_left(lab: Lab) -> None:
    contact = ContactId("019a0000-0000-7000-8000-000000000000")
    await lab.voice.reconcile(TENANT, [KnownLine(contact=contact, leg="no-such-line")])
    assert await lab.inbox.next(CustomerLeft) == CustomerLeft(contact=contact, cause="node_lost")


async def test_every_provisioning_is_a_new_line_and_deprovisioning_makes_the_agent_unreachable(lab: Lab) -> None:
    await lab.phone(ANNA)
    first = await lab.voice.provision(TENANT, ANNA)
    second = await lab.voice.provision(TENANT, ANNA)
    assert first[0] != second[0] and first[1] != second[1]
    await lab.voice.deprovision(ANNA)
    assert await lab.inbox.next(AgentUnreachable) == AgentUnreachable(agent=ANNA)
    await lab.voice.deprovision(AgentId("nobody"))
    assert [type(fact) for fact in lab.inbox.facts] == [AgentReachable, AgentUnreachable]


def _without_recording(lab: Lab, contact: ContactId) -> list[object]:
    return [fact for fact in lab.inbox.about(contact) if type(fact).__name__ != "RecordingStored"]


@pytest.mark.parametrize("calls", [12])
async def test_calls_do_not_disturb_each_other(lab: Lab, calls: int) -> None:
    customers = [await lab.call(ani=f"+7916000{number:04}") for number in range(calls)]
    for customer in customers:
        await perform(lab, do.Record(contact=customer.contact), ask(customer, 1, timeout_seconds=0.1))
    await customers[3].hears("speech")
    customers[3].press("9")
    for customer in customers[:3] + customers[4:]:
        await customer.hears()
    outcomes = {}
    for _ in customers:
        done = await lab.inbox.next(VerbFinished)
        outcomes[done.contact] = done.outcome
    expected = {customer.contact: "timeout" for customer in customers} | {customers[3].contact: "digits"}
    assert outcomes == expected
