"""Customers who are turned away, by an entry rule or by a queue: they are told why, then the line is closed."""

from __future__ import annotations

from typing import Final

from otklik.contact.configuration import UNHEARD, Speech
from otklik.contact.decisions import Decision, End, Say, SetTimer
from otklik.contact.facts import VerbFinished
from otklik.contact.record import Segment
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveContact
from otklik.routing.conversation import finish

REJECT_STEP: Final = 1
QUEUE_REJECT_STEP: Final = 1000
"""Out of a queue: apart from the steps of the scenario before it, which may finish late."""
REJECT_SECONDS: Final = 60.0
"""A customer who is turned away is hung up by then, whatever became of the words."""


def reject(centre: Centre, contact: LiveContact, speech: Speech) -> list[Decision]:
    if not speech.text or contact.channel in UNHEARD:
        return [End(contact=contact.id), *finish(centre, contact, outcome=contact.parting)]
    told = VerbFinished(contact=contact.id, step=_step(contact), outcome="timeout")
    return [*rejection(contact), SetTimer(at=centre.now + REJECT_SECONDS, fact=told)]


def reject_waiting(centre: Centre, contact: LiveContact, speech: Speech) -> list[Decision]:
    """Out of its queue."""
    contact.music = contact.announcing = False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    if speech.text:
        contact.turned_away = speech
        contact.begin(Segment(kind="scenario", started_at=centre.now, ended_at=None))
        centre.move_contact(contact, ContactState.SCENARIO)
    return reject(centre, contact, speech)


def rejection(contact: LiveContact) -> list[Decision]:
    """What a customer who is being turned away is told; to be said again after a restart."""
    speech = contact.refusal if contact.open else None
    return (
        [Say(contact=contact.id, step=_step(contact), speech=(speech,), interruptible=False)]
        if speech is not None
        else []
    )


def told(centre: Centre, contact: LiveContact, fact: VerbFinished) -> list[Decision]:
    """Whoever was turned away has heard why. Every other step is the scenario's own business."""
    if contact.rejecting and contact.open and fact.step == _step(contact):
        return [End(contact=contact.id), *finish(centre, contact, outcome=contact.parting)]
    return []


def _step(contact: LiveContact) -> int:
    return REJECT_STEP if contact.turned_away is None else QUEUE_REJECT_STEP
