"""What excludes an agent from a contact, rule by rule; the matching asks it and the explanation shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.centre import Centre, ring_requirement
from otklik.routing.contact import LiveContact
from otklik.routing.requirement import Requirement, both, fault, holds


class Rule(StrEnum):
    """The first of these that holds excludes."""

    CONTACT_NOT_WAITING = "contact_not_waiting"
    PINNED_TO_ANOTHER = "pinned_to_another"
    NOT_IN_QUEUE = "not_in_queue"
    RING_NOT_REACHED = "ring_not_reached"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    OFFLINE = "offline"
    NOT_READY = "not_ready"
    HAS_CONTACT = "has_contact"
    IN_WRAP_UP = "in_wrap_up"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"


_BY_STATE: Final[dict[AgentState, Rule | None]] = {
    AgentState.OFFLINE: Rule.OFFLINE,
    AgentState.NOT_READY: Rule.NOT_READY,
    AgentState.READY: None,
    AgentState.OFFERED: Rule.HAS_CONTACT,
    AgentState.TALKING: Rule.HAS_CONTACT,
    AgentState.HELD: Rule.HAS_CONTACT,
    AgentState.REJOINING: Rule.HAS_CONTACT,
    AgentState.WRAP_UP: Rule.IN_WRAP_UP,
}


def exclusion(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """Why this agent cannot get this contact now; None: nothing is against it."""
    kind = centre.classes.standing.get(contact.id)
    if kind is None:
        return Rule.CONTACT_NOT_WAITING
    number = centre.roster.numbers[agent.id]
    if not (kind.flags[number] if kind.flags else kind.able >> number & 1):
        return _unable(centre, agent, contact)
    return occupied(agent) or refused(agent, contact)


def occupied(agent: LiveAgent) -> Rule | None:
    """What excludes the agent from every contact."""
    if (rule := _BY_STATE[agent.state]) is not None:
        return rule
    return None if agent.reachable else Rule.UNREACHABLE


def refused(agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """What stands between these two alone."""
    return Rule.DECLINED if agent.id in contact.declined else None


def _unable(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Rule:
    if contact.pinned is not None:
        return Rule.PINNED_TO_ANOTHER
    queue = centre.queue(contact.queue)
    if not (queue.everyone or queue.id in agent.queues) or agent.id not in centre.set_up:
        return Rule.NOT_IN_QUEUE
    return Rule.RING_NOT_REACHED if ring_for(centre, agent, contact) else Rule.REQUIREMENT_NOT_MET


def ring_for(centre: Centre, agent: LiveAgent, contact: LiveContact) -> int | None:
    """The next ring whose requirement the agent meets; None: there is none."""
    queue, known = centre.queue(contact.queue), centre.set_up.get(agent.id)
    if known is None:
        return None
    for ring in range(contact.ring + 1, len(queue.rings) + 1):
        if holds(_asked(centre, contact, ring), known):
            return ring
    return None


def unmet(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Requirement | None:
    """The part of what is asked now that this agent does not meet."""
    known = centre.set_up.get(agent.id)
    return fault(_asked(centre, contact, contact.ring), known) if known else None


def _asked(centre: Centre, contact: LiveContact, ring: int) -> Requirement:
    return both(centre.read(ring_requirement(centre.queue(contact.queue), ring)), centre.read(contact.requires))
