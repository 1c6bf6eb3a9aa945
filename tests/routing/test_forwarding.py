"""Calls for an agent in person who is away: where they go, that they never go round, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.routing.centre import (
    ANNA,
    BORIS,
    CONFIGURATION,
    KATE,
    LUNCH,
    RUSSIAN,
    SALES,
    SUPPORT,
    Office,
    of,
    only,
    with_queue,
)

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import CallOutside, Decision, Offer, Refuse, SetTimer, Withdraw
from otklik.contact.facts import (
    AgentForwarded,
    AgentUnreachable,
    ColleagueCalled,
    Configured,
    ConsultationAsked,
    ContactArrived,
    ContactQueued,
    ContactTransferred,
    CustomerIdentified,
    CustomerLeft,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    PinExpired,
    ShiftEnded,
    StatusChosen,
)
from otklik.contact.forwarding import Forward, Forwarded
from otklik.contact.ids import AgentId, ContactId, CustomerId, OfferNumber
from otklik.contact.outside_number import OutsideEnded
from otklik.routing import AgentState, ContactState
from otklik.routing.audit import faults
from otklik.routing.forwarding import MOST

C1, CALL, SIDE = ContactId("c1"), ContactId("call"), ContactId("side")
MOBILE = "+79031112233"


def office(*ready: AgentId, configuration: Configuration = CONFIGURATION, **forwards: Forward) -> Office:
    """Those who are ready; the others are off shift."""
    made = Office(configuration, *ready)
    for agent, to in forwards.items():
        assert made.do(AgentForwarded(agent=AgentId(agent), to=to)) == []
    return made


def to(agent: AgentId) -> Forward:
    return Forward(agent=agent)


def asked_for(where: Office, agent: AgentId, seconds: float = 60.0) -> list[Decision]:
    """A flow has asked for this agent by name."""
    where.arrive("c1")
    return where.do(ContactQueued(contact=C1, queue=SALES, choices=(), agent=agent, agent_seconds=seconds))


def rung(decisions: list[Decision]) -> list[AgentId]:
    return [each.agent for each in of(Offer, decisions)]


def pauses(where: Office, agent: AgentId) -> list[Decision]:
    return where.do(StatusChosen(agent=agent, status="not_ready", reason=LUNCH))


# to a colleague


def test_call_for_an_agent_off_shift_rings_at_the_colleague_named_and_why_says_so() -> None:
    where = office(KATE, ANNA, boris=to(KATE))
    told = asked_for(where, BORIS)
    assert rung(told) == [KATE], "who is not even of the queue: Boris has said so"
    assert only(Forwarded, told) == Forwarded(contact=C1, agent=BORIS, to_agent=KATE)
    assert where.contact("c1").meant_for == BORIS


def test_who_is_on_a_pause_or_without_a_telephone_is_away_and_who_talks_is_not() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    pauses(where, BORIS)
    assert rung(asked_for(where, BORIS)) == [KATE]
    where = office(BORIS, KATE, boris=to(KATE))
    where.do(AgentUnreachable(agent=BORIS))
    assert rung(asked_for(where, BORIS)) == [KATE]
    where = office(BORIS, KATE, boris=to(KATE))
    where.talk("c2")
    assert rung(asked_for(where, BORIS)) == []
    assert where.contact("c1").pinned == BORIS


def test_who_does_not_answer_or_is_busy_for_too_long_is_not_waited_for() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    ring = only(Offer, asked_for(where, BORIS))
    missed = where.do(OfferExpired(contact=C1, agent=BORIS, offer=ring.offer))
    assert rung(missed) == [KATE]
    assert only(Withdraw, missed).agent == BORIS
    where = office(BORIS, KATE, boris=to(KATE))
    where.talk("c2")
    asked_for(where, BORIS, seconds=40.0)
    assert rung(where.wait(39)) == []
    assert rung(where.wait(2)) == [KATE]


def test_ring_that_outlasts_the_time_for_one_agent_is_led_on_when_it_comes_to_nothing() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    assert rung(asked_for(where, BORIS, seconds=5.0)) == [BORIS]
    assert rung(where.wait(19)) == [], "it rings on"
    assert rung(where.wait(2)) == [KATE]


def test_who_declines_is_there_and_the_call_goes_on_as_ever() -> None:
    where = office(BORIS, KATE, ANNA, boris=to(KATE))
    where.talk("c2")  # at Anna or Boris, whoever was idle longest
    busy = where.contact("c2").agent
    free = ANNA if busy == BORIS else BORIS
    where.do(AgentForwarded(agent=free, to=to(KATE)))
    ring = only(Offer, asked_for(where, free))
    assert rung(where.do(OfferDeclined(contact=C1, agent=free, offer=ring.offer))) == []
    assert where.contact("c1").pinned is None


def test_what_waits_for_an_agent_is_led_on_when_the_agent_goes_away_or_says_where_to() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    where.talk("c2")
    asked_for(where, BORIS)
    assert rung(pauses(where, BORIS)) == [KATE]
    where = office(BORIS, KATE)
    where.talk("c2")
    asked_for(where, BORIS)
    pauses(where, BORIS)
    assert rung(where.do(AgentForwarded(agent=BORIS, to=to(KATE)))) == [KATE]


def familiar(configuration: Configuration = CONFIGURATION) -> Configuration:
    queues = (replace(each, personal_seconds=30.0, last_agent_seconds=30.0) for each in configuration.queues)
    return replace(configuration, queues=tuple(queues))


def known(where: Office, manager: AgentId | None) -> list[Decision]:
    """Ivan calls."""
    where.do(
        ContactArrived(contact=C1, channel="voice", entry_point=RUSSIAN, dnis="1000", leg="l", identity_follows=True)
    )
    where.do(ContactQueued(contact=C1, queue=SUPPORT, choices=()))
    return where.do(CustomerIdentified(contact=C1, customer=CustomerId("ivan"), vip=False, manager=manager))


def test_customers_own_agent_is_personal_and_whoever_talked_last_is_not() -> None:
    assert rung(known(office(KATE, ANNA, configuration=familiar(), boris=to(KATE)), BORIS)) == [KATE]
    where = office(BORIS, KATE, configuration=familiar(), boris=to(KATE))
    where.talk("c0")
    where.do(CustomerIdentified(contact=ContactId("c0"), customer=CustomerId("ivan"), vip=False, manager=None))
    pauses(where, BORIS)
    assert rung(known(where, None)) == []
    assert (where.contact("c1").pinned, where.contact("c1").meant_for) == (BORIS, None)
    assert rung(where.wait(31)) == [KATE], "in the queue at large"
    assert where.contact("c1").meant_for is None


def test_whoever_talked_last_can_be_whom_the_customers_own_agent_has_named() -> None:
    at_once = familiar(with_queue(wrap_up_seconds=0))
    where = office(KATE, configuration=at_once, boris=to(KATE))
    where.talk("c0", SUPPORT)
    where.do(CustomerIdentified(contact=ContactId("c0"), customer=CustomerId("ivan"), vip=False, manager=None))
    where.do(CustomerLeft(contact=ContactId("c0"), cause="hung_up"))
    told = known(where, BORIS)
    assert rung(told) == [KATE]
    assert only(Forwarded, told) == Forwarded(contact=C1, agent=BORIS, to_agent=KATE)
    where.do(OfferDeclined(contact=C1, agent=KATE, offer=where.contact("c1").offer))
    contact = where.contact("c1")
    assert (contact.pinned, contact.tries) == (None, ()), "tried once, for Boris"


def test_transfer_is_refused_where_it_would_be_led_to_a_queue_that_the_call_was_sent_out_of() -> None:
    where = office(KATE, boris=Forward(queue=SUPPORT), anna=Forward(queue=SALES))
    assert rung(asked_for(where, BORIS)) == [KATE]
    where.answer("c1")
    refused = where.do(ContactTransferred(contact=C1, agent=KATE, to_agent=ANNA))
    assert refused == [Refuse(code="no_such_agent")]
    where = office(KATE, anna=Forward(queue=SALES))
    where.talk("c1", SUPPORT)
    led = where.do(ContactTransferred(contact=C1, agent=KATE, to_agent=ANNA))
    assert (only(Forwarded, led).to_queue, where.contact("c1").queue) == (SALES, SALES)


def test_ring_that_should_be_over_is_waited_for_in_the_future() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    asked_for(where, BORIS, seconds=5.0)
    expired = next(each.fact for each in where.timers if isinstance(each.fact, PinExpired))
    where.now += 60  # all timers are late
    (again,) = of(SetTimer, where.do(expired))
    assert again.at > where.now


def test_transfer_to_an_agent_off_shift_is_possible_where_calls_are_led_on_and_never_back() -> None:
    where = office(BORIS, KATE, anna=to(KATE))
    where.talk("c1")
    assert rung(where.do(ContactTransferred(contact=C1, agent=BORIS, to_agent=ANNA))) == [KATE]
    where = office(BORIS, anna=to(BORIS))
    where.talk("c1")
    refused = where.do(ContactTransferred(contact=C1, agent=BORIS, to_agent=ANNA))
    assert refused == [Refuse(code="no_such_agent")]
    at_once = with_queue(wrap_up_seconds=0, decline_pause_seconds=0)
    again = office(BORIS, ANNA, configuration=at_once, anna=to(BORIS))
    pauses(again, ANNA)
    again.talk("c1")
    assert rung(again.do(ContactTransferred(contact=C1, agent=BORIS, to_agent=ANNA))) == []
    assert again.contact("c1").pinned == ANNA, "who has passed it on does not get it back at once"
    asked = ConsultationAsked(contact=C1, agent=BORIS, consultation=SIDE, to_agent=ANNA)
    assert where.do(asked) == [Refuse(code="no_such_agent")], "who asks is told who is away"


def test_contacts_of_the_queue_and_written_ones_are_not_touched() -> None:
    where = office(BORIS, KATE, boris=to(KATE))
    pauses(where, BORIS)
    assert rung(where.queue("c1")) == []
    where.do(ContactArrived(contact=SIDE, channel="chat", entry_point=RUSSIAN, dnis="1000", leg="l"))
    written = ContactQueued(contact=SIDE, queue=SALES, choices=(), agent=BORIS, agent_seconds=60.0)
    assert rung(where.do(written)) == []
    assert where.contact("side").pinned == BORIS


# to a queue, to a number outside, to nowhere


def test_call_goes_to_another_queue_with_its_age() -> None:
    where = office(KATE, boris=Forward(queue=SUPPORT))
    where.arrive("c1")
    where.now += 50
    told = where.do(ContactQueued(contact=C1, queue=SALES, choices=(), agent=BORIS, agent_seconds=60.0))
    assert (rung(told), where.contact("c1").queue) == ([KATE], SUPPORT)
    assert only(Forwarded, told).to_queue == SUPPORT
    assert [(each.reason, each.to) for each in where.contact("c1").diversions] == [("forwarded", SUPPORT)]
    assert where.contact("c1").arrived_at == 1000.0


def test_call_goes_outside_and_waits_in_its_queue_where_nobody_answers() -> None:
    where = office(boris=Forward(outside=MOBILE))
    told = asked_for(where, BORIS)
    assert only(Forwarded, told).outside
    assert (only(CallOutside, told).contact, where.contact("c1").state) == (C1, ContactState.OUTSIDE)
    where.do(OutsideEnded(contact=C1, attempt=1, cause="no_answer"))
    contact = where.contact("c1")
    assert (contact.state, contact.queue, contact.pinned) == (ContactState.WAITING, SALES, None)
    assert rung(where.come(BORIS)) == [BORIS], "in the queue at large"


def test_agent_who_forwards_nothing_is_waited_for_as_ever() -> None:
    where = office(BORIS, KATE, boris=Forward())
    pauses(where, BORIS)
    assert rung(asked_for(where, BORIS)) == []
    assert where.contact("c1").pinned == BORIS
    assert where.contact("c1").meant_for is None


@pytest.mark.parametrize(
    ("forward", "code"),
    [
        (Forward(agent=BORIS), "forward_to_self"),
        (Forward(agent=AgentId("nobody")), "no_such_agent"),
        (Forward(queue=SUPPORT, agent=KATE), "forward_one"),
        (Forward(outside="+4420"), "number_unreadable"),
        (Forward(outside="+15550100100"), "number_not_allowed"),
        (Forward(outside="911"), "short_number_not_allowed"),
        (Forward(outside="1000"), "outside_own_number"),
        (Forward(outside="112"), None),
        (Forward(outside=MOBILE), None),
        (Forward(queue=SUPPORT), None),
    ],
)
def test_only_what_can_be_is_chosen(forward: Forward, code: str | None) -> None:
    where = office(BORIS)
    assert where.do(AgentForwarded(agent=BORIS, to=forward)) == ([Refuse(code=code)] if code else [])
    assert where.agent(BORIS).forward == (None if code else forward)


def test_number_of_the_set_up_may_be_called_whatever_calls_out_may_begin_with() -> None:
    agents = tuple(replace(each, outside_number="+15550100100") for each in CONFIGURATION.agents)
    where = Office(replace(CONFIGURATION, agents=agents), BORIS)
    assert where.do(AgentForwarded(agent=BORIS, to=Forward(outside="+15550100100"))) == []
    where.do(Configured(configuration=CONFIGURATION))
    where.do(ShiftEnded(agent=BORIS))
    assert of(CallOutside, asked_for(where, BORIS)) == [], "it is allowed no more"


def test_set_up_says_where_to_until_the_agent_chooses() -> None:
    agents = tuple(replace(each, forward=to(KATE) if each.id == BORIS else None) for each in CONFIGURATION.agents)
    set_up = replace(CONFIGURATION, agents=agents)
    assert rung(asked_for(office(KATE, configuration=set_up), BORIS)) == [KATE]
    assert rung(asked_for(office(KATE, configuration=set_up, boris=Forward()), BORIS)) == []
    where = office(KATE, configuration=set_up, boris=Forward())
    where.do(AgentForwarded(agent=BORIS))
    assert rung(asked_for(where, BORIS)) == [KATE]


def test_another_set_up_reaches_those_who_wait_already() -> None:
    where = office(BORIS, KATE)
    where.talk("c2")
    asked_for(where, BORIS)
    assert rung(pauses(where, BORIS)) == []
    agents = tuple(replace(each, forward=to(KATE) if each.id == BORIS else None) for each in CONFIGURATION.agents)
    assert rung(where.do(Configured(configuration=replace(CONFIGURATION, agents=agents)))) == [KATE]


@pytest.mark.parametrize(
    ("forward", "code"),
    [
        (to(KATE), None),
        (Forward(queue=SUPPORT), None),
        (Forward(outside="112"), None),
        (Forward(), None),
        (to(BORIS), "config_forward"),
        (Forward(agent=KATE, queue=SUPPORT), "config_forward"),
        (to(AgentId("nobody")), "config_no_agent"),
        (Forward(outside="911"), "config_outside_short"),
        (Forward(outside="8 916"), "config_outside_dial"),
    ],
)
def test_set_up_is_refused_where_it_leads_nowhere(forward: Forward, code: str | None) -> None:
    agents = tuple(replace(each, forward=forward if each.id == BORIS else None) for each in CONFIGURATION.agents)
    found = [each.code for each in faults(replace(CONFIGURATION, agents=agents)) if not each.warning]
    assert found == ([code] if code else [])


# never round


def test_chain_goes_on_over_those_who_are_away_and_a_circle_ends_as_if_nothing_were_forwarded() -> None:
    where = office(KATE, boris=to(ANNA), anna=to(KATE))
    assert rung(asked_for(where, BORIS)) == [KATE]
    where = office(KATE, boris=to(ANNA), anna=to(BORIS))
    assert rung(asked_for(where, BORIS)) == []
    assert (where.contact("c1").state, where.contact("c1").pinned) == (ContactState.WAITING, None)


def test_two_who_do_not_answer_and_lead_to_each_other_are_rung_once_each() -> None:
    where = office(BORIS, KATE, boris=to(KATE), kate=to(BORIS))
    assert rung(asked_for(where, BORIS)) == [BORIS]
    assert rung(where.wait(21)) == [KATE]
    assert rung(where.wait(120)) == []
    assert where.contact("c1").pinned is None


people = st.integers(2, 9)


@given(
    leads=st.lists(st.integers(0, 8), min_size=9, max_size=9),
    present=st.sets(st.integers(0, 8), max_size=9),
    first=st.integers(0, 8),
)
def test_any_web_of_forwards_rings_each_at_most_once_and_ends(leads: list[int], present: set[int], first: int) -> None:
    names = [AgentId(f"a{n}") for n in range(9)]
    agents = tuple(replace(CONFIGURATION.agents[1], id=name, name=name, queues={SUPPORT: 1}) for name in names)
    where = Office(replace(CONFIGURATION, agents=agents), *(names[n] for n in sorted(present)))
    for name, leads_to in zip(names, leads, strict=True):
        where.do(AgentForwarded(agent=name, to=to(names[leads_to])))
    tried = rung(asked_for(where, names[first])) + rung(where.wait(600))
    assert len(tried) == len(set(tried)) <= MOST + 1
    assert where.contact("c1").state is ContactState.WAITING
    assert where.contact("c1").pinned is None
    if first in present:
        assert tried[0] == names[first]


# calls of colleagues


def inside(where: Office, colleague: AgentId, agent: AgentId = ANNA) -> list[Decision]:
    placed = where.do(ColleagueCalled(contact=CALL, agent=agent, colleague=colleague, consultation=SIDE))
    if of(Refuse, placed):
        return placed
    return where.do(OfferAnswered(contact=CALL, agent=agent, offer=OfferNumber(1)))


def test_call_of_a_colleague_rings_at_whom_the_calls_are_led_to() -> None:
    where = office(ANNA, KATE, boris=to(KATE))
    told = inside(where, BORIS)
    assert rung(told) == [KATE]
    assert only(Forwarded, told) == Forwarded(contact=CALL, agent=BORIS, to_agent=KATE)
    where.do(OfferAnswered(contact=SIDE, agent=KATE, offer=OfferNumber(1)))
    assert (where.agent(ANNA).state, where.agent(KATE).state) == (AgentState.TALKING, AgentState.TALKING)
    assert where.record("call").colleague == KATE
    assert where.engine.colleague_refused(ANNA, BORIS) == "colleague_offline", "Kate is busy now"


def test_colleague_who_does_not_answer_is_missed_and_the_next_rings_once() -> None:
    where = office(ANNA, BORIS, KATE, boris=to(KATE), kate=to(BORIS))
    assert rung(inside(where, BORIS)) == [BORIS]
    missed = where.wait(31)
    assert (rung(missed), only(Withdraw, missed).agent) == ([KATE], BORIS)
    assert (where.agent(BORIS).state, where.agent(BORIS).reason) == (AgentState.NOT_READY, "missed")
    where.do(OfferAnswered(contact=SIDE, agent=BORIS, offer=OfferNumber(1)))  # late
    assert where.contact("side").agent == KATE
    where.wait(31)
    assert where.engine.contact(CALL) is None and where.agent(ANNA).state is AgentState.READY


def test_call_of_a_colleague_goes_neither_to_a_queue_nor_outside_and_the_refusal_says_who_is_away() -> None:
    for forward in (Forward(queue=SUPPORT), Forward(outside=MOBILE), to(ANNA), Forward()):
        where = office(ANNA, KATE, boris=forward)
        assert inside(where, BORIS) == [Refuse(code="colleague_offline")]


def test_colleague_who_declines_is_there() -> None:
    where = office(ANNA, BORIS, KATE, boris=to(KATE))
    inside(where, BORIS)
    assert rung(where.do(OfferDeclined(contact=SIDE, agent=BORIS, offer=OfferNumber(1)))) == []
    assert where.engine.contact(CALL) is None
