"""How long somebody at a place in the line will wait: place × work per answer ÷ agents who work in the queue now.

The work per answer is the mean, over the last answers, of (interval between two answers) × (agents at work then). Only
intervals count in which the answered contact was waiting all the time: others tell how often customers call, not how
fast they are served. Until `ENOUGH` of them are known nothing is said. It is the queue-length estimator with a measured
rate of service in place of a known one (Whitt 1999, "Predicting queueing delays"; Ibrahim and Whitt 2009); as there,
those who give up ahead are not foreseen, so with impatient customers it says rather too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Final

from msgspec.structs import replace

from otklik.contact.configuration import Queue
from otklik.contact.ids import QueueId
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.pace import Pace, Promises, promises
from otklik.routing.strategy import somebody_free

ANSWERS: Final = 50
"""Over so many of the last answers the mean is taken."""
ENOUGH: Final = 5


def note_answer(centre: Centre, contact: LiveContact) -> None:
    """Call when an agent answers, while the contact is still offered."""
    if contact.queue is None or contact.consults is not None:
        return
    pace = centre.paces.get(contact.queue) or Pace(queue=contact.queue)
    before, spent = pace.answered_at, pace.spent
    if before is not None and contact.entered_at is not None and contact.entered_at <= before:
        agents = max(1, at_work(centre, centre.queue(contact.queue)))
        spent = (*spent, (centre.now - before) * agents)[-ANSWERS:]
    served, called, callback = pace.served, pace.called, contact.callback
    if callback is not None and contact.away and not callback.attempts:
        called = (*called, (centre.now - callback.counted_from, callback.promised_seconds))[-ANSWERS:]
    elif callback is None and contact.answered_at is None and contact.queued_at is not None:
        served = (*served, (centre.now - contact.queued_at, contact.promised_seconds))[-ANSWERS:]
    centre.paces[contact.queue] = replace(pace, answered_at=centre.now, spent=spent, served=served, called=called)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """How a queue has served its last customers, `ANSWERS` at most."""

    id: QueueId
    name: str
    answers: int
    waited_seconds: float | None
    """On average; None before the first answer."""
    target_seconds: float
    """What the order "furthest_behind" holds the queue to, in proportion to the others."""
    promises: Promises | None
    """Of the wait that was expected; None where none was told."""
    callbacks: Promises | None
    """Of the wait until the customer is called back."""


def figures(centre: Centre, queue: Queue) -> QueueFigures:
    pace = centre.paces.get(queue.id) or Pace(queue=queue.id)
    return QueueFigures(
        id=queue.id,
        name=queue.name,
        answers=len(pace.served),
        waited_seconds=fmean(waited for waited, _ in pace.served) if pace.served else None,
        target_seconds=queue.target_seconds,
        promises=promises(pace.served),
        callbacks=promises(pace.called),
    )


def at_work(centre: Centre, queue: Queue) -> int:
    """Agents of the queue who are in shift and not on a pause, whatever they have in hand."""
    return (centre.roster.members(queue) & centre.roster.working).bit_count()


def expected_seconds(centre: Centre, queue: QueueId | None, position: int) -> float | None:
    """Of whoever stands at this place, from 1; None where it cannot be told."""
    pace = centre.paces.get(queue) if queue is not None else None
    if pace is None or len(pace.spent) < ENOUGH:
        return None
    agents = at_work(centre, centre.queue(queue))
    return position * sum(pace.spent, 0.0) / len(pace.spent) / agents if agents else None


def expected_of(centre: Centre, contact: LiveContact) -> float | None:
    """Of a contact that waits; nothing where somebody is free for it."""
    if somebody_free(centre, contact):
        return 0.0
    return expected_seconds(centre, contact.queue, centre.line(contact.queue).position(contact.key))


def expected_of_next(centre: Centre, queue: Queue) -> float | None:
    """Of whoever came now, asking for nothing particular."""
    line, roster = centre.line(queue.id), centre.roster
    if not line.waiting and roster.members(queue) & roster.free:
        return 0.0
    return expected_seconds(centre, queue.id, len(line.places) + 1)
