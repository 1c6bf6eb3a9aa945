"""An agent calls a colleague: the own line first, then the colleague's. No customer, no queue, no wrap-up.

Two contacts, as of a consultation: the call, which is the caller's and stands in the account, and the colleague's side of it,
which is no record. Whatever ends one of them ends both: here by what happens to them, in `settle_inside` by what happens to
the agents. A line that is lost may come back, and the other hears music; when both are lost nobody is there to wait.
"""

from __future__ import annotations

from typing import Final, assert_never, get_args

from msgspec.structs import replace

from otklik.contact.decisions import (
    Consult,
    Decision,
    End,
    EndConsultation,
    Mute,
    Offer,
    Refuse,
    Release,
    SetTimer,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    CallFailure,
    ColleagueCalled,
    ContactFinished,
    ContactHeld,
    ContactParked,
    ContactRetrieved,
    ContactStopped,
    ContactTakenOver,
    ContactTransferred,
    CustomerLeft,
    Fact,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    RejoinAsked,
    RejoinExpired,
)
from otklik.contact.forwarding import Led
from otklik.contact.ids import ContactId, EntryPointId, OfferNumber
from otklik.contact.record import Segment
from otklik.contact.recording import RecordingAsked, RecordingPaused, RecordingResumed
from otklik.routing.agent import AgentStatus, HandState, LiveAgent
from otklik.routing.calling_out import agent_against
from otklik.routing.centre import Centre
from otklik.routing.colleague import onward, reached
from otklik.routing.consultation import ConsultationFact
from otklik.routing.contact import CONVERSATION, RINGS, ContactState, LiveCallback, LiveContact
from otklik.routing.conversation import await_rejoin, rejoin, rings_by_itself
from otklik.routing.entry import language_of
from otklik.routing.forwarding import said
from otklik.routing.freeing import free_agent, make_missed
from otklik.routing.phone import outside_of, ring_seconds
from otklik.routing.supervision import SupervisionFact
from otklik.routing.transfer import withdraw_rejoin
from otklik.routing.waiting import mark_led

RING_SECONDS: Final = 30.0
Ring = OfferAnswered | OfferDeclined | OfferExpired | OfferFailed
Wish = ContactHeld | ContactRetrieved | AgentMuted | RejoinAsked | ContactFinished
_NOT_INSIDE: Final = (
    ContactTransferred,
    *get_args(ConsultationFact),
    *get_args(SupervisionFact),
    ContactTakenOver,
    ContactParked,
    RecordingAsked,
    RecordingPaused,
    RecordingResumed,
)
"""What is done with customers alone."""
InsideFact = Ring | Wish | AgentLegEnded | RejoinExpired | ContactStopped | CustomerLeft
_ALLOWED: Final[dict[type[Wish], frozenset[ContactState]]] = {
    ContactHeld: frozenset({ContactState.TALKING}),
    ContactRetrieved: frozenset({ContactState.HELD}),
    AgentMuted: CONVERSATION,
    RejoinAsked: CONVERSATION,
    ContactFinished: CONVERSATION | {ContactState.PLACED, ContactState.DIALLING},
}
_THERE: Final = frozenset({ContactState.TALKING, ContactState.HELD})
_HELD: Final = {True: (ContactState.HELD, HandState.HELD), False: (ContactState.TALKING, HandState.TALKING)}


def handle_called(centre: Centre, fact: ColleagueCalled) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    taken = (each for each in (fact.contact, fact.consultation) if centre.known(each) is not None)
    if any(taken) or fact.contact == fact.consultation:
        return []
    if agent is None or agent.status is AgentStatus.OFFLINE or agent.leaving or agent.removed:
        return [Refuse(code="not_in_shift")]
    refused = agent_against(centre, agent)
    against = Refuse(code=refused) if refused is not None else reached(centre, agent.id, fact.colleague)
    return [against] if isinstance(against, Refuse) else _place(centre, agent, fact)


