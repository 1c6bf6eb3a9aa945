"""Parked contacts: in writing, where the customer may be silent for hours. The agent's slot is free meanwhile.

Who parks keeps the contact: it comes back to the same agent when the customer writes, at the time set, or by hand, and only
where that agent is not there, or has no slot for too long, to its queue. Its key, attributes and priority stay throughout.
"""

from __future__ import annotations

from typing import Final, assert_never

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision, Refuse, SetTimer
from otklik.contact.facts import ContactParked, ContactResumed, ContactReturned, CustomerWrote, ParkingDue
from otklik.contact.ids import AgentId, OfferNumber
from otklik.contact.record import Segment
from otklik.routing.agent import HandState
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveContact, LiveParking
from otklik.routing.freeing import free_agent
from otklik.routing.rules import Rule, hindered
from otklik.routing.waiting import next_try, set_ring

ParkingFact = ContactParked | ContactResumed | ContactReturned | CustomerWrote | ParkingDue

_NOT_PARKED: Final = Refuse(code="contact_not_parked")


def handle_parking(centre: Centre, fact: ParkingFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    match fact:
        case ContactParked():
            return _park(centre, contact, fact)
        case ContactResumed():
            return _resume(centre, contact, fact)
        case ContactReturned():
            return _return_by_hand(centre, contact, fact)
        case CustomerWrote():
            return _written(centre, contact)
        case ParkingDue():
            due = contact is not None and contact.parking is not None and contact.parking.returns_at == fact.returns_at
            return _go_back(centre, contact, contact.parking) if due and contact and contact.parking else []
        case _:
            assert_never(fact)


# aside


def _park(centre: Centre, contact: LiveContact | None, fact: ContactParked) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None or contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    if (refused := _unparkable(centre, contact, fact)) is not None:
        return [refused]
    latest = centre.now + centre.configuration.parking.longest_seconds
    returns_at = latest if fact.returns_at is None else fact.returns_at
    contact.begin(
        Segment(kind="parked", started_at=centre.now, ended_at=None, queue=contact.queue, agent=agent.id),
    )
    contact.parking = LiveParking(
        agent=agent.id, at=centre.now, reason=fact.reason, returns_at=returns_at, set=fact.returns_at is not None
    )
    contact.agent = contact.line = contact.offered_at = contact.offer_expires_at = None
    contact.music = contact.announcing = False
    centre.move_contact(contact, ContactState.PARKED)
    centre.follow_parking(contact, agent.id)
    free_agent(centre, agent, contact)
    return [SetTimer(at=returns_at, fact=ParkingDue(contact=contact.id, returns_at=returns_at))]


def _unparkable(centre: Centre, contact: LiveContact, fact: ContactParked) -> Refuse | None:
    rules, now = centre.configuration.parking, centre.now
    if contact.channel in LIVE:
        return Refuse(code="talk_not_parked")
    if contact.state is not ContactState.TALKING or contact.consults is not None:
        return Refuse(code="move_not_allowed", state=contact.state.value)
    if contact.consultation is not None:
        return Refuse(code="consultation_on")
    if fact.reason is not None and all(fact.reason != each.id for each in rules.reasons):
        return Refuse(code="no_such_reason")
    if fact.returns_at is not None and not now < fact.returns_at <= now + rules.longest_seconds:
        return Refuse(code="parked_too_long")
    return Refuse(code="parked_too_many") if len(centre.parked.get(fact.agent, ())) >= rules.most else None


# and back


def _resume(centre: Centre, contact: LiveContact | None, fact: ContactResumed) -> list[Decision]:
    """Into the hands at once: nothing has to ring, since the agent is looking at it."""
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None or contact.parking is None or contact.parking.agent != agent.id:
        return [_NOT_PARKED]
    rule = hindered(centre, agent, contact.channel) or (Rule.IN_WRAP_UP if contact.id in agent.hands else None)
    if rule is not None:
        return [Refuse(code="agent_cannot_take", state=rule.value)]
    _take_up(centre, contact, contact.parking)
    contact.agent = contact.talker = agent.id
    contact.offer = contact.line = OfferNumber(contact.offer + 1)
    contact.disposition = None  # is that of the part before
    if contact.customer is not None:
        centre.remember(contact.customer, agent.id)
    contact.begin(Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=agent.id))
    centre.move_contact(contact, ContactState.TALKING)
    centre.take_in_hand(agent, contact)
    centre.move_hand(agent, contact, HandState.TALKING)
    return []


def _return_by_hand(centre: Centre, contact: LiveContact | None, fact: ContactReturned) -> list[Decision]:
    if contact is None or contact.parking is None:
        return [_NOT_PARKED]
    if fact.to_agent is not None and not centre.in_shift(fact.to_agent):
        return [Refuse(code="no_such_agent")]
    return _return(centre, contact, contact.parking, fact.to_agent)


def _written(centre: Centre, contact: LiveContact | None) -> list[Decision]:
    if contact is None:
        return []
    centre.touch_contact(contact)
    return _go_back(centre, contact, contact.parking) if contact.parking is not None else []


def _go_back(centre: Centre, contact: LiveContact, parking: LiveParking) -> list[Decision]:
    to = parking.agent if centre.configuration.parking.returns_to == "agent" else None
    return _return(centre, contact, parking, to)


def _return(centre: Centre, contact: LiveContact, parking: LiveParking, to: AgentId | None) -> list[Decision]:
    """To its queue with its age; before the queue at large this one agent is tried alone."""
    _take_up(centre, contact, parking)
    centre.enter_queue(contact, centre.present_queue(contact.queue, contact) or contact.queue)
    contact.tries = ((to, centre.configuration.parking.agent_seconds),) if to is not None else ()
    decisions = [*next_try(centre, contact), *set_ring(centre, contact)]
    centre.move_contact(contact, ContactState.WAITING)
    return decisions


def _take_up(centre: Centre, contact: LiveContact, parking: LiveParking) -> None:
    contact.parking = None
    centre.follow_parking(contact, parking.agent)
