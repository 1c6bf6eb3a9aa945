"""Why? Who was considered, in which order, and the rule that excluded each; asked of the matching's own rules."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.record import Diversion
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.matching import urgency
from otklik.routing.requirement import text
from otklik.routing.rules import Rule, exclusion, ring_for, unmet
from otklik.routing.strategy import Rank, level, rank, through
from otklik.routing.waiting import IDENTIFICATION_SECONDS

CONTACTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyParts:
    """Where the contact stands in the order: `place` = `queued_at` - `worth_seconds` - `adjustment_seconds`."""

    place: float
    queued_at: float | None
    worth_seconds: float
    """What its priority is worth in waiting."""
    adjustment_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One agent and one contact side by side. `rule` is None where an offer is possible."""

    contact: ContactId
    queue: QueueId | None
    agent: AgentId
    rule: Rule | None
    level: int | None
    idle_seconds: float | None
    waited_seconds: float
    key: KeyParts
    unmet: str | None
    """The part of the requirement that the agent does not meet."""
    until: float | None
    """When the rule no longer holds by itself, where that is known: the ring is reached, the other agent's time over."""
    pinned: AgentId | None
    """The one agent who is tried alone now."""
    at: float
    """The clock of this explanation."""
    diversions: tuple[Diversion, ...] | None = None
    """How the contact was sent out of queues before, and why; and which queues help out."""
    through: QueueId | None = None
    """The queue that helps out, and by which alone the agent may have the contact."""


def explain_contact(centre: Centre, contact: LiveContact, now: float) -> list[Candidate]:
    """All agents: first those who may get it, best first, then the excluded."""
    queue = centre.queue(contact.queue)
    found = [(exclusion(centre, agent, contact), agent) for agent in centre.agents.values()]
    helping = [kind.key[0] for kind in centre.classes.also.get(contact.id, ())]

    def order(pair: tuple[Rule | None, LiveAgent]) -> tuple[bool, int, Rank]:
        other = helper_of(centre, contact, pair[1])
        number = helping.index(other) + 1 if other is not None else 0
        return pair[0] is not None, number, rank(centre, pair[1], queue if other is None else centre.queue(other))

    found.sort(key=order)
    return [_candidate(centre, contact, agent, rule, now) for rule, agent in found]


def explain_agent(centre: Centre, agent: LiveAgent, now: float) -> list[Candidate]:
    """The contacts in hand, then those that come first among what this agent is able to take, then those that wait in
    the agent's own queues for others."""
    in_hand = [centre.contacts[contact] for contact in agent.hands]
    number = centre.roster.numbers[agent.id]
    kinds = [kind for channel in centre.classes.channels for kind in centre.classes.open_to(number, agent.id, channel)]
    found = dict.fromkeys(key[1] for kind in kinds for key in kind.waiting[:CONTACTS_SHOWN])
    waiting = [centre.contacts[contact] for contact in found]
    waiting.sort(key=lambda contact: urgency(centre, contact))
    own = {
        key: kind for key, kind in centre.classes.known.items() if kind.waiting and level(agent, centre.queue(key[0]))
    }
    others = dict.fromkeys(key[1] for kind in own.values() for key in kind.waiting[:CONTACTS_SHOWN])
    not_open = sorted(
        (centre.contacts[each] for each in others if each not in found), key=lambda one: urgency(centre, one)
    )
    shown = in_hand + waiting[:CONTACTS_SHOWN] + not_open[:CONTACTS_SHOWN]
    return [_candidate(centre, contact, agent, exclusion(centre, agent, contact), now) for contact in shown]


def _candidate(centre: Centre, contact: LiveContact, agent: LiveAgent, rule: Rule | None, now: float) -> Candidate:
    other = helper_of(centre, contact, agent)
    part = unmet(centre, agent, contact) if rule in (Rule.REQUIREMENT_NOT_MET, Rule.RING_NOT_REACHED) else None
    return Candidate(
        contact=contact.id,
        queue=contact.queue,
        agent=agent.id,
        rule=rule,
        level=level(agent, centre.queue(contact.queue if other is None else other)) or None,
        idle_seconds=now - agent.idle_since if agent.free else None,
        waited_seconds=now - (contact.arrived_at if contact.queued_at is None else contact.queued_at),
        key=_key(contact),
        unmet=text(part) if part is not None else None,
        until=_until(centre, contact, agent, rule),
        pinned=contact.pinned,
        at=now,
        diversions=contact.diversions or None,
        through=other,
    )


def helper_of(centre: Centre, contact: LiveContact, agent: LiveAgent) -> QueueId | None:
    """The queue that helps out, where the contact's own does not let this agent have it."""
    if contact.id not in centre.classes.also:
        return None
    kind, _ = through(centre, contact, agent)
    return kind.key[0] if kind is not centre.classes.standing[contact.id] else None


def _key(contact: LiveContact) -> KeyParts:
    return KeyParts(
        place=contact.key[0],
        queued_at=contact.queued_at,
        worth_seconds=contact.worth_seconds,
        adjustment_seconds=contact.adjustment_seconds,
    )


def _until(centre: Centre, contact: LiveContact, agent: LiveAgent, rule: Rule | None) -> float | None:
    if contact.parking is not None:
        return contact.parking.returns_at
    if rule is Rule.PINNED_TO_ANOTHER:
        return contact.pin_expires_at
    if rule is Rule.IDENTITY_AWAITED:
        return contact.arrived_at + IDENTIFICATION_SECONDS
    ring = ring_for(centre, agent, contact) if rule is Rule.RING_NOT_REACHED else None
    if ring is None or contact.entered_at is None:
        return None
    return contact.entered_at + centre.queue(contact.queue).rings[ring - 1].after_seconds