def _place(centre: Centre, agent: LiveAgent, fact: ColleagueCalled) -> list[Decision]:
    known = centre.set_up.get(fact.colleague)
    call = _side(centre, agent, fact.contact, known.internal_number if known is not None else "")
    call.placed_by, call.colleague, call.consultation = agent.id, fact.colleague, fact.consultation
    call.away, call.talks_to = True, "colleague"
    call.callback = LiveCallback(queue=None, asked_at=centre.now)
    call.begin(Segment(kind="dialling", started_at=centre.now, ended_at=None, agent=agent.id))
    agent.placed = call.id
    centre.inside[call.id] = call.id
    return _rung(centre, call, agent, placed=True)


def _side(centre: Centre, agent: LiveAgent, contact: ContactId, dnis: str) -> LiveContact:
    """What rings at this agent."""
    return LiveContact(
        id=contact,
        channel="voice",
        entry_point=EntryPointId(""),
        dnis=dnis,
        leg="",
        ani=None,
        language=language_of(centre.entrance, centre.scenario, EntryPointId("")),
        arrived_at=centre.now,
        since=centre.now,
        state=ContactState.PLACED,
        stage=ContactState.PLACED,
        agent=agent.id,
        offer=OfferNumber(1),
        offered_at=centre.now,
    )


def _rung(centre: Centre, contact: LiveContact, agent: LiveAgent, *, placed: bool, number: str = "") -> list[Decision]:
    rings = ring_seconds(agent, RING_SECONDS)
    contact.offer_expires_at = centre.now + rings
    centre.contacts[contact.id] = contact
    centre.take_in_hand(agent, contact)
    centre.touch_contact(contact)
    ring = Offer(
        contact=contact.id,
        agent=agent.id,
        offer=contact.offer,
        ring_seconds=rings,
        away=placed,
        placed=placed,
        number=number,
        phone=agent.phone,
        outside=outside_of(centre, agent, contact),
    )
    expired = OfferExpired(contact=contact.id, agent=agent.id, offer=contact.offer)
    return [ring, SetTimer(at=centre.now + rings, fact=expired)]


def _side_of(centre: Centre, call: LiveContact) -> LiveContact | None:
    """The colleague's, from when it rings there."""
    found = centre.contacts.get(call.consultation) if call.consultation is not None else None
    return found if found is not None and found.consults == call.id else None


# what happens to a call


def told_inside(centre: Centre, fact: Fact) -> list[Decision] | None:
    """None: the fact is about no internal call, or nothing of it is particular to one."""
    about: ContactId | None = getattr(fact, "contact", None)
    found = centre.inside.get(about) if about is not None else None
    call = centre.contacts.get(found) if found is not None else None
    if call is None:
        return None
    if isinstance(fact, _NOT_INSIDE):
        return [Refuse(code="internal_call")]
    return _handle(centre, call, fact) if isinstance(fact, InsideFact) else None


