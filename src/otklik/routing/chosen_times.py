"""The times for which calls were asked: how many stand in a window, which windows are free, why one cannot be had."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from otklik.contact.configuration import EntryPoint, Queue
from otklik.contact.decisions import Refuse
from otklik.contact.hours import Calendar
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveCallback
from otklik.routing.hours import is_open, next_change, wall

LOOKED_AT: Final = 1_500
"""So many windows are looked at for a free one."""
DAY_SECONDS: Final = 86_400.0


def why_not_then(
    centre: Centre,
    queue: Queue,
    entry_point: EntryPoint | None,
    at: float,
    *,
    alone: bool = False,
    moved: LiveCallback | None = None,
) -> Refuse | None:
    """`alone`: one agent is to call, and the queue's windows do not count. `moved`: the callback that stands elsewhere so far."""
    if (code := _hindrance(centre, queue, entry_point, at, alone=alone, moved=moved)) is None:
        return None
    return Refuse(code=code, nearest=_nearest(centre, queue, entry_point, at, alone=alone))


def why_not_now(centre: Centre, queue: Queue, entry_point: EntryPoint | None, *, alone: bool) -> Refuse | None:
    """As soon as may be: the windows do not count, but where it is closed, the nearest time is one that can be had."""
    calendar = _calendar(centre, queue)
    if calendar is None or is_open(calendar, centre.now):
        return None
    return Refuse(code="callback_closed", nearest=_nearest(centre, queue, entry_point, centre.now, alone=alone))


def _nearest(centre: Centre, queue: Queue, entry_point: EntryPoint | None, at: float, *, alone: bool) -> float | None:
    """Of any instant: at the ends of the calendar of years no clock on a wall shows a time."""
    since = min(max(at, centre.now), centre.now + queue.callback.times.days * DAY_SECONDS)
    return next(iter(free_times(centre, queue, entry_point, since, 1, alone=alone)), None)


def _hindrance(
    centre: Centre,
    queue: Queue,
    entry_point: EntryPoint | None,
    at: float,
    *,
    alone: bool,
    moved: LiveCallback | None,
) -> str | None:
    times, calendar = queue.callback.times, _calendar(centre, queue)
    if not alone and times.most <= 0:
        return "callback_no_times"
    if at < centre.now:
        return "callback_time_past"
    if at > centre.now + times.days * DAY_SECONDS:
        return "callback_too_far"
    if calendar is not None and not is_open(calendar, at):
        return "callback_closed"
    if alone:
        return None
    start, end = _window(queue, _zone(calendar, entry_point), at)
    stands = moved.chosen_at if moved is not None and moved.agent is None and moved.queue == queue.id else None
    own = 1 if stands is not None and start <= stands < end else 0
    return "callback_full" if centre.chosen.count(queue.id, start, end) - own >= times.most else None


def free_times(
    centre: Centre,
    queue: Queue,
    entry_point: EntryPoint | None,
    since: float,
    limit: int,
    *,
    alone: bool = False,
    now: float = 0.0,
    leads: Callable[[float], bool] = lambda _: True,
) -> list[float]:
    """The beginnings of the next windows from `since` on that are open and not full; of a window in which the calendar opens, the
    opening. `now`: of the clock, where nothing has happened for a while. `leads`: does whoever asks for this time come to the queue?"""
    times, calendar = queue.callback.times, _calendar(centre, queue)
    zone = _zone(calendar, entry_point)
    found: list[float] = []
    if times.most <= 0 and not alone:
        return found
    now = max(now, centre.now)
    at, latest = max(since, now), now + times.days * DAY_SECONDS
    if at > latest:
        return found
    start, end = _window(queue, zone, at)
    at = start if start >= at else end
    looked = 0
    while looked < LOOKED_AT and len(found) < limit and at <= latest:
        if calendar is not None and not is_open(calendar, at):
            opens = next_change(calendar, at)
            if opens is None:
                break
            at, looked = opens, looked + 1
            continue
        for start, end in _windows(queue, zone, at, _until(calendar, at)):
            looked += 1
            at = max(at, start)
            if at > latest or looked > LOOKED_AT:
                break
            if (alone or centre.chosen.count(queue.id, start, end) < times.most) and leads(at):
                found.append(at)
                if len(found) >= limit:
                    break
            at = end
    return found


def _until(calendar: Calendar | None, at: float) -> float:
    """It is open until then, or for a day at least."""
    closes = next_change(calendar, at) if calendar is not None else None
    return min(closes if closes is not None else math.inf, at + DAY_SECONDS)


def _windows(queue: Queue, zone: str, at: float, until: float) -> Iterator[tuple[float, float]]:
    """From the one in which `at` lies to the last that begins before `until`. The clock on the wall is asked once, unless it is set
    meanwhile: asking it for each of a thousand windows would take longer than all else."""
    steady = wall(at, zone).utcoffset() == wall(until, zone).utcoffset()
    start, end = _window(queue, zone, at)
    while start < until:
        yield start, end
        at, seconds = end, end - start
        start, end = (end, end + seconds) if steady else _window(queue, zone, at)


def _calendar(centre: Centre, queue: Queue) -> Calendar | None:
    known = queue.callback.open
    return centre.entrance.calendar(known) if known is not None else None


def zone_of(centre: Centre, queue: Queue | None, entry_point: EntryPoint | None) -> str:
    """By whose clock its times are said."""
    return _zone(_calendar(centre, queue) if queue is not None else None, entry_point)


def _zone(calendar: Calendar | None, entry_point: EntryPoint | None) -> str:
    if calendar is not None:
        return calendar.time_zone
    return entry_point.time_zone if entry_point is not None else "UTC"


def _window(queue: Queue, zone: str, at: float) -> tuple[float, float]:
    """The window in which an instant lies, counted from midnight on the wall."""
    seconds = max(60.0, queue.callback.times.window_seconds)
    offset = wall(at, zone).utcoffset()
    shift = offset.total_seconds() if offset is not None else 0.0
    start = (at + shift) // seconds * seconds - shift
    return start, start + seconds
