"""An agent asks a colleague before passing a contact on; nobody is left alone on the line by it."""

from __future__ import annotations

from typing import Literal

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SOLD, SUPPORT, Office, of, only

from otklik.contact.decisions import (
    Announce,
    Connect,
    Consult,
    Decision,
    End,
    EndConsultation,
    HandOver,
    Mute,
    Offer,
    PlayMusic,
    Refuse,
    Release,
    Retrieve,
    SilenceRecording,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    ContactTransferred,
    CustomerLeft,
    Fact,
    OfferAnswered,
    OfferDeclined,
    RejoinAsked,
    ShiftEnded,
    TalksTo,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, QueueId
from otklik.contact.recording import RecordingPaused
from otklik.routing import AgentState, ContactState, Engine, TapeState

C1, ASKED = ContactId("c1"), ContactId("k1")
ONE, TWO = OfferNumber(1), OfferNumber(2)


def ask(
    office: Office, *, queue: QueueId | None = None, agent: AgentId | None = None, by: AgentId = BORIS
) -> list[Decision]:
    return office.do(ConsultationAsked(contact=C1, agent=by, consultation=ASKED, to_queue=queue, to_agent=agent))


def talking() -> Office:
    """Boris talks to the customer; Kate of the other queue is free."""
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.come(KATE)
    office.wait(10)
    return office


def consulting(talks_to: TalksTo = "colleague") -> Office:
    office = talking()
    ask(office, queue=SUPPORT)
    office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=ONE))
    if talks_to != "colleague":
        office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to=talks_to))
    return office


def lines(talks_to: TalksTo, line: OfferNumber | None = ONE, offer: OfferNumber = ONE) -> Consult:
    return Consult(contact=C1, agent=BORIS, offer=offer, consultation=ASKED, line=line, talks_to=talks_to)


def complete(office: Office) -> list[Decision]:
    return office.do(ConsultationCompleted(contact=C1, agent=BORIS))


def handed_over(office: Office, decisions: list[Decision]) -> None:
    """The customer is with Kate, with all that was known; Boris wraps up."""
    hand_over = HandOver(contact=C1, agent=KATE, offer=TWO, consultation=ASKED, line=ONE)
    assert decisions[:2] == [hand_over, Release(contact=C1, agent=BORIS, offer=ONE)]
    contact = office.contact("c1")
    assert (contact.state, contact.agent, contact.line) == (ContactState.TALKING, KATE, TWO)
    assert (contact.key, contact.choices, contact.held) == ((1000.0, C1), ("Продажи",), False)
    assert (office.agent(BORIS).state, office.agent(KATE).state) == (AgentState.WRAP_UP, AgentState.TALKING)
    assert list(office.agent(KATE).hands) == [C1]
    assert office.engine.contact(ASKED) is None


def test_asked_colleague_is_offered_a_contact_of_its_own_while_the_customer_hears_music() -> None:
    office = talking()
    decisions = ask(office, queue=SUPPORT)
    assert decisions[0] == lines("colleague", None)
    assert only(Offer, decisions) == Offer(contact=ASKED, agent=KATE, offer=ONE, ring_seconds=20.0)
    assert of(PlayMusic, decisions) == []
    assert office.contact("c1").state is ContactState.HELD
    asked = office.contact("k1")
    assert (asked.consults, asked.asker, asked.key[0]) == (C1, BORIS, office.contact("c1").key[0])


def test_who_answers_talks_to_the_agent_and_the_hold_of_the_customer_is_counted() -> None:
    office = talking()
    ask(office, queue=SUPPORT)
    office.wait(5)
    assert office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=ONE)) == [lines("colleague")]
    office.wait(7)
    complete(office)
    parts = [(s.kind, s.agent, s.held_seconds) for s in office.record("c1").segments[-3:]]
    assert parts == [("consultation", KATE, 0.0), ("agent", BORIS, 12.0), ("agent", KATE, 0.0)]


def test_the_age_of_the_contact_counts_among_those_who_wait() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    office.wait(30)
    office.queue("c2", SUPPORT)
    ask(office, queue=SUPPORT)
    assert only(Offer, office.come(KATE)).contact == ASKED


