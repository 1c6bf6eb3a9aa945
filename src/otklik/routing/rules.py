"""What excludes an agent from a contact, rule by rule; the matching asks it and the explanation shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.contact import ContactState, LiveContact


class Rule(StrEnum):
    """The first of these that holds excludes."""

    CONTACT_NOT_WAITING = "contact_not_waiting"
    NOT_IN_QUEUE = "not_in_queue"
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


def exclusion(agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """Why this agent cannot get this contact now; None: nothing is against it."""
    if contact.state is not ContactState.WAITING:
        return Rule.CONTACT_NOT_WAITING
    if contact.queue not in agent.queues:
        return Rule.NOT_IN_QUEUE
    if (rule := _BY_STATE[agent.state]) is not None:
        return rule
    if not agent.reachable:
        return Rule.UNREACHABLE
    if agent.id in contact.declined:
        return Rule.DECLINED
    return None
