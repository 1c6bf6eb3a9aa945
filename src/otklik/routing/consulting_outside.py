"""An agent passes a contact on to somebody outside: at once, or after talking to them.

The customer stays a contact of ours ([ADR 0037]); whom an agent may call so is asked of the rules of calls out. Nobody is lost by it: who
is not talked to outside comes back to the agent, who is tried alone first, and then waits in the queue at the old place.
"""

from __future__ import annotations

from typing import Final, assert_never

from msgspec.structs import replace

from otklik.contact.calling import CallPlaced
from otklik.contact.configuration import Queue
from otklik.contact.decisions import Decision, EndConsultation, EndOutside, PutThrough, Refuse, Release, Retrieve
from otklik.contact.facts import ConsultationAsked, ConsultationCancelled, ConsultationCompleted, ConsultationTurned
from otklik.contact.ids import ContactId
from otklik.contact.outside_number import (
    ByAgentOutside,
    ContactSentOutside,
    OutsideConsulted,
    OutsideEnd,
    OutsideNumber,
)
from otklik.contact.record import Segment
from otklik.routing.agent import LiveAgent
from otklik.routing.calling_out import callers, number_against
from otklik.routing.centre import Centre
from otklik.routing.conferring import add, is_full, may_add, outside_leaves, outside_takes_part
from otklik.routing.contact import NOBODY, ContactState, LiveContact, LiveOutside, without
from otklik.routing.offering import who_hears_whom
from otklik.routing.outside_number import (
    call_outside,
    put_through,
    why_in_a_circle,
    why_no_number,
    why_no_way_out,
    why_not_there,
)
from otklik.routing.transfer import withdraw_rejoin
from otklik.routing.turning import in_talk, talk, turn
from otklik.routing.waiting import next_try, set_ring
from otklik.routing.wrap_up import begin_wrap_up, forego_wrap_up

LONGEST_SECONDS: Final = 4 * 3600.0
BACK_SECONDS: Final = 30.0
"""For so long the agent alone is tried whose customer comes back."""
HARDLY_TALKED_SECONDS: Final = 5.0
"""Who goes outside so soon after the agent left the customer with them has hung up on the agent."""


def handle_by_agent(centre: Centre, fact: ByAgentOutside) -> list[Decision]:
    about = in_talk(centre, fact.contact, fact.agent)
    if isinstance(about, Refuse):
        return [about]
    contact, agent = about
    asks = isinstance(fact, OutsideConsulted)
    alone = contact.consultation is None and (asks or not contact.conference.members)
    if outside_takes_part(contact):
        return [Refuse(code="conference_outside")]
    joins = isinstance(fact, OutsideConsulted) and fact.conference and may_add(centre, contact)
    if contact.outside is not None or not (alone or joins):
        return [Refuse(code="consultation_on")]
    if asks and is_full(centre, contact):
        return [Refuse(code="conference_full")]
    queue = _in_whose_name(centre, contact, agent)
    if queue is None:
        return [Refuse(code="queue_calls_nobody")]
    to = _to(centre, contact, queue, fact.number or "")
    refused = _against(centre, contact, queue, fact, to)
    if refused is not None:
        return [Refuse(code=refused)]
    match fact:
        case ContactSentOutside():
            return _send(centre, contact, agent, to)
        case OutsideConsulted():
            if contact.consultation is not None:
                add(centre, contact)
            return _ask(centre, contact, agent, to, fact.consultation)
        case _:
            assert_never(fact)


def _against(centre: Centre, contact: LiveContact, queue: Queue, fact: ByAgentOutside, to: OutsideNumber) -> str | None:
    """The live fact always carries its number: one that is told again without it was erased, and its rules are judged as they were then."""
    if fact.number is None:
        return fact.against or why_no_way_out(centre, contact) or why_in_a_circle(centre, contact)
    return _of_number(centre, queue, fact.number) or why_not_there(centre, contact, to)


def _of_number(centre: Centre, queue: Queue, number: str) -> str | None:
    return number_against(centre, queue, number) or why_no_number(centre, number)