def test_completed_the_customer_is_with_the_colleague_and_the_first_agent_wraps_up() -> None:
    office = consulting()
    handed_over(office, complete(office))
    office.do(WrapUpFinished(contact=C1, agent=BORIS, disposition=SOLD))
    office.do(ContactFinished(contact=C1, agent=KATE))
    record = office.record("c1")
    assert (record.agent, record.queue, record.outcome) == (KATE, SUPPORT, "answered")
    assert office.agent(KATE).handled == 1


def test_cancelled_the_agent_goes_on_with_the_customer_and_the_colleague_is_free() -> None:
    office = consulting()
    decisions = office.do(ConsultationCancelled(contact=C1, agent=BORIS))
    assert decisions[:3] == [
        Release(contact=ASKED, agent=KATE, offer=ONE),
        EndConsultation(contact=C1, consultation=ASKED),
        Retrieve(contact=C1, agent=BORIS, offer=ONE),
    ]
    assert (office.agent(BORIS).state, office.agent(KATE).state) == (AgentState.TALKING, AgentState.READY)
    assert office.agent(KATE).handled == 0


@pytest.mark.parametrize("talks_to", ["customer", "both"])
def test_the_agent_turns_to_the_customer_or_to_both_and_back(talks_to: TalksTo) -> None:
    office = consulting()
    assert office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to=talks_to)) == [lines(talks_to)]
    assert office.contact("c1").state is ContactState.TALKING
    assert office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="colleague")) == [lines("colleague")]
    assert office.contact("c1").state is ContactState.HELD
    handed_over(office, complete(office))


def test_hold_and_retrieve_turn_between_customer_and_colleague() -> None:
    office = consulting()
    assert office.do(ContactRetrieved(contact=C1, agent=BORIS)) == [lines("customer")]
    assert office.do(ContactHeld(contact=C1, agent=BORIS)) == [lines("colleague")]


def test_nobody_is_brought_together_with_a_colleague_who_has_not_answered() -> None:
    office = talking()
    ask(office, queue=SUPPORT)
    turned = ConsultationTurned(contact=C1, agent=BORIS, talks_to="both")
    assert office.do(turned) == [Refuse(code="nobody_answered")]


@pytest.mark.parametrize("talks_to", ["colleague", "customer", "both"])
@pytest.mark.parametrize("how", ["line", "desk"])
def test_an_agent_who_hangs_up_leaves_customer_and_colleague_together(
    talks_to: TalksTo, how: Literal["line", "desk"]
) -> None:
    office = consulting(talks_to)
    gone = AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="hung_up")
    handed_over(office, office.do(gone if how == "line" else ContactFinished(contact=C1, agent=BORIS)))


@pytest.mark.parametrize("talks_to", ["colleague", "customer", "both"])
@pytest.mark.parametrize("asks_already", [False, True])
@pytest.mark.parametrize("how", ["line", "desk", "complete"])
def test_an_agent_who_goes_while_the_page_of_the_colleague_reloads_leaves_the_customer_to_the_colleague(
    talks_to: TalksTo, asks_already: bool, how: str
) -> None:
    office = consulting(talks_to)
    office.do(AgentLegEnded(contact=ASKED, agent=KATE, offer=ONE, cause="lost"))
    if asks_already:
        office.do(RejoinAsked(contact=ASKED, agent=KATE))
    goes: dict[str, Fact] = {
        "line": AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="hung_up"),
        "desk": ContactFinished(contact=C1, agent=BORIS),
        "complete": ConsultationCompleted(contact=C1, agent=BORIS),
    }
    decisions = office.do(goes[how])
    assert not of(End, decisions)
    assert [each.offer for each in of(Withdraw, decisions)] == ([TWO] if asks_already else [])
    handed_over(office, [each for each in decisions if isinstance(each, HandOver | Release)])
    # The switch finds no line to hand over, and says so.
    told = office.do(AgentLegEnded(contact=C1, agent=KATE, offer=TWO, cause="lost"))
    assert (len(of(PlayMusic, told)), len(of(Announce, told))) == (1, 1)
    office.do(RejoinAsked(contact=C1, agent=KATE))
    three = OfferNumber(3)
    answered = office.do(OfferAnswered(contact=C1, agent=KATE, offer=three))
    assert answered == [Connect(contact=C1, agent=KATE, offer=three)]


