"""Calls that are asked for beside the queue: on a web site, by an agent for a customer, by another program. Each is a callback from
its first moment on: a contact without a line, for its time or for the next free agent."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

from otklik.contact.configuration import Destination, EntryPoint, Queue
from otklik.contact.decisions import Decision, Refuse, SetTimer
from otklik.contact.division import apart
from otklik.contact.facts import CallbackAsked, CallbackExpired, ContactArrived
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId
from otklik.contact.record import Admission, Segment
from otklik.routing.callback import choose, close, earlier_callback, earlier_to, wait_on
from otklik.routing.centre import Centre
from otklik.routing.chosen_times import DAY_SECONDS, free_times, why_not_now, why_not_then, zone_of
from otklik.routing.contact import ContactState, LiveCallback, LiveContact
from otklik.routing.entry import language_of
from otklik.routing.hours import wall
from otklik.routing.may_be_called import why_not_at
from otklik.routing.wait import expected_of

ClockAndTimes = tuple[datetime, list[datetime]]
FARTHEST_DAYS: Final = 366.0
"""What the rules say of a later time than this is not asked: it is refused in any queue."""


def handle_asked(centre: Centre, fact: CallbackAsked) -> list[Decision]:
    if centre.known(fact.contact) is not None:
        return []
    at = centre.now if fact.at is None else fact.at
    admission = _admitted(centre, fact, at, centre.now) if fact.queue is None else None
    queue = centre.queues.get(_queue(centre, fact, admission))
    if admission is not None and admission.to.reject is not None:
        return [Refuse(code="callback_turned_away")]
    entry_point = centre.entrance.entry_points.get(_shown(centre, fact, queue))
    refused = _refused(centre, fact, queue, entry_point)
    if refused is not None or queue is None or entry_point is None:
        return [refused or Refuse(code="no_such_queue")]
    return _begin(centre, fact, queue, entry_point, admission)


def times_of(
    centre: Centre,
    queue: QueueId | None,
    entry_point: EntryPointId | None,
    since: float,
    limit: int,
    *,
    alone: bool = False,
    now: float = 0.0,
) -> list[float]:
    """The next times for which a call may be asked. Without a queue: of the one to which the entry point's rules lead then."""
    asked = CallbackAsked(contact=ContactId(""), queue=queue, entry_point=entry_point)
    if queue is None:
        return _times_by_rules(centre, asked, since, limit, alone=alone, now=max(now, centre.now))
    found = centre.queues.get(queue)
    if found is None:
        return []
    shown = centre.entrance.entry_points.get(_shown(centre, asked, found))
    return free_times(centre, found, shown, since, limit, alone=alone, now=now)


def _times_by_rules(
    centre: Centre, asked: CallbackAsked, since: float, limit: int, *, alone: bool, now: float
) -> list[float]:
    """Of each queue to which the rules may lead, the windows at whose beginning they do."""

    @cache
    def led(at: float) -> QueueId:
        return _queue(centre, asked, _admitted(centre, asked, at, now))

    def times(queue: Queue) -> list[float]:
        def leads(at: float) -> bool:
            return led(at) == queue.id

        shown = centre.entrance.entry_points.get(_shown(centre, asked, queue))
        return free_times(centre, queue, shown, since, limit, alone=alone, now=now, leads=leads)

    destinations = centre.entrance.destinations(asked.entry_point or EntryPointId(""))
    queues = {_queue_of(centre, each) for each in destinations}
    found = {at for each in queues if each in centre.queues for at in times(centre.queues[each])}
    return sorted(found)[:limit]


def planned_by(centre: Centre, person: AgentId) -> list[LiveContact]:
    """What stands on this person's desk, the first to come first."""
    found = [centre.contacts[contact] for contact in centre.chosen.of(person)]
    return sorted(found, key=lambda each: (each.callback.chosen_at or 0.0 if each.callback else 0.0, each.id))


def clock_and_times(
    centre: Centre, contact: ContactId, queue: QueueId, since: float | None, limit: int
) -> ClockAndTimes:
    found, known = centre.queues.get(queue), centre.contacts.get(contact)
    where = centre.entrance.entry_points.get(known.entry_point) if known is not None else None
    zone = zone_of(centre, found, where)
    times = free_times(centre, found, where, since or centre.now, limit) if found is not None else []
    return wall(centre.now, zone), [wall(each, zone) for each in times]


def _admitted(centre: Centre, fact: CallbackAsked, at: float, now: float) -> Admission:
    """Where the rules lead whoever writes on the web at that time. What is switched on now for an incident is over by then."""
    entry_point = fact.entry_point or EntryPointId("")
    known = centre.entrance.entry_points.get(entry_point)
    dnis = known.number if known is not None else ""
    comes = ContactArrived(
        contact=fact.contact, channel="web", entry_point=entry_point, dnis=dnis, leg="", ani=fact.number
    )
    incidents = centre.incidents if at <= now else {}
    return centre.entrance.admit(incidents, comes, min(max(now, at), now + FARTHEST_DAYS * DAY_SECONDS))


