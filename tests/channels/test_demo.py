"""Simulated customers call through a real Asterisk, as any customer does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from otklik.channels.voice.demo import DemoCustomers, DemoLine, Temper, demo_lines
from otklik.contact import decisions as do
from otklik.contact.facts import ContactArrived, CustomerLeft, OfferAnswered, RecordingStored, VerbFinished
from otklik.contact.ids import ContactId
from tests import tones
from tests.channels.inbox import NUMBER
from tests.channels.lab import SPEECH_TONE, AsteriskLab, perform, until
from tests.channels.test_asterisk import stored
from tests.channels.test_voice_contract import ANNA, ONE, TEXT

HASTY = Temper(
    menu_seconds=(0.2, 0.3),
    patience_mean_seconds=1000,
    talk_mean_seconds=2,
    shortest_talk_seconds=1.5,
    pause_seconds=(0.1, 0.2),
    silent_share=0,
)
LINE = DemoLine(number=NUMBER, language="ru", keys=("2",), callers=("+79161234567",))


@asynccontextmanager
async def customers(lab: AsteriskLab, temper: Temper, line: DemoLine = LINE) -> AsyncIterator[DemoCustomers]:
    simulated = DemoCustomers(lab.ari_address, lab.voice.speech, lines=(line,), temper=temper, seed=1)
    task = asyncio.create_task(simulated.run())
    try:
        yield simulated
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def first_call(lab: AsteriskLab, simulated: DemoCustomers) -> ContactArrived:
    simulated.calls_per_minute = 60
    arrived = await lab.inbox.next(ContactArrived)
    simulated.calls_per_minute = 0
    return arrived


async def test_a_simulated_customer_calls_presses_a_key_talks_and_hangs_up(asterisk_lab: AsteriskLab) -> None:
    lab = asterisk_lab
    phone = await lab.phone(ANNA)
    async with customers(lab, HASTY) as simulated:
        arrived = await first_call(lab, simulated)
        assert arrived.dnis == NUMBER
        assert arrived.ani == "+79161234567" or (arrived.ani or "").startswith("+790000000")
        contact: ContactId = arrived.contact
        await perform(lab, do.Record(contact=contact), do.Ask(contact=contact, step=1, speech=TEXT))
        assert (await lab.inbox.next(VerbFinished)).digits == "2"
        await perform(
            lab, do.PlayMusic(contact=contact), do.Offer(contact=contact, agent=ANNA, offer=ONE, ring_seconds=9)
        )
        await phone.rings()
        await phone.answer()
        await lab.inbox.next(OfferAnswered)
        await perform(lab, do.Connect(contact=contact, agent=ANNA, offer=ONE))
        await phone.hears("speech")
        left = await lab.inbox.next(CustomerLeft)
        assert left == CustomerLeft(contact=contact, cause="hung_up")
        await phone.quiet()
        recording = await lab.inbox.next(RecordingStored)
        rate, (customer, _) = tones.read_wav(stored(lab, recording.key))
        assert tones.longest_stretch(customer, SPEECH_TONE, rate, 0.1) >= 0.3
        await until("nobody is on the line", lambda: simulated.on_the_line == 0)


async def test_a_simulated_customer_who_waits_too_long_leaves(asterisk_lab: AsteriskLab) -> None:
    impatient = Temper(menu_seconds=(0, 0), patience_mean_seconds=0.05)
    async with customers(asterisk_lab, impatient) as simulated:
        arrived = await first_call(asterisk_lab, simulated)
        await perform(asterisk_lab, do.PlayMusic(contact=arrived.contact))
        assert (await asterisk_lab.inbox.next(CustomerLeft)).contact == arrived.contact


async def test_a_simulated_customer_is_gone_when_the_centre_hangs_up(asterisk_lab: AsteriskLab) -> None:
    async with customers(asterisk_lab, Temper(patience_mean_seconds=1000)) as simulated:
        arrived = await first_call(asterisk_lab, simulated)
        await perform(asterisk_lab, do.PlayMusic(contact=arrived.contact), do.End(contact=arrived.contact))
        await until("nobody is on the line", lambda: simulated.on_the_line == 0)


async def test_nobody_calls_at_rate_zero_and_the_highest_rate_is_sixty(asterisk_lab: AsteriskLab) -> None:
    async with customers(asterisk_lab, HASTY) as simulated:
        simulated.calls_per_minute = 1000
        assert simulated.calls_per_minute == 60
        simulated.calls_per_minute = 0
        arrived = len(asterisk_lab.inbox.facts)
        await asyncio.sleep(0.3)
        assert len(asterisk_lab.inbox.facts) == arrived


def test_the_demo_tenants_numbers_are_called_by_customers_of_their_language() -> None:
    lines = {line.number: line for line in demo_lines()}
    assert lines["1000"].language == "ru" and "+79161234567" in lines["1000"].callers
    assert lines["2000"].language == "en" and "+12025550123" in lines["2000"].callers
    assert all(line.keys == ("1", "2") for line in lines.values())
