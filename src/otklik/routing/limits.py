"""Who may come into a queue, how long one may stay, and when another queue helps out, somebody outside, or a mailbox.

Looked at when a contact comes into a queue or waits again after an offer, when a time set for the queue has passed, when agents go, and when the
set-up changes. Overflow comes before turning away. Who can be sent nowhere (`leaving.open_to`) goes on waiting.
"""

from __future__ import annotations

from typing import Final, assert_never

from otklik.contact.configuration import Overflow, OverflowKind, Presence, Queue
from otklik.contact.decisions import Decision, SetTimer
from otklik.contact.facts import LimitDue
from otklik.contact.ids import ContactId
from otklik.contact.record import Diversion, DiversionReason
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED, ContactState, LiveContact
from otklik.routing.leaving import open_to, send
from otklik.routing.strategy import somebody_free
from otklik.routing.wait import at_work

_REASONS: Final[dict[OverflowKind, DiversionReason]] = {
    "wait": "overflow_wait",
    "length": "overflow_length",
    "agents": "overflow_agents",
    "ratio": "overflow_ratio",
}


def settle(centre: Centre) -> list[Decision]:
    """After a fact, before the matching."""
    decisions: list[Decision] = []
    for contact_id in _left_alone(centre):
        contact = centre.contacts[contact_id]
        if contact.state is ContactState.WAITING and contact_id not in centre.unsettled:
            decisions += _divert(centre, contact, joining=False) or []
    while centre.unsettled:
        contact_id = next(iter(centre.unsettled))
        joining = centre.unsettled.pop(contact_id)
        if (found := centre.contacts.get(contact_id)) is not None and found.state in QUEUED:
            decisions += _look(centre, found, joining=joining)
    return decisions


def limit_due(centre: Centre, contact: LiveContact, fact: LimitDue) -> list[Decision]:
    """While it rings nothing is done: it is looked at when it waits again."""
    if fact.number != contact.limit_number or contact.state is not ContactState.WAITING:
        return []
    return _look(centre, contact, joining=False)


def _left_alone(centre: Centre) -> list[ContactId]:
    """Who waits in queues that lost an agent; the last in the line first."""
    gone = 0
    for agent in centre.fewer:
        gone |= centre.roster.only(agent)
    centre.fewer.clear()
    queues = [queue for queue in centre.queues.values() if queue.id in centre.watched] if gone else []
    short = [queue.id for queue in queues if centre.roster.members(queue) & gone]
    return [contact for queue in short for _, contact in reversed(centre.line(queue).places)]


def _look(centre: Centre, contact: LiveContact, *, joining: bool) -> list[Decision]:
    queue = centre.queue(contact.queue)
    if (queue.otherwise is None and not queue.overflow) or contact.consults is not None:
        return []
    diverted = _divert(centre, contact, joining=joining) if contact.state is ContactState.WAITING else None
    return _arm(centre, contact, queue) if diverted is None else diverted


def _arm(centre: Centre, contact: LiveContact, queue: Queue) -> list[Decision]:
    """The timer of the next limit that time alone will reach."""
    contact.limit_number += 1
    if contact.entered_at is None:
        return []
    spans = [each.at for each in queue.overflow if each.when == "wait"]
    if queue.otherwise is not None and queue.max_wait_seconds > 0:
        spans.append(queue.max_wait_seconds)
    later = [at for span in spans if (at := contact.entered_at + span) > centre.now]
    fact = LimitDue(contact=contact.id, number=contact.limit_number)
    return [SetTimer(at=min(later), fact=fact)] if later else []


# which limit


def _divert(centre: Centre, contact: LiveContact, *, joining: bool) -> list[Decision] | None:
    """None: it stays. A consultation always does: the agent who asks hears how long it takes. While it is not yet known who
    the customer is it stays as well, and is looked at when that is known."""
    if contact.consults is not None or (contact.identity_awaited and centre.awaits_identity(contact)):
        return None
    if joining and somebody_free(centre, contact):
        return None
    queue = centre.queue(contact.queue)
    for each in queue.overflow:
        if each.keep:
            _call_help(centre, contact, queue, each)
            continue
        there = each.there
        if open_to(centre, contact, there) and _over(centre, contact, queue, each):
            return send(centre, contact, _REASONS[each.when], there)
    to = queue.otherwise if not contact.away else None
    if to is None or not open_to(centre, contact, to):
        return None
    reason = _exceeded(centre, contact, queue, joining=joining)
    return send(centre, contact, reason, to) if reason is not None else None


def _call_help(centre: Centre, contact: LiveContact, queue: Queue, overflow: Overflow) -> None:
    """The agents of the other queue may have it, too, until it leaves this one, and whatever becomes of the rule's reason."""
    to = overflow.to
    if to is None or to not in centre.queues or to == queue.id or to in centre.helpers(contact):
        return
    if _over(centre, contact, queue, overflow):
        called = Diversion(at=centre.now, queue=queue.id, reason=_REASONS[overflow.when], to=to, keep=True)
        contact.diversions = (*contact.diversions, called)
        centre.change_place(contact)


def _over(centre: Centre, contact: LiveContact, queue: Queue, overflow: Overflow) -> bool:
    match overflow.when:
        case "wait":
            return _has_waited(centre, contact, overflow.at)
        case "length":
            return centre.line(queue.id).position(contact.key) > overflow.at
        case "agents":
            return (centre.roster.members(queue) & centre.roster.present).bit_count() < overflow.at
        case "ratio":
            return centre.line(queue.id).position(contact.key) > overflow.at * at_work(centre, queue)
        case _:
            assert_never(overflow.when)


def _has_waited(centre: Centre, contact: LiveContact, seconds: float) -> bool:
    return contact.entered_at is not None and centre.now >= contact.entered_at + seconds


def _exceeded(centre: Centre, contact: LiveContact, queue: Queue, *, joining: bool) -> DiversionReason | None:
    """Whoever has talked to an agent already is not kept out of a queue."""
    if joining and contact.answered_at is None:
        if 0 < queue.max_waiting < centre.line(queue.id).waiting:
            return "full"
        if (empty := _empty(centre, queue, queue.join_empty)) is not None:
            return empty
    elif not joining and (empty := _empty(centre, queue, queue.leave_empty)) is not None:
        return empty
    too_long = queue.max_wait_seconds > 0 and _has_waited(centre, contact, queue.max_wait_seconds)
    return "waited" if too_long else None


def _empty(centre: Centre, queue: Queue, presence: Presence) -> DiversionReason | None:
    members = centre.roster.members(queue)
    if presence == "logged_in" and not members & centre.roster.present:
        return "nobody_logged_in"
    if presence == "ready" and not members & centre.roster.working:
        return "nobody_ready"
    return None
