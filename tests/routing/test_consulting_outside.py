"""An agent passes a customer on to somebody outside, at once or after talking to them; and nobody is lost when that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs
from tests.routing.centre import ANNA, CONFIGURATION, ENGLISH, KATE, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Calling, Configuration
from otklik.contact.decisions import (
    CallOutside,
    Consult,
    End,
    EndConsultation,
    EndOutside,
    Offer,
    PutThrough,
    Refuse,
    Release,
    Retrieve,
)
from otklik.contact.facts import (
    AgentLegEnded,
    CallsOutChanged,
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    ContactTakenOver,
    ContactTransferred,
    CustomerLeft,
    Fact,
    OfferAnswered,
    RejoinExpired,
    ShiftEnded,
    SupervisionStarted,
    TalksTo,
)
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.outside_number import (
    ContactSentOutside,
    OutsideAnswered,
    OutsideConsulted,
    OutsideEnd,
    OutsideEnded,
    OutsideExpired,
)
from otklik.routing import ContactState, Engine

OLGA = AgentId("olga")
C1, TALK = ContactId("c1"), ContactId("talk")
LAWYER = "+79031112233"
MINE: dict[str, Any] = {"contact": C1, "agent": ANNA}


def office(configuration: Configuration = CONFIGURATION) -> Office:
    """Anna talks to c1."""
    there = Office(configuration, ANNA)
    there.talk("c1")
    return there


def send(there: Office, number: str = LAWYER) -> Any:
    return there.do(ContactSentOutside(**MINE, kept=-1, number=number))


def ask(there: Office, number: str = LAWYER) -> Any:
    return there.do(OutsideConsulted(**MINE, kept=-1, consultation=TALK, number=number))


def answered(there: Office, attempt: int = 1) -> Any:
    return there.do(OutsideAnswered(contact=C1, attempt=attempt))


def ended(there: Office, cause: OutsideEnd = "hung_up", attempt: int = 1) -> Any:
    return there.do(OutsideEnded(contact=C1, attempt=attempt, cause=cause))


def refused(decisions: Any) -> str:
    assert of(CallOutside, decisions) == []
    return only(Refuse, decisions).code


# at once


def test_a_customer_is_passed_on_the_agent_wraps_up_and_the_talk_outside_is_in_the_account() -> None:
    there = office()
    there.wait(20)
    decisions = send(there)
    assert only(Release, decisions).agent == ANNA
    call = only(CallOutside, decisions)
    assert (call.contact, call.attempt, call.beside, call.number) == (C1, 1, None, "")
    contact = there.contact("c1")
    assert (contact.state, contact.agent, list(contact.wrap_ups)) == (ContactState.OUTSIDE, None, [ANNA])
    there.wait(5)
    answered(there)
    there.wait(60)
    assert of(End, ended(there)) == [End(contact=C1)]
    record = there.record("c1")
    assert (record.outcome, record.agent, record.outside_seconds) == ("answered", ANNA, 60)
    assert [each.kind for each in record.segments] == ["scenario", "queue", "agent", "ringing_outside", "outside"]


@pytest.mark.parametrize("cause", ["busy", "no_answer", "rejected", "unallocated", "failed", "lost"])
def test_who_is_not_reached_gives_the_customer_back_to_the_agent_whose_wrap_up_is_over(cause: OutsideEnd) -> None:
    there = office()
    there.queue("c2")
    send(there)
    decisions = ended(there, cause)
    offer = only(Offer, decisions)
    assert (offer.contact, offer.agent) == (C1, ANNA)
    contact = there.contact("c1")
    assert (contact.outside_end, dict(contact.wrap_ups)) == (cause, {})
    there.answer("c1")
    assert (there.contact("c1").state, list(there.agent(ANNA).hands)) == (ContactState.TALKING, [C1])
    assert there.contact("c1").outside_end is None


def test_agent_to_whom_a_customer_comes_back_again_is_kept_once() -> None:
    there = office()
    for attempt in (1, 2, 3):
        send(there)
        assert only(Offer, ended(there, "busy", attempt)).agent == ANNA
        there.answer("c1")
    assert there.contact("c1").forwarded == (ANNA,)


def test_customer_whose_agent_is_gone_or_does_not_answer_waits_in_the_queue_at_the_old_place() -> None:
    there = office()
    send(there)
    there.do(ShiftEnded(agent=ANNA))
    there.wait(300)
    place = there.contact("c1").key
    assert of(Offer, ended(there, "busy")) == []
    contact = there.contact("c1")
    assert (contact.state, contact.pinned, contact.queue, contact.key) == (ContactState.WAITING, None, SALES, place)


def test_customer_who_gives_up_while_it_rings_outside_was_answered_by_the_agent() -> None:
    there = office()
    send(there)
    there.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert there.record("c1").outcome == "answered"
    assert ended(there) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+15550100100", "number_not_allowed"),
        ("911", "short_number_not_allowed"),
        ("8 916", "number_unreadable"),
        ("", "number_unreadable"),
    ],
)
def test_a_number_passes_the_rules_of_calls_out(number: str, code: str) -> None:
    for wish in (send, ask):
        there = office()
        before = there.engine.snapshot()
        assert refused(wish(there, number)) == code
        assert there.engine.snapshot() == before


def test_short_numbers_of_the_tenant_may_be_called_own_numbers_not_and_nobody_without_a_trunk() -> None:
    assert of(CallOutside, send(office(), "112"))
    own = replace(CONFIGURATION.entry_points[0], number="+74950000000")
    there = office(replace(CONFIGURATION, entry_points=(own, CONFIGURATION.entry_points[1])))
    assert refused(send(there, "+74950000000")) == "outside_own_number"
    there.do(CallsOutChanged(possible=False))
    assert refused(send(there)) == "no_trunk_out"


def test_it_is_called_in_the_name_of_the_contacts_queue_or_of_the_agents_first_that_calls_out() -> None:
    there = Office(CONFIGURATION, KATE)
    there.talk("c1", SUPPORT)
    kate: Any = {"contact": C1, "agent": KATE, "kept": -1, "number": LAWYER}
    assert refused(there.do(ContactSentOutside(**kate))) == "queue_calls_nobody"
    sales = replace(CONFIGURATION.queues[0], calling=Calling(callers=(ENGLISH, RUSSIAN), ring_seconds=17))
    there = office(replace(CONFIGURATION, queues=(sales, CONFIGURATION.queues[1])))
    assert only(CallOutside, send(there)).ring_seconds == 17
    outside = there.contact("c1").outside
    assert outside is not None
    assert outside.to.entry_point == RUSSIAN, "the number that the customer has called, since the queue may show it"


# asking first


def test_agent_talks_to_somebody_outside_while_the_customer_hears_music() -> None:
    there = office()
    decisions = ask(there)
    said = only(Consult, decisions)
    assert (said.talks_to, said.outside, said.consultation) == ("colleague", 1, TALK)
    assert only(CallOutside, decisions).beside == TALK
    assert (there.contact("c1").state, there.contact("c1").agent) == (ContactState.HELD, ANNA)
    assert only(Consult, answered(there)).outside == 1
    for talks_to in ("customer", "both", "colleague"):
        assert only(Consult, there.do(ConsultationTurned(**MINE, talks_to=talks_to))).talks_to == talks_to
    assert only(Consult, there.do(ContactRetrieved(**MINE))).talks_to == "customer"
    assert only(Consult, there.do(ContactHeld(**MINE))).talks_to == "colleague"


def test_nobody_is_brought_together_with_who_has_not_answered_and_nothing_else_is_asked_meanwhile() -> None:
    there = office()
    ask(there)
    assert refused(there.do(ConsultationTurned(**MINE, talks_to="both"))) == "nobody_answered"
    others: list[Fact] = [
        ConsultationAsked(**MINE, consultation=ContactId("x"), to_queue=SUPPORT),
        ContactTransferred(**MINE, to_queue=SUPPORT),
    ]
    for fact in others:
        assert refused(there.do(fact)) == "consultation_on"
    assert refused(send(there)) == "consultation_on"
    assert refused(ask(there)) == "consultation_on"


@pytest.mark.parametrize("talks_to", ["customer", "colleague", "both"])
@pytest.mark.parametrize("how", ["completes", "hangs_up", "ends"])
def test_whoever_goes_leaves_the_other_two_together(talks_to: TalksTo, how: str) -> None:
    there = office()
    ask(there)
    answered(there)
    there.do(ConsultationTurned(**MINE, talks_to=talks_to))
    there.wait(30)
    line = there.contact("c1").connected_line
    wishes: dict[str, Fact] = {
        "completes": ConsultationCompleted(**MINE),
        "hangs_up": AgentLegEnded(**MINE, offer=line, cause="hung_up"),
        "ends": ContactFinished(**MINE),
    }
    decisions = there.do(wishes[how])
    assert only(PutThrough, decisions) == PutThrough(contact=C1, attempt=1, consultation=TALK)
    assert of(End, decisions) == []
    assert there.contact("c1").state is ContactState.OUTSIDE
    there.wait(40)
    ended(there)
    record = there.record("c1")
    assert record.outside_seconds == 40
    (asked,) = [each for each in record.segments if each.kind == "consultation"]
    assert asked.agent is None and asked.ended_at is not None and asked.ended_at - asked.started_at == 30


@pytest.mark.parametrize("how", ["completes", "is_lost"])
@pytest.mark.parametrize(("seconds", "back"), [(0.2, True), (4.9, True), (5.1, False)])
def test_who_is_left_by_the_other_side_just_as_the_agent_goes_comes_back(how: str, seconds: float, back: bool) -> None:
    there = office()
    ask(there)
    answered(there)
    there.wait(30)
    line = there.contact("c1").connected_line
    if how == "completes":
        there.do(ConsultationCompleted(**MINE))
    else:
        there.do(AgentLegEnded(**MINE, offer=line, cause="lost"))
        there.do(RejoinExpired(**MINE, offer=line))
    there.engine = Engine.restore(there.engine.snapshot())
    there.wait(seconds)
    decisions = ended(there)
    assert bool(of(End, decisions)) is not back
    if not back:
        assert there.record("c1").outcome == "answered"
        return
    assert (there.contact("c1").state, there.contact("c1").outside_end) == (
        ContactState.OFFERED if how == "completes" else ContactState.WAITING,
        "hung_up",
    )
    assert [each.agent for each in of(Offer, decisions)] == ([ANNA] if how == "completes" else [])


def test_who_answers_after_the_agent_has_gone_and_hangs_up_at_once_has_talked_to_the_customer() -> None:
    there = office()
    ask(there)
    there.do(ConsultationCompleted(**MINE))
    answered(there)
    assert of(End, ended(there))


def test_passed_on_while_it_rings_it_is_a_transfer_and_comes_back_when_nobody_answers() -> None:
    there = office()
    ask(there)
    assert only(PutThrough, there.do(ConsultationCompleted(**MINE))).attempt == 1
    assert there.contact("c1").segments[-1].kind == "ringing_outside"
    assert only(Offer, ended(there, "no_answer")).agent == ANNA


@pytest.mark.parametrize("cause", ["busy", "no_answer", "rejected", "failed"])
def test_who_is_not_reached_leaves_the_customer_on_hold_with_the_agent_who_is_told_why(cause: OutsideEnd) -> None:
    there = office()
    ask(there)
    assert ended(there, cause) == [EndConsultation(contact=C1, consultation=TALK)]
    contact = there.contact("c1")
    assert (contact.state, contact.agent, contact.outside, contact.outside_end) == (
        ContactState.HELD,
        ANNA,
        None,
        cause,
    )
    assert only(Retrieve, there.do(ContactRetrieved(**MINE)))
    assert there.contact("c1").outside_end is None
    assert only(CallOutside, ask(there)).attempt == 2


def held_after_busy() -> Office:
    there = office()
    ask(there)
    ended(there, "busy")
    assert there.contact("c1").outside_end == "busy"
    return there


def test_why_it_was_not_reached_is_told_until_the_agent_goes_on_by_whatever_way() -> None:
    ways: list[Fact] = [
        ContactTransferred(**MINE, to_queue=SUPPORT),
        ConsultationAsked(**MINE, consultation=ContactId("x"), to_queue=SUPPORT),
    ]
    for way in ways:
        there = held_after_busy()
        there.do(way)
        assert there.contact("c1").outside_end is None
    there = held_after_busy()
    line = there.contact("c1").connected_line
    there.do(AgentLegEnded(**MINE, offer=line, cause="lost"))
    there.do(RejoinExpired(**MINE, offer=line))
    assert (there.contact("c1").state, there.contact("c1").outside_end) == (ContactState.WAITING, None)
    there = held_after_busy()
    there.do(SupervisionStarted(contact=C1, supervisor=OLGA, name="Ольга", way="barge"))
    there.do(OfferAnswered(contact=C1, agent=OLGA, offer=there.contact("c1").offer))
    there.do(ContactTakenOver(contact=C1, supervisor=OLGA))
    assert (there.contact("c1").agent, there.contact("c1").outside_end) == (OLGA, None)


def test_without_the_numbers_the_same_is_decided_and_what_is_no_matter_of_the_number_is_still_refused() -> None:
    for fact in (
        ContactSentOutside(**MINE, kept=-1, number=LAWYER),
        OutsideConsulted(**MINE, kept=-1, consultation=TALK, number=LAWYER),
    ):
        assert office().do(structs.replace(fact, number=None)) == office().do(fact)
        there = office()
        there.do(CallsOutChanged(possible=False))
        assert refused(there.do(structs.replace(fact, number=None))) == "no_trunk_out"
        was = office().engine.number_against(structs.replace(fact, number="666"))
        assert refused(office().do(structs.replace(fact, number=None, against=was))) == "short_number_not_allowed"


def test_what_stands_in_a_wish_is_its_numbers_own_rule_whatever_becomes_of_the_conversation_before_it_is_its_turn() -> (
    None
):
    wish = ContactSentOutside(**MINE, kept=-1, number="666")
    ringing = Office(CONFIGURATION, ANNA)
    ringing.queue("c1")
    assert ringing.contact("c1").state is ContactState.OFFERED, "her answer may wait before the wish"
    assert ringing.engine.number_against(wish) == "short_number_not_allowed"
    there = office()
    there.do(CallsOutChanged(possible=False))
    assert there.engine.number_against(wish) == "short_number_not_allowed"
    assert there.engine.number_against(structs.replace(wish, number=LAWYER)) == "", "is told again as it was told"


def test_agent_goes_back_to_the_customer_and_the_line_outside_is_hung_up() -> None:
    there = office()
    ask(there)
    answered(there)
    decisions = there.do(ConsultationCancelled(**MINE))
    assert of(EndOutside, decisions) == [EndOutside(contact=C1, attempt=1)]
    assert only(Retrieve, decisions).agent == ANNA
    assert ended(there) == [], "told late"
    there.do(ContactFinished(**MINE))
    assert there.contact("c1").state is ContactState.WRAP_UP


def test_customer_who_hangs_up_ends_it_and_who_said_goodbye_before_anybody_answered_ends_the_call() -> None:
    there = office()
    ask(there)
    answered(there)
    assert of(EndOutside, there.do(CustomerLeft(contact=C1, cause="hung_up")))
    there = office()
    ask(there)
    there.do(ConsultationTurned(**MINE, talks_to="customer"))
    decisions = there.do(ContactFinished(**MINE))
    assert only(End, decisions).contact == C1
    assert only(EndOutside, decisions).attempt == 1
    assert of(PutThrough, decisions) == []


def test_agent_who_does_not_come_back_has_passed_the_customer_on_or_returned_them_to_the_queue() -> None:
    for talks, state in ((True, ContactState.OUTSIDE), (False, ContactState.WAITING)):
        there = office()
        ask(there)
        if talks:
            answered(there)
        line = there.contact("c1").connected_line
        there.do(AgentLegEnded(**MINE, offer=line, cause="lost"))
        decisions = there.do(RejoinExpired(**MINE, offer=line))
        assert there.contact("c1").state is state
        assert bool(of(PutThrough, decisions)) is talks
        assert bool(of(EndOutside, decisions)) is not talks


def test_it_rings_only_for_so_long_and_talks_only_for_so_long() -> None:
    there = office()
    ask(there)
    assert of(EndOutside, there.do(OutsideExpired(contact=C1, attempt=1))) == [EndOutside(contact=C1, attempt=1)]
    answered(there)
    assert of(EndOutside, there.do(OutsideExpired(contact=C1, attempt=1))) == []
    assert of(EndOutside, there.do(OutsideExpired(contact=C1, attempt=1, talking=True)))


def test_what_is_known_survives_a_restart() -> None:
    there = office()
    ask(there)
    answered(there)
    again = Engine.restore(there.engine.snapshot())
    assert again.snapshot() == there.engine.snapshot()
    there.engine = again
    assert only(Consult, answered(there)).outside == 1, "said again to the switch"
    assert only(PutThrough, there.do(ConsultationCompleted(**MINE))).attempt == 1
