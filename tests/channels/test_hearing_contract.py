"""Questions that may be answered in words, on every switch: barging in, silence, noise, keys, and nobody who can listen."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from otklik.contact import decisions as do
from otklik.contact.configuration import Speech
from otklik.contact.facts import ContactArrived, CustomerLeft, VerbFinished
from otklik.contact.hearing import Hearing
from otklik.contact.ports import KnownLine
from tests.channels.lab import AsteriskLab, Customer, Lab, perform

HEARING = Hearing(language="en", phrases={"1": ("sales",), "2": ("technical support",)}, silence_seconds=0.5)


def ask(who: Customer, step: int = 1, *, timeout_seconds: float = 8.0, interruptible: bool = True) -> do.Ask:
    return do.Ask(
        contact=who.contact,
        step=step,
        speech=(Speech(text="What do you need?", language="en"),) * 6,
        timeout_seconds=timeout_seconds,
        interruptible=interruptible,
        hearing=HEARING,
        block="menu",
    )


async def called(lab: Lab) -> Customer:
    customer = await lab.call()
    customer.be_silent()
    await perform(lab, do.Record(contact=customer.contact))
    return customer


async def answered(lab: Lab) -> VerbFinished:
    done = await lab.inbox.next(VerbFinished)
    assert done.block == "menu"
    return done


async def test_words_interrupt_the_text_and_are_taken_for_the_nearest_choice(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer))
    await customer.hears("speech")
    await lab.says(customer, "Technical support, please.")
    done = await answered(lab)
    assert (done.outcome, done.digits, done.confidence) == ("heard", "2", 0.95)
    assert done.said == "Technical support, please."
    await customer.hears()
    await lab.tidy()


async def test_a_phrase_is_told_with_its_words_and_how_sure_the_recogniser_is(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, replace(ask(customer), hearing=replace(HEARING, phrases={}, free=True)))
    await lab.says(customer, "The lift is stuck.", 0.456)
    done = await answered(lab)
    assert (done.outcome, done.digits, done.confidence, done.said) == ("heard", "", 0.46, "The lift is stuck.")
    await lab.tidy()


async def test_a_noise_is_told_as_one(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.says(customer, "")
    done = await answered(lab)
    assert (done.outcome, done.digits, done.confidence, done.said) == ("heard", "", 0.0, "")


async def test_of_what_is_masked_the_words_are_kept_nowhere(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, replace(ask(customer), masked=True))
    await lab.says(customer, "sales")
    done = await answered(lab)
    assert (done.outcome, done.digits, done.said) == ("heard", "*", "")


async def test_a_key_counts_while_words_are_listened_for(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.listened_to(customer)
    customer.press("1")
    done = await answered(lab)
    assert (done.outcome, done.digits, done.said) == ("digits", "1", "")
    await lab.tidy()


async def test_who_says_nothing_is_silent(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer, timeout_seconds=0.3))
    assert (await answered(lab)).outcome == "timeout"
    await lab.tidy()


async def test_a_text_to_be_heard_out_is_not_interrupted(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer, interruptible=False))
    await customer.hears("speech")
    await lab.says(customer, "sales")
    assert (await answered(lab)).digits == "1"


async def test_who_hangs_up_while_speaking_has_left(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.listened_to(customer)
    customer.hang_up()
    assert await lab.inbox.next(CustomerLeft) == CustomerLeft(contact=customer.contact, cause="hung_up")
    await lab.tidy()
    assert not [each for each in lab.inbox.about(customer.contact) if isinstance(each, VerbFinished)]


async def test_where_nobody_can_listen_nothing_is_asked(lab: Lab) -> None:
    lab.listens("never")
    customer = await called(lab)
    await perform(lab, ask(customer))
    assert (await answered(lab)).outcome == "deaf"
    await customer.hears()


async def test_a_recogniser_that_is_gone_is_told_at_once(lab: Lab) -> None:
    lab.listens("until_spoken_to")
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.says(customer, "sales")
    assert (await answered(lab)).outcome == "deaf"
    lab.listens("well")
    await perform(lab, ask(customer, step=2))
    await lab.says(customer, "sales")
    assert (await answered(lab)).digits == "1"
    await lab.tidy()


async def test_a_question_asked_again_is_listened_to_again(lab: Lab) -> None:
    """As after a restart of ours."""
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.listened_to(customer)
    await perform(lab, ask(customer))
    await lab.says(customer, "sales")
    assert (await answered(lab)).digits == "1"
    await lab.tidy()


async def test_an_agent_who_comes_is_not_listened_to(lab: Lab) -> None:
    customer = await called(lab)
    await perform(lab, ask(customer))
    await lab.listened_to(customer)
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("music")
    await lab.tidy()


# Asterisk alone.


async def test_what_is_recognised_is_what_was_said_from_its_first_sound_on(asterisk_lab: AsteriskLab) -> None:
    customer = await called(asterisk_lab)
    await perform(asterisk_lab, ask(customer))
    await asterisk_lab.says(customer, "sales")
    await answered(asterisk_lab)
    (sound,) = asterisk_lab.recogniser.sounds
    assert 1.3 < len(sound) / 16_000 < 2.6  # a second of voice, and silence before and after it


async def test_a_call_taken_over_in_a_question_is_asked_again_and_nothing_of_before_is_left(
    asterisk_lab: AsteriskLab,
) -> None:
    customer = await called(asterisk_lab)
    (arrived,) = [each for each in asterisk_lab.inbox.facts if isinstance(each, ContactArrived)]
    await perform(asterisk_lab, ask(customer))
    await asterisk_lab.listened_to(customer)
    await asterisk_lab.restart_ours(KnownLine(contact=customer.contact, leg=arrived.leg))
    await asterisk_lab.tidy()
    await perform(asterisk_lab, ask(customer))
    await asterisk_lab.says(customer, "sales")
    assert (await answered(asterisk_lab)).digits == "1"


async def test_many_callers_are_listened_to_at_once_and_kept_apart(asterisk_lab: AsteriskLab) -> None:
    customers = [await asterisk_lab.call(ani=f"+7916000{number:04}") for number in range(5)]
    for customer in customers:
        customer.be_silent()
        await perform(asterisk_lab, ask(customer))
    await asyncio.gather(*(asterisk_lab.says(customer, "sales") for customer in customers))
    found = {(await answered(asterisk_lab)).contact for _ in customers}
    assert found == {each.contact for each in customers}
    await asterisk_lab.tidy()
