"""A supervisor listens, whispers, barges in, takes over, ends; and what the agent does meanwhile changes nothing of it."""

from __future__ import annotations

import pytest
from msgspec import json
from msgspec.structs import replace
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SOLD, SUPPORT, Office, of, only

from otklik.contact.decisions import (
    Connect,
    Consult,
    Decision,
    End,
    EndConsultation,
    EndSupervision,
    HandOver,
    Hold,
    Join,
    Offer,
    Refuse,
    Release,
    Retrieve,
    SilenceRecording,
    Supervise,
)
from otklik.contact.facts import (
    AgentLegEnded,
    Configured,
    ConsultationAsked,
    ConsultationCompleted,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    ContactStopped,
    ContactTakenOver,
    ContactTransferred,
    CustomerLeft,
    Joining,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
    RejoinAsked,
    RejoinExpired,
    ShiftEnded,
    StatusChosen,
    SupervisionChanged,
    SupervisionEnded,
    SupervisionStarted,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.recording import RecordingPaused
from otklik.routing import AgentState, ContactState, Engine, EngineState, TapeState
from otklik.routing.supervisor import Supervision

C1, ASKED = ContactId("c1"), ContactId("k1")
OLGA, IGOR = AgentId("olga"), AgentId("igor")
ONE, TWO, THREE = OfferNumber(1), OfferNumber(2), OfferNumber(3)


def start(office: Office, way: Joining = "listen", by: AgentId = OLGA, contact: str = "c1") -> list[Decision]:
    return office.do(SupervisionStarted(contact=ContactId(contact), supervisor=by, name="Ольга", way=way))


def answered(office: Office, offer: OfferNumber = TWO, by: AgentId = OLGA) -> list[Decision]:
    return office.do(OfferAnswered(contact=C1, agent=by, offer=offer))


def supervise(way: Joining, line: OfferNumber = TWO, beside: OfferNumber = ONE, by: AgentId = OLGA) -> Supervise:
    return Supervise(contact=C1, agent=by, offer=line, beside=beside, way=way)


def out(line: OfferNumber = TWO) -> list[Decision]:
    return [EndSupervision(contact=C1, offer=line), Release(contact=C1, agent=OLGA, offer=line)]


def is_out(decisions: list[Decision]) -> bool:
    return of(EndSupervision, decisions) == out()[:1] and out()[1] in decisions


def talking() -> Office:
    """Boris talks to the customer."""
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.wait(10)
    return office


def joined(way: Joining = "listen") -> Office:
    office = talking()
    start(office, way)
    answered(office)
    return office


def supervisors(office: Office) -> list[tuple[AgentId, Joining]]:
    return [(each.supervisor, each.way) for each in office.contact("c1").supervisors]


# joining and leaving


def test_the_supervisors_phone_rings_and_once_it_is_answered_both_are_heard() -> None:
    office = talking()
    assert start(office) == [Join(contact=C1, agent=OLGA, offer=TWO)]
    assert answered(office) == [supervise("listen")]
    assert supervisors(office) == [(OLGA, "listen")]


def test_listening_changes_nothing_of_the_contact_its_agent_and_their_figures() -> None:
    alone, office = talking(), joined()
    before = alone.contact("c1")
    for each in (alone, office):
        each.wait(20)
    contact = office.contact("c1")
    assert replace(contact, supervisors=(), offer=before.offer) == before
    assert office.agent(BORIS) == alone.agent(BORIS)
    assert office.record("c1") == alone.record("c1")
    assert office.engine.agent(OLGA) is None


@pytest.mark.parametrize("way", ["whisper", "barge"])
def test_the_supervisor_goes_over_to_another_way_and_back(way: Joining) -> None:
    office = joined()
    assert office.do(SupervisionChanged(contact=C1, supervisor=OLGA, way=way)) == [supervise(way)]
    assert office.do(SupervisionChanged(contact=C1, supervisor=OLGA, way=way)) == []
    assert office.do(SupervisionChanged(contact=C1, supervisor=OLGA, way="listen")) == [supervise("listen")]


def test_who_leaves_is_hung_up_and_the_conversation_goes_on() -> None:
    office = joined("barge")
    assert office.do(SupervisionEnded(contact=C1, supervisor=OLGA)) == out()
    assert office.contact("c1").state is ContactState.TALKING
    assert supervisors(office) == []
    assert office.do(SupervisionEnded(contact=C1, supervisor=OLGA)) == [Refuse(code="not_joined")]


@pytest.mark.parametrize("cause", ["hung_up", "lost"])
def test_a_supervisors_line_that_ends_is_the_end_of_listening_and_of_nothing_else(cause: str) -> None:
    office = joined()
    ended = AgentLegEnded(contact=C1, agent=OLGA, offer=TWO, cause="lost" if cause == "lost" else "hung_up")
    assert office.do(ended) == [EndSupervision(contact=C1, offer=TWO)]
    assert supervisors(office) == []
    assert office.contact("c1").state is ContactState.TALKING


@pytest.mark.parametrize(
    "fact",
    [
        OfferFailed(contact=C1, agent=OLGA, offer=TWO, cause="unregistered"),
        OfferDeclined(contact=C1, agent=OLGA, offer=TWO),
        AgentLegEnded(contact=C1, agent=OLGA, offer=TWO, cause="lost"),
    ],
)
def test_a_supervisor_whose_phone_cannot_be_rung_is_not_there(fact: OfferFailed | OfferDeclined) -> None:
    office = talking()
    start(office)
    assert office.do(fact) == []
    assert supervisors(office) == []
    assert answered(office) == [Release(contact=C1, agent=OLGA, offer=TWO)]


def test_a_reloaded_page_gets_a_fresh_line_and_the_old_one_is_deaf() -> None:
    office = joined("whisper")
    assert start(office, "whisper") == [Join(contact=C1, agent=OLGA, offer=THREE, replaces=TWO)]
    assert office.do(AgentLegEnded(contact=C1, agent=OLGA, offer=TWO, cause="lost")) == [
        EndSupervision(contact=C1, offer=TWO)
    ]
    assert answered(office, THREE) == [supervise("whisper", line=THREE)]


def test_a_fresh_line_that_answers_first_stands_in_place_of_the_old_one() -> None:
    office = joined("barge")
    start(office, "barge")
    assert answered(office, THREE) == [EndSupervision(contact=C1, offer=TWO), supervise("barge", line=THREE)]
    assert office.do(AgentLegEnded(contact=C1, agent=OLGA, offer=TWO, cause="lost")) == []
    assert supervisors(office) == [(OLGA, "barge")]


def test_a_fresh_line_that_fails_leaves_the_old_one() -> None:
    office = joined()
    start(office)
    assert office.do(OfferFailed(contact=C1, agent=OLGA, offer=THREE, cause="x")) == []
    assert office.do(SupervisionChanged(contact=C1, supervisor=OLGA, way="barge")) == [supervise("barge")]


def test_nobody_is_beside_two_conversations_at_once() -> None:
    office = joined()
    office.come(ANNA)
    office.talk("c2")
    assert start(office, "whisper", contact="c2") == [
        *out(),
        Join(contact=ContactId("c2"), agent=OLGA, offer=TWO),
    ]
    assert supervisors(office) == []


def test_two_supervisors_may_be_beside_one_conversation() -> None:
    office = joined()
    assert start(office, "barge", by=IGOR) == [Join(contact=C1, agent=IGOR, offer=THREE)]
    assert answered(office, THREE, by=IGOR) == [supervise("barge", line=THREE, by=IGOR)]
    assert office.do(SupervisionEnded(contact=C1, supervisor=OLGA)) == out()
    assert supervisors(office) == [(IGOR, "barge")]


# who may not


def test_there_must_be_a_conversation_of_a_customer_by_voice() -> None:
    office = Office(CONFIGURATION)
    assert start(office) == [Refuse(code="no_such_contact")]
    office.queue("c1")
    assert start(office) == [Refuse(code="nobody_talks", state="waiting")]
    office.come(BORIS)
    assert start(office) == [Refuse(code="nobody_talks", state="offered")]
    office.answer("c1")
    office.come(KATE)
    office.do(ConsultationAsked(contact=C1, agent=BORIS, consultation=ASKED, to_queue=SUPPORT))
    office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=ONE))
    assert start(office, contact="k1") == [Refuse(code="nobody_talks", state="talking")]