def test_a_colleague_who_has_the_customer_and_does_not_come_back_leaves_them_to_the_queue() -> None:
    office = consulting("both")
    office.do(AgentLegEnded(contact=ASKED, agent=KATE, offer=ONE, cause="lost"))
    office.do(ContactFinished(contact=C1, agent=BORIS))
    office.do(AgentLegEnded(contact=C1, agent=KATE, offer=TWO, cause="lost"))
    assert not of(End, office.wait(60))
    contact = office.contact("c1")
    assert (contact.state, contact.queue, contact.key) == (ContactState.WAITING, SUPPORT, (1000.0, C1))
    assert office.agent(KATE).state is AgentState.NOT_READY


def test_an_agent_who_hangs_up_before_anybody_answered_leaves_the_customer_where_the_colleague_was_sought() -> None:
    office = talking()
    ask(office, queue=SUPPORT)
    decisions = office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="hung_up"))
    assert of(Withdraw, decisions) == [Withdraw(contact=ASKED, agent=KATE, offer=ONE)]
    assert of(End, decisions) == []
    assert only(Offer, decisions) == Offer(contact=C1, agent=KATE, offer=TWO, ring_seconds=20.0)


def test_an_agent_who_says_goodbye_to_the_customer_while_nobody_has_answered_ends_both() -> None:
    office = talking()
    ask(office, queue=SUPPORT)
    office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="customer"))
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS))
    assert EndConsultation(contact=C1, consultation=ASKED) in decisions
    assert End(contact=C1) in decisions
    assert office.agent(KATE).state is AgentState.READY


def test_a_colleague_who_hangs_up_leaves_the_customer_on_hold_with_the_agent_who_asked() -> None:
    for fact in (
        AgentLegEnded(contact=ASKED, agent=KATE, offer=ONE, cause="hung_up"),
        ContactFinished(contact=ASKED, agent=KATE),
    ):
        office = consulting()
        assert EndConsultation(contact=C1, consultation=ASKED) in office.do(fact)
        contact = office.contact("c1")
        assert (contact.state, contact.consultation, contact.consulted) == (ContactState.HELD, None, "left")
        assert office.agent(KATE).state is AgentState.READY
        office.do(ContactRetrieved(contact=C1, agent=BORIS))
        assert office.contact("c1").consulted is None


def test_a_colleague_whose_page_is_lost_may_come_back() -> None:
    office = consulting()
    decisions = office.do(AgentLegEnded(contact=ASKED, agent=KATE, offer=ONE, cause="lost"))
    assert of(Consult, decisions) == [lines("colleague", None)]
    office.do(RejoinAsked(contact=ASKED, agent=KATE))
    assert office.do(OfferAnswered(contact=ASKED, agent=KATE, offer=TWO)) == [lines("colleague", TWO)]


def test_a_colleague_who_does_not_come_back_has_left() -> None:
    office = consulting()
    office.do(AgentLegEnded(contact=ASKED, agent=KATE, offer=ONE, cause="lost"))
    office.wait(60)
    assert office.contact("c1").consulted == "left"


def test_an_agent_whose_page_is_lost_comes_back_into_the_private_talk() -> None:
    office = consulting()
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    office.do(RejoinAsked(contact=C1, agent=BORIS))
    answered = OfferAnswered(contact=C1, agent=BORIS, offer=TWO)
    assert office.do(answered) == [lines("colleague", offer=TWO)]
    assert office.contact("c1").state is ContactState.HELD


def test_an_agent_who_does_not_come_back_leaves_the_customer_to_the_colleague() -> None:
    office = consulting()
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    handed_over(office, [d for d in office.wait(29) if isinstance(d, HandOver | Release)])


def test_whoever_is_given_the_customer_is_recorded_although_the_pause_was_not_ended() -> None:
    office = consulting()
    office.do(RecordingPaused(contact=C1, agent=BORIS))
    assert SilenceRecording(contact=C1, silent=False) in office.do(ConsultationCompleted(contact=C1, agent=BORIS))
    assert office.contact("c1").tape.state is TapeState.ON


def test_a_customer_who_leaves_ends_the_consultation() -> None:
    office = consulting()
    decisions = office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert Release(contact=ASKED, agent=KATE, offer=ONE) in decisions
    assert (office.agent(BORIS).state, office.agent(KATE).state) == (AgentState.WRAP_UP, AgentState.READY)
    assert office.record("c1").outcome == "answered"


