"""What customers say for keeping, on every switch: how it ends, what is kept of it, and who hangs up meanwhile."""

from __future__ import annotations

import pytest

from otklik.contact import decisions as do
from otklik.contact.configuration import Speech
from otklik.contact.facts import CustomerLeft, VerbFinished
from tests.channels.lab import Customer, Lab, perform, until


def take(
    who: Customer, step: int = 2, *, max_seconds: float = 30.0, silence_seconds: float = 0.0, beep: bool = False
) -> do.TakeMessage:
    return do.TakeMessage(
        contact=who.contact,
        step=step,
        max_seconds=max_seconds,
        silence_seconds=silence_seconds,
        keys="#1",
        beep=beep,
        block="message",
    )


async def spoken(lab: Lab, who: Customer, step: int = 2) -> VerbFinished:
    done = await lab.inbox.next(VerbFinished)
    assert (done.contact, done.step, done.block, done.digits) == (who.contact, step, "message", "")
    return done


async def test_a_key_ends_a_message_and_says_how_long_it_is(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact), take(customer))
    await lab.taking(customer)
    await customer.talk_for(0.8)
    customer.press("5")
    customer.press("#")
    done = await spoken(lab, customer)
    assert done.outcome == "done"
    assert 0.7 < done.seconds < 4


async def test_a_message_ends_when_its_time_is_over(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, take(customer, max_seconds=1.0))
    done = await spoken(lab, customer)
    assert done.outcome == "done"
    assert 0.6 < done.seconds <= 1.3


async def test_silence_ends_a_message(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, take(customer, silence_seconds=1.0))
    await lab.taking(customer)
    await customer.talk_for(1.0)
    customer.be_silent()
    done = await spoken(lab, customer)
    assert done.outcome == "done"
    assert 0.7 < done.seconds < 4


async def test_of_a_message_without_a_word_nothing_is_kept(lab: Lab) -> None:
    customer = await lab.call()
    customer.be_silent()
    await perform(lab, take(customer, silence_seconds=1.0))
    done = await spoken(lab, customer)
    assert (done.outcome, done.seconds, done.key) == ("timeout", 0.0, "")


async def test_who_hangs_up_after_speaking_has_left_a_message_before_leaving(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, take(customer))
    await lab.taking(customer)
    await customer.talk_for(0.8)
    customer.hang_up()
    done = await spoken(lab, customer)
    assert done.outcome == "done"
    left = await lab.inbox.next(CustomerLeft)
    assert left == CustomerLeft(contact=customer.contact, cause="hung_up")
    assert lab.inbox.about(customer.contact)[:2] == [done, left]


async def test_the_message_begins_after_a_tone_and_a_key_before_it_means_nothing(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, do.Record(contact=customer.contact))
    customer.press("#")
    await perform(lab, take(customer, beep=True))
    await lab.taking(customer)
    await customer.talk_for(0.5)
    customer.press("1")
    assert (await spoken(lab, customer)).outcome == "done"


async def test_a_message_that_another_decision_replaces_is_told_of_by_nobody(lab: Lab) -> None:
    customer = await lab.call()
    await perform(lab, take(customer, step=2))
    await lab.taking(customer)
    await perform(lab, do.Say(contact=customer.contact, step=3, speech=(Speech(text="Дальше", language="ru"),)))
    done = await lab.inbox.next(VerbFinished)
    assert (done.step, done.outcome, done.seconds) == (3, "done", 0.0)


async def test_a_message_asked_for_again_begins_anew(lab: Lab) -> None:
    """As after a restart of ours."""
    customer = await lab.call()
    await perform(lab, take(customer))
    await lab.taking(customer)
    await customer.talk_for(1.5)
    await perform(lab, take(customer, max_seconds=1.0))
    done = await spoken(lab, customer)
    assert 0.6 < done.seconds <= 1.3


@pytest.mark.parametrize("calls", [6])
async def test_messages_of_several_callers_are_kept_apart(lab: Lab, calls: int) -> None:
    customers = [await lab.call(ani=f"+7916000{number:04}") for number in range(calls)]
    for number, customer in enumerate(customers):
        if number % 2:
            customer.be_silent()
        await perform(lab, take(customer, max_seconds=1.0))
    found = {(done := await lab.inbox.next(VerbFinished)).contact: done.outcome for _ in customers}
    assert found == {each.contact: "timeout" if n % 2 else "done" for n, each in enumerate(customers)}
    await until("all have been told", lambda: len(found) == calls)