def test_an_agent_or_whoever_has_a_call_in_hand_cannot_join() -> None:
    office = joined()
    assert start(office, by=ANNA) == [Refuse(code="call_in_hand")]
    office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    office.come(ANNA)
    office.talk("c2")
    assert start(office, contact="c2") == [Refuse(code="call_in_hand")]


def test_who_joins_as_the_call_ends_is_refused_or_hung_up() -> None:
    office = talking()
    start(office)
    assert office.do(CustomerLeft(contact=C1, cause="hung_up"))[-1] == Release(contact=C1, agent=OLGA, offer=TWO)
    assert answered(office) == [Release(contact=C1, agent=OLGA, offer=TWO)]
    assert start(office) == [Refuse(code="nobody_talks", state="wrap_up")]


# what the agent does meanwhile


def test_on_hold_whoever_barged_in_talks_to_the_agent_alone_until_the_customer_is_back() -> None:
    office = joined("barge")
    assert office.do(ContactHeld(contact=C1, agent=BORIS)) == [Hold(contact=C1), supervise("whisper")]
    back = office.do(ContactRetrieved(contact=C1, agent=BORIS))
    assert back == [Retrieve(contact=C1, agent=BORIS, offer=ONE), supervise("barge")]


def test_on_hold_it_is_said_again_who_hears_whom() -> None:
    office = joined()
    assert office.do(ContactHeld(contact=C1, agent=BORIS)) == [Hold(contact=C1), supervise("listen")]


