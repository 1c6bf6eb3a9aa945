"""Taking a place in a queue: the key, the agents who are tried alone first, and the rings that relax by and by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from otklik.contact.decisions import Decision, SetTimer
from otklik.contact.facts import (
    ContactQueued,
    CustomerIdentified,
    PinExpired,
    RingDue,
)
from otklik.contact.forwarding import Led
from otklik.contact.hearing import steps_in
from otklik.contact.ids import AgentId, QueueId
from otklik.routing.centre import Centre
from otklik.routing.contact import NOBODY, QUEUED, ContactState, LiveContact
from otklik.routing.forwarding import ALONE_SECONDS, leads_of, said
from otklik.routing.requirement import BadRequirement, parse
from otklik.routing.wait import expected_of

_WAITING: Final = ContactState.WAITING
IDENTIFICATION_SECONDS: Final = 1.0
"""After the arrival: no ring waits longer for the answer to who the customer is."""
OFFER_MARGIN_SECONDS: Final = 1.0
"""After a ring is over, at the latest, it is known what has become of it."""


def take_place(centre: Centre, contact: LiveContact, queue: QueueId, fact: ContactQueued) -> list[Decision]:
    """The contact comes to its first queue, or back out of a scenario, with its age; `queue` is the one that is there in
    place of the one asked for."""
    first = contact.queued_at is None
    if contact.queued_at is None:
        contact.queued_at = centre.now
    contact.requires = fact.requires and readable(fact.requires)
    if fact.choices:
        contact.choices += fact.choices
    if fact.path:
        contact.path += fact.path
    if fact.attributes:
        contact.attributes = {**contact.attributes, **fact.attributes}
    contact.words = wanted(contact.attributes, contact.words)
    if fact.language:
        contact.language = fact.language
    if fact.vip is not None:
        contact.vip = fact.vip
    _weigh(centre, contact, queue, contact.queued_at, fact)
    centre.enter_queue(contact, queue)
    contact.tries = ((fact.agent, fact.agent_seconds),) if fact.agent is not None else ()
    contact.forwarded, contact.meant_for, contact.merely_last = (), None, None
    if contact.customer is not None:
        contact.tries = (*contact.tries, *familiar(centre, contact))
    decisions = next_try(centre, contact) + set_ring(centre, contact)
    centre.move_contact(contact, _WAITING)
    if first and not (contact.identity_awaited and centre.awaits_identity(contact)):
        contact.promised_seconds = expected_of(centre, contact)
    return decisions


def wanted(attributes: Mapping[str, str], words: Mapping[int, str]) -> Mapping[int, str]:
    """The words that have a place in there; others are nobody's business any more."""
    if not words:
        return words
    return {step: words[step] for step in sorted(steps_in(attributes.values())) if step in words} or NOBODY


def readable(requires: str) -> str:
    """Nothing in place of what cannot be read."""
    try:
        parse(requires)
    except BadRequirement:
        return ""
    return requires.strip()


def _weigh(centre: Centre, contact: LiveContact, queue_id: QueueId, queued_at: float, fact: ContactQueued) -> None:
    """What it is worth now stays: a change of the set-up reorders nobody who waits."""
    queue, configuration = centre.queue(queue_id), centre.configuration
    steps = queue.priority + fact.priority + (configuration.vip_priority if contact.vip else 0)
    contact.worth_seconds = steps * configuration.priority_seconds
    contact.adjustment_seconds = queue.adjustment_seconds + fact.adjustment_seconds
    contact.place = queued_at - contact.worth_seconds - contact.adjustment_seconds


