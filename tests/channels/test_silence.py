"""A recording that is silent for a while, on a real Asterisk: what was said meanwhile is in no file."""

from __future__ import annotations

import pytest

from otklik.channels.voice.recording import waveform_key
from otklik.contact import decisions as do
from otklik.contact.facts import OfferAnswered, RecordingStored
from otklik.contact.ids import ContactId
from tests import tones
from tests.channels.lab import AGENT_TONE, COLLEAGUE_TONE, CUSTOMER_TONE, AsteriskLab, SipAgent, SipSide, perform
from tests.channels.test_asterisk import leg_of, stored, talk
from tests.channels.test_voice_contract import ANNA, ONE, connect, offer

CARD_TONE = COLLEAGUE_TONE
"""What the customer says that must not be kept; nobody else sounds like it here."""
KEPT_SECONDS = 0.3


def silence(contact: ContactId, silent: bool) -> do.SilenceRecording:
    return do.SilenceRecording(contact=contact, silent=silent)


async def says(customer: SipSide, phone: SipAgent, tone: int, name: str) -> None:
    """The customer says something else from now on, and goes on until it was heard for a while."""
    customer.call.phone.tone = tone
    await phone.hears(name, seconds=KEPT_SECONDS)


async def recorded(lab: AsteriskLab, customer: SipSide) -> tuple[int, tones.Samples, tones.Samples]:
    customer.hang_up()
    fact = await lab.inbox.next(RecordingStored)
    rate, (left, right) = tones.read_wav(stored(lab, fact.key))
    return rate, left, right


async def test_what_is_said_in_a_pause_is_in_no_file_and_the_rest_is(asterisk_lab: AsteriskLab) -> None:
    customer, phone = await talk(asterisk_lab)
    await perform(asterisk_lab, silence(customer.contact, True), silence(customer.contact, True))
    await says(customer, phone, CARD_TONE, "colleague")
    customer.call.phone.tone = CUSTOMER_TONE
    await phone.hears("customer")
    await perform(asterisk_lab, silence(customer.contact, False))
    await phone.hears("customer", seconds=KEPT_SECONDS)
    rate, left, right = await recorded(asterisk_lab, customer)
    assert tones.longest_stretch(left, CARD_TONE, rate, 0.1) == 0
    assert tones.longest_stretch(left[-rate // 2 :], CUSTOMER_TONE, rate, 0.1) > 0, "after the pause"
    both_silent = (left == 0) & (right == 0)
    assert int(both_silent.sum()) >= KEPT_SECONDS * rate, "neither side is kept in a pause"
    assert tones.longest_stretch(right[-rate // 2 :], AGENT_TONE, rate, 0.1) > 0


async def test_a_pause_outlives_a_restart_of_ours_and_is_ended_after_it(asterisk_lab: AsteriskLab) -> None:
    customer, phone = await talk(asterisk_lab)
    await perform(asterisk_lab, silence(customer.contact, True))
    await asterisk_lab.restart_ours(leg_of(asterisk_lab, customer))
    await says(customer, phone, CARD_TONE, "colleague")
    customer.call.phone.tone = CUSTOMER_TONE
    await phone.hears("customer")
    await perform(asterisk_lab, silence(customer.contact, False))
    await phone.hears("customer", seconds=KEPT_SECONDS)
    rate, left, _ = await recorded(asterisk_lab, customer)
    assert tones.longest_stretch(left, CARD_TONE, rate, 0.1) == 0
    assert tones.longest_stretch(left[-rate // 2 :], CUSTOMER_TONE, rate, 0.1) > 0


async def test_a_line_can_be_silent_before_the_switch_has_begun_to_record_it(asterisk_lab: AsteriskLab) -> None:
    customer, phone = await asterisk_lab.call(), await asterisk_lab.phone(ANNA)
    begun = (do.Record(contact=customer.contact), silence(customer.contact, True), offer(customer))
    await perform(asterisk_lab, *begun)
    await phone.rings()
    await phone.answer()
    await asterisk_lab.inbox.next(OfferAnswered)
    await perform(asterisk_lab, connect(customer, ONE))
    await says(customer, phone, CARD_TONE, "colleague")
    rate, left, right = await recorded(asterisk_lab, customer)
    assert tones.longest_stretch(left, CARD_TONE, rate, 0.1) == 0
    assert tones.longest_stretch(right, AGENT_TONE, rate, 0.1) == 0


async def test_a_dropped_recording_is_gone_with_its_waveform_and_twice_is_once(asterisk_lab: AsteriskLab) -> None:
    customer, _ = await talk(asterisk_lab)
    customer.hang_up()
    fact = await asterisk_lab.inbox.next(RecordingStored)
    drop = do.DropRecording(contact=customer.contact, key=fact.key)
    await perform(asterisk_lab, drop, drop)
    for key in (fact.key, waveform_key(fact.key)):
        with pytest.raises(FileNotFoundError):
            stored(asterisk_lab, key)
