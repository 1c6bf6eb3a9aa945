"""With an agent: hold, mute, a lost line and its return, the end, the wrap-up, and the account that remains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SOLD, Office, of, offer, only, with_queue

from otklik.contact.configuration import Speech
from otklik.contact.decisions import (
    Announce,
    Connect,
    End,
    Hold,
    Mute,
    Offer,
    PlayMusic,
    Refuse,
    Rejoin,
    Release,
    Retrieve,
    SetTimer,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    Configured,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    ContactTransferred,
    CustomerIdentified,
    CustomerLeft,
    Fact,
    LeaveCause,
    OfferAnswered,
    OfferFailed,
    RecordingStored,
    RejoinAsked,
    RejoinExpired,
    WrapUpExpired,
    WrapUpExtended,
    WrapUpFinished,
)
from otklik.contact.ids import ContactId, CustomerId, OfferNumber
from otklik.contact.record import Segment
from otklik.routing import AgentState, ContactState
from otklik.routing.announcement import agent_lost_speech

C1, C2 = ContactId("c1"), ContactId("c2")
ONE, TWO, THREE = OfferNumber(1), OfferNumber(2), OfferNumber(3)
LOST = AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost")
ASKED = RejoinAsked(contact=C1, agent=ANNA)


@pytest.fixture
def office() -> Office:
    """Anna talks to c1 since 1000."""
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    return office


def states(office: Office, name: str = "c1") -> tuple[ContactState, AgentState]:
    return office.contact(name).state, office.agent(ANNA).state


def test_hold_and_retrieve(office: Office) -> None:
    assert office.do(ContactHeld(contact=C1, agent=ANNA)) == [Hold(contact=C1)]
    assert states(office) == (ContactState.HELD, AgentState.HELD)
    assert office.do(ContactRetrieved(contact=C1, agent=ANNA)) == [Retrieve(contact=C1, agent=ANNA, offer=ONE)]
    assert states(office) == (ContactState.TALKING, AgentState.TALKING)


def test_mute_is_told_once(office: Office) -> None:
    muted = AgentMuted(contact=C1, agent=ANNA, muted=True)
    assert office.do(muted) == [Mute(contact=C1, agent=ANNA, offer=ONE, muted=True)]
    assert office.do(muted) == []


@pytest.mark.parametrize(
    "wish",
    [
        ContactHeld(contact=C1, agent=BORIS),
        ContactRetrieved(contact=C2, agent=ANNA),
        AgentMuted(contact=C1, agent=BORIS, muted=True),
        RejoinAsked(contact=C1, agent=BORIS),
        ContactFinished(contact=C1, agent=BORIS),
        WrapUpFinished(contact=C1, agent=BORIS, disposition=SOLD),
        WrapUpFinished(contact=C2, agent=ANNA, disposition=SOLD),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_only_who_has_the_contact_may_act_on_it(office: Office, wish: Fact) -> None:
    before = office.engine.snapshot()
    assert office.do(wish) == [Refuse(code="no_such_contact")]
    assert office.engine.snapshot() == before


def test_wish_that_the_state_forbids_is_refused_with_the_state(office: Office) -> None:
    refusal = [Refuse(code="move_not_allowed", state="talking")]
    assert office.do(ContactRetrieved(contact=C1, agent=ANNA)) == refusal
    assert office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD)) == refusal


def test_lost_line_is_told_to_the_customer_before_the_music_and_waits_for_the_page(office: Office) -> None:
    assert office.do(LOST) == [
        PlayMusic(contact=C1),
        Announce(contact=C1, speech=(agent_lost_speech("ru"),)),
        SetTimer(at=1020.0, fact=RejoinExpired(contact=C1, agent=ANNA, offer=ONE)),
    ]
    assert states(office) == (ContactState.REJOINING, AgentState.REJOINING)


def test_customer_on_hold_hears_nothing_of_a_lost_line(office: Office) -> None:
    office.do(ContactHeld(contact=C1, agent=ANNA))
    assert of(Announce, office.do(LOST)) == []


def test_queue_has_words_of_its_own_for_a_lost_line(office: Office) -> None:
    queues = office.engine.configuration.queues
    words = (Speech(text="One moment", language="en"), Speech(text="Минуту", language="ru"))
    wanted = replace(office.engine.configuration, queues=tuple(replace(each, agent_lost=words) for each in queues))
    office.do(Configured(configuration=wanted))
    assert only(Announce, office.do(LOST)).speech == (words[1],)


def test_page_that_comes_back_is_rung_under_a_new_number_and_goes_on_talking(office: Office) -> None:
    office.do(LOST)
    assert office.do(ASKED) == [Rejoin(contact=C1, agent=ANNA, offer=TWO, replaces=ONE)]
    assert office.do(OfferAnswered(contact=C1, agent=ANNA, offer=TWO)) == [Connect(contact=C1, agent=ANNA, offer=TWO)]
    assert states(office) == (ContactState.TALKING, AgentState.TALKING)
    assert office.wait(30) == []


def test_page_that_asks_before_its_line_is_missed_hears_no_music_and_the_old_line_no_longer_counts(
    office: Office,
) -> None:
    assert office.do(ASKED) == [
        Rejoin(contact=C1, agent=ANNA, offer=TWO, replaces=ONE),
        SetTimer(at=1020.0, fact=RejoinExpired(contact=C1, agent=ANNA, offer=ONE)),
    ]
    assert office.do(LOST) == []
    office.do(OfferAnswered(contact=C1, agent=ANNA, offer=TWO))
    assert office.do(LOST) == []
    assert office.contact("c1").state is ContactState.TALKING


def test_second_reload_withdraws_the_first_rejoin(office: Office) -> None:
    office.do(ASKED)
    assert office.do(ASKED) == [
        Withdraw(contact=C1, agent=ANNA, offer=TWO),
        Rejoin(contact=C1, agent=ANNA, offer=THREE, replaces=ONE),
    ]
    late = OfferAnswered(contact=C1, agent=ANNA, offer=TWO)
    assert office.do(late) == [Release(contact=C1, agent=ANNA, offer=TWO)]


def test_held_and_muted_contact_comes_back_held_and_muted(office: Office) -> None:
    office.do(AgentMuted(contact=C1, agent=ANNA, muted=True))
    office.do(ContactHeld(contact=C1, agent=ANNA))
    office.do(LOST)
    office.do(ASKED)
    assert office.do(OfferAnswered(contact=C1, agent=ANNA, offer=TWO)) == [
        Hold(contact=C1),
        Mute(contact=C1, agent=ANNA, offer=TWO, muted=True),
    ]
    assert states(office) == (ContactState.HELD, AgentState.HELD)


def test_failed_rejoin_plays_music_until_the_time_is_over(office: Office) -> None:
    office.do(ASKED)
    failed = OfferFailed(contact=C1, agent=ANNA, offer=TWO, cause="gone")
    assert office.do(failed) == [PlayMusic(contact=C1)]
    assert office.contact("c1").state is ContactState.REJOINING
    office.wait(20)
    assert office.contact("c1").state is ContactState.WAITING


def test_agent_who_does_not_come_back_loses_the_contact_to_the_next_with_its_old_place(office: Office) -> None:
    office.wait(1)
    office.queue("c2")
    office.do(LOST)
    decisions = office.wait(20)
    assert of(Release, decisions) == [Release(contact=C1, agent=ANNA, offer=ONE)]
    agent = office.agent(ANNA)
    assert (agent.state, agent.reason, agent.reachable) == (AgentState.NOT_READY, "missed", True)
    assert only(Offer, office.come(BORIS)) == offer("c1", BORIS, 2)


def test_contact_returned_to_the_queue_is_still_answered_when_the_customer_gives_up(office: Office) -> None:
    office.wait(5)
    office.do(LOST)
    office.wait(20)
    office.wait(10)
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    record = office.record("c1")
    assert (record.outcome, record.stage, record.agent) == ("answered", "waiting", ANNA)
    assert record.segments == (
        Segment(kind="scenario", started_at=1000.0, ended_at=1000.0),
        Segment(kind="queue", started_at=1000.0, ended_at=1000.0, queue=SALES),
        Segment(kind="agent", started_at=1000.0, ended_at=1025.0, queue=SALES, agent=ANNA),
        Segment(kind="queue", started_at=1025.0, ended_at=1035.0, queue=SALES),
    )
    assert (record.wait_seconds, record.talk_seconds) == (10.0, 25.0)


def test_agent_ends_the_conversation_from_the_desk(office: Office) -> None:
    assert office.do(ContactFinished(contact=C1, agent=ANNA)) == [
        Release(contact=C1, agent=ANNA, offer=ONE),
        SetTimer(at=1060.0, fact=WrapUpExpired(contact=C1, agent=ANNA)),
        End(contact=C1),
    ]
    assert states(office) == (ContactState.WRAP_UP, AgentState.WRAP_UP)
    office.wait(5)
    assert office.do(CustomerLeft(contact=C1, cause="hung_up")) == []
    assert office.record("c1").ended_at == 1000.0


def test_agent_who_hangs_up_ends_the_conversation(office: Office) -> None:
    hung_up = AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="hung_up")
    assert office.do(hung_up)[0] == End(contact=C1)
    assert office.contact("c1").state is ContactState.WRAP_UP


def test_customer_who_hangs_up_in_the_conversation_leaves_an_answered_contact(office: Office) -> None:
    office.wait(10)
    office.do(ContactHeld(contact=C1, agent=ANNA))
    office.wait(4)
    office.do(ContactRetrieved(contact=C1, agent=ANNA))
    office.wait(6)
    decisions = office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert of(Release, decisions) == [Release(contact=C1, agent=ANNA, offer=ONE)]
    record = office.record("c1")
    assert (record.outcome, record.talk_seconds, record.hold_seconds) == ("answered", 16.0, 4.0)


def test_wrap_up_ends_with_a_disposition_and_the_agent_takes_the_next(office: Office) -> None:
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.queue("c2")
    office.wait(7)
    assert of(Offer, office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))) == [offer("c2", ANNA)]
    record = office.record("c1")
    assert (record.disposition, record.wrap_up_seconds) == (SOLD, 7.0)


def test_wrap_up_needs_a_disposition_from_the_list(office: Office) -> None:
    office.do(ContactFinished(contact=C1, agent=ANNA))
    none = WrapUpFinished(contact=C1, agent=ANNA)
    assert office.do(none) == [Refuse(code="disposition_required")]
    unknown = WrapUpFinished(contact=C1, agent=ANNA, disposition="unknown")
    assert office.do(unknown) == [Refuse(code="no_such_disposition")]
    assert office.agent(ANNA).state is AgentState.WRAP_UP


def test_wrap_up_runs_out_and_the_outcome_is_still_taken_once(office: Office) -> None:
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.wait(60)
    assert office.agent(ANNA).state is AgentState.READY
    late = WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD)
    assert office.do(late) == []
    assert office.record("c1").disposition == SOLD
    assert office.do(late) == [Refuse(code="no_such_contact")]


def test_old_wrap_up_timer_does_not_end_the_next_wrap_up(office: Office) -> None:
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    office.wait(50)
    office.talk("c2")
    office.do(ContactFinished(contact=C2, agent=ANNA))
    office.wait(20)
    assert office.agent(ANNA).state is AgentState.WRAP_UP


def test_queue_without_wrap_up_makes_the_agent_ready_at_once() -> None:
    office = Office(with_queue(wrap_up_seconds=0), ANNA)
    office.talk("c1")
    office.do(ContactFinished(contact=C1, agent=ANNA))
    assert office.agent(ANNA).state is AgentState.READY
    assert office.engine.contact(C1) is None


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [("hung_up", "abandoned"), ("busy_nowhere", "abandoned"), ("media_lost", "lost"), ("node_lost", "lost")],
)
def test_customer_who_leaves_before_an_agent_is_abandoned_or_lost(cause: LeaveCause, outcome: str) -> None:
    office = Office()
    office.arrive("c1")
    office.do(CustomerLeft(contact=C1, cause=cause))
    assert (office.record("c1").outcome, office.record("c1").stage) == (outcome, "scenario")


def test_recording_that_comes_after_everything_is_in_the_account(office: Office) -> None:
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    office.engine.take_touched()
    office.wait(300)
    office.do(RecordingStored(contact=C1, key="k", seconds=3.5))
    (record,) = office.engine.take_touched().records
    assert (record.contact, record.recording_key, record.recording_seconds) == (C1, "k", 3.5)


def test_ended_contact_is_forgotten_after_ten_minutes(office: Office) -> None:
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.wait(60)
    office.engine.take_touched()
    office.wait(600)
    office.come(KATE)
    assert office.engine.record(C1) is None
    assert office.do(RecordingStored(contact=C1, key="k", seconds=1)) == []


def test_customer_is_identified_at_any_time(office: Office) -> None:
    office.do(CustomerIdentified(contact=C1, customer=CustomerId("ivan"), vip=True))
    assert (office.contact("c1").customer, office.contact("c1").vip) == ("ivan", True)


def test_touched_names_who_changed_since_the_last_asking(office: Office) -> None:
    office.engine.take_touched()
    office.do(ContactHeld(contact=C1, agent=ANNA))
    touched = office.engine.take_touched()
    assert (touched.contacts, touched.agents) == (frozenset({C1}), frozenset({ANNA}))
    assert [record.stage for record in touched.records] == ["held"]
    assert office.engine.take_touched().records == ()


def test_hold_that_the_customer_ends_by_leaving_is_counted(office: Office) -> None:
    office.do(ContactHeld(contact=C1, agent=ANNA))
    office.wait(4)
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    record = office.record("c1")
    assert (record.stage, record.talk_seconds, record.hold_seconds) == ("held", 0.0, 4.0)


def wrapping_up(**words: Any) -> Office:
    sales, support = CONFIGURATION.queues
    office = Office(replace(CONFIGURATION, queues=(replace(sales, **words), support)), ANNA)
    office.talk("c1")
    office.do(ContactFinished(contact=C1, agent=ANNA))
    return office


MORE = WrapUpExtended(contact=C1, agent=ANNA)


def test_wrap_up_is_extended_up_to_the_limit_and_the_old_timer_changes_nothing() -> None:
    office = wrapping_up(wrap_up_seconds=10.0, wrap_up_extension_seconds=20.0, wrap_up_limit_seconds=45.0)
    assert office.do(MORE) == [SetTimer(at=1030.0, fact=WrapUpExpired(contact=C1, agent=ANNA))]
    office.wait(29)
    assert office.agent(ANNA).state is AgentState.WRAP_UP
    assert office.do(MORE) == [SetTimer(at=1045.0, fact=WrapUpExpired(contact=C1, agent=ANNA))]
    assert office.do(MORE) == [Refuse(code="wrap_up_limit")]
    office.wait(15.9)
    assert office.agent(ANNA).state is AgentState.WRAP_UP
    office.wait(0.1)
    assert office.agent(ANNA).state is AgentState.READY
    assert office.record("c1").wrap_up_seconds == 45.0


def test_manual_wrap_up_lasts_until_the_agent_ends_it() -> None:
    office = wrapping_up(wrap_up_manual=True)
    office.wait(10_000)
    assert office.do(MORE) == []
    assert office.agent(ANNA).state is AgentState.WRAP_UP
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    assert office.agent(ANNA).state is AgentState.READY


def test_wrap_up_is_extended_only_in_wrap_up() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    assert office.do(MORE) == [Refuse(code="move_not_allowed", state="talking")]


def test_line_of_one_who_passed_the_customer_on_is_not_that_of_the_next() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("first")
    office.do(ContactTransferred(contact=ContactId("first"), agent=ANNA, to_queue=SALES))
    office.come(BORIS)
    office.answer("first")
    contact = office.contact("first")
    assert (contact.agent, contact.line is not None) == (BORIS, True)
    ended = AgentLegEnded(contact=contact.id, agent=ANNA, offer=contact.connected_line, cause="lost")
    assert office.do(ended) == []
    assert office.contact("first").state is ContactState.TALKING
