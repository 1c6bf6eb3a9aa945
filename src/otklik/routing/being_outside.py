"""What becomes of a customer who was put through to somebody outside: talked to, or on to what comes next."""

from __future__ import annotations

from typing import Final, Literal, assert_never

from msgspec.structs import replace

from otklik.contact.decisions import Decision, End, EndOutside, Refuse, SetTimer
from otklik.contact.facts import VerbFinished
from otklik.contact.outside_number import (
    OutsideAnswered,
    OutsideAsked,
    OutsideEnd,
    OutsideEnded,
    OutsideExpired,
    OutsideFact,
)
from otklik.contact.record import Segment
from otklik.routing.arrival import go_in
from otklik.routing.centre import Centre
from otklik.routing.conferring import say_again
from otklik.routing.consulting_outside import come_back, hardly_talked, outside_left
from otklik.routing.contact import ContactState, LiveContact, LiveOutside
from otklik.routing.conversation import finish
from otklik.routing.offering import who_hears_whom
from otklik.routing.outside_number import put_through, why_not_there
from otklik.routing.waiting import set_ring

Came = Literal["done", "busy", "no_answer", "failed", "impossible"]
_CAME: Final[dict[OutsideEnd, Came]] = {"busy": "busy", "rejected": "busy", "no_answer": "no_answer"}
"""The exits of a scenario; whatever is not here has failed."""


def handle_outside(centre: Centre, fact: OutsideFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    if contact is None:
        return []
    if isinstance(fact, OutsideAsked):
        return _asked(centre, contact, fact)
    outside = contact.outside
    if outside is None or fact.attempt != outside.attempt:
        return []
    match fact:
        case OutsideAnswered():
            if outside.answered_at is not None:
                say_again(centre, contact)
                return who_hears_whom(centre, contact)  # told again after a restart
            return _answered(centre, contact, outside)
        case OutsideEnded():
            return _ended(centre, contact, outside, fact.cause)
        case OutsideExpired():
            current = fact.talking == (outside.answered_at is not None)
            return [EndOutside(contact=contact.id, attempt=outside.attempt)] if current else []
        case _:
            assert_never(fact)


def _asked(centre: Centre, contact: LiveContact, fact: OutsideAsked) -> list[Decision]:
    if contact.state is not ContactState.SCENARIO or contact.rejecting or fact.step <= contact.outside_step:
        return []
    contact.outside_step = fact.step
    reason = why_not_there(centre, contact, fact.to, written=fact.written)
    if reason is not None:
        return [Refuse(code=reason), _told(centre, contact, fact.step, fact.block, "impossible")]
    return put_through(centre, contact, fact.to, step=fact.step, block=fact.block)


def _answered(centre: Centre, contact: LiveContact, outside: LiveOutside) -> list[Decision]:
    contact.outside = replace(outside, answered_at=centre.now)
    if outside.beside is None:
        contact.begin(Segment(kind="outside", started_at=centre.now, ended_at=None, queue=contact.queue))
    centre.touch_contact(contact)
    expired = OutsideExpired(contact=contact.id, attempt=outside.attempt, talking=True)
    timer = SetTimer(at=centre.now + outside.to.longest_seconds, fact=expired)
    return [*who_hears_whom(centre, contact), timer]


def _ended(centre: Centre, contact: LiveContact, outside: LiveOutside, cause: OutsideEnd) -> list[Decision]:
    if outside.beside is not None:
        return outside_left(centre, contact, cause)
    contact.outside = None
    talked = outside.answered_at is not None
    if outside.step:
        contact.begin(Segment(kind="scenario", started_at=centre.now, ended_at=None))
        centre.move_contact(contact, ContactState.SCENARIO)
        came: Came = "done" if talked else _CAME.get(cause, "failed")
        return [_told(centre, contact, outside.step, outside.block, came)]
    if talked and not hardly_talked(centre, outside):
        return [End(contact=contact.id), *finish(centre, contact, outcome="served")]
    if outside.asker is not None:
        return come_back(centre, contact, outside, cause)
    if outside.queued:
        entered_at = contact.entered_at
        centre.enter_queue(contact, centre.present_queue(contact.queue, contact) or contact.queue)
        contact.entered_at = entered_at if entered_at is not None else centre.now
        if contact.id in centre.unsettled:
            centre.unsettled[contact.id] = False  # the place is kept: nobody joins
        decisions = set_ring(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
        return decisions
    contact.begin(Segment(kind="scenario", started_at=centre.now, ended_at=None))
    centre.move_contact(contact, ContactState.SCENARIO)
    return go_in(centre, contact)


def _told(centre: Centre, contact: LiveContact, step: int, block: str, came: Came) -> SetTimer:
    """The scenario hears of it by a fact of its own: what it was told is what it is told again after a restart."""
    fact = VerbFinished(contact=contact.id, step=step, outcome=came, block=block)
    return SetTimer(at=centre.now, fact=fact)
