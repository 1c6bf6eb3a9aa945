"""Music of queues, on every switch: two who wait in two queues hear two sounds."""

from __future__ import annotations

from otklik.contact import decisions as do
from otklik.contact.facts import OfferAnswered
from otklik.contact.music import SILENCE
from otklik.contact.ports import KnownLine
from tests.channels.lab import OWN_MUSIC, AsteriskLab, Customer, Lab, SipSide, perform
from tests.channels.test_voice_contract import connect, offer, say, waiting


async def waiting_with(lab: Lab, tune: str) -> Customer:
    customer = await lab.call()
    lab.inbox.tunes[customer.contact] = tune
    await perform(lab, do.Record(contact=customer.contact), do.PlayMusic(contact=customer.contact))
    return customer


async def test_two_queues_sound_different_at_the_same_time(lab: Lab) -> None:
    one = await waiting(lab)
    await one.hears("music")
    other, third = await waiting_with(lab, OWN_MUSIC), await waiting_with(lab, SILENCE)
    await other.hears("own_music")
    await third.hears()
    await one.hears("music")
    await perform(lab, do.Announce(contact=other.contact, speech=say(other).speech))
    await other.hears("speech")
    await other.hears("own_music")


async def test_who_moves_to_another_queue_hears_its_music_and_then_the_agent(lab: Lab) -> None:
    customer = await waiting_with(lab, OWN_MUSIC)
    await customer.hears("own_music")
    lab.inbox.tunes[customer.contact] = SILENCE
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears()
    del lab.inbox.tunes[customer.contact]
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("music")
    lab.inbox.tunes[customer.contact] = OWN_MUSIC
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("own_music")
    phone = await lab.phone("anna")
    await perform(lab, offer(customer))
    await phone.rings()
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, connect(customer))
    await customer.hears("agent")
    await phone.hears("customer")
    await perform(lab, do.Hold(contact=customer.contact))
    await customer.hears("own_music")
    await perform(lab, do.Retrieve(contact=customer.contact, agent=phone.agent, offer=connect(customer).offer))
    await customer.hears("agent")


async def test_music_that_cannot_be_had_is_the_usual(asterisk_lab: AsteriskLab) -> None:
    customer = await waiting_with(asterisk_lab, "f" * 64)
    await customer.hears("music")


async def test_who_rests_in_a_bridge_hears_the_other_music_and_comes_out_of_it(asterisk_lab: AsteriskLab) -> None:
    lab = asterisk_lab
    customer = await waiting_with(lab, OWN_MUSIC)
    assert isinstance(customer, SipSide)
    await customer.hears("own_music", seconds=2.0)
    rest = lab.voice.calls[customer.contact].rest
    assert rest.inside
    del lab.inbox.tunes[customer.contact]
    await perform(lab, do.PlayMusic(contact=customer.contact))
    assert not rest.inside
    await customer.hears("music", seconds=2.0)
    assert rest.inside
    await perform(lab, say(customer))
    await customer.hears("speech")
    await customer.hears()


async def test_who_waits_through_a_restart_of_ours_hears_on_and_then_that_of_another_queue(
    asterisk_lab: AsteriskLab,
) -> None:
    lab = asterisk_lab
    customer = await waiting_with(lab, OWN_MUSIC)
    await customer.hears("own_music")
    line = KnownLine(contact=customer.contact, leg=lab.voice.calls[customer.contact].channel)
    await lab.restart_ours(line)
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("own_music")
    del lab.inbox.tunes[customer.contact]
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("music")


async def test_music_outlives_the_switch(asterisk_lab: AsteriskLab) -> None:
    lab = asterisk_lab
    await (await waiting_with(lab, OWN_MUSIC)).hears("own_music")
    await lab.crash()
    await (await waiting_with(lab, OWN_MUSIC)).hears("own_music")
