"""Who it is comes before who is offered, in queues that try the customer's own manager or the last agent first."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, RUSSIAN, SALES, SUPPORT, Office, of

from otklik.contact.configuration import Configuration, Destination, EntryRule, Overflow, Speech
from otklik.contact.decisions import Announce, Decision, Offer, PlayMusic, Refuse, SetTimer
from otklik.contact.facts import (
    Configured,
    ContactArrived,
    ContactPulled,
    ContactPushed,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    CustomerNotFound,
    Fact,
    IdentificationExpired,
    OfferDeclined,
)
from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.routing import ContactState, Engine, EngineState
from otklik.routing.waiting import IDENTIFICATION_SECONDS

C1 = ContactId("c1")
IVAN = CustomerId("ivan")
STRAIGHT = (EntryRule(id="straight", to=Destination(queue=SALES)),)


def centre(**queue: Any) -> Configuration:
    """The number leads straight into the queue of sales."""
    words = {"personal_seconds": 20.0, **queue}
    everybody = tuple(replace(agent, queues={SALES: 5, SUPPORT: 5}) for agent in CONFIGURATION.agents)
    return replace(
        CONFIGURATION,
        queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]),
        agents=everybody,
        entry_points=(replace(CONFIGURATION.entry_points[0], rules=STRAIGHT), CONFIGURATION.entry_points[1]),
    )


def arrived(name: str = "c1", *, follows: bool = True) -> ContactArrived:
    return ContactArrived(
        contact=ContactId(name), channel="voice", entry_point=RUSSIAN, dnis="1000", leg="leg", ani="+79161234567",
        identity_follows=follows,
    )  # fmt: skip


def is_ivan(name: str = "c1", **words: Any) -> CustomerIdentified:
    return CustomerIdentified(contact=ContactId(name), customer=IVAN, **words)


def rung(decisions: list[Decision]) -> list[AgentId]:
    return [offer.agent for offer in of(Offer, decisions)]


def test_own_manager_is_rung_although_somebody_else_has_been_free_for_longer() -> None:
    office = Office(centre(), ANNA, BORIS, KATE)
    assert rung(office.do(arrived())) == []
    assert rung(office.do(is_ivan(manager=KATE))) == [KATE]


def test_last_agent_is_rung_where_the_queue_tries_that_one_first() -> None:
    office = Office(centre(personal_seconds=0.0, last_agent_seconds=20.0), KATE)
    office.do(arrived("before"))
    office.do(is_ivan("before"))
    office.answer("before")
    office.do(CustomerLeft(contact=ContactId("before"), cause="hung_up"))
    office.come(ANNA)
    office.wait(100.0)
    assert rung(office.do(arrived())) == []
    assert rung(office.do(is_ivan())) == [KATE]


def test_unknown_number_rings_as_soon_as_that_is_known() -> None:
    office = Office(centre(), ANNA, BORIS)
    assert rung(office.do(arrived())) == []
    assert rung(office.do(CustomerNotFound(contact=C1))) == [ANNA]


def test_customer_without_a_manager_rings_as_soon_as_that_is_known() -> None:
    office = Office(centre(), ANNA, BORIS)
    office.do(arrived())
    assert rung(office.do(is_ivan())) == [ANNA]


def test_answer_that_does_not_come_is_waited_for_a_short_while_only_and_then_the_queue_at_large_is_rung() -> None:
    office = Office(centre(), ANNA)
    assert SetTimer(at=office.now + IDENTIFICATION_SECONDS, fact=IdentificationExpired(contact=C1)) in office.do(
        arrived()
    )
    assert rung(office.wait(IDENTIFICATION_SECONDS - 0.001)) == []
    assert rung(office.wait(0.001)) == [ANNA]


def test_who_is_found_out_after_that_is_tried_with_the_manager_while_still_waiting() -> None:
    office = Office(centre(), KATE)
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.do(arrived("busy"))
    office.do(CustomerNotFound(contact=ContactId("busy")))
    office.do(arrived())
    office.wait(IDENTIFICATION_SECONDS)
    office.do(is_ivan(manager=KATE))
    assert office.contact("c1").pinned == KATE


@pytest.mark.parametrize(
    "late", [is_ivan(manager=KATE), CustomerNotFound(contact=C1), IdentificationExpired(contact=C1)]
)
def test_whatever_is_said_once_it_rings_takes_nothing_back(late: Fact) -> None:
    office = Office(centre(), ANNA)
    office.do(arrived())
    office.wait(IDENTIFICATION_SECONDS)
    assert rung(office.do(late)) == []
    assert office.contact("c1").state is ContactState.OFFERED


def test_other_queues_ring_at_once_and_so_does_one_who_is_not_looked_up() -> None:
    assert rung(Office(centre(personal_seconds=0.0), ANNA).do(arrived())) == [ANNA]
    assert rung(Office(centre(), ANNA).do(arrived(follows=False))) == [ANNA]


def test_scenario_before_the_queue_leaves_time_enough_and_nothing_is_waited_for() -> None:
    office = Office(replace(centre(), entry_points=CONFIGURATION.entry_points), ANNA, KATE)
    office.do(arrived())
    office.do(is_ivan(manager=KATE))
    assert rung(office.do(ContactQueued(contact=C1, queue=SALES))) == [KATE]


def test_agent_asked_for_by_name_is_rung_at_once_and_the_manager_after() -> None:
    office = Office(replace(centre(), entry_points=CONFIGURATION.entry_points), ANNA, BORIS, KATE)
    office.do(arrived())
    assert rung(office.do(ContactQueued(contact=C1, queue=SALES, agent=BORIS))) == [BORIS]
    office.do(is_ivan(manager=KATE))
    ringing = office.contact("c1")
    assert rung(office.do(OfferDeclined(contact=C1, agent=BORIS, offer=ringing.offer))) == [KATE]


def test_agent_asked_for_by_name_who_declines_before_it_is_known_is_followed_by_nobody_until_then() -> None:
    office = Office(replace(centre(), entry_points=CONFIGURATION.entry_points), ANNA, BORIS, KATE)
    office.do(arrived())
    office.do(ContactQueued(contact=C1, queue=SALES, agent=BORIS))
    assert rung(office.do(OfferDeclined(contact=C1, agent=BORIS, offer=office.contact("c1").offer))) == []
    assert rung(office.do(is_ivan(manager=KATE))) == [KATE]


def test_customer_hears_music_meanwhile_and_the_place_only_if_nobody_is_free() -> None:
    office = Office(centre())
    said = office.do(arrived())
    assert (of(PlayMusic, said), of(Announce, said)) == ([PlayMusic(contact=C1)], [])
    assert len(of(Announce, office.do(CustomerNotFound(contact=C1)))) == 1
    office = Office(centre(), ANNA)
    assert of(Announce, [*office.do(arrived()), *office.do(CustomerNotFound(contact=C1))]) == []


def test_limits_wait_too_so_that_a_free_agent_keeps_nobody_out() -> None:
    away = Destination(reject=Speech(text="Позвоните позже.", language="ru"))
    office = Office(centre(join_empty="ready", otherwise=away, max_wait_seconds=60.0), ANNA)
    office.do(arrived())
    assert office.contact("c1").state is ContactState.WAITING
    assert rung(office.do(CustomerNotFound(contact=C1))) == [ANNA]
    empty = Office(centre(join_empty="ready", otherwise=away))
    empty.do(arrived())
    empty.do(CustomerNotFound(contact=C1))
    assert empty.contact("c1").rejecting


def test_overflow_waits_too_and_then_counts() -> None:
    office = Office(centre(overflow=(Overflow(when="agents", at=9, to=SUPPORT),)))
    office.do(arrived())
    assert office.contact("c1").queue == SALES
    office.do(IdentificationExpired(contact=C1))
    assert office.contact("c1").queue == SUPPORT


def test_set_up_that_asks_for_no_manager_any_more_lets_ring_at_once() -> None:
    office = Office(centre(), ANNA)
    office.do(arrived())
    assert rung(office.do(Configured(configuration=centre(personal_seconds=0.0)))) == [ANNA]


def test_agent_cannot_pick_it_and_is_told_why_but_a_supervisor_may_give_it() -> None:
    office = Office(centre(), ANNA)
    office.do(arrived())
    assert office.engine.pickable(ANNA, 5) == []
    assert office.do(ContactPulled(contact=C1, agent=ANNA)) == [
        Refuse(code="agent_cannot_take", state="identity_awaited")
    ]
    assert rung(office.do(ContactPushed(contact=C1, agent=ANNA, by="olga"))) == [ANNA]


def test_explanation_names_it_and_until_when_at_the_latest() -> None:
    office = Office(centre(), ANNA)
    office.do(arrived())
    (found,) = [each for each in office.engine.explain(C1, office.now) if each.agent == ANNA]
    assert (found.rule, found.until) == ("identity_awaited", office.now + IDENTIFICATION_SECONDS)


def test_wait_that_is_promised_is_nought_where_somebody_is_free() -> None:
    office = Office(centre(), ANNA)
    office.do(arrived())
    office.do(CustomerNotFound(contact=C1))
    assert office.record("c1").promised_seconds == 0.0


# both orders of the facts, with a crash anywhere between them


def told(configuration: Configuration, ready: list[AgentId], facts: list[Fact], crash_after: int) -> list[AgentId]:
    office, offers = Office(configuration, *ready), list[AgentId]()
    for number, fact in enumerate(facts):
        offers += rung(office.do(fact))
        if number == crash_after:
            office.engine = Engine.restore(json.decode(json.encode(office.engine.snapshot()), type=EngineState))
    return offers + rung(office.wait(IDENTIFICATION_SECONDS))


@settings(max_examples=150, deadline=None)
@given(
    ready=st.lists(st.sampled_from([ANNA, BORIS, KATE]), unique=True),
    manager=st.sampled_from([None, ANNA, BORIS, KATE]),
    known=st.booleans(),
    queue=st.sampled_from(
        [{}, {"strategy": "hunt", "hunt": (BORIS,)}, {"strategy": "ring_all"}, {"last_agent_seconds": 9.0}]
    ),
    crash_after=st.integers(0, 2),
)
def test_order_of_the_facts_and_a_crash_between_them_change_nothing(
    ready: list[AgentId], manager: AgentId | None, known: bool, queue: dict[str, Any], crash_after: int
) -> None:
    configuration = replace(centre(**queue), entry_points=CONFIGURATION.entry_points)
    who: Fact = is_ivan(manager=manager) if known else CustomerNotFound(contact=C1)
    rest: list[Fact] = [who, ContactQueued(contact=C1, queue=SALES)]
    found = [told(configuration, ready, [arrived(), *order], crash_after) for order in permutations(rest)]
    assert found[0] == found[1]
    if known and manager in ready:
        assert found[0] == [manager]
    elif ready:
        assert found[0], "somebody is rung"
