"""Shifts, statuses, and a set-up that changes under way."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, LUNCH, SALES, SOLD, SUPPORT, Office, of, only

from otklik.contact.configuration import Agent, Configuration
from otklik.contact.decisions import Announce, End, Offer, Refuse, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    Configured,
    ContactFinished,
    CustomerLeft,
    Fact,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.routing import AgentState, AgentStatus, ContactState, HandState, NextStatus
from otklik.routing.agent import HAND_MOVES, STATUS_MOVES
from otklik.routing.contact import CONTACT_MOVES
from otklik.routing.engine import _HANDLERS
from otklik.routing.moves import IllegalMove, check_move

C1 = ContactId("c1")
ONE = OfferNumber(1)
AT_LUNCH = StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH)
READY = StatusChosen(agent=ANNA, status="ready")


def without(*, agents: tuple[AgentId, ...] = (), sales: bool = False) -> Configuration:
    return replace(
        CONFIGURATION,
        agents=tuple(agent for agent in CONFIGURATION.agents if agent.id not in agents),
        queues=tuple(queue for queue in CONFIGURATION.queues if not (sales and queue.id == SALES)),
    )


def status(office: Office) -> tuple[AgentState, str | None]:
    return office.agent(ANNA).state, office.agent(ANNA).reason


def test_shift_begins_not_ready_and_twice_is_once() -> None:
    office = Office()
    office.do(ShiftStarted(agent=ANNA))
    office.do(READY)
    office.do(ShiftStarted(agent=ANNA))
    assert status(office) == (AgentState.READY, None)
    office.do(ShiftStarted(agent=KATE))
    assert (office.agent(KATE).state, office.agent(KATE).reason) == (AgentState.NOT_READY, "shift")


def test_status_needs_a_shift_and_a_reason_from_the_list() -> None:
    office = Office()
    assert office.do(READY) == [Refuse(code="not_in_shift")]
    office.do(ShiftStarted(agent=ANNA))
    refusal = [Refuse(code="no_such_reason")]
    assert office.do(StatusChosen(agent=ANNA, status="not_ready", reason="holiday")) == refusal
    assert office.do(StatusChosen(agent=ANNA, status="not_ready")) == refusal
    assert office.do(AT_LUNCH) == []
    assert status(office) == (AgentState.NOT_READY, LUNCH)


def test_not_ready_needs_no_reason_where_there_is_no_list() -> None:
    office = Office(replace(CONFIGURATION, reasons=()), ANNA)
    assert office.do(StatusChosen(agent=ANNA, status="not_ready")) == []
    assert status(office) == (AgentState.NOT_READY, None)


def test_choosing_the_same_status_again_does_not_start_its_clock_anew() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.wait(10)
    office.do(READY)
    assert office.agent(ANNA).since == 1000.0
    office.do(AT_LUNCH)
    assert office.agent(ANNA).since == 1010.0


def test_status_chosen_in_a_conversation_applies_after_the_wrap_up() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(AT_LUNCH)
    assert office.agent(ANNA).next == NextStatus(status="not_ready", reason=LUNCH)
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    assert status(office) == (AgentState.NOT_READY, LUNCH)
    assert office.agent(ANNA).next is None


def test_status_chosen_in_wrap_up_waits_for_its_end() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.do(AT_LUNCH)
    assert office.agent(ANNA).state is AgentState.WRAP_UP
    office.wait(60)
    assert status(office) == (AgentState.NOT_READY, LUNCH)


def test_agent_who_goes_home_in_a_conversation_finishes_it_first() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    assert office.do(ShiftEnded(agent=ANNA)) == []
    assert office.agent(ANNA).state is AgentState.TALKING
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.wait(60)
    assert office.agent(ANNA).state is AgentState.OFFLINE


def test_agent_who_comes_back_before_the_end_stays() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(ShiftEnded(agent=ANNA))
    office.do(ShiftStarted(agent=ANNA))
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.wait(60)
    assert office.agent(ANNA).state is AgentState.READY


def test_leaving_agent_whose_line_is_lost_is_offline_when_the_time_is_over() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(ShiftEnded(agent=ANNA))
    office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost"))
    office.wait(20)
    assert office.agent(ANNA).state is AgentState.OFFLINE
    assert office.contact("c1").state is ContactState.WAITING


def test_facts_about_nobody_change_nothing() -> None:
    office = Office()
    nobody = AgentId("nobody")
    before = office.engine.snapshot()
    assert office.do(AgentReachable(agent=nobody)) == []
    assert office.do(ShiftStarted(agent=nobody)) == [Refuse(code="not_found")]
    assert office.do(StatusChosen(agent=nobody, status="ready")) == [Refuse(code="not_in_shift")]
    assert office.engine.snapshot() == before


def test_agent_removed_while_talking_finishes_and_is_then_forgotten() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(Configured(configuration=without(agents=(ANNA,))))
    assert office.agent(ANNA).state is AgentState.TALKING
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    assert office.engine.agent(ANNA) is None


def test_agent_removed_while_it_rings_loses_the_offer_to_another() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.queue("c1")
    office.come(ANNA)
    decisions = office.do(Configured(configuration=without(agents=(BORIS,))))
    assert decisions[0] == Withdraw(contact=C1, agent=BORIS, offer=ONE)
    assert only(Offer, decisions).agent == ANNA
    assert office.engine.agent(BORIS) is None


def test_contacts_of_a_removed_queue_move_to_the_first_one_with_their_places() -> None:
    office = Office(CONFIGURATION)
    office.queue("c1", SALES)
    office.wait(1)
    office.queue("c2", SUPPORT)
    said = of(Announce, office.do(Configured(configuration=without(sales=True))))
    assert [(a.contact, a.speech[0].text) for a in said] == [(C1, "Ваш звонок следующий. Оставайтесь на линии.")]
    assert office.contact("c1").queue == SUPPORT
    assert only(Offer, office.come(KATE)).contact == C1


def test_new_membership_offers_what_waits() -> None:
    office = Office(CONFIGURATION, KATE)
    office.queue("c1", SALES)
    kate = Agent(id=KATE, name="Kate", queues={SALES: 1})
    changed = replace(CONFIGURATION, agents=(*without(agents=(KATE,)).agents, kate))
    assert only(Offer, office.do(Configured(configuration=changed))).agent == KATE


def test_centre_without_queues_ends_the_call_and_the_account_says_lost() -> None:
    office = Office(replace(CONFIGURATION, queues=()))
    office.arrive("c1")
    assert office.queue("c2")[-1] == End(contact=ContactId("c2"))
    assert office.record("c2").outcome == "lost"


def test_contacts_outlive_a_moment_without_any_queue() -> None:
    office = Office()
    office.queue("c1")
    office.do(Configured(configuration=replace(CONFIGURATION, queues=())))
    office.do(Configured(configuration=CONFIGURATION))
    assert only(Offer, office.come(ANNA)).contact == C1


def test_tables_of_moves_cover_every_state_and_nothing_follows_the_end() -> None:
    assert set(CONTACT_MOVES) == set(ContactState)
    assert set(STATUS_MOVES) == set(AgentStatus)
    assert set(HAND_MOVES) == set(HandState)
    assert CONTACT_MOVES[ContactState.ENDED] == frozenset()
    with pytest.raises(IllegalMove):
        check_move(CONTACT_MOVES, ContactState.SCENARIO, ContactState.TALKING)


def test_every_kind_of_fact_has_somebody_who_handles_it() -> None:
    assert set(_HANDLERS) == set(get_args(Fact))
