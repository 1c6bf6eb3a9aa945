"""Picking, giving and passing on: people decide, and what cannot be is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import (
    ANNA,
    BORIS,
    CONFIGURATION,
    KATE,
    RUSSIAN,
    SALES,
    SOLD,
    SUPPORT,
    TEA,
    Office,
    of,
    offer,
    only,
)

from otklik.contact.decisions import Decision, Offer, PlayMusic, Refuse, Release, Withdraw
from otklik.contact.facts import (
    AgentUnreachable,
    ContactArrived,
    ContactHeld,
    ContactPulled,
    ContactPushed,
    ContactQueued,
    ContactTransferred,
    CustomerLeft,
    OfferDeclined,
    ShiftEnded,
    StatusChosen,
    WrapUpExtended,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, QueueId
from otklik.routing import AgentState, ContactState

C1, C2 = ContactId("c1"), ContactId("c2")
ONE = OfferNumber(1)


def pause(office: Office, agent: AgentId) -> None:
    office.come(agent)
    office.do(StatusChosen(agent=agent, status="not_ready", reason=TEA))


def pull(office: Office, contact: ContactId, agent: AgentId) -> list[Decision]:
    return office.do(ContactPulled(contact=contact, agent=agent))


def push(office: Office, contact: ContactId, agent: AgentId) -> list[Decision]:
    return office.do(ContactPushed(contact=contact, agent=agent, by="olga"))


def test_agent_who_is_not_ready_picks_a_later_contact_and_is_not_ready_again_after_it() -> None:
    office = Office()
    pause(office, ANNA)
    office.queue("c1")
    office.queue("c2")
    assert of(Offer, pull(office, C2, ANNA)) == [offer("c2", ANNA)]
    office.do(OfferDeclined(contact=C2, agent=ANNA, offer=ONE))
    assert (office.agent(ANNA).state, office.agent(ANNA).reason) == (AgentState.NOT_READY, TEA)


def test_contact_that_was_declined_may_be_picked_after_all() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.queue("c1")
    office.do(OfferDeclined(contact=C1, agent=BORIS, offer=ONE))
    assert only(Offer, pull(office, C1, BORIS)) == offer("c1", BORIS, 2)


def test_what_cannot_be_picked_is_refused_with_the_rule() -> None:
    office = Office()
    pause(office, BORIS)
    pause(office, KATE)
    office.queue("c1")
    assert pull(office, C1, KATE) == [Refuse(code="agent_cannot_take", state="not_in_queue")]
    assert pull(office, C1, ANNA) == [Refuse(code="agent_cannot_take", state="offline")]
    office.do(AgentUnreachable(agent=BORIS))
    assert pull(office, C1, BORIS) == [Refuse(code="agent_cannot_take", state="unreachable")]
    assert pull(office, C2, BORIS) == [Refuse(code="contact_not_waiting")]
    office.come(ANNA)
    assert pull(office, C1, BORIS) == [Refuse(code="contact_not_waiting")]
    assert pull(office, C1, AgentId("nobody")) == [Refuse(code="not_in_shift")]


def test_supervisor_gives_a_contact_to_somebody_of_another_queue_even_while_it_rings() -> None:
    office = Office(CONFIGURATION, BORIS)
    pause(office, KATE)
    office.queue("c1")
    decisions = push(office, C1, KATE)
    assert decisions[0] == Withdraw(contact=C1, agent=BORIS, offer=ONE)
    assert only(Offer, decisions) == offer("c1", KATE, 2)
    assert office.agent(BORIS).state is AgentState.READY


def test_supervisor_cannot_give_to_whoever_is_busy_away_or_unreachable() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.queue("c2")
    assert push(office, C2, BORIS) == [Refuse(code="agent_cannot_take", state="talking")]
    assert push(office, C2, KATE) == [Refuse(code="agent_cannot_take", state="offline")]
    assert push(office, C1, KATE) == [Refuse(code="contact_not_waiting")]
    pause(office, KATE)
    office.do(AgentUnreachable(agent=KATE))
    assert push(office, C2, KATE) == [Refuse(code="agent_cannot_take", state="unreachable")]


def transfer(office: Office, *, queue: QueueId | None = None, agent: AgentId | None = None) -> list[Decision]:
    return office.do(ContactTransferred(contact=C1, agent=BORIS, to_queue=queue, to_agent=agent))


def test_transfer_to_a_queue_keeps_age_place_and_choices_and_the_agent_wraps_up() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.wait(100)
    office.queue("c2", SUPPORT)
    decisions = transfer(office, queue=SUPPORT)
    assert decisions[0] == Release(contact=C1, agent=BORIS, offer=ONE)
    assert of(PlayMusic, decisions) == [PlayMusic(contact=C1)]
    contact = office.contact("c1")
    assert (contact.state, contact.queue, contact.key) == (ContactState.WAITING, SUPPORT, (1000.0, C1))
    assert contact.choices == ("Продажи",)
    assert office.agent(BORIS).state is AgentState.WRAP_UP
    assert only(Offer, office.come(KATE)).contact == C1
    assert [s.kind for s in office.record("c1").segments] == ["scenario", "queue", "agent", "queue"]


def test_who_passed_a_contact_on_is_not_offered_it_at_once() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    assert of(Offer, transfer(office, queue=SALES)) == []
    save(office, C1, BORIS)
    assert [o.agent for o in of(Offer, office.wait(20))] == [BORIS]


def test_transfer_to_an_agent_waits_for_that_one_then_goes_to_the_queue() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.come(ANNA)
    pause(office, KATE)
    office.wait(1)
    assert of(Offer, transfer(office, agent=KATE)) == []
    assert office.contact("c1").pinned == KATE
    assert [o.agent for o in of(Offer, office.wait(30))] == [ANNA]


def test_contact_on_hold_is_passed_on_and_hold_is_counted() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.do(ContactHeld(contact=C1, agent=BORIS))
    office.wait(5)
    transfer(office, queue=SUPPORT)
    assert not office.contact("c1").held
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert (office.record("c1").hold_seconds, office.record("c1").outcome) == (5.0, "answered")


@pytest.mark.parametrize(
    ("queue", "agent", "code"),
    [
        (QueueId("nowhere"), None, "no_such_queue"),
        (None, None, "no_such_queue"),
        (None, BORIS, "no_such_agent"),
        (None, KATE, "no_such_agent"),
        (None, AgentId("nobody"), "no_such_agent"),
    ],
)
def test_transfer_to_nowhere_is_refused_and_changes_nothing(
    queue: QueueId | None, agent: AgentId | None, code: str
) -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    before = office.engine.snapshot()
    assert transfer(office, queue=queue, agent=agent) == [Refuse(code=code)]
    assert office.engine.snapshot() == before


def test_only_who_has_the_contact_passes_it_on() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.come(BORIS)
    assert transfer(office, queue=SUPPORT) == [Refuse(code="no_such_contact")]


def test_agent_who_goes_home_after_passing_on_is_offline_after_the_wrap_up() -> None:
    office = Office(replace(CONFIGURATION, reasons=()), BORIS)
    office.talk("c1")
    office.do(ShiftEnded(agent=BORIS))
    transfer(office, queue=SUPPORT)
    assert office.agent(BORIS).state is AgentState.WRAP_UP
    save(office, C1, BORIS)
    assert office.agent(BORIS).state is AgentState.OFFLINE


def test_who_passed_it_on_has_an_outcome_a_wrap_up_and_a_disposition_of_the_own_part() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    transfer(office, queue=SUPPORT)
    office.come(KATE)
    office.answer("c1")
    office.wait(7)
    assert office.do(WrapUpFinished(contact=C1, agent=BORIS, disposition=None)) == [Refuse(code="disposition_required")]
    save(office, C1, BORIS)
    assert office.agent(BORIS).state is AgentState.READY
    assert office.contact("c1").state is ContactState.TALKING
    record = office.record("c1")
    parts = [(s.agent, s.disposition, s.wrap_up_seconds) for s in record.segments if s.kind == "agent"]
    assert parts == [(BORIS, SOLD, 7.0), (KATE, None, 0.0)]
    assert (record.agent, record.disposition, record.wrap_up_seconds) == (KATE, None, 7.0)


def test_wrap_up_after_passing_on_may_outlast_the_contact_and_be_extended() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    transfer(office, queue=SUPPORT)
    office.wait(59)
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.contact("c1").state is ContactState.WRAP_UP
    assert office.engine.wrap_up_extends(office.contact("c1"), BORIS)
    office.do(WrapUpExtended(contact=C1, agent=BORIS))
    office.wait(30)
    assert office.agent(BORIS).state is AgentState.WRAP_UP
    save(office, C1, BORIS)
    assert office.engine.contact(C1) is None
    assert (office.record("c1").outcome, office.record("c1").disposition) == ("answered", SOLD)


def test_a_contact_passed_on_twice_has_two_agents_in_wrap_up_and_is_offered_to_neither() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    transfer(office, queue=SUPPORT)
    office.come(KATE)
    office.answer("c1")
    office.do(ContactTransferred(contact=C1, agent=KATE, to_queue=SALES))
    assert {agent: office.agent(agent).state for agent in (BORIS, KATE)} == dict.fromkeys(
        (BORIS, KATE), AgentState.WRAP_UP
    )
    office.wait(25)
    assert office.contact("c1").state is ContactState.WAITING
    assert [o.agent for o in of(Offer, office.wait(60))] == [BORIS]


def test_contact_whose_own_part_is_still_wrapped_up_is_neither_listed_nor_picked_and_ends() -> None:
    """Picked all the same, it stayed in wrap-up for ever: nobody had it in hand any more."""
    office = Office(CONFIGURATION, BORIS)
    office.do(ContactArrived(contact=C1, channel="email", entry_point=RUSSIAN, dnis="1000", leg=""))
    office.do(ContactQueued(contact=C1, queue=SALES))
    office.answer("c1")
    transfer(office, queue=SALES)
    assert office.engine.pickable(BORIS, 5) == []
    assert pull(office, C1, BORIS) == [Refuse(code="agent_cannot_take", state="in_wrap_up")]
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason=TEA))
    assert pull(office, C1, BORIS) == [Refuse(code="agent_cannot_take", state="in_wrap_up")], "nor from a pause"
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.wait(61)
    assert office.engine.contact(C1) is None


def test_an_outcome_that_comes_after_the_wrap_up_of_the_own_part_ran_out_is_kept() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    transfer(office, queue=SUPPORT)
    office.wait(61)
    assert save(office, C1, BORIS) == []
    assert save(office, C1, BORIS) == [Refuse(code="no_such_contact")]
    assert office.record("c1").disposition == SOLD


def save(office: Office, contact: ContactId, agent: AgentId) -> list[Decision]:
    return office.do(WrapUpFinished(contact=contact, agent=agent, disposition=SOLD))
