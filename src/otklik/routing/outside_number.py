"""Putting a customer through to somebody outside: whom we may call there, and the call itself.

What a customer keys, a database answers or code says is never dialled unless the tenant has named with what it must begin: nobody is
to call the world at our expense. A number that leads back to us would go round, each time with one line more: our own are refused, whoever
arrives from such a number or from one that we are calling is not sent out again, and no number has more than so many lines at once.
"""

from __future__ import annotations

import re
from typing import Final

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import CallOutside, Decision, SetTimer
from otklik.contact.ids import ContactId, QueueId
from otklik.contact.outside_number import OutsideExpired, OutsideNumber
from otklik.contact.record import Segment
from otklik.routing.calling_out import SHORT
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveContact, LiveOutside
from otklik.routing.entry import digits
from otklik.routing.may_be_called import CALLABLE, begins_with

LINES_TO_ONE_NUMBER: Final = 30
RING_MARGIN_SECONDS: Final = 10.0
"""The telephone ends the ringing; this is for when it does not."""
_BETWEEN: Final = re.compile(r"[\s().-]")


def plain(dial: str) -> str:
    """ "+7 (800) 555-35-35" -> "+78005553535"."""
    return _BETWEEN.sub("", dial)


def may_ring_outside(centre: Centre, to: OutsideNumber) -> bool:
    """Whoever it is for."""
    return centre.calls_out and why_no_number(centre, plain(to.dial)) is None


def why_not_there(centre: Centre, contact: LiveContact, to: OutsideNumber, *, written: bool = True) -> str | None:
    """The code of the reason why this customer cannot be put through there; None: it can be done."""
    number = plain(to.dial)
    if (reason := why_no_way_out(centre, contact) or why_no_number(centre, number)) is not None:
        return reason
    if not written and not _allowed(centre, to.rules_of, number):
        return "number_not_allowed"
    if (reason := why_in_a_circle(centre, contact)) is not None:
        return reason
    lines = sum(each == number for each in centre.numbers_outside.values())
    return "outside_lines" if lines >= LINES_TO_ONE_NUMBER else None


def why_no_way_out(centre: Centre, contact: LiveContact) -> str | None:
    """Whatever the number."""
    if contact.channel not in LIVE or contact.away or contact.consults is not None:
        return "outside_no_line"
    return None if centre.calls_out else "no_trunk_out"


def why_no_number(centre: Centre, number: str) -> str | None:
    """Whoever calls."""
    if SHORT.fullmatch(number) is not None:
        return None if number in centre.configuration.short_numbers else "short_number_not_allowed"
    if CALLABLE.fullmatch(number) is None:
        return "number_unreadable"
    return "outside_own_number" if digits(number) in centre.entrance.own_numbers else None


def _allowed(centre: Centre, rules_of: QueueId | None, number: str) -> bool:
    """By the beginnings that the queue's calls out may have; where it names none, nothing that was keyed may be called."""
    queue = centre.queues.get(rules_of) if rules_of is not None else None
    prefixes = queue.calling.prefixes if queue is not None else ()
    return bool(prefixes) and SHORT.fullmatch(number) is None and begins_with(number, prefixes)


def why_in_a_circle(centre: Centre, contact: LiveContact) -> str | None:
    """By whoever calls, whatever the number that is to be called."""
    caller = digits(contact.ani or "")
    others = (digits(number) for each, number in centre.numbers_outside.items() if each != contact.id)
    round_again = bool(caller) and (caller in centre.entrance.own_numbers or caller in others)
    return "outside_loop" if round_again else None


def put_through(
    centre: Centre, contact: LiveContact, to: OutsideNumber, *, step: int = 0, block: str = "", queued: bool = False
) -> list[Decision]:
    """`why_not_there` was asked before."""
    contact.music = contact.announcing = False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    contact.begin(Segment(kind="ringing_outside", started_at=centre.now, ended_at=None, queue=contact.queue))
    centre.move_contact(contact, ContactState.OUTSIDE)
    return call_outside(centre, contact, to, step=step, block=block, queued=queued)


def call_outside(
    centre: Centre,
    contact: LiveContact,
    to: OutsideNumber,
    *,
    step: int = 0,
    block: str = "",
    queued: bool = False,
    beside: ContactId | None = None,
) -> list[Decision]:
    now = centre.now
    contact.outside_attempts += 1
    attempt = contact.outside_attempts
    contact.outside = LiveOutside(
        to=to, number=plain(to.dial), attempt=attempt, step=step, block=block, queued=queued, beside=beside
    )
    centre.numbers_outside[contact.id] = contact.outside.number
    return [
        CallOutside(contact=contact.id, attempt=attempt, ring_seconds=to.ring_seconds, music=to.music, beside=beside),
        SetTimer(
            at=now + to.ring_seconds + RING_MARGIN_SECONDS, fact=OutsideExpired(contact=contact.id, attempt=attempt)
        ),
    ]
