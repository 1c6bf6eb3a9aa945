"""How queues were served lately: who was answered and who gave up, and after how long a wait. Kept only where a rule asks for it;
the counts of `today` always.

The wait is the customer's last one without a break, through all the queues that it led through: what went before is over
where a scenario or an agent spoke to the customer. A contact counts for the queue in which it was answered or given up.
Callbacks, calls out and consultations are not counted, nor is whoever was sent on, turned away or cut off.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from otklik.contact.ids import QueueId
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED, LiveContact
from otklik.routing.today import counted

Leaving = tuple[float, float, bool]
"""When it left the queue, after how many seconds, and whether an agent answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The leavings of one queue, the oldest first."""

    queue: QueueId
    leavings: tuple[Leaving, ...]


def waited(contact: LiveContact, now: float) -> float | None:
    """Seconds; None of one that does not wait on the line."""
    since = None
    for segment in reversed(contact.segments):
        if segment.kind != "queue":
            break
        since = segment.started_at
    return None if since is None else now - since


def note_leaving(centre: Centre, contact: LiveContact, *, answered: bool) -> None:
    """Call while it is still in the queue."""
    queue = contact.queue
    if queue is None or contact.consults is not None or contact.state not in QUEUED:
        return
    seconds = waited(contact, centre.now)
    if seconds is None:
        return
    if queue in centre.queues:
        within = centre.queues[queue].thresholds.level_within_seconds
        known = centre.today.get(queue)
        centre.today[queue] = counted(known, queue, centre.configuration, centre.now, seconds, answered, within)
    window = centre.served_seconds
    if not window:
        return
    kept = centre.served.setdefault(queue, deque())
    kept.append((centre.now, seconds, answered))
    while kept[0][0] < centre.now - window:
        kept.popleft()


def overdue(centre: Centre, queue: QueueId, seconds: float, now: float) -> int:
    """How many wait in the queue, or ring at an agent, for longer."""
    contacts = [centre.contacts[contact] for _, contact in centre.line(queue).places]
    return sum(each.consults is None and (waited(each, now) or 0.0) > seconds for each in contacts)
