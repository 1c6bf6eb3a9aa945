"""Callbacks: a customer hangs up and keeps the place; once an agent has accepted, the customer is called.

At most one line to the customer is alive. A contact that is `away` has none; its own line, or an attempt (`live`), must be
known to have ended before it is offered again. Who gives up, whom nobody reaches, what a restart finds: each attempt ends
with `CallFailed` or, once answered, with `CustomerLeft` of its number; anything else about it is late and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, assert_never

from otklik.contact.configuration import LIVE, Callback, EntryPoint, Speech
from otklik.contact.decisions import Announce, Connect, Decision, End, Record, Refuse, Say, SetTimer
from otklik.contact.facts import (
    CallAnswered,
    CallbackCancelled,
    CallbackDue,
    CallbackExpired,
    CallbackMoved,
    CallFailed,
    CallsOutChanged,
    CustomerLeft,
    VerbFinished,
)
from otklik.contact.hours import Calendar
from otklik.contact.ids import QueueId
from otklik.contact.record import Outcome, Segment
from otklik.routing import recording
from otklik.routing.agent import HandState
from otklik.routing.announcement import (
    callback_at_speech,
    callback_impossible_speech,
    callback_speech,
    no_callback_speech,
)
from otklik.routing.centre import Centre
from otklik.routing.chosen_times import why_not_then
from otklik.routing.contact import ContactState, LiveCallback, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.dialling import let_agent_go
from otklik.routing.hours import is_open, next_change
from otklik.routing.matching import play_music, set_announcement
from otklik.routing.may_be_called import why_not
from otklik.routing.offering import withdraw_all
from otklik.routing.phone import settle_phones
from otklik.routing.wait import expected_of
from otklik.routing.waiting import familiar, next_try, set_ring

CallbackFact = CallAnswered | CallFailed | CallbackDue | CallbackExpired | CallbackCancelled | CallbackMoved

STEP: Final = 2000
"""Of the words: apart from the steps of any scenario."""
WORDS_SECONDS: Final = 60.0
"""The line is closed by then, whatever became of the words."""
_IDLE: Final = frozenset({ContactState.POSTPONED, ContactState.WAITING, ContactState.OFFERED})


def handle_callback(centre: Centre, fact: CallbackFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    callback = contact.callback if contact is not None else None
    if contact is None or callback is None:
        refused = Refuse(code="no_such_contact" if contact is None else "no_such_callback")
        return [refused] if isinstance(fact, CallbackCancelled | CallbackMoved) else []
    if contact.placed_by is not None and isinstance(fact, CallbackCancelled | CallbackMoved):
        return [Refuse(code="no_such_callback")]
    match fact:
        case CallAnswered():
            return _answered(centre, contact, callback) if _current(callback, fact.attempt) else []
        case CallFailed():
            return _failed(centre, contact, callback, fact) if _current(callback, fact.attempt) else []
        case CallbackDue():
            return _due(centre, contact, callback) if fact.number == callback.number else []
        case CallbackExpired():
            early = callback.chosen_at is not None and centre.now < _latest(centre, callback)  # it was moved
            over = contact.away and contact.state in _IDLE and not early
            return close(centre, contact, "callback_failed") if over else []
        case CallbackCancelled():
            idle = contact.state in _IDLE and (contact.away or contact.state is ContactState.POSTPONED)
            if not idle:
                return [Refuse(code="move_not_allowed", state=contact.state.value)]
            return close(centre, contact, "callback_cancelled")
        case CallbackMoved():
            return _move(centre, contact, callback, fact)
        case _:
            assert_never(fact)


def _current(callback: LiveCallback, attempt: int) -> bool:
    return callback.live and attempt == callback.attempts


# asking for it


def impossible(centre: Centre, contact: LiveContact, reason: str) -> list[Decision]:
    """Nothing is promised that cannot be kept: the customer is told so and goes on waiting, and the reason is kept."""
    refused: list[Decision] = [Refuse(code=reason)]
    if reason == "callback_once" or contact.state is not ContactState.WAITING:
        return refused
    if reason not in ("callback_no_number", "callback_not_allowed"):
        return [*refused, Announce(contact=contact.id, speech=(no_callback_speech(contact.language),))]
    words = _text(centre.queue(contact.queue).callback.impossible, contact.language)
    return [*refused, Announce(contact=contact.id, speech=(words or callback_impossible_speech(contact.language),))]


def calls_out_changed(centre: Centre, fact: CallsOutChanged) -> list[Decision]:
    """Nobody is offered to an agent who then could not be called; whoever was kept back for that is so no longer."""
    centre.calls_out = fact.possible
    settle_phones(centre)
    decisions: list[Decision] = []
    for contact in list(centre.contacts.values()):
        callback = contact.callback
        pausing = callback is not None and callback.due_at is not None
        if callback is not None and not (pausing and contact.state is ContactState.POSTPONED):
            decisions += _due(centre, contact, callback)
    return decisions


def asked_by_scenario(centre: Centre, contact: LiveContact, given: str | None, at: float | None) -> list[Decision]:
    """The contact has just come to its queue. Who cannot be called back, or not at this time any more, is told so, and waits there."""
    if contact.channel not in LIVE or contact.state is not ContactState.WAITING:
        return []
    reason = why_not(centre, contact, given)
    if reason is None and at is not None:
        earlier = earlier_callback(centre, contact, contact.queue, given or "", chosen=True)
        moved = earlier.callback if earlier is not None else None
        refused = why_not_then(centre, centre.queue(contact.queue), entry_point_of(centre, contact), at, moved=moved)
        reason = refused.code if refused is not None else None
    if reason is None:
        return ask(centre, contact, given or "", at)
    # The place is said the next time: two announcements at once would be one.
    waits = [*play_music(contact), *impossible(centre, contact, reason)]
    spoken = centre.queue(contact.queue).announce_every_seconds > 0
    return [*waits, set_announcement(centre, contact)] if spoken else waits


def ask(centre: Centre, contact: LiveContact, given: str = "", at: float | None = None) -> list[Decision]:
    """A waiting customer is told that we call back, at the number `given` where there is one; then the line is closed. An earlier
    callback to the same number in the queue gives its place up; one for a chosen time gives way to another such."""
    decisions: list[Decision] = []
    earlier = earlier_callback(centre, contact, contact.queue, given, chosen=at is not None)
    if earlier is not None:
        decisions += close(centre, earlier, "callback_merged")
    if earlier is not None and at is None:
        contact.adjustment_seconds += _ahead(centre, contact, earlier)
        place = (contact.queued_at or centre.now) - contact.worth_seconds - contact.adjustment_seconds
        centre.change_place(contact, place=place)
    expected = expected_of(centre, contact)
    contact.callback = LiveCallback(queue=contact.queue, asked_at=centre.now, promised_seconds=expected, called=given)
    contact.music = contact.announcing = False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    centre.move_contact(contact, ContactState.POSTPONED)
    if at is not None:
        choose(centre, contact, contact.callback, at)
    centre.follow_callback(contact)
    told = VerbFinished(contact=contact.id, step=STEP, outcome="timeout")
    return [
        *decisions,
        *promise(centre, contact),
        SetTimer(at=centre.now + WORDS_SECONDS, fact=told),
        SetTimer(at=_latest(centre, contact.callback), fact=CallbackExpired(contact=contact.id)),
    ]


def choose(centre: Centre, contact: LiveContact, callback: LiveCallback, at: float) -> None:
    """The place is counted from this time on, and the window after it is what the customer is promised. Call `follow_callback`."""
    callback.chosen_at = at
    callback.promised_seconds = _rules(centre, callback).times.window_seconds
    contact.place = at - contact.worth_seconds - contact.adjustment_seconds


def _move(centre: Centre, contact: LiveContact, callback: LiveCallback, fact: CallbackMoved) -> list[Decision]:
    if not contact.away or contact.state not in _IDLE:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    alone, queue = callback.agent is not None, centre.queue(callback.queue)
    where = entry_point_of(centre, contact)
    if (refused := why_not_then(centre, queue, where, fact.at, alone=alone, moved=callback)) is not None:
        return [refused]
    withdrawn: list[Decision] = []
    if contact.state is ContactState.OFFERED:
        withdrawn = withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    if contact.state is ContactState.WAITING:
        centre.move_contact(contact, ContactState.POSTPONED)
    choose(centre, contact, callback, fact.at)
    centre.follow_callback(contact)
    contact.begin(Segment(kind="scheduled", started_at=centre.now, ended_at=None, queue=contact.queue))
    expired = SetTimer(at=_latest(centre, callback), fact=CallbackExpired(contact=contact.id))
    return [*withdrawn, expired, *wait_on(centre, contact, callback)]


def entry_point_of(centre: Centre, contact: LiveContact) -> EntryPoint | None:
    return centre.entrance.entry_points.get(contact.entry_point)


def promise(centre: Centre, contact: LiveContact) -> list[Decision]:
    """What the customer is told before the line is closed; to be said again after a restart."""
    callback = contact.callback
    if callback is None or contact.state is not ContactState.POSTPONED or contact.away or callback.live:
        return []
    words = _text(centre.queue(callback.queue).callback.accepted, contact.language)
    given = bool(callback.called)
    if callback.chosen_at is not None:
        words = callback_at_speech(contact.language, given=given)
    words = words or callback_speech(contact.language, given=given)
    return [Say(contact=contact.id, step=STEP, speech=(words,), interruptible=False)]


def _text(texts: tuple[Speech, ...], language: str) -> Speech | None:
    return next((text for text in texts if text.language == language), texts[0] if texts else None)


def told(contact: LiveContact, fact: VerbFinished) -> list[Decision]:
    """The words were heard: the line is closed, and the contact waits on once that is known."""
    callback = contact.callback
    own = callback is not None and contact.state is ContactState.POSTPONED and not (contact.away or callback.live)
    return [End(contact=contact.id)] if own and fact.step == STEP else []


def line_ended(centre: Centre, contact: LiveContact, fact: CustomerLeft) -> list[Decision] | None:
    """None: it is the end of a conversation like any other."""
    callback = contact.callback
    if callback is None:
        return None
    if contact.away or fact.attempt != callback.attempts:
        return []
    if contact.state not in (ContactState.POSTPONED, ContactState.DIALLING):
        return None
    if callback.live:
        return _failed(
            centre, contact, callback, CallFailed(contact=contact.id, attempt=fact.attempt, cause="cancelled")
        )
    contact.away = True
    ahead = callback.chosen_at is not None and centre.now < callback.chosen_at
    kind: Literal["scheduled", "callback"] = "scheduled" if ahead else "callback"
    contact.begin(Segment(kind=kind, started_at=centre.now, ended_at=None, queue=contact.queue))
    return wait_on(centre, contact, callback)


# waiting for the turn


def _rules(centre: Centre, callback: LiveCallback) -> Callback:
    return centre.queue(callback.queue).callback


def wait_on(centre: Centre, contact: LiveContact, callback: LiveCallback) -> list[Decision]:
    """It stands in its queue again, at its old place, while customers may and can be called; otherwise not before that."""
    rules = _rules(centre, callback)
    if centre.now >= _latest(centre, callback):
        return close(centre, contact, "callback_failed")
    if callback.chosen_at is not None and centre.now < callback.chosen_at:
        return _wait_until(centre, contact, callback, callback.chosen_at)
    calendar = centre.entrance.calendar(rules.open) if rules.open is not None else None
    callback.due_at = None
    callback.number += 1
    centre.touch_contact(contact)
    timers: list[Decision] = []
    turns_at = next_change(calendar, centre.now) if calendar is not None else None
    if turns_at is not None:
        timers = [SetTimer(at=turns_at, fact=CallbackDue(contact=contact.id, number=callback.number))]
    shut = calendar is not None and not is_open(calendar, centre.now)
    if shut or not centre.calls_out:
        if contact.segments and contact.segments[-1].kind == "scheduled":
            contact.begin(Segment(kind="callback", started_at=centre.now, ended_at=None, queue=contact.queue))
        callback.due_at = turns_at if shut else None
        if contact.state is ContactState.WAITING:
            centre.move_contact(contact, ContactState.POSTPONED)
        return timers
    if contact.state is ContactState.POSTPONED:
        timers += _take_up(centre, contact, callback)
        timers += set_ring(centre, contact)
        centre.await_settling(contact)
        centre.move_contact(contact, ContactState.WAITING)
    return timers


def _take_up(centre: Centre, contact: LiveContact, callback: LiveCallback) -> list[Decision]:
    """Into another queue if its own is no more. Whose chosen time has come stands there as one who comes now: the rings begin, and
    whoever is to call is tried first."""
    entered, chosen = contact.entered_at, callback.chosen_at
    comes = entered is None or (chosen is not None and entered < chosen)
    if comes or contact.queue not in centre.queues:
        centre.enter_queue(contact, centre.present_queue(contact.queue, contact) or contact.queue)
    if not comes:
        return []
    contact.tries = ((callback.agent, callback.agent_seconds),) if callback.agent is not None else ()
    contact.merely_last = None
    if contact.customer is not None:
        contact.tries = (*contact.tries, *familiar(centre, contact))
    return next_try(centre, contact)


def _wait_until(centre: Centre, contact: LiveContact, callback: LiveCallback, at: float) -> list[Decision]:
    callback.due_at = at
    callback.number += 1
    centre.touch_contact(contact)
    return [SetTimer(at=at, fact=CallbackDue(contact=contact.id, number=callback.number))]


def _latest(centre: Centre, callback: LiveCallback) -> float:
    """By then the customer is to have been called."""
    return callback.counted_from + _rules(centre, callback).lifetime_seconds


def _due(centre: Centre, contact: LiveContact, callback: LiveCallback) -> list[Decision]:
    """The chosen time has come, the pause after an attempt is over, or the hours have begun or ended; what rings after hours is taken back."""
    if not contact.away or contact.state not in _IDLE:
        return []
    withdrawn: list[Decision] = []
    if contact.state is ContactState.OFFERED:
        withdrawn = withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    return [*withdrawn, *wait_on(centre, contact, callback)]


def calendars(centre: Centre) -> dict[QueueId | None, Calendar | None]:
    """By which the customers of each queue are called back."""
    known = ((queue.id, queue.callback.open) for queue in centre.queues.values())
    return {queue: centre.entrance.calendar(wanted) if wanted is not None else None for queue, wanted in known}


def hours_changed(centre: Centre, before: Mapping[QueueId | None, Calendar | None]) -> list[Decision]:
    """After a new set-up: whoever waited for the hours, or within them, goes by the new ones. A chosen time and the pause after an
    attempt stay; the hours are looked at when they are over."""
    after, decisions = calendars(centre), list[Decision]()
    for contact in list(centre.contacts.values()):
        callback = contact.callback
        if callback is None or not contact.away or contact.state not in _IDLE:
            continue
        earlier, now = before.get(callback.queue), after.get(callback.queue)
        waits = callback.due_at is not None and callback.due_at != (earlier and next_change(earlier, centre.now))
        if earlier == now or waits:
            continue
        if contact.state is ContactState.OFFERED and (now is None or is_open(now, centre.now)):
            callback.number += 1
            turns_at = next_change(now, centre.now) if now is not None else None
            due = CallbackDue(contact=contact.id, number=callback.number)
            decisions += [SetTimer(at=turns_at, fact=due)] if turns_at is not None else []
        else:
            decisions += _due(centre, contact, callback)
    return decisions


# calling


def _answered(centre: Centre, contact: LiveContact, callback: LiveCallback) -> list[Decision]:
    """Told twice, after a restart: the recording may not have been begun."""
    if contact.state is ContactState.POSTPONED:
        return [End(contact=contact.id)]  # the agent has given up meanwhile
    agent = centre.agents.get(contact.agent) if contact.agent is not None else None
    if contact.state is not ContactState.DIALLING or agent is None:
        return [Record(contact=contact.id), *recording.tape_again(contact)]
    contact.talker = agent.id
    if contact.answered_at is None:
        contact.answered_at = centre.now
    if contact.customer is not None:
        centre.remember(contact.customer, agent.id)
    agent.handled += 1
    contact.begin(Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=agent.id))
    centre.move_contact(contact, ContactState.TALKING)
    centre.move_hand(agent, contact, HandState.TALKING)
    centre.follow_callback(contact)
    connect = Connect(contact=contact.id, agent=agent.id, offer=contact.connected_line)
    return [*recording.begin(centre, contact), connect]


def _failed(centre: Centre, contact: LiveContact, callback: LiveCallback, fact: CallFailed) -> list[Decision]:
    if contact.state not in (ContactState.DIALLING, ContactState.POSTPONED):
        return []
    decisions: list[Decision] = []
    agent = centre.agents.get(contact.agent) if contact.agent is not None else None
    if agent is not None:
        decisions += let_agent_go(centre, contact, agent)
    callback.live, contact.away, callback.failure = False, True, fact.cause
    if contact.placed_by is not None:
        return [*decisions, *close(centre, contact, "unreached")]
    rules = _rules(centre, callback)
    callback.due_at = centre.now + rules.retry_seconds
    callback.number += 1
    centre.touch_contact(contact)
    if _has_called_again(centre, contact, callback):
        return [*decisions, *close(centre, contact, "callback_merged")]
    if callback.attempts >= rules.attempts or callback.due_at > _latest(centre, callback):
        return [*decisions, *close(centre, contact, "callback_failed")]
    due = CallbackDue(contact=contact.id, number=callback.number)
    return [*decisions, SetTimer(at=callback.due_at, fact=due)]


# the end of it


def close(centre: Centre, contact: LiveContact, outcome: Outcome) -> list[Decision]:
    """Whatever rings stops ringing, whatever line there is ends."""
    decisions = finish(centre, contact, outcome=outcome)
    centre.follow_callback(contact)
    return [*decisions, End(contact=contact.id)]


def earlier_callback(
    centre: Centre, contact: LiveContact, queue: QueueId | None, given: str = "", *, chosen: bool = False
) -> LiveContact | None:
    """The first to the same number that waits in this queue, and is not just being carried out. Who asks for a time, `chosen`, gives
    up an earlier one; otherwise what is to be at a time stays. An agent's own are left alone."""
    return earlier_to(centre, given or contact.ani or "", queue, chosen=chosen, besides=contact)


