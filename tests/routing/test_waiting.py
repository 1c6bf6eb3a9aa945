"""The place in the order, the rings that relax, and the agents who are tried alone first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Agent, Configuration, Destination, EntryRule, Queue, Ring, Strategy
from otklik.contact.decisions import Announce, Offer, Release, SetTimer, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    Configured,
    ContactFinished,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    OfferAnswered,
    OfferDeclined,
    RingDue,
    ShiftEnded,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, CustomerId, OfferNumber
from otklik.routing import AgentState, ContactState, Engine
from otklik.routing.classes import EMPTY_KEPT

C1, C2 = ContactId("c1"), ContactId("c2")
IVAN = CustomerId("ivan")


def sales(**words: Any) -> Configuration:
    """The usual set-up, the queue of sales changed; Anna speaks English well, Boris a little."""
    anna, boris, kate = CONFIGURATION.agents
    return replace(
        CONFIGURATION,
        queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]),
        agents=(replace(anna, skills={"english": 5}), replace(boris, skills={"english": 2}), kate),
    )


def come(office: Office, name: str, **asked: Any) -> list[Offer]:
    office.arrive(name)
    return of(Offer, office.do(ContactQueued(contact=ContactId(name), queue=SALES, **asked)))


def offered(office: Office, seconds: float) -> list[tuple[ContactId, AgentId]]:
    return [(offer.contact, offer.agent) for offer in of(Offer, office.wait(seconds))]


# requirements and rings


def test_contact_goes_only_to_those_who_meet_the_queue_and_the_contact() -> None:
    office = Office(sales(requires="english"), BORIS, ANNA)
    assert [offer.agent for offer in come(office, "c1", requires="english >= 3")] == [ANNA]


def test_ring_relaxes_the_requirement_and_the_place_is_kept() -> None:
    rings = (Ring(after_seconds=10, requires="english >= 2"), Ring(after_seconds=30, requires=""))
    office = Office(sales(requires="english >= 9", rings=rings), BORIS)
    assert come(office, "c1") == []
    assert offered(office, 9.9) == []
    assert offered(office, 0.1) == [(C1, BORIS)]
    assert office.contact("c1").key == (1000.0, C1)


def test_second_ring_follows_the_first() -> None:
    rings = (Ring(after_seconds=10, requires="english >= 8"), Ring(after_seconds=30, requires=""))
    office = Office(sales(requires="english >= 9", rings=rings), BORIS)
    come(office, "c1")
    assert offered(office, 29) == []
    assert offered(office, 1) == [(C1, BORIS)]


def test_ring_timer_of_an_earlier_stay_in_a_queue_changes_nothing() -> None:
    office = Office(sales(requires="english >= 9", rings=(Ring(after_seconds=10),)))
    come(office, "c1")
    office.do(Configured(configuration=sales(requires="english >= 9", rings=(Ring(after_seconds=50),))))
    office.do(RingDue(contact=C1, ring=1, number=1))
    assert office.contact("c1").ring == 0
    office.wait(50)
    assert office.contact("c1").ring == 1


def test_contact_that_comes_back_to_its_queue_begins_the_rings_anew_with_its_old_place() -> None:
    office = Office(sales(requires="english >= 3", rings=(Ring(after_seconds=10),)), ANNA)
    come(office, "c1")
    office.answer("c1")
    office.wait(60)
    office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=OfferNumber(1), cause="lost"))
    office.wait(20)
    assert (office.contact("c1").ring, office.contact("c1").key) == (0, (1000.0, C1))
    office.come(BORIS)
    assert offered(office, 10) == [(C1, BORIS)]


def test_requirement_that_cannot_be_read_keeps_nobody_waiting() -> None:
    office = Office(sales(requires="english >="), BORIS)
    assert [offer.agent for offer in come(office, "c1", requires="(")] == [BORIS]


def test_queue_of_everyone_takes_agents_who_are_not_named_in_it() -> None:
    office = Office(sales(everyone=True), KATE)
    assert [offer.agent for offer in come(office, "c1")] == [KATE]


def test_classes_of_one_contact_alone_are_given_up_when_it_has_gone() -> None:
    office = Office(sales())
    office.come(BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason="tea"))
    for n in range(1000):
        come(office, f"c{n}", requires=f"english >= {n + 3}", agent=BORIS if n % 2 else None)
    assert len(office.engine._centre.classes.known) == 1000
    for n in range(1000):
        office.do(left(ContactId(f"c{n}")))
    assert len(office.engine._centre.classes.known) <= EMPTY_KEPT
    assert office.engine._centre.classes.own == {}


def left(contact: ContactId) -> CustomerLeft:
    return CustomerLeft(contact=contact, cause="hung_up")


# the key


def test_priority_is_worth_waiting_and_a_long_wait_beats_it() -> None:
    office = Office(sales())
    come(office, "c1")
    office.wait(59)
    come(office, "c2", priority=1)
    office.wait(2)
    come(office, "c3", priority=1)
    office.come(BORIS)
    office.come(ANNA)
    ringing = {c.id: c.agent for c in office.engine.contacts()}
    assert ringing == {C2: BORIS, C1: ANNA, ContactId("c3"): None}


def test_queue_and_contact_may_count_as_having_waited_longer() -> None:
    office = Office(sales(adjustment_seconds=5.0, priority=2))
    come(office, "c1", adjustment_seconds=3.0, priority=1)
    contact = office.contact("c1")
    assert (contact.worth_seconds, contact.adjustment_seconds) == (180.0, 8.0)
    assert contact.key == (812.0, C1)


def test_entry_rule_sends_its_priority_and_requirement_along() -> None:
    to = Destination(queue=SALES, priority=2, requires="english >= 3")
    rule = EntryRule(id="all", to=to)
    entry_points = (replace(CONFIGURATION.entry_points[0], rules=(rule,)),)
    office = Office(replace(sales(), entry_points=entry_points), BORIS)
    office.arrive("c1")
    contact = office.contact("c1")
    assert (contact.state, contact.key, contact.requires) == (ContactState.WAITING, (880.0, C1), "english >= 3")
    assert only(Offer, office.come(ANNA)).agent == ANNA


def test_customer_who_turns_out_to_be_a_vip_moves_ahead_and_back() -> None:
    office = Office(sales())
    come(office, "c1")
    office.wait(10)
    come(office, "c2")
    office.do(CustomerIdentified(contact=C2, customer=IVAN, vip=True))
    assert office.contact("c2").key == (710.0, C2)
    assert only(Offer, office.come(BORIS)).contact == C2
    office.do(CustomerIdentified(contact=C2, customer=IVAN, vip=False))
    office.do(OfferDeclined(contact=C2, agent=BORIS, offer=OfferNumber(1)))
    assert office.contact("c2").key == (1010.0, C2)


def test_place_in_the_line_is_told_by_the_key() -> None:
    office = Office(sales())
    come(office, "c1")
    office.wait(1)
    come(office, "c2", priority=1)
    said = [a.speech[0].text for a in of(Announce, office.wait(30)) if a.contact == C1]
    assert said == ["Вы в очереди под номером 2. Оставайтесь на линии."]
    (queue, _) = office.engine.queues()
    assert (queue.waiting, queue.longest_since) == (2, 1000.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.0, 90.0)), min_size=2, max_size=25))
@settings(deadline=None, max_examples=60)
def test_nobody_is_passed_by_whoever_came_later_than_the_priority_is_worth(coming: list[tuple[int, float]]) -> None:
    office, came = Office(sales()), dict[ContactId, tuple[float, int]]()
    for n, (priority, pause) in enumerate(coming):
        office.wait(pause)
        came[ContactId(f"c{n}")] = (office.now, priority)
        come(office, f"c{n}", priority=priority)
    office.come(BORIS)
    served = list[ContactId]()
    while ringing := [c.id for c in office.engine.contacts() if c.agent is not None]:
        served.append(ringing[0])
        office.do(left(ringing[0]))
    assert sorted(served) == sorted(came)
    for place, first in enumerate(served):
        for later in served[place + 1 :]:
            assert came[first][0] - came[later][0] <= (came[first][1] - came[later][1]) * 60 + 1e-9


# agents tried alone


def test_agent_asked_for_by_name_is_waited_for_then_the_queue_at_large() -> None:
    office = Office(sales(), ANNA, BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason="tea"))
    assert come(office, "c1", agent=BORIS, agent_seconds=15.0) == []
    assert offered(office, 14.9) == []
    assert offered(office, 0.1) == [(C1, ANNA)]


def test_agent_asked_for_by_name_need_not_belong_to_the_queue() -> None:
    office = Office(sales(requires="english"), KATE)
    assert [offer.agent for offer in come(office, "c1", agent=KATE)] == [KATE]


def test_nobody_waits_for_an_agent_who_is_not_in_shift_or_goes_home() -> None:
    office = Office(sales(), ANNA)
    assert [offer.agent for offer in come(office, "c1", agent=BORIS)] == [ANNA]
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason="tea"))
    office.come(BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason="tea"))
    office.come(KATE)
    come(office, "c2", agent=KATE)
    office.do(OfferDeclined(contact=C2, agent=KATE, offer=OfferNumber(1)))
    assert come(office, "c3", agent=BORIS) == []
    assert office.contact("c3").pinned == BORIS
    office.do(ShiftEnded(agent=BORIS))
    assert office.contact("c3").pinned is None


def test_agent_asked_for_by_name_who_declines_or_does_not_answer_is_not_waited_for_again() -> None:
    office = Office(sales(), ANNA, BORIS)
    come(office, "c1", agent=ANNA)
    decisions = office.do(OfferDeclined(contact=C1, agent=ANNA, offer=OfferNumber(1)))
    assert decisions[0] == Withdraw(contact=C1, agent=ANNA, offer=OfferNumber(1))
    assert only(Offer, decisions).agent == BORIS


def test_contact_for_one_agent_is_served_in_its_turn_among_the_others() -> None:
    office = Office(sales(), BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason="tea"))
    come(office, "c1")
    office.wait(1)
    come(office, "c2", agent=BORIS, agent_seconds=600.0)
    assert only(Offer, office.do(StatusChosen(agent=BORIS, status="ready"))).contact == C1


def finished(office: Office, name: str, agent: AgentId) -> None:
    office.do(ContactFinished(contact=ContactId(name), agent=agent))
    office.do(WrapUpFinished(contact=ContactId(name), agent=agent, disposition="sold"))


def known(office: Office, name: str, **words: Any) -> list[Offer]:
    office.arrive(name)
    office.do(CustomerIdentified(contact=ContactId(name), customer=IVAN, **words))
    return of(Offer, office.do(ContactQueued(contact=ContactId(name), queue=SALES)))


def test_last_agent_who_talked_to_the_customer_is_tried_first() -> None:
    office = Office(sales(last_agent_seconds=5.0), ANNA)
    known(office, "c1")
    office.answer("c1")
    office.come(BORIS)
    office.wait(30)
    finished(office, "c1", ANNA)
    assert [offer.agent for offer in known(office, "c2")] == [ANNA]


def test_last_agent_is_remembered_over_a_restart_and_tried_no_longer_than_the_queue_says() -> None:
    office = Office(sales(last_agent_seconds=5.0), ANNA)
    known(office, "c1")
    office.answer("c1")
    office.come(BORIS)
    office.engine = Engine.restore(office.engine.snapshot())
    assert known(office, "c2") == []
    assert offered(office, 5) == [(C2, BORIS)]


def test_customers_own_manager_comes_before_the_last_agent() -> None:
    office = Office(sales(last_agent_seconds=5.0, personal_seconds=3.0), ANNA)
    known(office, "c1")
    office.answer("c1")
    office.come(KATE)
    office.do(StatusChosen(agent=KATE, status="not_ready", reason="tea"))
    office.come(BORIS)
    assert known(office, "c2", manager=KATE) == []
    assert office.contact("c2").pinned == KATE
    office.wait(3)
    assert office.contact("c2").pinned == ANNA
    assert offered(office, 5) == [(C2, BORIS)]


def test_manager_found_out_while_waiting_is_tried_from_then_on() -> None:
    office = Office(sales(personal_seconds=30.0), KATE)
    come(office, "c1")
    decisions = office.do(CustomerIdentified(contact=C1, customer=IVAN, manager=KATE))
    assert only(Offer, decisions).agent == KATE


def test_offer_that_rings_at_the_one_agent_goes_on_when_the_time_is_over() -> None:
    office = Office(sales(), BORIS, ANNA)
    come(office, "c1", agent=ANNA, agent_seconds=5.0)
    assert offered(office, 6) == []
    assert (office.contact("c1").state, office.contact("c1").agent) == (ContactState.OFFERED, ANNA)
    assert offered(office, 14) == [(C1, BORIS)]


# strategies


def strategic(strategy: Strategy, **words: Any) -> Office:
    queue = Queue(id=SALES, name="", strategy=strategy, wrap_up_seconds=0.0, **words)
    agents = tuple(
        Agent(id=agent, name=agent, queues={SALES: level}, weight=weight)
        for agent, level, weight in [(ANNA, 3, 1), (BORIS, 9, 0), (KATE, 5, 3)]
    )
    office = Office(replace(CONFIGURATION, queues=(queue,), agents=agents))
    for agent in (ANNA, BORIS, KATE):
        office.come(agent)
        office.wait(1)
    return office


def serve(office: Office, name: str, seconds: float) -> AgentId:
    """Who got it; it takes so long."""
    (offer,) = come(office, name)
    office.answer(name)
    office.wait(seconds)
    office.do(ContactFinished(contact=ContactId(name), agent=offer.agent))
    return offer.agent


@pytest.mark.parametrize(
    ("strategy", "got"),
    [
        ("longest_idle", [ANNA, BORIS, KATE, ANNA, BORIS]),
        ("round_robin", [ANNA, BORIS, KATE, ANNA, BORIS]),
        ("fewest_handled", [ANNA, BORIS, KATE, ANNA, BORIS]),
        ("highest_level", [BORIS, BORIS, BORIS, BORIS, BORIS]),
        ("hunt", [KATE, KATE, KATE, KATE, KATE]),
        ("least_occupied", [ANNA, BORIS, KATE, KATE, KATE]),
    ],
)
def test_strategy_says_who_gets_it(strategy: Strategy, got: list[AgentId]) -> None:
    office = strategic(strategy, hunt=(KATE, ANNA))
    assert [serve(office, f"c{n}", seconds) for n, seconds in enumerate([50, 40, 5, 5, 1])] == got


def test_fewest_handled_counts_the_shift() -> None:
    office = strategic("fewest_handled")
    assert [serve(office, f"c{n}", 1) for n in range(3)] == [ANNA, BORIS, KATE]
    assert office.agent(ANNA).handled == 1
    office.do(ShiftEnded(agent=ANNA))
    office.come(ANNA)
    assert office.agent(ANNA).handled == 0
    assert serve(office, "c9", 1) == ANNA


def test_random_choice_follows_the_weights_and_is_the_same_after_a_restart() -> None:
    office = strategic("weighted_random")
    state = office.engine.snapshot()
    got = [serve(office, f"c{n}", 1) for n in range(200)]
    assert BORIS not in got
    assert 120 < got.count(KATE) < 180
    office.engine = Engine.restore(state)
    assert [serve(office, f"c{n}", 1) for n in range(200)] == got


def test_ring_all_rings_at_all_and_one_wins() -> None:
    office = strategic("ring_all", ring_all_limit=2)
    offers = come(office, "c1")
    assert [(o.agent, o.offer) for o in offers] == [(ANNA, 1), (BORIS, 2)]
    decisions = office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(2)))
    assert decisions[0] == Withdraw(contact=C1, agent=ANNA, offer=OfferNumber(1))
    assert (office.agent(ANNA).state, office.agent(BORIS).state) == (AgentState.READY, AgentState.TALKING)
    late = OfferAnswered(contact=C1, agent=ANNA, offer=OfferNumber(1))
    assert office.do(late) == [Release(contact=C1, agent=ANNA, offer=OfferNumber(1))]


def test_ring_all_goes_on_at_the_others_when_one_declines_and_again_at_all_when_nobody_answers() -> None:
    office = strategic("ring_all")
    come(office, "c1")
    office.do(OfferDeclined(contact=C1, agent=ANNA, offer=OfferNumber(1)))
    contact = office.contact("c1")
    assert (contact.state, contact.agent, set(contact.ringing)) == (ContactState.OFFERED, BORIS, {BORIS, KATE})
    again = [(o.agent, o.offer) for o in of(Offer, office.wait(20))]
    assert again == [(BORIS, 4), (KATE, 5)] or again == [(ANNA, 4), (BORIS, 5), (KATE, 6)]
    assert office.agent(KATE).state is AgentState.OFFERED


def test_caller_who_leaves_while_it_rings_everywhere_frees_all() -> None:
    office = strategic("ring_all")
    come(office, "c1")
    decisions = office.do(left(C1))
    assert [d.agent for d in of(Withdraw, decisions)] == [ANNA, BORIS, KATE]
    assert {agent.state for agent in office.engine.agents()} == {AgentState.READY}


def test_queue_furthest_behind_its_target_is_served_first() -> None:
    queues = (
        replace(CONFIGURATION.queues[0], target_seconds=100.0),
        replace(CONFIGURATION.queues[1], target_seconds=10.0),
    )
    office = Office(replace(CONFIGURATION, queues=queues, order="furthest_behind"))
    office.queue("c1", SALES)
    office.wait(20)
    office.queue("c2", SUPPORT)
    office.wait(5)
    assert only(Offer, office.come(ANNA)).contact == C2


def test_timer_of_a_ring_is_set_once() -> None:
    office = Office(sales(rings=(Ring(after_seconds=10), Ring(after_seconds=20))))
    office.arrive("c1")
    decisions = office.do(ContactQueued(contact=C1, queue=SALES))
    assert [t for t in of(SetTimer, decisions) if isinstance(t.fact, RingDue)] == [
        SetTimer(at=1010.0, fact=RingDue(contact=C1, ring=1, number=1))
    ]
