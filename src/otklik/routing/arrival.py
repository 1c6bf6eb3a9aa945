"""What the customer's side does: arrives, is recognised, comes to a queue, leaves; and what remains: the recording."""

from __future__ import annotations

from typing import Final, assert_never

from msgspec.structs import replace

from otklik.contact.configuration import AnyScenario, Destination, serves
from otklik.contact.decisions import Decision, End, Refuse, RunScenario, SetTimer
from otklik.contact.facts import (
    AnnouncementDue,
    Answered,
    ContactArrived,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    CustomerNotFound,
    IdentificationExpired,
    IncidentSwitched,
    KeyPressed,
    LimitDue,
    PinExpired,
    RecordingStored,
    RingDue,
    ScenarioFinished,
    VerbFinished,
)
from otklik.contact.handler import HandlerFailed, HandlerStepped
from otklik.contact.hearing import REQUEST_STEP, told_in_request
from otklik.contact.ids import QueueId
from otklik.contact.record import Segment
from otklik.contact.voicemail import message_of
from otklik.routing import callback, recording
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED, ContactState, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.entry import Incident, language_of
from otklik.routing.leaving import key_pressed
from otklik.routing.limits import limit_due
from otklik.routing.matching import announcement_due
from otklik.routing.outside_number import put_through, why_not_there
from otklik.routing.turning_away import reject, told
from otklik.routing.voicemail import come
from otklik.routing.waiting import (
    IDENTIFICATION_SECONDS,
    identify,
    pin_expired,
    ring_due,
    take_place,
    wanted,
    without_identity,
)

ArrivalFact = (
    CustomerIdentified
    | CustomerNotFound
    | IdentificationExpired
    | VerbFinished
    | ScenarioFinished
    | CustomerLeft
    | RecordingStored
    | AnnouncementDue
    | RingDue
    | PinExpired
    | LimitDue
    | KeyPressed
)

_SCENARIO: Final = ContactState.SCENARIO
FARTHEST_REPAIR_SECONDS: Final = 30 * 86_400.0


def handle_arrival(centre: Centre, fact: ArrivalFact) -> list[Decision]:
    late = isinstance(fact, RecordingStored) and fact.step
    contact = centre.known(message_of(fact.contact, late) if late else fact.contact)
    if contact is None:
        return []
    match fact:
        case CustomerIdentified():
            return identify(centre, contact, fact)
        case CustomerNotFound() | IdentificationExpired():
            return without_identity(centre, contact)
        case RecordingStored():
            return recording.stored(centre, contact, fact)
        case ScenarioFinished():
            return _served(centre, contact, fact)
        case CustomerLeft():
            return _left(centre, contact, fact)
        case VerbFinished():
            _went_on(centre, contact)
            _hear(contact, fact)
            return told(centre, contact, fact) + callback.told(contact, fact)
        case AnnouncementDue() | RingDue() | PinExpired() | LimitDue() | KeyPressed():
            return _while_waiting(centre, contact, fact)
        case _:
            assert_never(fact)


def _went_on(centre: Centre, contact: LiveContact) -> None:
    """What came of a step is the scenario's own business; whoever watches the contact sees that there is more of its course."""
    if contact.open:
        contact.steps += 1
        centre.touched_contacts.add(contact.id)


def _hear(contact: LiveContact, fact: VerbFinished) -> None:
    """The first words of a step count, as its answer does."""
    if fact.said and contact.open:
        contact.words = {fact.step: fact.said, **contact.words}


def handle_step(centre: Centre, fact: Answered | HandlerStepped | HandlerFailed) -> list[Decision]:
    if (contact := centre.contacts.get(fact.contact)) is not None:
        _went_on(centre, contact)
    return []


def _while_waiting(
    centre: Centre, contact: LiveContact, fact: AnnouncementDue | RingDue | PinExpired | LimitDue | KeyPressed
) -> list[Decision]:
    match fact:
        case AnnouncementDue():
            return _due(centre, contact, fact)
        case RingDue():
            return ring_due(centre, contact, fact)
        case PinExpired():
            return pin_expired(centre, contact, fact)
        case LimitDue():
            return limit_due(centre, contact, fact)
        case KeyPressed():
            return key_pressed(centre, contact, fact)
        case _:
            assert_never(fact)


def handle_arrived(centre: Centre, fact: ContactArrived) -> list[Decision]:
    if centre.known(fact.contact) is not None:
        return []
    if fact.voicemail is not None:
        return come(centre, fact, fact.voicemail)
    admission = centre.entrance.admit(centre.incidents, fact, centre.now)
    scenario = centre.scenario(admission.to.scenario) if admission.to.scenario is not None else None
    contact = LiveContact(
        id=fact.contact,
        channel=fact.channel,
        entry_point=fact.entry_point,
        dnis=fact.dnis,
        leg=fact.leg,
        ani=fact.ani,
        language=scenario.language if scenario else language_of(centre.entrance, centre.scenario, admission.path[-1]),
        arrived_at=centre.now,
        since=centre.now,
        admission=admission,
        identity_awaited=fact.identity_follows,
    )
    contact.segments = (Segment(kind="scenario", started_at=centre.now, ended_at=None),)
    centre.contacts[contact.id] = contact
    centre.touched_contacts.add(contact.id)
    decisions = recording.begin(centre, contact)
    if fact.identity_follows:
        expired = IdentificationExpired(contact=contact.id)
        decisions.append(SetTimer(at=centre.now + IDENTIFICATION_SECONDS, fact=expired))
    if admission.to.reject is not None:
        return [*decisions, *reject(centre, contact, admission.to.reject)]
    if (outside := admission.to.outside) is not None:
        if (reason := why_not_there(centre, contact, outside)) is None:
            return [*decisions, *put_through(centre, contact, outside)]
        return [*decisions, Refuse(code=reason), *go_in(centre, contact)]
    if scenario is not None and serves(scenario, contact.channel):
        told = told_in_request(fact.request)
        contact.words = {REQUEST_STEP: told} if told else contact.words
        return [*decisions, RunScenario(contact=contact.id, scenario=scenario.id)]
    return [*decisions, *_queue(centre, contact, _straight(contact, admission.to, scenario))]


