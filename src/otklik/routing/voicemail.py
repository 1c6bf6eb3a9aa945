"""A message that a caller left takes a place in a queue: nobody is on a line, and an agent hears it when there is time."""

from __future__ import annotations

from typing import Final

from otklik.contact.configuration import Destination
from otklik.contact.decisions import Decision, SetTimer
from otklik.contact.facts import ContactArrived, ContactQueued, IdentificationExpired
from otklik.contact.hearing import steps_in
from otklik.contact.record import Admission, Outcome
from otklik.contact.voicemail import Voicemail
from otklik.routing.centre import Centre
from otklik.routing.contact import NOBODY, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.waiting import IDENTIFICATION_SECONDS, take_place, wanted

_LEFT_BY: Final[frozenset[Outcome]] = frozenset({"abandoned", "served"})


def come(centre: Centre, fact: ContactArrived, left: Voicemail) -> list[Decision]:
    """An unknown queue is the first one. The call that it was left in may go on, or be over already."""
    call = centre.known(left.call)
    contact = LiveContact(
        id=fact.contact,
        channel=fact.channel,
        entry_point=fact.entry_point,
        dnis=fact.dnis,
        leg=fact.leg,
        ani=fact.ani,
        language=left.language or (call.language if call is not None else ""),
        arrived_at=centre.now,
        since=centre.now,
        admission=Admission(path=(fact.entry_point,), rule="voicemail", to=Destination(queue=left.queue)),
        identity_awaited=fact.identity_follows,
        recording_key=left.key or None,
        recording_seconds=left.seconds,
        words=wanted(left.attributes, call.words if call is not None else NOBODY),
        said_in=left.call if steps_in(left.attributes.values()) else None,
    )
    centre.contacts[contact.id] = contact
    centre.touched_contacts.add(contact.id)
    if call is not None:
        _left(centre, call)
    decisions: list[Decision] = []
    if fact.identity_follows:
        expired = IdentificationExpired(contact=contact.id)
        decisions.append(SetTimer(at=centre.now + IDENTIFICATION_SECONDS, fact=expired))
    queue = centre.present_queue(left.queue, contact)
    if queue is None:
        return [*decisions, *finish(centre, contact, outcome="lost")]
    queued = ContactQueued(
        contact=contact.id,
        queue=queue,
        choices=left.choices,
        requires=left.requires,
        priority=left.priority,
        vip=left.vip,
        attributes=left.attributes,
        path=left.path,
    )
    return [*decisions, *take_place(centre, contact, queue, queued)]


def _left(centre: Centre, call: LiveContact) -> None:
    """Who left a message has not given up."""
    call.left_voicemail = True
    if not call.open and call.outcome in _LEFT_BY:
        call.outcome = "voicemail"
    centre.touch_contact(call)