def judged(centre: Centre, fact: CallPlaced | ByAgentOutside) -> str:
    """Which rule of its own the number of this wish meets now, by the code of the refusal; empty: none. Asked before the wish is written
    down, when facts before it may still wait: what becomes of the conversation is no matter."""
    number = fact.number or ""
    if isinstance(fact, CallPlaced):
        return number_against(centre, centre.queues.get(fact.queue), number) or ""
    contact, agent = centre.contacts.get(fact.contact), centre.agents.get(fact.agent)
    queue = _in_whose_name(centre, contact, agent) if contact is not None and agent is not None else None
    return (_of_number(centre, queue, number) or "") if queue is not None else ""


def _in_whose_name(centre: Centre, contact: LiveContact, agent: LiveAgent) -> Queue | None:
    """The contact's queue, if calls go out in its name; else the first of the agent's own whose do."""
    queue = centre.queues.get(contact.queue) if contact.queue is not None else None
    if queue is not None and any(each in centre.entrance.entry_points for each in queue.calling.callers):
        return queue
    return next((each for each, _ in callers(centre, agent.id)), None)


def _to(centre: Centre, contact: LiveContact, queue: Queue, number: str) -> OutsideNumber:
    """The number that the customer has called is shown, where calls of the queue may show it; else the usual one of the queue."""
    known = [each for each in queue.calling.callers if each in centre.entrance.entry_points]
    shown = contact.entry_point if contact.entry_point in known else known[0]
    return OutsideNumber(
        dial=number,
        entry_point=shown,
        ring_seconds=queue.calling.ring_seconds,
        longest_seconds=LONGEST_SECONDS,
    )


def _send(centre: Centre, contact: LiveContact, agent: LiveAgent, to: OutsideNumber) -> list[Decision]:
    """The agent's own part is wrapped up; it rings outside, and the customer hears that."""
    decisions = _let_go(centre, contact, agent)
    decisions += put_through(centre, contact, to)
    _by(contact, agent)
    return decisions


def _by(contact: LiveContact, agent: LiveAgent) -> None:
    assert contact.outside is not None
    contact.outside = replace(contact.outside, asker=agent.id, beside=None)