def identify(centre: Centre, contact: LiveContact, fact: CustomerIdentified) -> list[Decision]:
    """Who turns out to be a VIP while waiting moves ahead; whoever has a familiar agent is tried there."""
    was_vip, contact.vip = contact.vip, fact.vip
    contact.customer, contact.manager = fact.customer, fact.manager
    centre.touch_contact(contact)
    if contact.talker is not None:
        centre.remember(fact.customer, contact.talker)
    if contact.place is not None and was_vip != fact.vip and contact.open:
        configuration = centre.configuration
        worth = configuration.vip_priority * configuration.priority_seconds * (1 if fact.vip else -1)
        contact.worth_seconds += worth
        if contact.state in QUEUED:
            centre.change_place(contact, place=contact.place - worth)
        else:
            contact.place -= worth
    if contact.identity_awaited:
        return identity_settled(centre, contact)
    if contact.state is ContactState.WAITING and contact.pin_number == 0:
        contact.tries = tuple(familiar(centre, contact))
        return repin(centre, contact) if contact.tries else []
    return []


def identity_settled(centre: Centre, contact: LiveContact) -> list[Decision]:
    """It is known who the customer is, or is not waited for any more. Whoever was asked for by name is tried first all the
    same; limits are looked at as if the contact had just come."""
    awaited, contact.identity_awaited = centre.awaits_identity(contact), False
    if contact.state not in QUEUED:
        return []
    if contact.customer is not None and (contact.pinned is not None or contact.state is _WAITING):
        contact.tries = (*contact.tries, *familiar(centre, contact))
    if not awaited:
        return []
    if contact.queue in centre.limited:
        centre.unsettled[contact.id] = True
    decisions = repin(centre, contact) if contact.state is _WAITING else []
    contact.promised_seconds = expected_of(centre, contact)
    return decisions


def without_identity(centre: Centre, contact: LiveContact) -> list[Decision]:
    """Who turns out to be known all the same, later, is tried with whomever the customer knows then."""
    return identity_settled(centre, contact) if contact.identity_awaited else []


# agents tried alone


def familiar(centre: Centre, contact: LiveContact) -> list[tuple[AgentId, float]]:
    """The customer's own manager, then whoever talked to the customer last: of the latter no forwarding counts, since nothing there is
    personal."""
    queue, found = centre.queue(contact.queue), list[tuple[AgentId, float]]()
    if contact.manager is not None and queue.personal_seconds > 0:
        found.append((contact.manager, queue.personal_seconds))
    last = centre.last_agents.get(contact.customer) if contact.customer is not None else None
    if last is not None and last != contact.manager and queue.last_agent_seconds > 0:
        found.append((last, queue.last_agent_seconds))
        if last != contact.pinned and all(last != agent for agent, _ in contact.tries):
            contact.merely_last = last
    return found


def next_try(centre: Centre, contact: LiveContact, not_taken: AgentId | None = None) -> list[Decision]:
    """The next agent to be tried alone who is in shift; otherwise the queue at large. Moves nothing in the queue. `not_taken`: who was
    tried and has not taken it; where that agent's calls are forwarded, it is led on from there."""
    contact.pinned = contact.pin_expires_at = None
    if not_taken is not None and (led := _onward(centre, contact, not_taken, not_taken=True)):
        return _lead(centre, contact, led, ALONE_SECONDS)
    while contact.tries:
        (agent, seconds), *rest = contact.tries
        contact.tries = tuple(rest)
        if seconds > 0 and (led := _onward(centre, contact, agent)) is not None:
            return _lead(centre, contact, led, seconds)
        if centre.in_shift(agent) and seconds > 0 and agent not in contact.declined:
            return [_pin(centre, contact, agent, seconds)]
    return []


def _onward(centre: Centre, contact: LiveContact, agent: AgentId, *, not_taken: bool = False) -> Led | None:
    """Where it is led from this agent, who is tried alone."""
    if agent == contact.merely_last:
        return None
    return leads_of(centre, contact, agent, contact.forwarded, not_taken=not_taken)


def _lead(centre: Centre, contact: LiveContact, led: Led, seconds: float) -> list[Decision]:
    """To a colleague at once; out of the queue once the fact is through, by `leading`."""
    if led.to.agent is None:
        centre.led[contact.id] = led
        return []
    mark_led(contact, led)
    if led.to.agent == contact.merely_last:  # is tried now, and for somebody
        contact.merely_last = None
        contact.tries = tuple(each for each in contact.tries if each[0] != led.to.agent)
    return [said(contact.id, led), _pin(centre, contact, led.to.agent, seconds)]


