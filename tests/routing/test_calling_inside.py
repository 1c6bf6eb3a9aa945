"""Agents who call each other: who can be called, the own line first, two equal sides, and one end for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, LUNCH, SALES, Office, of, only

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import (
    Consult,
    Decision,
    End,
    EndConsultation,
    Mute,
    Offer,
    Refuse,
    Rejoin,
    Release,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    AgentUnreachable,
    CallFailure,
    ColleagueCalled,
    Configured,
    ConsultationAsked,
    ContactFinished,
    ContactHeld,
    ContactParked,
    ContactPushed,
    ContactRetrieved,
    ContactStopped,
    ContactTransferred,
    Fact,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    RejoinAsked,
    ShiftEnded,
    StatusChosen,
    SupervisionStarted,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.record import Segment
from otklik.contact.recording import RecordingAsked
from otklik.routing import AgentState, ContactState, Engine

CALL, SIDE, ONE = ContactId("call"), ContactId("side"), OfferNumber(1)


def numbered(configuration: Configuration = CONFIGURATION) -> Configuration:
    numbers = {ANNA: "201", BORIS: "202"}
    agents = tuple(replace(each, internal_number=numbers.get(each.id, "")) for each in configuration.agents)
    return replace(configuration, agents=agents)


def office(*ready: AgentId) -> Office:
    return Office(numbered(), *(ready or (ANNA, BORIS)))


def call(where: Office, colleague: AgentId = BORIS, agent: AgentId = ANNA) -> list[Decision]:
    return where.do(ColleagueCalled(contact=CALL, agent=agent, colleague=colleague, consultation=SIDE))


def ringing(where: Office | None = None) -> Office:
    where = where or office()
    call(where)
    where.wait(1)
    where.do(OfferAnswered(contact=CALL, agent=ANNA, offer=ONE))
    return where


def talking(where: Office | None = None) -> Office:
    where = ringing(where)
    where.wait(4)
    where.do(OfferAnswered(contact=SIDE, agent=BORIS, offer=ONE))
    return where


def states(where: Office) -> tuple[AgentState, AgentState]:
    return where.agent(ANNA).state, where.agent(BORIS).state


def gone(where: Office) -> bool:
    return where.engine.contact(CALL) is None and where.engine.contact(SIDE) is None and not where.engine._centre.inside


def test_own_line_is_rung_then_the_colleague_and_the_two_talk() -> None:
    where = office()
    own = only(Offer, call(where))
    assert (own.contact, own.agent, own.away, own.placed) == (CALL, ANNA, True, True)
    where.wait(1)
    answered = where.do(OfferAnswered(contact=CALL, agent=ANNA, offer=ONE))
    assert [type(each) for each in answered[:2]] == [Consult, Offer], (
        "the call is there before the ring of its other side"
    )
    rings = only(Offer, answered)
    assert (rings.contact, rings.agent, rings.placed, rings.number) == (SIDE, BORIS, False, "201")
    waits = only(Consult, answered)
    assert (waits.offer, waits.line, waits.inside) == (ONE, None, True)
    assert states(where) == (AgentState.DIALLING, AgentState.OFFERED)
    where.wait(4)
    talks = only(Consult, where.do(OfferAnswered(contact=SIDE, agent=BORIS, offer=ONE)))
    assert (talks.contact, talks.agent, talks.offer, talks.consultation, talks.line) == (CALL, ANNA, ONE, SIDE, ONE)
    assert states(where) == (AgentState.TALKING, AgentState.TALKING)


def test_account_is_one_of_both_without_a_queue_and_the_time_of_each_is_exact() -> None:
    where = talking()
    where.wait(60)
    where.do(ContactHeld(contact=SIDE, agent=BORIS))
    where.wait(10)
    where.do(ContactRetrieved(contact=SIDE, agent=BORIS))
    ended = where.do(ContactFinished(contact=CALL, agent=ANNA))
    assert [type(each) for each in ended] == [Release, EndConsultation, Release, End]
    assert states(where) == (AgentState.READY, AgentState.READY), "nobody has anything to wrap up"
    record = where.record("call")
    assert (record.direction, record.agent, record.colleague, record.outcome) == ("internal", ANNA, BORIS, "answered")
    assert (record.dialling_seconds, record.talk_seconds, record.hold_seconds, record.wait_seconds) == (5, 60, 10, 0)
    assert (record.queue, record.customer, record.dnis, record.wrap_up_seconds) == (None, None, "202", 0)
    assert record.segments == (
        Segment(kind="dialling", started_at=1000, ended_at=1005, agent=ANNA),
        Segment(kind="consultation", started_at=1005, ended_at=1075, agent=BORIS, held_seconds=10),
        Segment(kind="internal", started_at=1005, ended_at=1075, agent=ANNA),
    )
    assert [where.agent(each).busy_seconds for each in (ANNA, BORIS)] == [74, 70]
    assert [where.agent(each).handled for each in (ANNA, BORIS)] == [0, 0], "customers are counted apart"
    assert [each.contact for each in where.engine.take_touched().records] == [CALL]
    assert gone(where)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([ShiftEnded(agent=BORIS)], "colleague_offline"),
        ([StatusChosen(agent=BORIS, status="not_ready", reason=LUNCH)], "colleague_not_ready"),
        ([AgentUnreachable(agent=BORIS)], "colleague_unreachable"),
        ([ShiftEnded(agent=ANNA)], "not_in_shift"),
        ([AgentUnreachable(agent=ANNA)], "phone_unreachable"),
    ],
)
def test_who_cannot_be_called_is_told_to_the_caller_in_words(facts: list[Fact], code: str) -> None:
    where = office()
    for fact in facts:
        where.do(fact)
    assert only(Refuse, call(where)).code == code
    assert gone(where)


def test_busy_colleague_oneself_and_a_stranger_are_not_called() -> None:
    where = office(ANNA, BORIS)
    where.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    where.queue("c1")
    assert only(Refuse, call(where)).code == "colleague_busy", "a customer rings there"
    where.answer("c1")
    assert only(Refuse, call(where)).code == "colleague_busy"
    for nobody in (ANNA, AgentId("nobody")):
        assert only(Refuse, call(where, nobody)).code == "no_such_colleague"


def test_agent_on_a_pause_may_call_and_is_on_it_again_afterwards() -> None:
    where = office()
    where.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    talking(where)
    where.do(ContactFinished(contact=SIDE, agent=BORIS))
    assert (where.agent(ANNA).state, where.agent(ANNA).reason) == (AgentState.NOT_READY, LUNCH)


def test_nobody_in_an_internal_call_is_offered_a_customer() -> None:
    where = talking()
    assert of(Offer, where.queue("c1")) == []
    offered = where.do(AgentLegEnded(contact=SIDE, agent=BORIS, offer=ONE, cause="hung_up"))
    assert only(Offer, offered).contact == "c1"


def test_colleague_who_got_a_customer_meanwhile_is_not_rung() -> None:
    where = office()
    call(where)
    where.queue("c1")
    assert where.agent(BORIS).state is AgentState.OFFERED
    ended = where.do(OfferAnswered(contact=CALL, agent=ANNA, offer=ONE))
    assert of(Offer, ended) == []
    assert (where.record("call").outcome, where.record("call").failure) == ("unreached", "busy")
    assert gone(where)


@pytest.mark.parametrize(
    ("fact", "failure", "after"),
    [
        (OfferDeclined(contact=SIDE, agent=BORIS, offer=ONE), "rejected", AgentState.READY),
        (OfferExpired(contact=SIDE, agent=BORIS, offer=ONE), "no_answer", AgentState.NOT_READY),
        (OfferFailed(contact=SIDE, agent=BORIS, offer=ONE, cause="unregistered"), "failed", AgentState.READY),
        (AgentUnreachable(agent=BORIS), "failed", AgentState.READY),
        (ShiftEnded(agent=BORIS), "failed", AgentState.OFFLINE),
        (ContactFinished(contact=CALL, agent=ANNA), "cancelled", AgentState.READY),
        (AgentLegEnded(contact=CALL, agent=ANNA, offer=ONE, cause="lost"), "lost", AgentState.READY),
        (ContactStopped(contact=CALL, by="olga"), "cancelled", AgentState.READY),
    ],
)
def test_call_that_comes_to_no_talk_is_over_for_both_and_says_why(
    fact: Fact, failure: CallFailure, after: AgentState
) -> None:
    where = ringing()
    where.wait(5)
    ended = where.do(fact)
    rang = set() if isinstance(fact, OfferFailed) else {(SIDE, BORIS)}
    assert {(each.contact, each.agent) for each in of(Withdraw, ended)} == rang
    assert {(each.contact, each.agent) for each in of(Release, ended)} == {(CALL, ANNA)}
    assert states(where) == (AgentState.READY, after)
    record = where.record("call")
    assert (record.outcome, record.failure, record.talk_seconds, record.dialling_seconds) == (
        "unreached",
        failure,
        0,
        6,
    )
    assert gone(where)


@pytest.mark.parametrize(
    "fact",
    [
        OfferDeclined(contact=CALL, agent=ANNA, offer=ONE),
        OfferExpired(contact=CALL, agent=ANNA, offer=ONE),
        AgentUnreachable(agent=ANNA),
        ContactFinished(contact=CALL, agent=ANNA),
    ],
)
def test_without_the_own_line_nobody_is_rung(fact: Fact) -> None:
    where = office()
    call(where)
    ended = where.do(fact)
    assert of(Offer, ended) == []
    assert where.agent(BORIS).state is AgentState.READY
    assert gone(where)


def test_ring_that_is_not_answered_ends_by_itself() -> None:
    where = ringing()
    where.wait(30)
    assert where.record("call").failure == "no_answer"
    assert (where.agent(BORIS).state, where.agent(BORIS).reason) == (AgentState.NOT_READY, "missed")


@pytest.mark.parametrize(("contact", "agent"), [(CALL, ANNA), (SIDE, BORIS)])
def test_either_may_hold_mute_and_end(contact: ContactId, agent: AgentId) -> None:
    where = talking()
    held = only(Consult, where.do(ContactHeld(contact=contact, agent=agent)))
    assert (held.holds, held.colleague_holds) == (contact == CALL, contact == SIDE)
    assert where.contact(contact).state is ContactState.HELD
    back = only(Consult, where.do(ContactRetrieved(contact=contact, agent=agent)))
    assert (back.holds, back.colleague_holds) == (False, False)
    muted = only(Mute, where.do(AgentMuted(contact=contact, agent=agent, muted=True)))
    assert (muted.contact, muted.offer, muted.muted) == (contact, ONE, True)
    where.do(ContactFinished(contact=contact, agent=agent))
    assert gone(where)


@pytest.mark.parametrize(("contact", "agent"), [(CALL, ANNA), (SIDE, BORIS)])
def test_lost_line_comes_back_into_the_call(contact: ContactId, agent: AgentId) -> None:
    where = talking()
    where.do(AgentMuted(contact=contact, agent=agent, muted=True))
    where.do(AgentLegEnded(contact=contact, agent=agent, offer=ONE, cause="lost"))
    assert where.agent(agent).state is AgentState.REJOINING
    again = only(Rejoin, where.do(RejoinAsked(contact=contact, agent=agent)))
    assert (again.contact, again.replaces) == (contact, ONE)
    back = where.do(OfferAnswered(contact=contact, agent=agent, offer=again.offer))
    joined = only(Consult, back)
    assert again.offer in (joined.offer, joined.line)
    assert only(Mute, back).muted
    assert states(where) == (AgentState.TALKING, AgentState.TALKING)


@pytest.mark.parametrize(("contact", "agent"), [(CALL, ANNA), (SIDE, BORIS)])
def test_who_does_not_come_back_ends_the_call_and_is_offered_nothing(contact: ContactId, agent: AgentId) -> None:
    where = talking()
    where.do(AgentLegEnded(contact=contact, agent=agent, offer=ONE, cause="lost"))
    where.wait(3600)
    assert gone(where)
    assert (where.agent(agent).state, where.agent(agent).reason) == (AgentState.NOT_READY, "missed")


def test_when_both_lines_are_lost_nobody_waits() -> None:
    where = talking()
    where.do(AgentLegEnded(contact=CALL, agent=ANNA, offer=ONE, cause="lost"))
    where.do(AgentLegEnded(contact=SIDE, agent=BORIS, offer=ONE, cause="lost"))
    assert gone(where)
    assert states(where) == (AgentState.READY, AgentState.READY)


@pytest.mark.parametrize(
    "fact",
    [
        ContactTransferred(contact=CALL, agent=ANNA, to_queue=SALES),
        ConsultationAsked(contact=CALL, agent=ANNA, consultation=ContactId("k"), to_queue=SALES),
        SupervisionStarted(contact=CALL, supervisor=AgentId("olga"), name="Ольга", way="listen"),
        RecordingAsked(contact=CALL, agent=ANNA),
        ContactParked(contact=CALL, agent=ANNA),
        ContactTransferred(contact=SIDE, agent=BORIS, to_agent=KATE),
    ],
)
def test_what_is_done_with_customers_is_refused(fact: Fact) -> None:
    where = talking()
    assert only(Refuse, where.do(fact)).code == "internal_call"
    assert states(where) == (AgentState.TALKING, AgentState.TALKING)


def test_ring_of_a_colleague_is_no_contact_to_be_given_away() -> None:
    where = ringing(office(ANNA, BORIS, KATE))
    for side in (CALL, SIDE):
        assert only(Refuse, where.do(ContactPushed(contact=side, agent=KATE, by="olga"))).code == "contact_not_waiting"


def test_told_twice_is_once_and_late_is_released() -> None:
    where = talking()
    assert call(where) == []
    for contact, agent in ((CALL, ANNA), (SIDE, BORIS)):
        again = where.do(OfferAnswered(contact=contact, agent=agent, offer=ONE))
        assert [type(each) for each in again] == [Consult, Mute]
    where.do(ContactFinished(contact=CALL, agent=ANNA))
    late = where.do(OfferAnswered(contact=SIDE, agent=BORIS, offer=ONE))
    assert late == [Release(contact=SIDE, agent=BORIS, offer=ONE)]


def test_colleague_who_is_set_up_no_more_finishes_the_call() -> None:
    where = talking()
    left = replace(numbered(), agents=tuple(each for each in numbered().agents if each.id != BORIS))
    where.do(Configured(configuration=left))
    assert states(where) == (AgentState.TALKING, AgentState.TALKING)
    where.do(ContactFinished(contact=SIDE, agent=BORIS))
    assert where.engine.agent(BORIS) is None
    assert gone(where)


@pytest.mark.parametrize("arranged", [ringing, talking])
def test_restored_from_its_state_it_goes_on_as_before(arranged: Callable[[], Office]) -> None:
    where = arranged()
    again = Engine.restore(where.engine.snapshot())
    fact = AgentLegEnded(contact=CALL, agent=ANNA, offer=ONE, cause="hung_up")
    assert again.handle(fact, where.now) == where.do(fact)
    assert again.snapshot() == where.engine.snapshot()