def _handle(centre: Centre, call: LiveContact, fact: InsideFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    match fact:
        case ContactStopped() | CustomerLeft():
            return over(centre, call, "cancelled" if isinstance(fact, ContactStopped) else "lost")
        case _ if contact is None:
            return _late(None, fact)
        case OfferAnswered() | OfferDeclined() | OfferExpired() | OfferFailed():
            return _ring(centre, call, contact, fact)
        case AgentLegEnded():
            return _line_ended(centre, call, contact, fact)
        case RejoinExpired():
            return _not_back(centre, call, contact, fact)
        case ContactHeld() | ContactRetrieved() | AgentMuted() | RejoinAsked() | ContactFinished():
            return _wish(centre, call, contact, fact)
        case _:
            assert_never(fact)


def _late(contact: LiveContact | None, fact: Fact) -> list[Decision]:
    if contact is None and isinstance(fact, OfferAnswered):
        return [Release(contact=fact.contact, agent=fact.agent, offer=fact.offer)]
    wish = isinstance(fact, ContactHeld | ContactRetrieved | AgentMuted | RejoinAsked | ContactFinished)
    return [Refuse(code="no_such_contact")] if wish else []


def _ring(centre: Centre, call: LiveContact, contact: LiveContact, fact: Ring) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if agent is None or contact.agent != agent.id:
        return _late(None, fact)
    if contact.state in RINGS and fact.offer == contact.offer_to(agent.id):
        if not isinstance(fact, OfferAnswered):
            return _not_taken(centre, call, contact, agent, fact)
        return _call_colleague(centre, call, agent) if contact is call else _talk(centre, call, contact)
    if contact.state is ContactState.REJOINING and fact.offer == contact.rejoin:
        return _back(centre, call, contact, agent, fact)
    if not isinstance(fact, OfferAnswered):
        return []
    if contact.line == fact.offer:  # told twice: after a restart, what was said last may not have been done
        return [*together(centre, call), *_muted(contact, agent, also_not=True)]
    return _late(None, fact)


def _not_taken(
    centre: Centre,
    call: LiveContact,
    contact: LiveContact,
    agent: LiveAgent,
    fact: OfferDeclined | OfferExpired | OfferFailed,
) -> list[Decision]:
    """A colleague who does not answer seems not to be there: nothing else is offered, as after any ring that was missed."""
    own = contact is call
    if isinstance(fact, OfferFailed) and agent.phone != "outside":
        agent.lose_phone(centre.now)
    missed = isinstance(fact, OfferExpired) and not own
    if not own and not isinstance(fact, OfferDeclined) and call.agent is not None:
        led = onward(centre, call.agent, agent.id, call.forwarded, not_taken=True)
        if led is not None:
            return _ring_next(centre, call, contact, agent, led, rang=isinstance(fact, OfferExpired))
    failures: dict[type[Ring], CallFailure] = {
        OfferDeclined: "cancelled" if own else "rejected",
        OfferExpired: "no_line" if own else "no_answer",
        OfferFailed: "no_line" if own else "failed",
    }
    no_line = contact if isinstance(fact, OfferFailed) else None
    return over(centre, call, failures[type(fact)], missed=agent if missed else None, no_line=no_line)


def _call_colleague(centre: Centre, call: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The own line is there. Who has got something else meanwhile is not called."""
    if call.consultation is None or call.colleague is None or centre.known(call.consultation) is not None:
        return over(centre, call, "failed")
    led = reached(centre, agent.id, call.colleague)
    if isinstance(led, Refuse) or led.to.agent is None:
        return over(centre, call, "busy")
    colleague = centre.agents[led.to.agent]
    led_on = _led_on(call, led) if led.passed else []
    call.line = call.offer
    centre.move_contact(call, ContactState.DIALLING)
    centre.move_hand(agent, call, HandState.DIALLING)
    own = centre.set_up.get(agent.id)
    number = own.internal_number if own is not None else ""
    asked = _side(centre, colleague, call.consultation, call.dnis)
    asked.consults, asked.asker = call.id, agent.id
    colleague.offered_at = centre.now
    centre.consultations[asked.id] = centre.inside[asked.id] = call.id
    rung = _rung(centre, asked, colleague, placed=False, number=number)
    return [*led_on, *together(centre, call), *rung]


def _led_on(call: LiveContact, led: Led) -> list[Decision]:
    mark_led(call, led)
    call.colleague = led.to.agent
    return [said(call.id, led)]


def _ring_next(
    centre: Centre, call: LiveContact, asked: LiveContact, agent: LiveAgent, led: Led, *, rang: bool
) -> list[Decision]:
    """The same side of it, at the next: who has not taken it is out of it, and seems not to be there where it has rung."""
    assert led.to.agent is not None and call.agent is not None
    (make_missed if rang else free_agent)(centre, agent, asked)
    withdrawn = [Withdraw(contact=asked.id, agent=agent.id, offer=asked.offer)] if rang else []
    led_on, colleague, own = _led_on(call, led), centre.agents[led.to.agent], centre.set_up.get(call.agent)
    asked.agent, asked.offer = colleague.id, OfferNumber(asked.offer + 1)
    asked.offered_at = colleague.offered_at = centre.now
    centre.touch_contact(call)
    rung = _rung(centre, asked, colleague, placed=False, number=own.internal_number if own is not None else "")
    return [*withdrawn, *led_on, *rung]


def _talk(centre: Centre, call: LiveContact, asked: LiveContact) -> list[Decision]:
    asked.line = asked.offer
    for contact in (call, asked):
        contact.answered_at = centre.now
        contact.begin(Segment(kind="internal", started_at=centre.now, ended_at=None, agent=contact.agent))
        centre.move_contact(contact, ContactState.TALKING)
        if contact.agent is not None and (agent := centre.agents.get(contact.agent)) is not None:
            centre.move_hand(agent, contact, HandState.TALKING)
    return together(centre, call)


def together(centre: Centre, call: LiveContact) -> list[Decision]:
    """Who hears whom. Said again it changes nothing."""
    asked = _side_of(centre, call)
    if asked is None and call.state is not ContactState.DIALLING or call.agent is None or call.consultation is None:
        return []
    return [
        Consult(
            contact=call.id,
            agent=call.agent,
            offer=call.connected_line,
            consultation=call.consultation,
            line=asked.line if asked is not None and asked.state in _THERE else None,
            talks_to="colleague",
            inside=True,
            holds=call.held or call.state is ContactState.REJOINING,
            colleague_holds=asked is not None and (asked.held or asked.state is ContactState.REJOINING),
        )
    ]


# what the two do


def _wish(centre: Centre, call: LiveContact, contact: LiveContact, fact: Wish) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if agent is None or contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    if contact.state not in _ALLOWED[type(fact)]:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    match fact:
        case ContactHeld() | ContactRetrieved():
            return _hold(centre, call, contact, agent, held=isinstance(fact, ContactHeld))
        case AgentMuted():
            if contact.muted == fact.muted:
                return []
            contact.muted = fact.muted
            centre.touch_contact(contact)
            return [] if contact.state is ContactState.REJOINING else _muted(contact, agent, also_not=True)
        case RejoinAsked():
            return [*rejoin(centre, contact, agent), *together(centre, call)]
        case ContactFinished():
            declined = contact is not call and contact.state is ContactState.PLACED
            return over(centre, call, "rejected" if declined else "cancelled")
        case _:
            assert_never(fact)


def _hold(centre: Centre, call: LiveContact, contact: LiveContact, agent: LiveAgent, *, held: bool) -> list[Decision]:
    contact.held = held
    if held:
        contact.hold_since = centre.now
    else:
        contact.count_hold(centre.now)
    state, hand = _HELD[held]
    centre.move_contact(contact, state)
    centre.move_hand(agent, contact, hand)
    for side in (call, _side_of(centre, call)):
        if side is not None:
            centre.touch_contact(side)  # the other page shows it
    return together(centre, call)


def _muted(contact: LiveContact, agent: LiveAgent, *, also_not: bool) -> list[Decision]:
    if not (contact.muted or also_not):
        return []
    return [Mute(contact=contact.id, agent=agent.id, offer=contact.connected_line, muted=contact.muted)]


def _line_ended(centre: Centre, call: LiveContact, contact: LiveContact, fact: AgentLegEnded) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if agent is None or contact.agent != agent.id:
        return []
    if contact.state is ContactState.REJOINING and fact.offer == contact.rejoin:
        contact.rejoin = None
        centre.touch_contact(contact)
        return []
    if contact.state is ContactState.PLACED and fact.offer == contact.offer_to(agent.id):
        agent.lose_phone(centre.now)
        return over(centre, call, "no_line" if contact is call else "failed", no_line=contact)
    if contact.line != fact.offer or contact.state in (ContactState.REJOINING, ContactState.PLACED):
        return []
    if fact.cause == "hung_up" or contact.state is ContactState.DIALLING or _both_lost(centre, call):
        return over(centre, call, "cancelled" if fact.cause == "hung_up" else "lost")
    timer = await_rejoin(centre, contact, agent)
    back = rejoin(centre, contact, agent) if rings_by_itself(agent) else []
    return [*together(centre, call), timer, *back]


def _both_lost(centre: Centre, call: LiveContact) -> bool:
    asked = _side_of(centre, call)
    return any(side is not None and side.state is ContactState.REJOINING for side in (call, asked))


def _back(centre: Centre, call: LiveContact, contact: LiveContact, agent: LiveAgent, fact: Ring) -> list[Decision]:
    """Whatever but an answer leaves it rejoining: the page may ask again until `RejoinExpired`."""
    contact.rejoin = None
    if not isinstance(fact, OfferAnswered):
        centre.touch_contact(contact)
        return []
    contact.line = fact.offer
    state, hand = _HELD[contact.held]
    centre.move_contact(contact, state)
    centre.move_hand(agent, contact, hand)
    return [*together(centre, call), *_muted(contact, agent, also_not=False)]


def _not_back(centre: Centre, call: LiveContact, contact: LiveContact, fact: RejoinExpired) -> list[Decision]:
    if contact.state is not ContactState.REJOINING or contact.line != fact.offer:
        return []
    return over(centre, call, "lost", missed=centre.agents.get(fact.agent))


# the end of it


def over(
    centre: Centre,
    call: LiveContact,
    failure: CallFailure,
    *,
    missed: LiveAgent | None = None,
    no_line: LiveContact | None = None,
) -> list[Decision]:
    """For both; `failure` is kept where they have not talked. `missed`: who seems not to be there; `no_line`: what rang no more."""
    asked, talked = _side_of(centre, call), call.answered_at is not None
    decisions: list[Decision] = []
    if not talked and call.callback is not None:
        call.callback.failure = failure
    if call.hold_since is not None:
        call.count_hold(centre.now)
    if asked is not None:
        decisions += _end(centre, asked, missed, asked is no_line)
        asked.outcome = "answered" if talked else "unreached"
        if talked:
            call.close(centre.now)
            call.segments = (*call.segments[:-1], replace(asked.segments[-1], kind="consultation"), call.segments[-1])
    if call.consultation is not None and call.state is not ContactState.PLACED:
        decisions.append(EndConsultation(contact=call.id, consultation=call.consultation))
    decisions += _end(centre, call, missed, call is no_line)
    call.outcome = "answered" if talked else "unreached"
    _forget(centre, call.id)
    return [*decisions, End(contact=call.id)]


def _end(centre: Centre, contact: LiveContact, missed: LiveAgent | None, rang: bool) -> list[Decision]:
    agent = centre.agents.get(contact.agent) if contact.agent is not None else None
    rings, offer = contact.state is ContactState.PLACED, contact.connected_line
    decisions = withdraw_rejoin(contact)
    contact.close(centre.now)
    contact.ended_at = centre.now
    contact.agent = contact.offered_at = contact.offer_expires_at = None
    contact.held = contact.muted = False
    centre.move_contact(contact, ContactState.ENDED)
    if agent is None:
        return decisions
    (make_missed if agent is missed else free_agent)(centre, agent, contact)
    if rang:
        return decisions
    if rings:
        return [*decisions, Withdraw(contact=contact.id, agent=agent.id, offer=offer)]
    return [*decisions, Release(contact=contact.id, agent=agent.id, offer=offer)]


def _forget(centre: Centre, call: ContactId) -> None:
    for side in [side for side, of in centre.inside.items() if of == call]:
        del centre.inside[side]
        centre.consultations.pop(side, None)


def settle_inside(centre: Centre) -> list[Decision]:
    """After every fact: whoever has gone home, or has no telephone any more, has been taken out of the one side."""
    decisions: list[Decision] = []
    for call_id in dict.fromkeys(centre.inside.values()):
        call = centre.known(call_id)
        if call is None or not call.open:
            _forget(centre, call_id)
        elif call.state is not ContactState.PLACED and _side_of(centre, call) is None:
            decisions += over(centre, call, "failed")
    return decisions