def test_an_agent_who_asks_a_colleague_is_still_heard_and_whoever_gets_the_customer_is_heard_next() -> None:
    office = joined("barge")
    office.come(KATE)
    asked = office.do(ConsultationAsked(contact=C1, agent=BORIS, consultation=ASKED, to_queue=SUPPORT))
    assert of(Consult, asked) and only(Supervise, asked) == supervise("whisper")
    assert supervise("whisper") in office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=ONE))
    done = office.do(ConsultationCompleted(contact=C1, agent=BORIS))
    assert only(HandOver, done).offer == THREE
    assert only(Supervise, done) == supervise("barge", beside=THREE)


@pytest.mark.parametrize(
    "fact",
    [
        ContactTransferred(contact=C1, agent=BORIS, to_queue=SUPPORT),
        ContactFinished(contact=C1, agent=BORIS),
        AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="hung_up"),
        CustomerLeft(contact=C1, cause="hung_up"),
        ContactStopped(contact=C1, by=OLGA),
    ],
)
def test_when_nobody_talks_any_more_the_supervisor_is_out(
    fact: ContactTransferred | ContactFinished | AgentLegEnded | CustomerLeft | ContactStopped,
) -> None:
    office = joined()
    assert is_out(office.do(fact))
    assert office.engine.supervised_by(OLGA) is None


def test_while_the_agent_is_away_for_a_reload_the_supervisor_stays_and_hears_the_new_line() -> None:
    office = joined("whisper")
    office.do(RejoinAsked(contact=C1, agent=BORIS))
    assert supervisors(office) == [(OLGA, "whisper")]
    back = office.do(OfferAnswered(contact=C1, agent=BORIS, offer=THREE))
    assert back == [Connect(contact=C1, agent=BORIS, offer=THREE), supervise("whisper", beside=THREE)]


def test_an_agent_who_does_not_come_back_leaves_the_supervisor_out() -> None:
    office = joined()
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    assert is_out(office.do(RejoinExpired(contact=C1, agent=BORIS, offer=ONE)))
    assert office.contact("c1").state is ContactState.WAITING


# taking over, ending


def test_taken_over_the_supervisor_is_the_agent_and_the_first_agent_wraps_up() -> None:
    office = joined("whisper")
    office.wait(5)
    office.do(ContactHeld(contact=C1, agent=BORIS))
    office.wait(7)
    decisions = office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert decisions[:3] == [
        EndSupervision(contact=C1, offer=TWO),
        Connect(contact=C1, agent=OLGA, offer=TWO),
        Release(contact=C1, agent=BORIS, offer=ONE),
    ]
    contact = office.contact("c1")
    assert (contact.state, contact.agent, contact.line, contact.supervisors) == (ContactState.TALKING, OLGA, TWO, ())
    assert contact.wrap_ups[BORIS].taken_by == "Ольга"
    assert (office.agent(BORIS).state, office.agent(OLGA).state) == (AgentState.WRAP_UP, AgentState.TALKING)
    office.wait(30)
    office.do(WrapUpFinished(contact=C1, agent=BORIS, disposition=SOLD))
    office.do(ContactFinished(contact=C1, agent=OLGA))
    office.wait(3)
    office.do(WrapUpFinished(contact=C1, agent=OLGA, disposition=SOLD))
    record = office.record("c1")
    parts = [(s.agent, (s.ended_at or 0) - s.started_at, s.held_seconds, s.wrap_up_seconds) for s in record.segments]
    assert parts[-2:] == [(BORIS, 22.0, 7.0, 30.0), (OLGA, 30.0, 0.0, 3.0)]
    assert (record.agent, record.talk_seconds, record.hold_seconds, record.outcome) == (OLGA, 45.0, 7.0, "answered")
    assert office.engine.agent(OLGA) is None


def test_a_pause_of_the_recording_ends_with_the_part_of_who_began_it() -> None:
    office = joined()
    office.do(RecordingPaused(contact=C1, agent=BORIS))
    decisions = office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert SilenceRecording(contact=C1, silent=False) in decisions
    assert office.contact("c1").tape.state is TapeState.ON
    office.do(RecordingPaused(contact=C1, agent=OLGA))
    assert office.contact("c1").tape.state is TapeState.PAUSED


