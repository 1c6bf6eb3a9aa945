"""What excludes an agent from a contact, rule by rule; the matching asks it and the explanation shows it."""

from __future__ import annotations

from enum import StrEnum

from otklik.contact.configuration import Channel
from otklik.routing.agent import AgentState, AgentStatus, Hand, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.classes import RequirementClass
from otklik.routing.contact import LiveContact
from otklik.routing.requirement import Requirement, both, fault, holds, read, ring_requirement
from otklik.routing.slots import BIT


class Rule(StrEnum):
    """The first of these that holds excludes."""

    CONTACT_NOT_WAITING = "contact_not_waiting"
    PARKED = "parked"
    PINNED_TO_ANOTHER = "pinned_to_another"
    IDENTITY_AWAITED = "identity_awaited"
    NOT_IN_QUEUE = "not_in_queue"
    RING_NOT_REACHED = "ring_not_reached"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    OFFLINE = "offline"
    RINGING = "ringing"
    AT_CAPACITY = "at_capacity"
    NOT_INTERRUPTIBLE = "not_interruptible"
    IN_WRAP_UP = "in_wrap_up"
    NOT_READY = "not_ready"
    OTHER_CHANNELS = "other_channels"
    UNREACHABLE = "unreachable"
    DRAINING = "draining"
    DECLINED = "declined"


def exclusion(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """Why this agent cannot get this contact now; None: nothing is against it."""
    kind = centre.classes.standing.get(contact.id)
    if kind is None:
        return Rule.PARKED if contact.parking is not None else Rule.CONTACT_NOT_WAITING
    number = centre.roster.numbers[agent.id]
    if not (kind.flags[number] if kind.flags else kind.able >> number & 1) and helper(centre, agent, contact) is None:
        return _unable(centre, agent, contact)
    return hindrance(centre, agent, contact)


def hindrance(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """The same of an agent who may take the contact's class."""
    return occupied(centre, agent, contact.channel) or refused(agent, contact)


def helper(centre: Centre, agent: LiveAgent, contact: LiveContact) -> RequirementClass | None:
    """Where the contact stands beside its own queue, and this agent may take it."""
    if not centre.classes.also:
        return None
    number = centre.roster.numbers[agent.id]
    return next((kind for kind in centre.classes.also.get(contact.id, ()) if kind.flags[number]), None)


def occupied(centre: Centre, agent: LiveAgent, channel: Channel) -> Rule | None:
    """What excludes the agent from every contact of this channel."""
    if not centre.room(agent) & BIT[channel]:
        return hindered(centre, agent, channel) or _away(centre, agent)
    return Rule.DRAINING if agent.hands and draining(centre, agent, channel) else None


def hindered(centre: Centre, agent: LiveAgent, channel: Channel) -> Rule | None:
    """Not there, or the hands are too full for one more of this channel; neither wish nor order changes that."""
    if agent.status is AgentStatus.OFFLINE or agent.leaving or agent.removed:
        return Rule.OFFLINE
    if agent.state is AgentState.OFFERED:
        return Rule.RINGING
    rule = _full(centre, agent, channel, list(agent.hands.values()))
    if rule is None and agent.state is AgentState.REJOINING:
        return Rule.RINGING
    rest = [hand for hand in agent.hands.values() if hand.state is not HandState.WRAP_UP]
    if rule is None or len(rest) == len(agent.hands) or _full(centre, agent, channel, rest) is not None:
        return rule
    return Rule.IN_WRAP_UP


def _full(centre: Centre, agent: LiveAgent, channel: Channel, hands: list[Hand]) -> Rule | None:
    in_hand = [hand.channel for hand in hands]
    if centre.slots.full(agent.id, in_hand, channel):
        return Rule.AT_CAPACITY
    return Rule.NOT_INTERRUPTIBLE if centre.slots.barred(in_hand, channel) else None


def _away(centre: Centre, agent: LiveAgent) -> Rule:
    """There is room, but the agent does not want it, or cannot be reached."""
    if agent.status is AgentStatus.NOT_READY:
        return Rule.NOT_READY
    return Rule.OTHER_CHANNELS if agent.reachable else Rule.UNREACHABLE


def draining(centre: Centre, agent: LiveAgent, channel: Channel) -> Channel | None:
    """The channel for which the agent is to come free first: somebody waits there whom the agent may take but for what
    is in hand. Without this a steady flow of chats would keep a caller waiting for ever."""
    ahead = centre.slots.ahead[channel]
    if not ahead:
        return None
    wanted = centre.slots.room_if_empty(agent) & ~centre.room(agent)
    return next((each for each in ahead if wanted & BIT[each] and _somebody_waits(centre, agent, each)), None)


def _somebody_waits(centre: Centre, agent: LiveAgent, channel: Channel) -> bool:
    kinds = centre.classes.open_to(centre.roster.numbers[agent.id], agent.id, channel)
    return any(refused(agent, centre.contacts[contact]) is None for kind in kinds for _, contact in kind.waiting)


def refused(agent: LiveAgent, contact: LiveContact) -> Rule | None:
    """What stands between these two alone."""
    if agent.hands and contact.id in agent.hands:
        return Rule.IN_WRAP_UP  # of the agent's own part; somebody else is to have the rest
    if agent.id in contact.declined:
        return Rule.DECLINED
    return Rule.NOT_INTERRUPTIBLE if contact.asker == agent.id else None


def _unable(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Rule:
    if contact.pinned is not None:
        return Rule.PINNED_TO_ANOTHER
    if centre.awaits_identity(contact):
        return Rule.IDENTITY_AWAITED
    queue = centre.queue(contact.queue)
    if agent.id not in centre.set_up or not centre.roster.belongs(agent.id, queue):
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
    return both(read(ring_requirement(centre.queue(contact.queue), ring)), read(contact.requires))
