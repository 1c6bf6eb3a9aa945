"""Our process is killed while a supervisor is beside a call: the supervisor goes on, or is cleanly out."""

from __future__ import annotations

from dataclasses import replace

from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded, ContactArrived, OfferAnswered
from otklik.contact.ports import KnownLine
from tests.channels.lab import AsteriskLab, Customer, perform
from tests.channels.test_supervision_contract import OLGA, heard, joined, supervise
from tests.channels.test_voice_contract import ANNA, ONE, TWO


def line_of(lab: AsteriskLab, customer: Customer) -> KnownLine:
    arrived = [fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived)]
    leg = next(fact.leg for fact in arrived if fact.contact == customer.contact)
    return KnownLine(contact=customer.contact, leg=leg, agent=ANNA, offer=ONE, beside=((OLGA, TWO),))


async def test_whoever_whispers_goes_on_after_our_process_was_killed(asterisk_lab: AsteriskLab) -> None:
    customer, anna, olga = await joined(asterisk_lab, "whisper")
    await heard(customer, anna, olga, "whisper")
    known = line_of(asterisk_lab, customer)
    await asterisk_lab.restart_ours(known)
    told = {(await asterisk_lab.inbox.next(OfferAnswered)).agent for _ in range(2)}
    assert told == {ANNA, OLGA}
    await perform(asterisk_lab, supervise(customer, "whisper"))
    await heard(customer, anna, olga, "whisper")
    await perform(asterisk_lab, supervise(customer, "barge"))
    await heard(customer, anna, olga, "barge")
    await perform(asterisk_lab, supervise(customer, "listen"))
    await heard(customer, anna, olga, "listen")
    customer.hang_up()
    await olga.quiet()


async def test_a_supervisor_who_left_while_we_were_away_is_told_lost(asterisk_lab: AsteriskLab) -> None:
    customer, anna, olga = await joined(asterisk_lab)
    await heard(customer, anna, olga, "listen")
    known = line_of(asterisk_lab, customer)
    await asterisk_lab.voice.close()
    olga.hang_up()
    await asterisk_lab.restart_ours(known)
    lost = await asterisk_lab.inbox.next(AgentLegEnded)
    assert lost == AgentLegEnded(contact=customer.contact, agent=OLGA, offer=TWO, cause="lost")
    await perform(asterisk_lab, do.EndSupervision(contact=customer.contact, offer=TWO))
    await customer.hears("agent")
    await anna.hears("customer")


async def test_a_line_that_should_be_nobodys_is_told_so_that_it_can_be_released(asterisk_lab: AsteriskLab) -> None:
    customer, anna, olga = await joined(asterisk_lab)
    await heard(customer, anna, olga, "listen")
    await asterisk_lab.restart_ours(replace(line_of(asterisk_lab, customer), beside=()))
    told = {(await asterisk_lab.inbox.next(OfferAnswered)).agent for _ in range(2)}
    assert told == {ANNA, OLGA}
    await perform(asterisk_lab, do.Release(contact=customer.contact, agent=OLGA, offer=TWO))
    await olga.quiet()
    await customer.hears("agent")
