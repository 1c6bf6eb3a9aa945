"""What the customer's side does: arrives, is recognised, comes to a queue, leaves; and what remains: the recording."""

from __future__ import annotations

from typing import assert_never

from otklik.contact.decisions import Decision, End, Record, RunScenario
from otklik.contact.facts import (
    AnnouncementDue,
    ContactArrived,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    PinExpired,
    RecordingStored,
    RingDue,
    VerbFinished,
)
from otklik.contact.record import Segment
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED, ContactState, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.matching import announcement_due
from otklik.routing.waiting import identify, pin_expired, ring_due, take_place

ArrivalFact = (
    ContactArrived
    | CustomerIdentified
    | VerbFinished
    | ContactQueued
    | CustomerLeft
    | RecordingStored
    | AnnouncementDue
    | RingDue
    | PinExpired
)

DEFAULT_LANGUAGE = "ru"


def handle_arrival(centre: Centre, fact: ArrivalFact) -> list[Decision]:
    if isinstance(fact, ContactArrived):
        return _arrived(centre, fact)
    contact = centre.known(fact.contact)
    if contact is None:
        return []
    match fact:
        case CustomerIdentified():
            return identify(centre, contact, fact)
        case RecordingStored():
            contact.recording_key, contact.recording_seconds = fact.key, fact.seconds
            centre.touch_contact(contact)
            return []
        case ContactQueued():
            in_scenario = contact.state is ContactState.SCENARIO
            return _queue(centre, contact, fact) if in_scenario else []
        case CustomerLeft():
            return _left(centre, contact, fact)
        case AnnouncementDue():
            return _due(centre, contact, fact)
        case RingDue():
            return ring_due(centre, contact, fact)
        case PinExpired():
            return pin_expired(centre, contact, fact)
        case VerbFinished():
            return []  # the scenario's own business
        case _:
            assert_never(fact)


def _arrived(centre: Centre, fact: ContactArrived) -> list[Decision]:
    if centre.known(fact.contact) is not None:
        return []
    entry_point = centre.entry_point(fact.entry_point)
    scenario = centre.scenario(entry_point.scenario) if entry_point else None
    contact = LiveContact(
        id=fact.contact,
        channel=fact.channel,
        entry_point=fact.entry_point,
        dnis=fact.dnis,
        leg=fact.leg,
        ani=fact.ani,
        language=scenario.language if scenario else DEFAULT_LANGUAGE,
        arrived_at=centre.now,
        since=centre.now,
    )
    centre.contacts[contact.id] = contact
    centre.touch_contact(contact)
    contact.begin(Segment(kind="scenario", started_at=centre.now, ended_at=None))
    record = Record(contact=contact.id)
    if scenario is not None:
        return [record, RunScenario(contact=contact.id, scenario=scenario.id)]
    return [record, *_queue(centre, contact, None)]


def _queue(centre: Centre, contact: LiveContact, fact: ContactQueued | None) -> list[Decision]:
    """An unknown queue is the first one; without any queue there is nobody to wait for."""
    queue = centre.present_queue(fact.queue if fact else None)
    if queue is None:
        return [End(contact=contact.id), *finish(centre, contact, outcome="lost")]
    return take_place(centre, contact, queue, fact)


def _left(centre: Centre, contact: LiveContact, fact: CustomerLeft) -> list[Decision]:
    if not contact.open:
        return []
    technical = fact.cause in ("node_lost", "media_lost", "failed")
    return finish(centre, contact, outcome="lost" if technical else "abandoned")


def _due(centre: Centre, contact: LiveContact, fact: AnnouncementDue) -> list[Decision]:
    current = contact.announcing and fact.number == contact.announcement
    return announcement_due(centre, contact) if current and contact.state in QUEUED else []