def test_one_agent_who_declines_or_misses_or_goes_home_is_the_end_of_asking() -> None:
    for fact in (OfferDeclined(contact=ASKED, agent=KATE, offer=ONE), ShiftEnded(agent=KATE), None):
        office = talking()
        assert only(Offer, ask(office, agent=KATE)).agent == KATE
        decisions = office.do(fact) if fact is not None else office.wait(20)
        assert EndConsultation(contact=C1, consultation=ASKED) in decisions
        contact = office.contact("c1")
        assert (contact.state, contact.consulted) == (ContactState.HELD, "nobody")


def test_one_agent_who_is_busy_is_waited_for_for_half_a_minute() -> None:
    office = talking()
    office.queue("c2", SUPPORT)
    ask(office, agent=KATE)
    office.wait(29)
    assert office.contact("c1").consultation == ASKED
    office.wait(1.5)
    assert office.contact("c1").consulted == "nobody"


def test_a_queue_is_asked_until_somebody_takes_it() -> None:
    office = talking()
    ask(office, queue=SUPPORT)
    office.do(OfferDeclined(contact=ASKED, agent=KATE, offer=ONE))
    assert [(o.contact, o.agent) for o in of(Offer, office.wait(20))] == [(ASKED, KATE)]


def test_who_asks_is_not_asked_and_asks_once_at_a_time() -> None:
    office = talking()
    assert ask(office, agent=BORIS) == [Refuse(code="no_such_agent")]
    assert ask(office, agent=ANNA) == [Refuse(code="no_such_agent")]
    assert ask(office, queue=QueueId("nowhere")) == [Refuse(code="no_such_queue")]
    assert ask(office, queue=SUPPORT, by=KATE) == [Refuse(code="no_such_contact")]
    assert complete(office) == [Refuse(code="no_consultation")]
    ask(office, queue=SUPPORT)
    assert ask(office, queue=SALES) == [Refuse(code="consultation_on")]
    transferred = ContactTransferred(contact=C1, agent=BORIS, to_queue=SALES)
    assert office.do(transferred) == [Refuse(code="consultation_on")]


def test_a_colleague_cannot_hold_pass_on_or_ask_about_a_consultation_but_may_be_mute() -> None:
    office = consulting()
    refused = [Refuse(code="move_not_allowed", state="talking")]
    assert office.do(ContactHeld(contact=ASKED, agent=KATE)) == refused
    assert office.do(ContactTransferred(contact=ASKED, agent=KATE, to_queue=SALES)) == refused
    again = ConsultationAsked(contact=ASKED, agent=KATE, consultation=ContactId("k2"), to_queue=SALES)
    assert office.do(again) == refused
    office.do(AgentMuted(contact=ASKED, agent=KATE, muted=True))
    complete(office)
    assert office.contact("c1").muted


def test_a_consultation_is_no_contact_of_a_customer_in_accounts_and_figures() -> None:
    office = talking()
    office.do(ShiftEnded(agent=KATE))
    ask(office, queue=SUPPORT)
    support = next(queue for queue in office.engine.queues() if queue.id == SUPPORT)
    assert (support.waiting, support.longest_since) == (0, None)
    assert [record.contact for record in office.engine.take_touched().records] == [C1]


def test_who_was_handed_over_talks_on_after_a_reload_of_the_colleagues_page() -> None:
    office = consulting()
    complete(office)
    assert office.contact("c1").came_from == (ASKED, ONE)
    office.do(RejoinAsked(contact=C1, agent=KATE))
    office.do(OfferAnswered(contact=C1, agent=KATE, offer=OfferNumber(3)))
    assert (office.contact("c1").line, office.contact("c1").came_from) == (3, None)


def test_a_restart_in_the_middle_changes_nothing() -> None:
    office = consulting()
    office.engine = Engine.restore(office.engine.snapshot())
    for contact, agent in ((C1, BORIS), (ASKED, KATE)):
        said = office.do(OfferAnswered(contact=contact, agent=agent, offer=ONE))
        assert said == [lines("colleague"), Mute(contact=contact, agent=agent, offer=ONE, muted=False)]
    handed_over(office, complete(office))