def _let_go(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    release = Release(contact=contact.id, agent=agent.id, offer=contact.connected_line)
    decisions: list[Decision] = [*withdraw_rejoin(contact), release]
    contact.close(centre.now)
    decisions += begin_wrap_up(centre, contact, agent)
    contact.held = contact.muted = contact.announcing = contact.music = False
    contact.agent = contact.line = contact.came_from = contact.offered_at = contact.offer_expires_at = None
    contact.declined = dict.fromkeys(contact.wrap_ups, contact.offer) or NOBODY
    contact.talks_to, contact.consulted, contact.outside_end = "customer", None, None
    centre.pass_tape(contact)
    return decisions


# asking first


def _ask(
    centre: Centre, contact: LiveContact, agent: LiveAgent, to: OutsideNumber, consultation: ContactId
) -> list[Decision]:
    called = call_outside(centre, contact, to, beside=consultation)
    contact.outside = replace(contact.outside, asker=agent.id) if contact.outside is not None else None
    contact.consulted = contact.outside_end = None
    return [*turn(centre, contact, agent, "colleague"), *called]


def handle_asked_outside(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    fact: ConsultationAsked | ConsultationTurned | ConsultationCompleted | ConsultationCancelled,
) -> list[Decision]:
    """What an agent wishes who asks somebody outside now: as with a colleague."""
    assert contact.outside is not None
    match fact:
        case ConsultationAsked():
            return [Refuse(code="consultation_on")]
        case ConsultationTurned():
            if fact.talks_to == "both" and contact.outside.answered_at is None:
                return [Refuse(code="nobody_answered")]
            return turn(centre, contact, agent, fact.talks_to)
        case ConsultationCompleted():
            return leave_with_outside(centre, contact, agent)
        case ConsultationCancelled():
            ended = end_beside(centre, contact)
            talk(centre, contact, agent)
            return [*ended, Retrieve(contact=contact.id, agent=agent.id, offer=contact.connected_line)]
        case _:
            assert_never(fact)


def leaves_them_together(contact: LiveContact) -> bool:
    """Does an agent who goes now leave the customer with whoever is asked outside? Not one who has said goodbye to the customer while
    it rang."""
    outside = contact.outside
    beside = outside is not None and outside.beside is not None
    return beside and outside is not None and (outside.answered_at is not None or contact.talks_to == "colleague")


def leave_with_outside(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The customer talks to whoever is outside; while it still rings there, that is a transfer without asking."""
    outside = contact.outside
    assert outside is not None and outside.beside is not None
    if outside_takes_part(contact):
        outside_leaves(centre, contact)
    through = PutThrough(contact=contact.id, attempt=outside.attempt, consultation=outside.beside)
    _record(centre, contact, outside)
    decisions = [through, *_let_go(centre, contact, agent)]
    kind: Final = "outside" if outside.answered_at is not None else "ringing_outside"
    _by(contact, agent)
    if outside.answered_at is not None and contact.outside is not None:
        contact.outside = replace(contact.outside, through_at=centre.now)
    contact.begin(Segment(kind=kind, started_at=centre.now, ended_at=None, queue=contact.queue))
    centre.move_contact(contact, ContactState.OUTSIDE)
    return decisions


def end_beside(centre: Centre, contact: LiveContact) -> list[Decision]:
    """Whoever is asked outside is asked no more; the customer stays as they were."""
    outside = contact.outside
    if outside is None or outside.beside is None:
        return []
    return [EndOutside(contact=contact.id, attempt=outside.attempt), *outside_left(centre, contact, None)]


def outside_left(centre: Centre, contact: LiveContact, cause: OutsideEnd | None) -> list[Decision]:
    """Who was asked has hung up, or was not reached. The customer on hold waits for the agent: nobody's microphone is opened to a
    customer by what somebody else does."""
    outside = contact.outside
    assert outside is not None and outside.beside is not None
    _record(centre, contact, outside)
    if outside_takes_part(contact):
        contact.outside = None
        outside_leaves(centre, contact)
    else:
        contact.outside, contact.talks_to = None, "customer"
        contact.outside_end = cause if contact.held else None
    centre.numbers_outside.pop(contact.id, None)
    centre.touch_contact(contact)
    return [EndConsultation(contact=contact.id, consultation=outside.beside), *who_hears_whom(centre, contact)]


def _record(centre: Centre, contact: LiveContact, outside: LiveOutside) -> None:
    """Within the agent's own part, of which it takes no second."""
    if outside.answered_at is not None and contact.segments:
        within = Segment(kind="consultation", started_at=outside.answered_at, ended_at=centre.now, queue=contact.queue)
        contact.segments = (*contact.segments[:-1], within, contact.segments[-1])


# coming back


def hardly_talked(centre: Centre, outside: LiveOutside) -> bool:
    """They hung up just as the agent went: it was the agent who was talked to, and the customer was not."""
    return outside.through_at is not None and centre.now - outside.through_at < HARDLY_TALKED_SECONDS


def come_back(centre: Centre, contact: LiveContact, outside: LiveOutside, cause: OutsideEnd) -> list[Decision]:
    """Nobody was talked to. The agent's wrap-up of this contact is over, since it is not: the customer rings there first."""
    agent = centre.agents.get(outside.asker) if outside.asker is not None else None
    contact.outside_end = cause
    place_kept = centre.present_queue(contact.queue, contact) or contact.queue
    centre.enter_queue(contact, place_kept)
    if contact.id in centre.unsettled:
        centre.unsettled[contact.id] = False  # the place is kept: nobody joins
    decisions = set_ring(centre, contact)
    if agent is not None and centre.in_shift(agent.id):
        forego_wrap_up(centre, contact, agent)
        contact.declined = without(contact.declined, agent.id)
        contact.tries = ((agent.id, BACK_SECONDS),)
        if agent.id not in contact.forwarded:
            contact.forwarded = (*contact.forwarded, agent.id)
        decisions += next_try(centre, contact)
    centre.move_contact(contact, ContactState.WAITING)
    return decisions