def _queue(centre: Centre, fact: CallbackAsked, admission: Admission | None) -> QueueId:
    return (fact.queue or QueueId("")) if admission is None else _queue_of(centre, admission.to)


def _queue_of(centre: Centre, to: Destination) -> QueueId:
    scenario = centre.scenario(to.scenario) if to.scenario is not None else None
    return (scenario.otherwise if scenario is not None else to.queue) or QueueId("")


def _shown(centre: Centre, fact: CallbackAsked, queue: Queue | None) -> EntryPointId:
    """Whose number the customer sees: the one that is named, the usual of the queue, else the first of its centre."""
    if fact.entry_point is not None or queue is None:
        return fact.entry_point or EntryPointId("")
    known = centre.entrance.entry_points
    usual = (each for each in queue.calling.callers if each in known)
    near = (each.id for each in known.values() if not apart(each.division, queue.division))
    return next(usual, None) or next(near, EntryPointId(""))


def _refused(centre: Centre, fact: CallbackAsked, queue: Queue | None, entry_point: EntryPoint | None) -> Refuse | None:
    if queue is None:
        return Refuse(code="no_such_queue")
    if entry_point is None or apart(entry_point.division, queue.division):
        return Refuse(code="no_such_entry_point")
    asker = centre.set_up.get(AgentId(fact.by))
    if asker is not None and not centre.roster.belongs(asker.id, queue):
        return Refuse(code="not_your_queue")
    alone = centre.set_up.get(fact.agent) if fact.agent is not None else None
    if fact.agent is not None and (alone is None or apart(alone.division, queue.division)):
        return Refuse(code="callback_no_agent")
    if not centre.calls_out:
        return Refuse(code="callback_no_trunk")
    if (code := why_not_at(centre, queue.id, fact.number or "")) is not None:
        return Refuse(code=code)
    if fact.at is None:
        return why_not_now(centre, queue, entry_point, alone=fact.agent is not None)
    earlier = earlier_to(centre, fact.number or "", queue.id, chosen=True) if fact.agent is None else None
    moved = earlier.callback if earlier is not None else None
    return why_not_then(centre, queue, entry_point, fact.at, alone=fact.agent is not None, moved=moved)


def _begin(
    centre: Centre, fact: CallbackAsked, queue: Queue, entry_point: EntryPoint, admission: Admission | None
) -> list[Decision]:
    now = centre.now
    callback = LiveCallback(
        queue=queue.id, asked_at=now, agent=fact.agent, agent_seconds=fact.agent_seconds, by=fact.by
    )
    contact = LiveContact(
        id=fact.contact,
        channel="voice",
        entry_point=entry_point.id,
        dnis=entry_point.number,
        leg="",
        ani=fact.number,
        language=language_of(centre.entrance, centre.scenario, entry_point.id),
        arrived_at=now,
        since=now,
        state=ContactState.POSTPONED,
        stage=ContactState.POSTPONED,
        queue=queue.id,
        away=True,
        callback=callback,
        admission=admission,
    )
    steps = queue.priority + (admission.to.priority if admission is not None else 0)
    contact.worth_seconds = steps * centre.configuration.priority_seconds
    contact.adjustment_seconds = queue.adjustment_seconds
    contact.requires = admission.to.requires if admission is not None else ""
    contact.place = now - contact.worth_seconds - contact.adjustment_seconds
    decisions = _instead(centre, contact, fact)
    if fact.at is not None:
        choose(centre, contact, callback, fact.at)
        contact.begin(Segment(kind="scheduled", started_at=now, ended_at=None, queue=queue.id))
    centre.contacts[contact.id] = contact
    centre.touch_contact(contact)
    centre.follow_callback(contact)
    decisions += wait_on(centre, contact, callback)
    if fact.at is None and contact.state is ContactState.WAITING:
        callback.promised_seconds = expected_of(centre, contact)
    until = callback.counted_from + queue.callback.lifetime_seconds
    return [*decisions, SetTimer(at=until, fact=CallbackExpired(contact=contact.id))]


def _instead(centre: Centre, contact: LiveContact, fact: CallbackAsked) -> list[Decision]:
    """Of the earlier callback to the same number in this queue, if there is one; an agent's own stand beside each other."""
    if fact.agent is not None:
        return []
    earlier = earlier_callback(centre, contact, contact.queue, chosen=fact.at is not None)
    if earlier is None:
        return []
    if fact.at is None and earlier.place is not None and contact.place is not None:
        contact.place = min(contact.place, earlier.place)
    return close(centre, earlier, "callback_merged")
