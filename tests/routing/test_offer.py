"""From the queue to the ring: who gets it, and what becomes of the offer."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from tests.routing.centre import (
    ANNA,
    BORIS,
    CONFIGURATION,
    ENGLISH,
    KATE,
    SALES,
    SUPPORT,
    Office,
    of,
    offer,
    only,
    with_queue,
)

from otklik.contact.configuration import Speech
from otklik.contact.decisions import (
    Announce,
    Connect,
    End,
    Hold,
    Mute,
    Offer,
    PlayMusic,
    Record,
    Release,
    RunScenario,
    SetTimer,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    AgentReachable,
    AgentUnreachable,
    AnnouncementDue,
    ContactArrived,
    ContactHeld,
    ContactQueued,
    ContactTransferred,
    CustomerLeft,
    DeclineLapsed,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    ShiftEnded,
)
from otklik.contact.ids import ContactId, EntryPointId, OfferNumber, QueueId, ScenarioId
from otklik.routing import AgentState, ContactState

C1, C2 = ContactId("c1"), ContactId("c2")
ONE, TWO = OfferNumber(1), OfferNumber(2)


def declined(office: Office, name: str) -> OfferDeclined:
    contact = office.contact(name)
    assert contact.agent is not None
    return OfferDeclined(contact=contact.id, agent=contact.agent, offer=contact.offer)


def test_arriving_contact_is_recorded_and_hears_its_scenario() -> None:
    assert Office().arrive("c1") == [Record(contact=C1), RunScenario(contact=C1, scenario=ScenarioId("menu-ru"))]


def test_arriving_twice_is_once() -> None:
    office = Office()
    office.arrive("c1")
    assert office.arrive("c1") == []


def test_unknown_entry_point_leads_to_the_first_queue() -> None:
    office = Office()
    office.arrive("c1", EntryPointId("9999"))
    assert (office.contact("c1").state, office.contact("c1").queue) == (ContactState.WAITING, SALES)


def test_unknown_queue_is_the_first_one() -> None:
    office = Office()
    office.queue("c1", QueueId("nowhere"))
    assert office.contact("c1").queue == SALES


def test_contact_with_a_free_agent_rings_at_once_with_music_for_the_customer() -> None:
    office = Office(CONFIGURATION, ANNA)
    assert office.queue("c1") == [
        offer("c1", ANNA),
        SetTimer(at=1020.0, fact=OfferExpired(contact=C1, agent=ANNA, offer=ONE)),
        PlayMusic(contact=C1),
    ]
    assert (office.agent(ANNA).state, office.agent(ANNA).pressing) == (AgentState.OFFERED, C1)


def test_contact_without_a_free_agent_hears_music_and_its_place() -> None:
    office = Office(CONFIGURATION, KATE)
    office.queue("c1")
    speech = Speech(text="Вы в очереди под номером 2. Оставайтесь на линии.", language="ru")
    assert office.queue("c2") == [
        PlayMusic(contact=C2),
        Announce(contact=C2, speech=(speech,)),
        SetTimer(at=1030.0, fact=AnnouncementDue(contact=C2, number=1)),
    ]


def test_place_is_said_in_the_language_of_the_scenario() -> None:
    office = Office()
    said = only(Announce, office.queue("c1", entry_point=ENGLISH))
    assert said.speech == (Speech(text="Your call is next. Please stay on the line.", language="en"),)


def test_place_is_said_again_and_moves_up() -> None:
    office = Office()
    office.queue("c1")
    office.queue("c2")
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    said = only(Announce, office.wait(30))
    assert (said.contact, said.speech[0].text) == (C2, "Ваш звонок следующий. Оставайтесь на линии.")


def test_announcement_is_not_spoken_while_an_agent_rings_but_goes_on_after() -> None:
    office = Office(with_queue(ring_seconds=45, announce_every_seconds=30))
    office.queue("c1")
    office.wait(10)
    office.come(ANNA)
    assert of(Announce, office.wait(25)) == []
    assert len(of(Announce, office.wait(40))) == 1


def test_repeated_announcement_timer_says_nothing() -> None:
    office = Office()
    office.queue("c1")
    assert len(of(Announce, office.wait(30))) == 1
    assert office.do(AnnouncementDue(contact=C1, number=1)) == []


def test_no_announcements_when_the_queue_wants_none() -> None:
    office = Office(with_queue(announce_every_seconds=0))
    assert office.queue("c1") == [PlayMusic(contact=C1)]


def test_longest_idle_agent_is_offered_first() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.wait(5)
    office.come(BORIS)
    assert only(Offer, office.queue("c1")).agent == ANNA


def test_equally_idle_agents_go_by_level() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    assert only(Offer, office.queue("c1")).agent == BORIS


def test_agent_who_becomes_free_takes_the_longest_waiting_over_all_queues() -> None:
    office = Office()
    office.queue("c1", SUPPORT)
    office.wait(1)
    office.queue("c2", SALES)
    assert only(Offer, office.come(ANNA)).contact == C1


def test_agent_is_not_offered_a_queue_that_is_not_served() -> None:
    office = Office(CONFIGURATION, KATE)
    assert of(Offer, office.queue("c1", SALES)) == []


def test_unreachable_agent_is_offered_nothing_until_reachable() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.do(AgentUnreachable(agent=ANNA))
    assert of(Offer, office.queue("c1")) == []
    assert only(Offer, office.do(AgentReachable(agent=ANNA))).contact == C1


def test_answered_offer_connects() -> None:
    office = Office(CONFIGURATION, ANNA)
    assert office.talk("c1") == [Connect(contact=C1, agent=ANNA, offer=ONE)]
    assert (office.contact("c1").state, office.agent(ANNA).state) == (ContactState.TALKING, AgentState.TALKING)


def test_unanswered_offer_goes_to_the_next_agent_and_keeps_its_place() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    office.queue("c1")
    office.wait(1)
    office.come(KATE)
    decisions = office.wait(19)
    assert decisions == [
        Withdraw(contact=C1, agent=BORIS, offer=ONE),
        offer("c1", ANNA, 2),
        SetTimer(at=1040.0, fact=OfferExpired(contact=C1, agent=ANNA, offer=TWO)),
    ]
    assert (office.agent(BORIS).state, office.agent(BORIS).reason) == (AgentState.NOT_READY, "missed")
    assert office.contact("c1").queued_at == 1000.0


@pytest.mark.parametrize("passed_on", [False, True])
def test_while_desks_do_not_answer_the_music_that_has_begun_goes_on_from_one_to_the_next(passed_on: bool) -> None:
    office = Office(with_queue(ring_seconds=15, announce_every_seconds=0), ANNA)
    if passed_on:
        office.talk("c1")
        office.come(BORIS)
        transfer = ContactTransferred(contact=C1, agent=ANNA, to_queue=None, to_agent=BORIS, agent_seconds=30.0)
        begun = office.do(transfer)
    else:
        begun = office.queue("c1")
        office.come(BORIS)
    assert (len(of(Offer, begun)), len(of(PlayMusic, begun))) == (1, 1)
    missed = office.wait(15)
    assert len(of(Withdraw, missed)) == 1
    assert (of(PlayMusic, missed), of(Announce, missed), of(End, missed)) == ([], [], [])
    assert office.contact("c1").music
    assert [each.agent for each in of(Offer, missed)] == ([] if passed_on else [BORIS])


def test_declined_contact_keeps_its_place_before_those_who_came_later() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.queue("c1")
    office.wait(1)
    office.queue("c2")
    decisions = office.do(declined(office, "c1"))
    assert decisions[0] == Withdraw(contact=C1, agent=BORIS, offer=ONE)
    assert only(Offer, decisions).contact == C2
    assert only(Offer, office.come(ANNA)).contact == C1


def test_declined_contact_is_offered_to_the_same_agent_after_the_pause() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.do(declined(office, "c1"))
    assert office.agent(ANNA).state is AgentState.READY
    assert of(Offer, office.wait(19)) == []
    assert of(Offer, office.wait(1)) == [offer("c1", ANNA, 2)]


def test_old_decline_timer_does_not_end_a_newer_pause() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.do(declined(office, "c1"))
    office.wait(20)
    office.do(declined(office, "c1"))
    assert office.do(DeclineLapsed(contact=C1, agent=ANNA, offer=ONE)) == []


def test_failed_offer_makes_the_agent_unreachable_not_missed() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    office.queue("c1")
    decisions = office.do(OfferFailed(contact=C1, agent=BORIS, offer=ONE, cause="no endpoint"))
    assert of(Offer, decisions) == [offer("c1", ANNA, 2)]
    assert (office.agent(BORIS).state, office.agent(BORIS).reachable) == (AgentState.READY, False)


def test_agent_whose_phone_goes_while_it_rings_loses_the_offer() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    assert office.do(AgentUnreachable(agent=ANNA))[0] == Withdraw(contact=C1, agent=ANNA, offer=ONE)
    assert office.contact("c1").state is ContactState.WAITING


def test_agent_who_goes_home_while_it_rings_is_offline_at_once() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    assert office.do(ShiftEnded(agent=ANNA))[0] == Withdraw(contact=C1, agent=ANNA, offer=ONE)
    assert office.agent(ANNA).state is AgentState.OFFLINE


def test_line_that_answers_after_the_withdrawal_is_released() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.wait(20)
    late = OfferAnswered(contact=C1, agent=ANNA, offer=ONE)
    assert office.do(late) == [Release(contact=C1, agent=ANNA, offer=ONE)]
    assert office.contact("c1").state is ContactState.WAITING


def test_line_that_answers_after_the_customer_left_is_released() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    late = OfferAnswered(contact=C1, agent=ANNA, offer=ONE)
    assert office.do(late) == [Release(contact=C1, agent=ANNA, offer=ONE)]


def test_answer_told_twice_connects_again_and_changes_nothing() -> None:
    """After a restart the switch names every line that is up; whether it was connected, muted or not, nobody knows."""
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    answered = OfferAnswered(contact=C1, agent=ANNA, offer=ONE)
    before = office.engine.snapshot()
    assert office.do(answered) == [
        Connect(contact=C1, agent=ANNA, offer=ONE),
        Mute(contact=C1, agent=ANNA, offer=ONE, muted=False),
    ]
    assert office.engine.snapshot() == before


def test_answer_told_twice_on_hold_and_muted_says_hold_and_mute_again() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.do(AgentMuted(contact=C1, agent=ANNA, muted=True))
    office.do(ContactHeld(contact=C1, agent=ANNA))
    told = office.do(OfferAnswered(contact=C1, agent=ANNA, offer=ONE))
    assert told == [Hold(contact=C1), Mute(contact=C1, agent=ANNA, offer=ONE, muted=True)]


def test_other_late_facts_about_an_old_offer_change_nothing() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    before = office.engine.snapshot()
    assert office.do(OfferExpired(contact=C1, agent=ANNA, offer=ONE)) == []
    assert office.do(OfferDeclined(contact=C1, agent=ANNA, offer=ONE)) == []
    assert office.do(OfferFailed(contact=C1, agent=ANNA, offer=ONE, cause="x")) == []
    assert office.do(ContactQueued(contact=C1, queue=SUPPORT)) == []
    assert office.engine.snapshot() == before


def test_customer_who_leaves_while_it_rings_frees_the_agent_for_the_next() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.queue("c2")
    decisions = office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert decisions[:2] == [Withdraw(contact=C1, agent=ANNA, offer=ONE), offer("c2", ANNA)]
    assert office.record("c1").outcome == "abandoned"


def test_agent_whose_customer_gave_up_stays_the_longest_idle() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.wait(5)
    office.come(BORIS)
    office.queue("c1")
    office.wait(3)
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert only(Offer, office.queue("c2")).agent == ANNA


def test_agent_who_declines_without_a_pause_gets_who_came_before() -> None:
    office = Office(with_queue(decline_pause_seconds=0), BORIS)
    office.talk("c1")
    office.do(AgentLegEnded(contact=C1, agent=BORIS, offer=ONE, cause="lost"))
    office.wait(10)
    office.come(ANNA)
    office.queue("c2")
    office.wait(10)
    assert office.contact("c1").state is ContactState.WAITING
    assert only(Offer, office.do(declined(office, "c2"))) == offer("c1", ANNA, 2)


def test_head_of_ten_thousand_is_found_without_looking_at_the_rest() -> None:
    """Counts, not seconds: the contacts that the rules are asked about when an agent becomes free."""
    office = Office()
    for n in range(10_000):
        office.now += 0.001
        office.do(
            ContactArrived(contact=ContactId(f"c{n}"), channel="voice", entry_point=EntryPointId("?"), dnis="", leg="l")
        )
    asked = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal asked
        asked += event == "call" and frame.f_code.co_name == "exclusion"

    sys.setprofile(count)
    try:
        decisions = office.come(ANNA)
    finally:
        sys.setprofile(None)
    assert only(Offer, decisions).contact == ContactId("c0")
    assert asked <= 5
