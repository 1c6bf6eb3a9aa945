"""Messages in a real Asterisk: what is in them, and what becomes of those that our program or the store missed."""

from __future__ import annotations

import asyncio

import numpy as np
import obstore
import pytest
from obstore.store import LocalStore

from otklik.channels.voice import message
from otklik.channels.voice.message import spoken_part
from otklik.contact import decisions as do
from otklik.contact.facts import CustomerLeft, RecordingStored, VerbFinished
from otklik.prompts.sound import wav
from tests import tones
from tests.channels.lab import CUSTOMER_TONE, AsteriskLab, perform
from tests.channels.test_asterisk import leg_of
from tests.channels.test_message_contract import take


async def test_message_has_the_customers_voice_and_nothing_else(asterisk_lab: AsteriskLab) -> None:
    customer = await asterisk_lab.call()
    await perform(asterisk_lab, do.Record(contact=customer.contact), take(customer, beep=True))
    await asterisk_lab.taking(customer)
    await customer.talk_for(1.0)
    customer.hang_up()
    done = await asterisk_lab.inbox.next(VerbFinished)
    found = await obstore.get_async(asterisk_lab.objects, done.key)
    _, (customers, others) = tones.read_wav(bytes(await found.bytes_async()))
    assert tones.is_heard(customers[1600:6400], CUSTOMER_TONE) and not others.any()
    assert await asterisk_lab.listed("recordings/stored") == []
    # The recording of the whole call is one of its own.
    assert (await asterisk_lab.inbox.next(RecordingStored)).key != done.key


async def test_message_of_a_customer_who_hung_up_while_we_were_away_is_found(asterisk_lab: AsteriskLab) -> None:
    customer = await asterisk_lab.call()
    await perform(asterisk_lab, take(customer, step=7))
    await asterisk_lab.taking(customer, 7)
    await customer.talk_for(1.0)
    leg = leg_of(asterisk_lab, customer)
    await asterisk_lab.voice.close()
    customer.hang_up()
    await customer.gone()
    await asyncio.sleep(0.2)  # nobody is told when Asterisk has closed the file
    await asterisk_lab.restart_ours(leg)
    done = await asterisk_lab.inbox.next(VerbFinished)
    assert (done.contact, done.step, done.outcome) == (customer.contact, 7, "done")
    assert done.seconds > 0.7 and done.key
    assert await asterisk_lab.inbox.next(CustomerLeft) == CustomerLeft(contact=customer.contact, cause="node_lost")


async def test_message_goes_on_after_a_restart_of_ours_from_its_beginning(asterisk_lab: AsteriskLab) -> None:
    customer = await asterisk_lab.call()
    await perform(asterisk_lab, take(customer))
    await asterisk_lab.taking(customer)
    await customer.talk_for(1.0)
    await asterisk_lab.restart_ours(leg_of(asterisk_lab, customer))
    await perform(asterisk_lab, take(customer, max_seconds=1.0))
    done = await asterisk_lab.inbox.next(VerbFinished)
    assert done.outcome == "done"
    assert 0.5 < done.seconds <= 1.0


async def test_message_that_the_store_did_not_take_is_stored_at_the_next_start(
    asterisk_lab: AsteriskLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> tuple[str, float]:
        raise OSError("the store is away")

    customer = await asterisk_lab.call()
    with monkeypatch.context() as patched:
        patched.setattr(message, "store_recording", away)
        await perform(asterisk_lab, take(customer, max_seconds=1.0))
        done = await asterisk_lab.inbox.next(VerbFinished)
    assert (done.outcome, done.key) == ("done", "")
    await asterisk_lab.restart_ours(leg_of(asterisk_lab, customer))
    stored = await asterisk_lab.inbox.next(RecordingStored)
    assert (stored.contact, stored.step, stored.seconds) == (customer.contact, 2, done.seconds)
    assert isinstance(asterisk_lab.objects, LocalStore)
    assert (await obstore.head_async(asterisk_lab.objects, stored.key))["size"] > 8000


@pytest.mark.parametrize("header", [True, False], ids=["closed", "never closed"])
def test_only_what_is_spoken_is_kept(header: bool) -> None:
    quiet = np.random.default_rng(1).normal(0, 0.001, 16_000)
    sound = bytearray(wav(np.concatenate([quiet, tones.tone(440, 1, 8000, amplitude=0.1), quiet])))
    if not header:
        sound[4:8] = sound[40:44] = bytes(4)
    kept = spoken_part(bytes(sound))
    assert abs(kept.size / 8000 - 1.6) < 0.05


@pytest.mark.parametrize("sound", [b"", b"RIFF", wav(np.zeros(8000)), wav(tones.tone(440, 0.1, 8000, amplitude=0.5))])
def test_of_noise_and_clicks_nothing_is_kept(sound: bytes) -> None:
    assert spoken_part(sound).size == 0