def go_in(centre: Centre, contact: LiveContact) -> list[Decision]:
    """To the scenario of the entry point that led elsewhere, and nobody was there."""
    path = contact.admission.path if contact.admission is not None else (contact.entry_point,)
    entry_point = centre.entrance.entry_points.get(path[-1])
    scenario = centre.scenario(entry_point.scenario) if entry_point is not None else None
    if scenario is not None and serves(scenario, contact.channel):
        return [RunScenario(contact=contact.id, scenario=scenario.id, first_step=contact.scenario_steps)]
    return _queue(centre, contact, _straight(contact, Destination(), scenario))


def _straight(contact: LiveContact, to: Destination, scenario: AnyScenario | None) -> ContactQueued:
    """Nothing is heard before the queue: the place is taken within the fact of the arrival, and no other is waited for."""
    if scenario is not None:
        return ContactQueued(contact=contact.id, queue=scenario.otherwise)
    return ContactQueued(contact=contact.id, queue=to.queue or QueueId(""), priority=to.priority, requires=to.requires)


def switch_incident(centre: Centre, fact: IncidentSwitched) -> list[Decision]:
    """Refused for a switch that is not set up, except to switch it off; said again it changes what callers are told, and a time that
    has passed meanwhile may stay."""
    if not fact.on:
        centre.incidents.pop(fact.entry_point, None)
        return []
    if not any(switch.entry_point == fact.entry_point for switch in centre.configuration.incident_switches):
        return [Refuse(code="no_such_incident_switch")]
    ends, earlier = fact.repaired_by, centre.incidents.get(fact.entry_point)
    if ends is not None and earlier is not None and _same(ends, earlier.repaired_by):
        ends = earlier.repaired_by
    elif ends is not None and not centre.now < ends <= centre.now + FARTHEST_REPAIR_SECONDS:
        return [Refuse(code="incident_time")]
    centre.incidents[fact.entry_point] = Incident(
        entry_point=fact.entry_point,
        since=earlier.since if earlier is not None else centre.now,
        by=fact.by,
        repaired_by=ends,
        texts=fact.texts,
    )
    return []


def _same(one: float, other: float | None) -> bool:
    """As it was shown, which is in thousandths of a second."""
    return other is not None and abs(one - other) < 0.0015


def handle_queued(centre: Centre, fact: ContactQueued) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    if contact is None or contact.state is not _SCENARIO or contact.rejecting:
        return []
    return _queue(centre, contact, fact)


def _queue(centre: Centre, contact: LiveContact, fact: ContactQueued) -> list[Decision]:
    """An unknown queue is the first one; without any queue there is nobody to wait for."""
    queue = centre.present_queue(fact.queue, contact)
    if queue is None:
        return [End(contact=contact.id), *finish(centre, contact, outcome="lost")]
    if contact.ani not in centre.callbacks:
        decisions = take_place(centre, contact, queue, fact)
        return decisions + _called_back(centre, contact, fact) if fact.callback else decisions
    closed, ahead_seconds = callback.take_over(centre, contact, queue)
    longer = replace(fact, adjustment_seconds=fact.adjustment_seconds + ahead_seconds)
    decisions = [*closed, *take_place(centre, contact, queue, longer)]
    return decisions + _called_back(centre, contact, fact) if fact.callback else decisions


def _called_back(centre: Centre, contact: LiveContact, fact: ContactQueued) -> list[Decision]:
    return callback.asked_by_scenario(centre, contact, fact.number, fact.callback_at)


def _served(centre: Centre, contact: LiveContact, fact: ScenarioFinished) -> list[Decision]:
    if contact.state is not ContactState.SCENARIO or contact.rejecting:
        return []
    contact.choices, contact.path = contact.choices + fact.choices, contact.path + fact.path
    contact.attributes = {**contact.attributes, **fact.attributes}
    contact.words = wanted(contact.attributes, contact.words)
    return [End(contact=contact.id), *finish(centre, contact, outcome="served")]


def _left(centre: Centre, contact: LiveContact, fact: CustomerLeft) -> list[Decision]:
    if not contact.open or contact.consults is not None:
        return []  # a consultation has no line of a customer
    if contact.callback is not None and (decided := callback.line_ended(centre, contact, fact)) is not None:
        return decided
    if contact.rejecting:
        return finish(centre, contact, outcome=contact.parting)
    technical = fact.cause in ("node_lost", "media_lost", "failed")
    return finish(centre, contact, outcome="lost" if technical else "abandoned")


def _due(centre: Centre, contact: LiveContact, fact: AnnouncementDue) -> list[Decision]:
    current = contact.announcing and fact.number == contact.announcement
    return announcement_due(centre, contact) if current and contact.state in QUEUED else []