def mark_led(contact: LiveContact, led: Led) -> None:
    contact.forwarded = (*contact.forwarded, *led.passed)
    contact.meant_for = contact.meant_for or led.passed[0]


def _pin(centre: Centre, contact: LiveContact, agent: AgentId, seconds: float) -> SetTimer:
    contact.pinned, contact.pin_expires_at = agent, centre.now + seconds
    contact.pin_number += 1
    fact = PinExpired(contact=contact.id, agent=agent, number=contact.pin_number)
    return SetTimer(at=contact.pin_expires_at, fact=fact)


def repin(centre: Centre, contact: LiveContact, not_taken: AgentId | None = None) -> list[Decision]:
    """As `next_try`, for one who is in the queue already."""
    decisions = next_try(centre, contact, not_taken)
    centre.change_place(contact)
    return decisions


def pin_expired(centre: Centre, contact: LiveContact, fact: PinExpired) -> list[Decision]:
    """An offer that rings goes on; only where it comes to nothing the queue at large is next."""
    if contact.pinned is None or fact.number != contact.pin_number:
        return []
    if contact.state is _WAITING:
        return repin(centre, contact, contact.pinned)
    if contact.state is ContactState.OFFERED and _onward(centre, contact, contact.pinned, not_taken=True):
        return _until_the_offer_ends(centre, contact, fact)
    return repin(centre, contact) if contact.state in QUEUED else []


def _until_the_offer_ends(centre: Centre, contact: LiveContact, fact: PinExpired) -> list[Decision]:
    """It rings at this agent, or was given to another: whatever comes to nothing is led on then."""
    contact.pin_expires_at = max(centre.now, contact.offer_expires_at or 0.0) + OFFER_MARGIN_SECONDS
    return [SetTimer(at=contact.pin_expires_at, fact=fact)]


def release_pins(centre: Centre) -> list[Decision]:
    """Nobody waits for an agent who went home, or is away and has calls forwarded."""
    decisions: list[Decision] = []
    for agent in centre.gone:
        home = not centre.in_shift(agent)
        for contact in pinned_to(centre, agent):
            if home or _onward(centre, contact, agent) is not None:
                decisions += repin(centre, contact, agent)
    centre.gone.clear()
    return decisions


def pinned_to(centre: Centre, agent: AgentId) -> list[LiveContact]:
    classes = [c for channel in centre.classes.channels for c in centre.classes.own.get((agent, channel), {}).values()]
    keys = sorted(key for kind in classes for key in kind.waiting)
    return [centre.contacts[contact] for _, contact in keys]


# rings


def set_ring(centre: Centre, contact: LiveContact) -> list[Decision]:
    """The ring that is due by now, and the timer of the next one. Moves nothing in the queue."""
    rings, entered_at, now, reached = centre.queue(contact.queue).rings, contact.entered_at, centre.now, 0
    ring_number = contact.ring_number = contact.ring_number + 1
    if not rings or entered_at is None:
        contact.ring = 0
        return []
    for number, ring in enumerate(rings, 1):
        if entered_at + ring.after_seconds <= now:
            reached = number
    contact.ring = reached
    if reached == len(rings):
        return []
    due = RingDue(contact=contact.id, ring=reached + 1, number=ring_number)
    return [SetTimer(at=entered_at + rings[reached].after_seconds, fact=due)]


def ring_due(centre: Centre, contact: LiveContact, fact: RingDue) -> list[Decision]:
    if fact.number != contact.ring_number or contact.state not in QUEUED:
        return []
    return reset_ring(centre, contact)


def reset_ring(centre: Centre, contact: LiveContact) -> list[Decision]:
    """As `set_ring`, for one who is in the queue already."""
    before = contact.ring
    decisions = set_ring(centre, contact)
    if contact.ring != before:
        centre.change_place(contact)
    return decisions