def test_who_has_taken_over_holds_transfers_and_comes_back_after_a_reload_like_any_agent() -> None:
    office = joined()
    office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert office.do(ContactHeld(contact=C1, agent=OLGA)) == [Hold(contact=C1)]
    office.do(ContactRetrieved(contact=C1, agent=OLGA))
    office.do(RejoinAsked(contact=C1, agent=OLGA))
    assert answered(office, THREE) == [Connect(contact=C1, agent=OLGA, offer=THREE)]
    office.come(KATE)
    office.do(Configured(configuration=CONFIGURATION))
    passed = office.do(ContactTransferred(contact=C1, agent=OLGA, to_queue=SUPPORT))
    assert only(Release, passed) == Release(contact=C1, agent=OLGA, offer=THREE)
    assert only(Offer, passed).agent == KATE
    assert office.agent(OLGA).state is AgentState.WRAP_UP


def test_whoever_has_taken_over_is_offered_nothing_and_is_no_agent_afterwards() -> None:
    office = joined()
    office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    office.do(ContactFinished(contact=C1, agent=OLGA))
    office.do(StatusChosen(agent=OLGA, status="ready"))
    office.do(WrapUpFinished(contact=C1, agent=BORIS, disposition=SOLD))
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason="lunch"))
    assert of(Offer, office.queue("c2")) == []
    assert of(Offer, office.do(WrapUpFinished(contact=C1, agent=OLGA, disposition=SOLD))) == []
    assert office.engine.agent(OLGA) is None
    office.come(KATE)
    office.talk("c3", SUPPORT)


def test_taking_over_ends_what_the_agent_asks_a_colleague_and_what_rings_for_a_reload() -> None:
    office = joined()
    office.come(KATE)
    office.do(ConsultationAsked(contact=C1, agent=BORIS, consultation=ASKED, to_queue=SUPPORT))
    office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=ONE))
    decisions = office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert only(EndConsultation, decisions) == EndConsultation(contact=C1, consultation=ASKED)
    assert office.agent(KATE).state is AgentState.READY
    assert only(Connect, decisions).agent == OLGA


def test_a_call_whose_agent_is_lost_may_be_taken_over_at_once() -> None:
    office = joined()
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    decisions = office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert only(Connect, decisions).agent == OLGA
    assert office.contact("c1").state is ContactState.TALKING


def test_nobody_takes_over_without_having_joined() -> None:
    office = talking()
    assert office.do(ContactTakenOver(contact=C1, supervisor=OLGA)) == [Refuse(code="not_joined")]
    start(office)
    assert office.do(ContactTakenOver(contact=C1, supervisor=OLGA)) == [Refuse(code="not_joined")]


def test_another_supervisor_stays_when_one_takes_over() -> None:
    office = joined()
    start(office, "listen", by=IGOR)
    answered(office, THREE, by=IGOR)
    decisions = office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert decisions[-1] == supervise("listen", line=THREE, beside=TWO, by=IGOR)


def test_a_supervisor_ends_the_call_also_without_having_joined() -> None:
    office = talking()
    decisions = office.do(ContactStopped(contact=C1, by=OLGA))
    assert (decisions[0], decisions[-1]) == (Release(contact=C1, agent=BORIS, offer=ONE), End(contact=C1))
    assert office.record("c1").outcome == "answered"
    assert office.do(ContactStopped(contact=C1, by=OLGA)) == [Refuse(code="nobody_talks", state="wrap_up")]


# keeping


def test_a_restart_keeps_the_supervisors_and_a_line_told_twice_is_said_again() -> None:
    office = joined("whisper")
    office.engine = Engine.restore(json.decode(json.encode(office.engine.snapshot()), type=EngineState))
    assert answered(office) == [supervise("whisper")]
    assert office.do(SupervisionEnded(contact=C1, supervisor=OLGA)) == out()


def test_a_restart_keeps_who_has_taken_over() -> None:
    office = joined()
    office.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    office.engine = Engine.restore(json.decode(json.encode(office.engine.snapshot()), type=EngineState))
    assert answered(office)[:1] == [Connect(contact=C1, agent=OLGA, offer=TWO)]
    office.do(ContactFinished(contact=C1, agent=OLGA))
    office.do(ShiftEnded(agent=OLGA))
    office.do(WrapUpFinished(contact=C1, agent=OLGA, disposition=SOLD))
    assert office.engine.agent(OLGA) is None


def test_lines_are_told_to_whoever_looks_for_them() -> None:
    found = Supervision(supervisor=OLGA, name="", way="listen", since=0.0, line=TWO, rings=THREE)
    assert found.lines == (TWO, THREE)
