"""Agents who call out: who may, whom, in whose name; the own line first; and what becomes of the call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import (
    BORIS,
    CONFIGURATION,
    ENGLISH,
    KATE,
    LUNCH,
    RUSSIAN,
    SALES,
    SUPPORT,
    Office,
    of,
    only,
)

from otklik.contact.configuration import Calling, Configuration
from otklik.contact.decisions import Connect, Decision, Dial, End, Offer, Record, Refuse, Release, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    AgentUnreachable,
    CallAnswered,
    CallbackCancelled,
    CallFailed,
    CallFailure,
    CallPlaced,
    CallsOutChanged,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    ContactTransferred,
    CustomerLeft,
    Fact,
    KeyPressed,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, QueueId
from otklik.contact.record import Segment
from otklik.routing import AgentState, ContactState, Engine

P1, ONE = ContactId("p1"), OfferNumber(1)
OLGA = "+79161234567"


def call(
    office: Office,
    agent: AgentId = BORIS,
    number: str = OLGA,
    *,
    contact: ContactId = P1,
    queue: QueueId = SALES,
    entry_point: EntryPointId = RUSSIAN,
) -> list[Decision]:
    return office.do(CallPlaced(contact=contact, agent=agent, queue=queue, entry_point=entry_point, number=number))


def placed(configuration: Configuration = CONFIGURATION) -> Office:
    office = Office(configuration, BORIS)
    call(office)
    return office


def dialling(configuration: Configuration = CONFIGURATION) -> Office:
    office = placed(configuration)
    office.wait(1)
    office.do(OfferAnswered(contact=P1, agent=BORIS, offer=ONE))
    return office


def talking() -> Office:
    office = dialling()
    office.wait(4)
    office.do(CallAnswered(contact=P1, attempt=1))
    return office


def refusal(decisions: list[Decision]) -> str:
    return only(Refuse, decisions).code


def test_own_line_is_rung_then_the_number_and_the_talk_is_one_like_any_other() -> None:
    office = Office(CONFIGURATION, BORIS)
    offer = only(Offer, call(office))
    assert (offer.agent, offer.offer, offer.away, offer.placed) == (BORIS, ONE, True, True)
    assert office.agent(BORIS).state is AgentState.OFFERED
    office.wait(1)
    dial = only(Dial, office.do(OfferAnswered(contact=P1, agent=BORIS, offer=ONE)))
    assert (dial.attempt, dial.ring_seconds, dial.number) == (1, 45.0, ""), "the number is in no log of decisions"
    assert office.agent(BORIS).state is AgentState.DIALLING
    office.wait(4)
    answered = office.do(CallAnswered(contact=P1, attempt=1))
    assert (only(Record, answered).contact, only(Connect, answered).agent) == (P1, BORIS)
    office.wait(60)
    office.do(ContactHeld(contact=P1, agent=BORIS))
    office.wait(10)
    office.do(ContactRetrieved(contact=P1, agent=BORIS))
    office.do(CustomerLeft(contact=P1, cause="hung_up", attempt=1))
    assert office.agent(BORIS).state is AgentState.WRAP_UP
    office.do(WrapUpFinished(contact=P1, agent=BORIS, disposition="sold"))
    record = office.record("p1")
    assert (record.direction, record.outcome, record.agent, record.ani, record.dnis) == (
        "out",
        "answered",
        BORIS,
        OLGA,
        "1000",
    )
    assert (record.dialling_seconds, record.talk_seconds, record.hold_seconds) == (5, 60, 10)
    assert (record.wait_seconds, record.callback_seconds, record.callback_attempts) == (0, None, None)
    assert record.disposition == "sold"


@pytest.mark.parametrize("cause", ["busy", "no_answer", "rejected", "unallocated", "failed"])
def test_call_that_reaches_nobody_is_over_without_wrap_up_and_says_why(cause: CallFailure) -> None:
    office = dialling()
    office.wait(5)
    failed = office.do(CallFailed(contact=P1, attempt=1, cause=cause))
    assert only(Release, failed).agent == BORIS
    assert office.agent(BORIS).state is AgentState.READY
    record = office.record("p1")
    assert (record.outcome, record.failure, record.agent, record.talk_seconds) == ("unreached", cause, BORIS, 0)
    assert record.segments == (Segment(kind="dialling", started_at=1000, ended_at=1006, queue=SALES, agent=BORIS),)
    assert office.agent(BORIS).placed == P1


def test_agent_on_a_pause_may_call_and_is_on_the_pause_again_afterwards() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason=LUNCH))
    only(Offer, call(office))
    office.do(OfferAnswered(contact=P1, agent=BORIS, offer=ONE))
    office.do(CallFailed(contact=P1, attempt=1, cause="busy"))
    assert (office.agent(BORIS).state, office.agent(BORIS).reason) == (AgentState.NOT_READY, LUNCH)


def test_who_calls_is_offered_nothing_meanwhile() -> None:
    office = dialling()
    assert of(Offer, office.queue("c1")) == []
    office.do(CallFailed(contact=P1, attempt=1, cause="busy"))
    assert office.contact("c1").agent == BORIS


def test_twice_is_once() -> None:
    office = placed()
    assert call(office) == []


def test_agent_out_of_shift_or_unknown_cannot_call() -> None:
    office = Office(CONFIGURATION)
    assert refusal(call(office)) == "not_in_shift"
    assert refusal(call(office, AgentId("nobody"))) == "not_in_shift"
    office.do(ShiftStarted(agent=BORIS))
    assert refusal(call(office)) == "phone_unreachable"


def test_hands_that_are_full_are_told_what_with() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.queue("c1")
    assert refusal(call(office)) == "call_while_ringing"
    office.answer("c1")
    assert refusal(call(office)) == "call_hands_full"
    office.do(CustomerLeft(contact=ContactId("c1"), cause="hung_up"))
    assert refusal(call(office)) == "call_after_wrap_up"
    office.do(WrapUpFinished(contact=ContactId("c1"), agent=BORIS, disposition="sold"))
    only(Offer, call(office))
    assert refusal(call(office, contact=ContactId("p2"))) == "call_while_ringing"


def test_only_in_the_name_of_own_queues_that_call_out_and_by_their_numbers() -> None:
    office = Office(CONFIGURATION, BORIS, KATE)
    assert refusal(call(office, queue=QueueId("nowhere"))) == "no_such_queue"
    assert refusal(call(office, KATE)) == "not_your_queue"
    assert refusal(call(office, KATE, queue=SUPPORT)) == "queue_calls_nobody"
    assert refusal(call(office, entry_point=EntryPointId("9999"))) == "no_such_caller"
    both = Calling(callers=(RUSSIAN, ENGLISH))
    office = Office(replace(CONFIGURATION, queues=(replace(CONFIGURATION.queues[0], calling=both),)), BORIS)
    call(office, entry_point=ENGLISH)
    assert (office.contact("p1").entry_point, office.contact("p1").dnis, office.contact("p1").language) == (
        ENGLISH,
        "2000",
        "en",
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+15550100100", "number_not_allowed"),
        ("101", "short_number_not_allowed"),
        ("8 916 123", "number_unreadable"),
        ("", "number_unreadable"),
        ("+7916;ext=1", "number_unreadable"),
        ("+0123456789", "number_unreadable"),
    ],
)
def test_number_that_may_not_be_called_is_refused(number: str, code: str) -> None:
    office = Office(CONFIGURATION, BORIS)
    assert refusal(call(office, number=number)) == code
    assert office.engine.contact(P1) is None
    assert office.agent(BORIS).state is AgentState.READY


def test_short_number_of_the_tenants_list_may_be_called_whatever_the_prefixes() -> None:
    only(Offer, call(Office(CONFIGURATION, BORIS), number="112"))


def test_queue_without_prefixes_calls_any_number() -> None:
    sales = replace(CONFIGURATION.queues[0], calling=Calling(callers=(RUSSIAN,)))
    only(Offer, call(Office(replace(CONFIGURATION, queues=(sales,)), BORIS), number="+15550100100"))


def test_without_a_trunk_nobody_calls() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.do(CallsOutChanged(possible=False))
    assert refusal(call(office)) == "no_trunk_out"


@pytest.mark.parametrize(
    ("fact", "failure"),
    [
        (OfferDeclined(contact=P1, agent=BORIS, offer=ONE), "cancelled"),
        (ContactFinished(contact=P1, agent=BORIS), "cancelled"),
        (OfferFailed(contact=P1, agent=BORIS, offer=ONE, cause="unregistered"), "no_line"),
        (AgentUnreachable(agent=BORIS), "no_line"),
        (ShiftEnded(agent=BORIS), "no_line"),
        (AgentLegEnded(contact=P1, agent=BORIS, offer=ONE, cause="lost"), "no_line"),
    ],
)
def test_call_whose_own_line_never_came_up_dials_nobody(fact: Fact, failure: str) -> None:
    office = placed()
    decisions = office.do(fact)
    assert of(Dial, decisions) == []
    assert len(of(Withdraw, decisions)) <= 1
    record = office.record("p1")
    assert (record.outcome, record.failure) == ("unreached", failure)
    assert office.agent(BORIS).hands == {}


def test_own_line_that_is_not_taken_in_time_is_no_missed_offer() -> None:
    office = placed()
    assert only(Withdraw, office.wait(21)).contact == P1
    assert (office.record("p1").failure, office.agent(BORIS).state) == ("no_line", AgentState.READY)


def test_agent_who_gives_up_is_free_at_once_and_the_contact_when_the_line_is_known_to_be_gone() -> None:
    office = dialling()
    given_up = office.do(ContactFinished(contact=P1, agent=BORIS))
    assert (only(Release, given_up).agent, only(End, given_up).contact) == (BORIS, P1)
    assert office.agent(BORIS).state is AgentState.READY
    assert office.record("p1").outcome == "open"
    office.do(CallFailed(contact=P1, attempt=1, cause="cancelled"))
    assert (office.record("p1").outcome, office.record("p1").failure) == ("unreached", "cancelled")


def test_customer_who_answers_in_the_second_of_giving_up_is_hung_up() -> None:
    office = dialling()
    office.do(ContactFinished(contact=P1, agent=BORIS))
    assert only(End, office.do(CallAnswered(contact=P1, attempt=1))).contact == P1
    office.do(CustomerLeft(contact=P1, cause="hung_up", attempt=1))
    assert office.record("p1").outcome == "unreached"


def test_late_and_foreign_facts_change_nothing() -> None:
    office = talking()
    assert office.do(CallFailed(contact=P1, attempt=1, cause="busy")) == []
    assert office.do(CallAnswered(contact=P1, attempt=2)) == []
    assert refusal(office.do(CallbackCancelled(contact=P1, by="olga"))) == "no_such_callback"
    assert office.contact("p1").state is ContactState.TALKING


def test_whom_an_agent_called_is_passed_on_and_waits_from_then_on() -> None:
    office = talking()
    office.wait(30)
    office.do(ContactTransferred(contact=P1, agent=BORIS, to_queue=SUPPORT))
    contact = office.contact("p1")
    assert (contact.state, contact.queue, contact.queued_at) == (ContactState.WAITING, SUPPORT, 1035.0)
    office.wait(7)
    office.come(KATE)
    office.answer("p1")
    office.do(CustomerLeft(contact=P1, cause="hung_up", attempt=1))
    record = office.record("p1")
    assert (record.direction, record.agent, record.wait_seconds, record.outcome) == ("out", KATE, 7, "answered")


def test_customer_who_calls_while_being_called_is_no_merged_callback() -> None:
    office = dialling()
    office.queue("c1")
    assert office.contact("p1").state is ContactState.DIALLING
    assert office.contact("c1").adjustment_seconds == 0


def test_customer_who_calls_in_the_second_of_giving_up_takes_no_place_of_the_call_out() -> None:
    office = dialling()
    office.do(ContactFinished(contact=P1, agent=BORIS))
    office.engine = Engine.restore(office.engine.snapshot())
    office.queue("c1")
    assert office.contact("p1").state is ContactState.POSTPONED, "until its line is known to be gone"
    assert office.contact("c1").adjustment_seconds == 0


def test_agent_who_may_have_two_calls_places_no_second_one_while_the_first_is_dialled() -> None:
    office = dialling(replace(CONFIGURATION, capacity={"voice": 2}))
    assert refusal(call(office, contact=ContactId("p2"))) == "call_while_ringing"
    office.do(CallAnswered(contact=P1, attempt=1))
    only(Offer, call(office, contact=ContactId("p2")))


def test_who_was_called_and_passed_on_is_not_promised_a_callback_by_a_key() -> None:
    office = talking()
    office.do(ContactTransferred(contact=P1, agent=BORIS, to_queue=SUPPORT))
    assert of(End, office.do(KeyPressed(contact=P1, key="1"))) == []


def test_answer_teaches_nothing_about_waiting() -> None:
    office = talking()
    assert list(office.engine.outline().paces) == []
