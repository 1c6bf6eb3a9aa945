"""A supervisor answers a call that rings at an agent: one winner, the place is kept, and nothing is held against the agent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, SALES, Office, of, only

from otklik.contact.decisions import Connect, Decision, Offer, Refuse, Release, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    ContactAnsweredFor,
    ContactArrived,
    ContactFinished,
    ContactQueued,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    SupervisionStarted,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.routing import AgentState, ContactState, Engine

C1, OLGA = ContactId("c1"), AgentId("olga")


def ringing(*ready: AgentId) -> Office:
    office = Office(CONFIGURATION, *(ready or (BORIS,)))
    office.queue("c1")
    assert office.contact("c1").agent == BORIS
    return office


def answer_for(office: Office, contact: ContactId = C1) -> list[Decision]:
    return office.do(ContactAnsweredFor(contact=contact, supervisor=OLGA, name="Ольга"))


def test_call_that_rings_at_an_agent_is_answered_in_the_agents_place() -> None:
    office = ringing()
    office.wait(3)
    rung = answer_for(office)
    assert (only(Withdraw, rung).agent, only(Offer, rung).agent, only(Offer, rung).placed) == (BORIS, OLGA, True)
    assert office.agent(BORIS).state is AgentState.READY, "nothing was missed"
    line = only(Offer, rung).offer
    assert only(Connect, office.do(OfferAnswered(contact=C1, agent=OLGA, offer=line))).agent == OLGA
    office.wait(10)
    office.do(ContactFinished(contact=C1, agent=OLGA))
    office.do(WrapUpFinished(contact=C1, agent=OLGA, disposition="sold"))
    record = office.record("c1")
    assert (record.agent, record.outcome, record.queue, record.talk_seconds) == (OLGA, "answered", SALES, 10)
    assert office.engine.agent(OLGA) is None, "for this one call alone"


def test_agent_who_accepts_first_has_it() -> None:
    office = ringing()
    office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    assert only(Refuse, answer_for(office)).code == "nobody_rings"
    assert office.contact("c1").agent == BORIS


def test_agent_who_accepts_a_moment_later_is_released_and_free() -> None:
    office = ringing()
    line = only(Offer, answer_for(office)).offer
    late = office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    assert late == [Release(contact=C1, agent=BORIS, offer=OfferNumber(1))]
    assert office.agent(BORIS).state is AgentState.READY
    office.do(OfferAnswered(contact=C1, agent=OLGA, offer=line))
    assert office.contact("c1").agent == OLGA


@pytest.mark.parametrize("how", [OfferDeclined, OfferExpired])
def test_supervisor_who_does_not_answer_gives_the_place_back(how: type[OfferDeclined] | type[OfferExpired]) -> None:
    office = ringing()
    line = only(Offer, answer_for(office)).offer
    back = office.do(how(contact=C1, agent=OLGA, offer=line))
    assert only(Offer, back).agent == BORIS, "at the old place, and the agent is asked again"
    assert office.engine.agent(OLGA) is None


def test_supervisors_telephone_that_cannot_be_rung_gives_the_place_back() -> None:
    office = ringing()
    line = only(Offer, answer_for(office)).offer
    back = office.do(OfferFailed(contact=C1, agent=OLGA, offer=line, cause="unregistered"))
    assert only(Offer, back).agent == BORIS


def test_who_waits_for_one_agent_alone_may_be_answered_for_and_who_waits_for_anybody_not() -> None:
    direct = replace(CONFIGURATION, queues=tuple(replace(each, personal_seconds=60.0) for each in CONFIGURATION.queues))
    office = Office(direct, BORIS)
    office.talk("c0")
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SALES, choices=(), agent=BORIS, agent_seconds=60.0))
    assert office.contact("c1").pinned == BORIS
    office.queue("c2")
    assert only(Refuse, answer_for(office, ContactId("c2"))).code == "nobody_rings"
    assert only(Offer, answer_for(office)).agent == OLGA


def test_all_at_whom_it_rings_are_free_again() -> None:
    all_at_once = tuple(
        replace(each, strategy="ring_all") if each.id == SALES else each for each in CONFIGURATION.queues
    )
    office = Office(replace(CONFIGURATION, queues=all_at_once), ANNA, BORIS)
    office.queue("c1")
    rung = answer_for(office)
    assert {each.agent for each in of(Withdraw, rung)} == {ANNA, BORIS}
    assert only(Offer, rung).agent == OLGA


def test_what_is_written_an_agent_on_shift_and_full_hands_are_refused() -> None:
    office = ringing()
    other = ContactAnsweredFor(contact=C1, supervisor=ANNA, name="Анна")
    assert only(Refuse, office.do(other)).code == "call_in_hand", "whoever is an agent takes calls as one"
    line = only(Offer, answer_for(office)).offer
    office.do(OfferAnswered(contact=C1, agent=OLGA, offer=line))
    office.queue("c2")
    assert only(Refuse, answer_for(office, ContactId("c2"))).code == "call_in_hand"
    assert only(Refuse, answer_for(office, ContactId("c9"))).code == "contact_not_waiting"
    web = ContactArrived(
        contact=ContactId("w"), channel="web", entry_point=office.contact("c2").entry_point, dnis="", leg=""
    )
    quiet = Office(CONFIGURATION, BORIS)
    quiet.do(web)
    quiet.do(ContactQueued(contact=ContactId("w"), queue=SALES, choices=()))
    assert only(Refuse, answer_for(quiet, ContactId("w"))).code == "only_calls"


def test_conversation_that_was_joined_is_left_for_it() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c0")
    office.do(SupervisionStarted(contact=ContactId("c0"), supervisor=OLGA, name="Ольга", way="listen"))
    office.come(BORIS)
    office.queue("c1")
    rung = answer_for(office)
    assert only(Offer, rung).agent == OLGA
    assert office.contact("c0").supervisors == ()


def test_caller_who_hangs_up_meanwhile_leaves_nobody_behind() -> None:
    office = ringing()
    line = only(Offer, answer_for(office)).offer
    office.do(AgentLegEnded(contact=C1, agent=OLGA, offer=line, cause="lost"))
    assert office.engine.agent(OLGA) is None
    assert office.contact("c1").state is ContactState.OFFERED


def test_restored_from_its_state_it_goes_on_as_before() -> None:
    office = ringing()
    line = only(Offer, answer_for(office)).offer
    again = Engine.restore(office.engine.snapshot())
    fact = OfferAnswered(contact=C1, agent=OLGA, offer=line)
    assert again.handle(fact, office.now) == office.do(fact)
    assert again.snapshot() == office.engine.snapshot()