def earlier_to(
    centre: Centre, number: str, queue: QueueId | None, *, chosen: bool, besides: LiveContact | None = None
) -> LiveContact | None:
    known = [centre.contacts[each] for each in centre.callbacks.get(number, ())]
    here = [each for each in known if each is not besides and each.queue == queue and each.state in _IDLE]
    here = [each for each in here if _gives_way(centre, each.callback, chosen=chosen)]
    return min(here, key=lambda each: each.key, default=None)


def _gives_way(centre: Centre, callback: LiveCallback | None, *, chosen: bool) -> bool:
    if callback is None or callback.agent is not None:
        return False
    ahead = callback.chosen_at is not None and centre.now < callback.chosen_at
    return chosen or not ahead


def take_over(centre: Centre, contact: LiveContact, queue: QueueId | None) -> tuple[list[Decision], float]:
    """A customer who has called again instead of waiting for the callback: what is to be done with the callback, and the
    seconds that the new call counts as having waited longer. Who wrote, or left a message, is still to be called."""
    earlier = earlier_callback(centre, contact, queue) if contact.channel in LIVE else None
    if earlier is None:
        return [], 0.0
    return close(centre, earlier, "callback_merged"), _ahead(centre, contact, earlier)


def _ahead(centre: Centre, contact: LiveContact, earlier: LiveContact) -> float:
    """By how much the other was there earlier."""
    mine = centre.now if contact.queued_at is None else contact.queued_at
    return max(0.0, mine - earlier.queued_at) if earlier.queued_at is not None else 0.0


def _has_called_again(centre: Centre, contact: LiveContact, callback: LiveCallback) -> bool:
    """While we called. Looks at all contacts, but only after an attempt that failed."""
    return any(
        each.ani == contact.called_number and each is not contact and each.open and each.queue == contact.queue
        for each in centre.contacts.values()
        if each.arrived_at >= callback.asked_at and each.callback is None and each.channel in LIVE
    )
