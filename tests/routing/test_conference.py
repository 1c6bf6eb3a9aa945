"""More than three in one conversation: added one by one, let go one by one, and nobody left alone by whoever goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from msgspec import structs
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SUPPORT, Office, of, only
from tests.routing.oracle import check_unfinished

from otklik.contact.conference import Gather, ParticipantReleased
from otklik.contact.decisions import (
    CallOutside,
    Consult,
    Decision,
    End,
    EndConsultation,
    EndOutside,
    HandOver,
    Offer,
    PutThrough,
    Refuse,
    Release,
)
from otklik.contact.facts import (
    AgentLegEnded,
    Configured,
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
    OfferFailed,
    RejoinAsked,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.outside_number import OutsideAnswered, OutsideConsulted, OutsideEnded
from otklik.routing import AgentState, ContactState, Engine

C1, K1, K2, OUT = ContactId("c1"), ContactId("k1"), ContactId("k2"), ContactId("out")
ONE, TWO = OfferNumber(1), OfferNumber(2)
GOES: dict[str, Fact] = {
    "complete": ConsultationCompleted(contact=C1, agent=BORIS),
    "line": AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="hung_up"),
    "desk": ContactFinished(contact=C1, agent=BORIS),
}


def office_of(most: int = 6) -> Office:
    """Boris talks to the customer; Kate and Anna are free."""
    office = Office(replace(CONFIGURATION, conference_most=most), BORIS)
    office.talk("c1")
    office.come(KATE)
    office.come(ANNA)
    return office


def asks(office: Office, consultation: ContactId, whom: AgentId, *, conference: bool = True) -> list[Decision]:
    fact = ConsultationAsked(contact=C1, agent=BORIS, consultation=consultation, to_agent=whom, conference=conference)
    return office.do(fact)


def adds(office: Office, consultation: ContactId, whom: AgentId) -> list[Decision]:
    asks(office, consultation, whom)
    office.do(OfferAnswered(contact=consultation, agent=whom, offer=ONE))
    return office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))


def of_four() -> Office:
    """Kate was added, and Anna was asked and brought together with them."""
    office = office_of()
    adds(office, K1, KATE)
    adds(office, K2, ANNA)
    return office


def gathered(*lines: tuple[ContactId, OfferNumber], held: bool = False) -> Gather:
    return Gather(contact=C1, lines=lines, held=held)


def test_whoever_is_in_the_conversation_stays_while_the_next_one_is_asked_and_waits_with_the_customer() -> None:
    office = office_of()
    adds(office, K1, KATE)
    decisions = asks(office, K2, ANNA)
    assert only(Offer, decisions).agent == ANNA
    assert only(Consult, decisions).consultation == K2
    assert only(Gather, decisions) == gathered((K1, ONE), held=True)
    office.do(OfferAnswered(contact=K2, agent=ANNA, offer=ONE))
    together = office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))
    assert only(Consult, together).line == ONE
    assert only(Gather, together) == gathered((K1, ONE))
    assert {office.agent(each).state for each in (BORIS, KATE, ANNA)} == {AgentState.TALKING}


def test_nobody_is_added_who_was_not_brought_together_with_the_customer() -> None:
    office = office_of()
    asks(office, K1, KATE)
    assert asks(office, K2, ANNA) == [Refuse(code="consultation_on")]
    office.do(OfferAnswered(contact=K1, agent=KATE, offer=ONE))
    assert asks(office, K2, ANNA) == [Refuse(code="consultation_on")]
    office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))
    assert asks(office, K2, ANNA, conference=False) == [Refuse(code="consultation_on")]


def test_a_conference_has_as_many_as_the_tenant_allows() -> None:
    office = office_of(most=3)
    adds(office, K1, KATE)
    assert asks(office, K2, ANNA) == [Refuse(code="conference_full")]
    assert office.contact("c1").consultation == K1


def test_one_is_released_and_the_others_stay() -> None:
    office = of_four()
    decisions = office.do(ParticipantReleased(contact=C1, agent=BORIS, consultation=K1))
    assert decisions[:2] == [
        Release(contact=K1, agent=KATE, offer=ONE),
        EndConsultation(contact=C1, consultation=K1),
    ]
    assert only(Consult, decisions).talks_to == "both"
    assert office.agent(KATE).state is AgentState.READY
    assert (office.contact("c1").consultation, office.contact("c1").talks_to) == (K2, "both")
    assert office.do(ParticipantReleased(contact=C1, agent=BORIS, consultation=K1)) == [Refuse(code="no_participant")]
    assert office.do(ParticipantReleased(contact=C1, agent=ANNA, consultation=K1)) == [Refuse(code="no_such_contact")]


@pytest.mark.parametrize("how", ["line", "desk"])
def test_whoever_leaves_by_themselves_leaves_the_others_together(how: str) -> None:
    office = of_four()
    gone = AgentLegEnded(contact=K1, agent=KATE, offer=ONE, cause="hung_up")
    office.do(gone if how == "line" else ContactFinished(contact=K1, agent=KATE))
    contact = office.contact("c1")
    assert (contact.conference.members, contact.consultation, contact.state) == ((), K2, ContactState.TALKING)


def test_whoever_is_being_asked_goes_on_being_asked_when_another_leaves() -> None:
    office = office_of()
    adds(office, K1, KATE)
    asks(office, K2, ANNA)
    left = office.do(AgentLegEnded(contact=K1, agent=KATE, offer=ONE, cause="hung_up"))
    said = only(Consult, left)
    assert (said.consultation, said.line, said.talks_to) == (K2, None, "colleague")
    assert left.index(said) > left.index(EndConsultation(contact=C1, consultation=K1))


def test_the_last_question_is_taken_back_and_the_conference_goes_on() -> None:
    office = of_four()
    office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="colleague"))
    decisions = office.do(ConsultationCancelled(contact=C1, agent=BORIS))
    assert only(Release, decisions).agent == ANNA
    assert only(Gather, decisions) == gathered((K1, ONE))
    assert office.contact("c1").state is ContactState.TALKING


def test_on_hold_the_participants_hear_music_with_the_customer() -> None:
    office = of_four()
    office.do(ConsultationCancelled(contact=C1, agent=BORIS))
    assert only(Gather, office.do(ContactHeld(contact=C1, agent=BORIS))) == gathered((K1, ONE), held=True)
    assert only(Gather, office.do(ContactRetrieved(contact=C1, agent=BORIS))) == gathered((K1, ONE))
    assert office.do(ContactTransferred(contact=C1, agent=BORIS, to_queue=SUPPORT)) == [Refuse(code="consultation_on")]


@pytest.mark.parametrize("how", GOES)
def test_when_the_agent_goes_whoever_was_added_first_leads_and_the_others_stay(how: str) -> None:
    office = of_four()
    decisions = office.do(GOES[how])
    handed = HandOver(contact=C1, agent=KATE, offer=TWO, consultation=K1, line=ONE)
    assert decisions[:2] == [handed, Release(contact=C1, agent=BORIS, offer=ONE)]
    assert only(Gather, decisions) == gathered((K2, ONE))
    contact = office.contact("c1")
    assert (contact.agent, contact.conference.members, contact.consultation) == (KATE, (K2,), None)
    assert office.contact("k2").asker == KATE
    assert office.agent(BORIS).state is AgentState.WRAP_UP
    office.do(ParticipantReleased(contact=C1, agent=KATE, consultation=K2))
    assert office.agent(ANNA).state is AgentState.READY


def test_when_the_agent_goes_whoever_still_rings_is_asked_no_more() -> None:
    office = office_of()
    adds(office, K1, KATE)
    asks(office, K2, ANNA)
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS))
    assert only(HandOver, decisions).agent == KATE
    assert EndConsultation(contact=C1, consultation=K2) in decisions
    assert office.agent(ANNA).state is AgentState.READY


def test_an_agent_who_does_not_come_back_leaves_the_conference_to_whoever_was_added_first() -> None:
    office = of_four()
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    assert only(HandOver, office.wait(29)).agent == KATE


def test_a_customer_who_leaves_ends_it_for_all() -> None:
    office = of_four()
    decisions = office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert {each.agent for each in of(Release, decisions)} == {BORIS, KATE, ANNA}
    assert {office.agent(each).state for each in (KATE, ANNA)} == {AgentState.READY}
    kinds = [(each.kind, each.agent) for each in office.record("c1").segments]
    assert kinds[-3:] == [("consultation", ANNA), ("consultation", KATE), ("agent", BORIS)]


def test_a_participant_whose_page_is_lost_may_come_back() -> None:
    office = of_four()
    lost = office.do(AgentLegEnded(contact=K1, agent=KATE, offer=ONE, cause="lost"))
    assert only(Gather, lost) == gathered()
    office.do(RejoinAsked(contact=K1, agent=KATE))
    back = office.do(OfferAnswered(contact=K1, agent=KATE, offer=TWO))
    assert only(Gather, back) == gathered((K1, TWO))


def lost(office: Office, contact: ContactId, agent: AgentId) -> list[Decision]:
    return office.do(AgentLegEnded(contact=contact, agent=agent, offer=ONE, cause="lost"))


def with_kate() -> Office:
    """Kate was added; nobody is asked now."""
    office = of_four()
    office.do(ConsultationCancelled(contact=C1, agent=BORIS))
    return office


@pytest.mark.parametrize("how", GOES)
def test_an_agent_who_goes_while_the_page_of_the_only_participant_reloads_leaves_the_customer_to_them(
    how: str,
) -> None:
    office = with_kate()
    lost(office, K1, KATE)
    decisions = office.do(GOES[how])
    assert not of(End, decisions)
    assert only(HandOver, decisions).agent == KATE
    assert office.contact("c1").conference.members == ()
    assert (office.contact("c1").agent, office.agent(BORIS).state) == (KATE, AgentState.WRAP_UP)


@pytest.mark.parametrize("how", GOES)
def test_whoever_was_asked_last_leads_where_the_page_of_the_one_added_before_reloads(how: str) -> None:
    office = of_four()
    lost(office, K1, KATE)
    assert only(HandOver, office.do(GOES[how])).agent == ANNA
    assert office.contact("c1").conference.members == (K1,)
    assert office.contact("k1").asker == ANNA
    office.do(RejoinAsked(contact=K1, agent=KATE))
    assert only(Gather, office.do(OfferAnswered(contact=K1, agent=KATE, offer=TWO))) == gathered((K1, TWO))


def test_whoever_was_asked_last_and_whose_page_reloads_comes_back_to_whoever_leads_now() -> None:
    office = of_four()
    lost(office, K2, ANNA)
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS))
    assert only(HandOver, decisions).agent == KATE
    assert not of(EndConsultation, decisions)
    assert office.contact("c1").conference.members == (K2,)
    office.do(RejoinAsked(contact=K2, agent=ANNA))
    assert only(Gather, office.do(OfferAnswered(contact=K2, agent=ANNA, offer=TWO))) == gathered((K2, TWO))


@pytest.mark.parametrize("how", GOES)
def test_with_all_pages_reloading_whoever_was_added_first_has_the_customer_and_not_whoever_is_asked(how: str) -> None:
    office = office_of()
    adds(office, K1, KATE)
    asks(office, K2, ANNA)
    office.do(OfferAnswered(contact=K2, agent=ANNA, offer=ONE))
    lost(office, K1, KATE)
    lost(office, K2, ANNA)
    assert only(HandOver, office.do(GOES[how])).agent == KATE
    assert office.contact("c1").conference.members == (K2,)


def test_while_the_line_of_the_agent_is_lost_participants_hear_music_with_the_customer() -> None:
    office = with_kate()
    assert only(Gather, lost(office, C1, BORIS)) == gathered((K1, ONE), held=True)
    office.do(RejoinAsked(contact=C1, agent=BORIS))
    assert only(Gather, office.do(OfferAnswered(contact=C1, agent=BORIS, offer=TWO))) == gathered((K1, ONE))


def test_while_the_page_of_the_agent_merely_reloads_the_others_talk_on() -> None:
    office = with_kate()
    assert not of(Gather, office.do(RejoinAsked(contact=C1, agent=BORIS)))
    failed = office.do(OfferFailed(contact=C1, agent=BORIS, offer=TWO, cause="lost"))
    assert only(Gather, failed) == gathered((K1, ONE), held=True)


def test_after_a_restart_it_is_said_again_who_hears_whom() -> None:
    office = of_four()
    office.engine = Engine.restore(office.engine.snapshot())
    said = office.do(OfferAnswered(contact=K1, agent=KATE, offer=ONE))
    assert only(Gather, said) == gathered((K1, ONE))


def test_what_is_unfinished_is_looked_for_where_it_stands_also_after_a_new_set_up_and_a_restart() -> None:
    office = of_four()
    check_unfinished(office.engine._centre)
    office.do(Configured(configuration=CONFIGURATION))
    check_unfinished(office.engine._centre)
    check_unfinished(Engine.restore(office.engine.snapshot())._centre)


# somebody outside


def asks_outside(office: Office) -> list[Decision]:
    number = "+79031112233"
    return office.do(
        OutsideConsulted(contact=C1, agent=BORIS, consultation=OUT, kept=-1, number=number, conference=True)
    )


def adds_outside(office: Office) -> list[Decision]:
    asks_outside(office)
    office.do(OutsideAnswered(contact=C1, attempt=1))
    return office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))


def with_lawyer() -> Office:
    """Kate was added, then somebody outside."""
    office = office_of()
    adds(office, K1, KATE)
    adds_outside(office)
    return office


def test_somebody_outside_is_added_after_a_colleague() -> None:
    office = office_of()
    adds(office, K1, KATE)
    decisions = asks_outside(office)
    assert only(CallOutside, decisions).beside == OUT
    assert only(Gather, decisions) == gathered((K1, ONE), held=True)
    office.do(OutsideAnswered(contact=C1, attempt=1))
    together = office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))
    assert (only(Consult, together).outside, only(Gather, together)) == (1, gathered((K1, ONE)))


def test_a_colleague_is_added_after_somebody_outside_of_whom_there_is_one() -> None:
    office = with_lawyer()
    decisions = asks(office, K2, ANNA)
    assert only(Consult, decisions).consultation == K2
    assert only(Gather, decisions) == replace_outside(gathered((K1, ONE), held=True))
    office.do(OfferAnswered(contact=K2, agent=ANNA, offer=ONE))
    together = office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to="both"))
    assert only(Gather, together) == replace_outside(gathered((K1, ONE)))
    assert asks_outside(office) == [Refuse(code="conference_outside")]


def replace_outside(gather: Gather) -> Gather:
    return structs.replace(gather, outside=1)


def test_somebody_outside_is_released_or_hangs_up_and_the_others_stay() -> None:
    office = with_lawyer()
    asks(office, K2, ANNA)
    decisions = office.do(ParticipantReleased(contact=C1, agent=BORIS, consultation=OUT))
    assert only(EndOutside, decisions).attempt == 1
    contact = office.contact("c1")
    assert (contact.outside, contact.consultation, contact.talks_to) == (None, K2, "colleague")
    office = with_lawyer()
    asks(office, K2, ANNA)
    ended = office.do(OutsideEnded(contact=C1, attempt=1, cause="hung_up"))
    assert only(Gather, ended) == gathered((K1, ONE), held=True)


@pytest.mark.parametrize("joined", [False, True])
def test_when_the_agent_goes_a_colleague_leads_on_with_whoever_is_outside(joined: bool) -> None:
    office = with_lawyer()
    if joined:
        adds(office, K2, ANNA)
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS))
    assert only(HandOver, decisions).agent == KATE
    contact = office.contact("c1")
    assert contact.outside is not None and contact.outside.asker == KATE
    assert of(Consult, decisions)[-1:] == ([] if joined else [only(Consult, decisions)])
    released = ParticipantReleased(contact=C1, agent=KATE, consultation=OUT)
    given_back = office.do(released if joined else ConsultationCancelled(contact=C1, agent=KATE))
    assert only(EndOutside, given_back).attempt == 1


def test_a_colleague_who_was_asked_last_leads_where_only_somebody_outside_was_added_before() -> None:
    office = office_of()
    adds_outside(office)
    adds(office, K2, ANNA)
    assert only(HandOver, office.do(ContactFinished(contact=C1, agent=BORIS))).agent == ANNA
    assert office.contact("c1").outside is not None


def test_with_nobody_but_somebody_outside_the_customer_is_left_to_them() -> None:
    office = office_of()
    adds_outside(office)
    asks(office, K2, ANNA)
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS))
    assert only(PutThrough, decisions).attempt == 1
    assert EndConsultation(contact=C1, consultation=K2) in decisions
    assert office.contact("c1").state is ContactState.OUTSIDE
    assert office.agent(ANNA).state is AgentState.READY


@pytest.mark.parametrize("how", GOES)
@pytest.mark.parametrize("talks_to", ["customer", "colleague"])
def test_a_number_outside_that_only_rings_is_farther_than_a_colleague_whose_page_reloads(
    how: str, talks_to: Literal["customer", "colleague"]
) -> None:
    office = office_of()
    adds(office, K1, KATE)
    asks_outside(office)
    office.do(ConsultationTurned(contact=C1, agent=BORIS, talks_to=talks_to))
    lost(office, K1, KATE)
    decisions = office.do(GOES[how])
    assert only(HandOver, decisions).agent == KATE
    assert only(EndOutside, decisions).attempt == 1 and not of(PutThrough, decisions)
    contact = office.contact("c1")
    assert (contact.agent, contact.outside, contact.conference.members) == (KATE, None, ())


@pytest.mark.parametrize("how", GOES)
def test_somebody_outside_who_is_on_the_line_takes_nobody_along_whose_page_reloads(how: str) -> None:
    office = office_of()
    adds(office, K1, KATE)
    asks_outside(office)
    office.do(OutsideAnswered(contact=C1, attempt=1))
    lost(office, K1, KATE)
    decisions = office.do(GOES[how])
    assert only(PutThrough, decisions).attempt == 1
    assert EndConsultation(contact=C1, consultation=K1) in decisions
    contact = office.contact("c1")
    assert (contact.state, contact.conference.members) == (ContactState.OUTSIDE, ())
    assert office.agent(KATE).state is AgentState.READY


def test_hold_holds_the_conference_of_a_customer_and_somebody_outside() -> None:
    office = office_of()
    adds_outside(office)
    asks(office, K2, ANNA)
    office.do(ConsultationCancelled(contact=C1, agent=BORIS))
    assert only(Gather, office.do(ContactHeld(contact=C1, agent=BORIS))) == replace_outside(gathered(held=True))
    assert only(Gather, office.do(ContactRetrieved(contact=C1, agent=BORIS))) == replace_outside(gathered())


def test_a_customer_who_leaves_takes_somebody_outside_along() -> None:
    office = with_lawyer()
    asks(office, K2, ANNA)
    decisions = office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert only(EndOutside, decisions).attempt == 1
    assert {office.agent(each).state for each in (KATE, ANNA)} == {AgentState.READY}
