"""What of a conversation is kept: the queue's rule, an agent's pause, a recording begun on demand.

The line is recorded from its beginning to its end; what must not be kept is written as silence, so that the recording stays as
long as the conversation and its instants are those of the timeline. A recording of which nothing was to be kept is dropped.
"""

from __future__ import annotations

from typing import Final, assert_never

from msgspec.structs import replace

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision, DropRecording, End, Record, Refuse, SetTimer, SilenceRecording
from otklik.contact.facts import RecordingStored
from otklik.contact.ids import AgentId
from otklik.contact.recording import (
    RecordedSilence,
    RecordingAsked,
    RecordingFact,
    RecordingPaused,
    RecordingPauseExpired,
    RecordingResumed,
)
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.moves import check_move
from otklik.routing.taping import TAPE_MOVES, Tape, TapeState

_ON: Final = TapeState.ON


def handle_recording(centre: Centre, fact: RecordingFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    if isinstance(fact, RecordingPauseExpired):
        return _expire(centre, contact, fact) if contact is not None else []
    if contact is None or contact.agent != fact.agent or fact.agent not in centre.agents:
        return [Refuse(code="no_such_contact")]
    if contact.consults is not None or contact.channel not in LIVE or contact.state not in CONVERSATION:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    state = contact.tape.state
    match fact:
        case RecordingPaused():
            return _pause(centre, contact, fact.agent) if state is not TapeState.PAUSED else []
        case RecordingResumed():
            return open_tape(centre, contact) if state is TapeState.PAUSED else []
        case RecordingAsked():
            return _ask(centre, contact) if state is TapeState.OFF else []
        case _:
            assert_never(fact)


def _pause(centre: Centre, contact: LiveContact, agent: AgentId) -> list[Decision]:
    if contact.tape.state is TapeState.OFF:
        return [Refuse(code="not_recorded")]
    ends_at = centre.now + centre.queue(contact.queue).recording_pause_seconds
    silenced = close_tape(centre, contact, TapeState.PAUSED, agent)
    contact.tape = replace(contact.tape, ends_at=ends_at)
    expired = RecordingPauseExpired(contact=contact.id, number=len(contact.tape.silences))
    return [*silenced, SetTimer(at=ends_at, fact=expired)]


def _ask(centre: Centre, contact: LiveContact) -> list[Decision]:
    if centre.queue(contact.queue).recording == "never":
        return [Refuse(code="recording_forbidden")]
    return open_tape(centre, contact)


def _expire(centre: Centre, contact: LiveContact, fact: RecordingPauseExpired) -> list[Decision]:
    tape = contact.tape
    if tape.state is not TapeState.PAUSED or fact.number != len(tape.silences):
        return []
    decisions = open_tape(centre, contact)
    contact.tape = replace(contact.tape, expired=True)
    return decisions


def begin(centre: Centre, contact: LiveContact) -> list[Decision]:
    """The customer's line is there from now on; one who is called comes to no queue first."""
    kept = contact.queue is None or centre.queue(contact.queue).recording == "always"
    state, silences = (_ON, ()) if kept else (TapeState.OFF, (RecordedSilence(begins_seconds=0.0),))
    contact.tape = Tape(state=state, began_at=centre.now, silences=silences)
    return [Record(contact=contact.id), *tape_again(contact)]


def tape_again(contact: LiveContact) -> list[Decision]:
    """As it is to be, whatever was done of it before."""
    if not contact.tape.silences:
        return []
    return [SilenceRecording(contact=contact.id, silent=contact.tape.state is not _ON)]


def open_tape(centre: Centre, contact: LiveContact) -> list[Decision]:
    _move(contact, _ON)
    *before, last = contact.tape.silences
    over = replace(last, ends_seconds=_seconds(centre, contact))
    contact.tape = replace(contact.tape, silences=(*before, over), ends_at=None)
    centre.touch_contact(contact)
    return [SilenceRecording(contact=contact.id, silent=False)]


def close_tape(centre: Centre, contact: LiveContact, state: TapeState, agent: AgentId | None = None) -> list[Decision]:
    _move(contact, state)
    began = RecordedSilence(begins_seconds=_seconds(centre, contact), agent=agent)
    contact.tape = replace(contact.tape, silences=(*contact.tape.silences, began), expired=False)
    centre.touch_contact(contact)
    return [SilenceRecording(contact=contact.id, silent=True)]


def settle_recordings(centre: Centre) -> list[Decision]:
    """After a fact: contacts that have come to a queue are recorded by its rule, and a pause of the agent before is over."""
    decisions: list[Decision] = []
    for contact_id in list(centre.untaped):
        contact = centre.contacts.get(contact_id)
        if contact is None or not contact.open or contact.consults is not None or contact.channel not in LIVE:
            continue
        if contact.state not in CONVERSATION:
            decisions += _follow(centre, contact)
        elif contact.tape.state is TapeState.PAUSED and contact.tape.silences[-1].agent != contact.agent:
            decisions += open_tape(centre, contact)
    centre.untaped.clear()
    return decisions


def _follow(centre: Centre, contact: LiveContact) -> list[Decision]:
    """Somebody was recorded already: then that is kept, whatever the next queue says."""
    always = centre.queue(contact.queue).recording == "always"
    state = contact.tape.state
    if always and state is not _ON:
        return open_tape(centre, contact)
    if always or state is TapeState.OFF:
        return []
    if contact.answered_at is not None:
        contact.tape = replace(contact.tape, spoken=True)
    opened = open_tape(centre, contact) if state is TapeState.PAUSED else []
    return [*opened, *close_tape(centre, contact, TapeState.OFF)]


def stored(centre: Centre, contact: LiveContact, fact: RecordingStored) -> list[Decision]:
    if fact.attempt < contact.recording_attempt:
        return []
    contact.recording_attempt = fact.attempt
    if contact.tape.state is TapeState.OFF and not contact.tape.spoken:
        return [DropRecording(contact=contact.id, key=fact.key)]
    contact.recording_key, contact.recording_seconds = fact.key, fact.seconds
    centre.touch_contact(contact)
    return []


def _move(contact: LiveContact, state: TapeState) -> None:
    check_move(TAPE_MOVES, contact.tape.state, state)
    contact.tape = replace(contact.tape, state=state)


def _seconds(centre: Centre, contact: LiveContact) -> float:
    """From the beginning of the recording; 0 for a line that is still to come."""
    return round(centre.now - (contact.tape.began_at or centre.now), 3)


def calls_under_way(centre: Centre) -> list[Decision]:
    """What a restart may have kept from being done: a recording to be silenced; of callbacks, a line to be closed or a
    recording to be begun."""
    decisions: list[Decision] = []
    for contact in centre.contacts.values():
        if contact.open:
            decisions += tape_again(contact)
        if contact.callback is not None and contact.callback.live and contact.open:
            given_up = contact.state is ContactState.POSTPONED
            talks = contact.state is not ContactState.DIALLING
            decisions += [End(contact=contact.id)] if given_up else [Record(contact=contact.id)] if talks else []
    return decisions
