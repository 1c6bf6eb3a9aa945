"""What agents choose, their shift and their status, and whether their phone is there."""

from __future__ import annotations

from typing import assert_never

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.facts import (
    AgentForwarded,
    AgentReachable,
    AgentUnreachable,
    PhoneChosen,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
)
from otklik.routing import forwarding
from otklik.routing.agent import REASON_SHIFT, AgentStatus, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.conversation import rejoin, rings_by_itself
from otklik.routing.freeing import go_offline
from otklik.routing.offering import in_hand, refuse_offers
from otklik.routing.phone import choose_phone
from otklik.routing.transfer import withdraw_rejoin

ShiftFact = ShiftStarted | ShiftEnded | AgentReachable | AgentUnreachable | StatusChosen | PhoneChosen | AgentForwarded


def handle_shift(centre: Centre, fact: ShiftFact) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if agent is None:
        return _unknown(fact)
    match fact:
        case ShiftStarted():
            return _start_shift(centre, agent)
        case ShiftEnded():
            return _end_shift(centre, agent)
        case AgentReachable():
            agent.find_phone(fact.phone)
            centre.index_agent(agent)
            return _ring_again(centre, agent, fact)
        case AgentUnreachable():
            return _lose_phone(centre, agent, fact)
        case PhoneChosen():
            return choose_phone(centre, agent, fact)
        case AgentForwarded():
            return forwarding.choose(centre, agent, fact)
        case StatusChosen():
            return _choose_status(centre, agent, fact)
        case _:
            assert_never(fact)


def _unknown(fact: ShiftFact) -> list[Decision]:
    match fact:
        case ShiftStarted() | PhoneChosen() | AgentForwarded():
            return [Refuse(code="not_found")]
        case StatusChosen():
            return [Refuse(code="not_in_shift")]
        case _:
            return []


def _end_shift(centre: Centre, agent: LiveAgent) -> list[Decision]:
    if agent.status is AgentStatus.OFFLINE:
        return []
    if not agent.hands:
        go_offline(centre, agent)
        return []
    agent.leaving = True
    centre.index_agent(agent)
    return refuse_offers(centre, agent)


def _ring_again(centre: Centre, agent: LiveAgent, fact: AgentReachable) -> list[Decision]:
    """A desk telephone is back: the call that it lost rings there."""
    if fact.phone != agent.phone or not rings_by_itself(agent):
        return []
    lost = [contact for contact in in_hand(centre, agent, HandState.REJOINING) if contact.rejoin is None]
    return [decision for contact in lost for decision in rejoin(centre, contact, agent)]


def _lose_phone(centre: Centre, agent: LiveAgent, fact: AgentUnreachable) -> list[Decision]:
    agent.lose_phone(centre.now, fact.phone)
    centre.index_agent(agent)
    if fact.phone != agent.phone:
        return []
    centre.gone[agent.id] = None
    decisions: list[Decision] = []
    for contact in in_hand(centre, agent, HandState.REJOINING):
        centre.touch_contact(contact)
        decisions += withdraw_rejoin(contact)
        if rings_by_itself(agent):  # outside: nobody tells that it is back
            decisions += rejoin(centre, contact, agent)
    return [*decisions, *refuse_offers(centre, agent)]


def _start_shift(centre: Centre, agent: LiveAgent) -> list[Decision]:
    """Twice is once; during a contact it takes back the end of the shift."""
    agent.leaving = False
    centre.index_agent(agent)
    if agent.status is AgentStatus.OFFLINE:
        centre.choose_status(agent, AgentStatus.NOT_READY, REASON_SHIFT)
    return []


def _choose_status(centre: Centre, agent: LiveAgent, fact: StatusChosen) -> list[Decision]:
    if agent.status is AgentStatus.OFFLINE:
        return [Refuse(code="not_in_shift")]
    if fact.status == "ready":
        if fact.reason is not None and all(fact.reason != each.id for each in centre.configuration.statuses):
            return [Refuse(code="no_such_status")]
    else:
        reasons = {reason.id for reason in centre.configuration.reasons}
        if (fact.reason is not None or reasons) and fact.reason not in reasons:
            return [Refuse(code="no_such_reason")]
    centre.choose_status(agent, AgentStatus(fact.status), fact.reason)
    return []
