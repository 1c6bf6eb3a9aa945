"""While an agent has the contact: hold, mute, a lost line and its return, the end, and the wrap-up after it."""

from __future__ import annotations

from typing import Final, assert_never

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision, End, Hold, Mute, Refuse, Rejoin, Release, Retrieve, SetTimer, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    AgentMuted,
    ContactFinished,
    ContactHeld,
    ContactRetrieved,
    RejoinAsked,
    RejoinExpired,
    WrapUpExpired,
    WrapUpExtended,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, OfferNumber
from otklik.contact.record import Outcome
from otklik.routing.agent import HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.freeing import free_agent, make_missed
from otklik.routing.matching import play_music
from otklik.routing.offering import take_back, withdraw_all
from otklik.routing.waiting import set_ring

DeskFact = ContactHeld | ContactRetrieved | AgentMuted | RejoinAsked | ContactFinished | WrapUpExtended
"""What an agent asks for from the desk; refused if it cannot be."""
LineFact = AgentLegEnded | RejoinExpired | WrapUpExpired
"""What simply happened; changes nothing if it came late."""

_ENDED: Final = ContactState.ENDED
_WRAP_UP: Final = ContactState.WRAP_UP
_ALLOWED: Final[dict[type[DeskFact], frozenset[ContactState]]] = {
    ContactHeld: frozenset({ContactState.TALKING}),
    ContactRetrieved: frozenset({ContactState.HELD}),
    AgentMuted: CONVERSATION,
    RejoinAsked: CONVERSATION,
    ContactFinished: CONVERSATION,
    WrapUpExtended: frozenset({ContactState.WRAP_UP}),
}
_OF_A_LINE: Final = (ContactHeld, ContactRetrieved, AgentMuted, RejoinAsked)
"""What is about the agent's line; a chat or a letter has none, and a page that reloads loses nothing of it."""


def handle_desk(centre: Centre, fact: DeskFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None or contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    if contact.state not in _ALLOWED[type(fact)] or (isinstance(fact, _OF_A_LINE) and contact.channel not in LIVE):
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    match fact:
        case ContactHeld():
            return _hold(centre, contact, agent)
        case ContactRetrieved():
            return _retrieve(centre, contact, agent)
        case AgentMuted():
            return _mute(centre, contact, agent, fact.muted)
        case RejoinAsked():
            return _rejoin(centre, contact, agent)
        case ContactFinished():
            # The agent's line first: its BYE must reach the page before the next ring does.
            return [*finish(centre, contact, outcome="answered"), End(contact=contact.id)]
        case WrapUpExtended():
            return _extend_wrap_up(centre, contact)
        case _:
            assert_never(fact)


def handle_line(centre: Centre, fact: LineFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None or contact.id not in agent.hands:
        return []
    match fact:
        case AgentLegEnded():
            return _line_ended(centre, contact, agent, fact)
        case RejoinExpired():
            waits = contact.state is ContactState.REJOINING and contact.line == fact.offer
            return _return_to_queue(centre, contact, agent) if waits else []
        case WrapUpExpired():
            ends_at = contact.wrap_up_ends_at
            if contact.state is ContactState.WRAP_UP and ends_at is not None and centre.now >= ends_at:
                _end_wrap_up(centre, contact, agent)
            return []
        case _:
            assert_never(fact)


def _hold(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    contact.held, contact.hold_since = True, centre.now
    centre.move_contact(contact, ContactState.HELD)
    centre.move_hand(agent, contact, HandState.HELD)
    return [Hold(contact=contact.id)]


def _retrieve(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    contact.held = False
    contact.count_hold(centre.now)
    centre.move_contact(contact, ContactState.TALKING)
    centre.move_hand(agent, contact, HandState.TALKING)
    return [Retrieve(contact=contact.id, agent=agent.id, offer=connected_line(contact))]


def _mute(centre: Centre, contact: LiveContact, agent: LiveAgent, muted: bool) -> list[Decision]:
    if contact.muted == muted:
        return []
    contact.muted = muted
    centre.touch_contact(contact)
    if contact.state is ContactState.REJOINING:
        return []  # applied when the line is back
    return [Mute(contact=contact.id, agent=agent.id, offer=connected_line(contact), muted=muted)]


def connected_line(contact: LiveContact) -> OfferNumber:
    return contact.line if contact.line is not None else contact.offer


def _line_ended(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: AgentLegEnded) -> list[Decision]:
    match contact.state:
        case ContactState.OFFERED if fact.offer == contact.offer_to(agent.id):
            return take_back(centre, contact, agent, unreachable=True)[1:]
        case ContactState.REJOINING if fact.offer == contact.rejoin:
            contact.rejoin = None
            centre.touch_contact(contact)
            return play_music(contact)
        case ContactState.TALKING | ContactState.HELD if fact.offer == contact.line and contact.channel in LIVE:
            if fact.cause == "hung_up":
                return [End(contact=contact.id), *finish(centre, contact, outcome="answered")]
            return [*play_music(contact), _await_rejoin(centre, contact, agent)]
        case _:
            return []


def _await_rejoin(centre: Centre, contact: LiveContact, agent: LiveAgent) -> SetTimer:
    """The timer carries the number of the lost line: each line is lost once, so an older timer never fits."""
    centre.move_contact(contact, ContactState.REJOINING)
    centre.move_hand(agent, contact, HandState.REJOINING)
    return SetTimer(
        at=centre.now + centre.queue(contact.queue).rejoin_seconds,
        fact=RejoinExpired(contact=contact.id, agent=agent.id, offer=connected_line(contact)),
    )


def _rejoin(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """No music yet: a page that reloads is back in a tenth of a second."""
    decisions = withdraw_rejoin(contact)
    contact.offer = OfferNumber(contact.offer + 1)
    contact.rejoin = contact.offer
    decisions.append(
        Rejoin(contact=contact.id, agent=agent.id, offer=contact.offer, replaces=connected_line(contact)),
    )
    centre.touch_contact(contact)
    if contact.state is not ContactState.REJOINING:
        decisions.append(_await_rejoin(centre, contact, agent))
    return decisions


def withdraw_rejoin(contact: LiveContact) -> list[Decision]:
    if contact.rejoin is None or contact.agent is None:
        return []
    withdraw = Withdraw(contact=contact.id, agent=contact.agent, offer=contact.rejoin)
    contact.rejoin = None
    return [withdraw]


def _return_to_queue(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    release = Release(contact=contact.id, agent=agent.id, offer=connected_line(contact))
    decisions = [*withdraw_rejoin(contact), release]
    centre.enter_queue(contact, centre.present_queue(contact.queue) or contact.queue)
    decisions += set_ring(centre, contact)
    contact.held = contact.muted = contact.announcing = False
    contact.agent = contact.line = contact.offered_at = contact.offer_expires_at = None
    centre.move_contact(contact, ContactState.WAITING)
    make_missed(centre, agent, contact)
    return decisions


def finish(centre: Centre, contact: LiveContact, *, outcome: Outcome) -> list[Decision]:
    """The customer's line is over; once an agent has talked to the customer the contact counts as answered."""
    contact.close(centre.now)
    contact.ended_at = centre.now
    contact.outcome = outcome if contact.answered_at is None else "answered"
    agent = centre.agents.get(contact.agent) if contact.agent is not None else None
    if agent is None:
        centre.move_contact(contact, ContactState.ENDED)
        return []
    if contact.state is ContactState.OFFERED:
        centre.move_contact(contact, ContactState.ENDED)
        return withdraw_all(centre, contact)
    release = Release(contact=contact.id, agent=agent.id, offer=connected_line(contact))
    return [*withdraw_rejoin(contact), release, *_begin_wrap_up(centre, contact, agent)]


def _begin_wrap_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    queue = centre.queue(contact.queue)
    if queue.wrap_up_seconds <= 0:
        _let_go(centre, contact, agent)
        return []
    contact.wrap_up_started_at = centre.now
    centre.move_contact(contact, ContactState.WRAP_UP)
    centre.move_hand(agent, contact, HandState.WRAP_UP)
    return [] if queue.wrap_up_manual else [_wrap_up_until(contact, agent.id, centre.now + queue.wrap_up_seconds)]


def _wrap_up_until(contact: LiveContact, agent: AgentId, at: float) -> SetTimer:
    """A timer set before an extension comes too early, and changes nothing."""
    contact.wrap_up_ends_at = at
    return SetTimer(at=at, fact=WrapUpExpired(contact=contact.id, agent=agent))


def longer_wrap_up(centre: Centre, contact: LiveContact) -> float | None:
    """Until when wrap-up would last if the agent asked for more time now; None: there is no more to be had."""
    queue, ends_at, started_at = centre.queue(contact.queue), contact.wrap_up_ends_at, contact.wrap_up_started_at
    if contact.state is not ContactState.WRAP_UP or ends_at is None or started_at is None:
        return None
    longer = min(ends_at + queue.wrap_up_extension_seconds, started_at + queue.wrap_up_limit_seconds)
    return longer if longer > ends_at else None


def _extend_wrap_up(centre: Centre, contact: LiveContact) -> list[Decision]:
    if contact.wrap_up_ends_at is None or contact.agent is None:
        return []  # lasts until the agent ends it
    longer = longer_wrap_up(centre, contact)
    if longer is None:
        return [Refuse(code="wrap_up_limit")]
    centre.touch_contact(contact)
    return [_wrap_up_until(contact, contact.agent, longer)]


def _let_go(centre: Centre, contact: LiveContact, agent: LiveAgent) -> None:
    centre.move_contact(contact, _ENDED)
    contact.agent = None
    free_agent(centre, agent, contact)


def _end_wrap_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> None:
    if contact.wrap_up_started_at is not None:
        contact.wrap_up_seconds = centre.now - contact.wrap_up_started_at
    _let_go(centre, contact, agent)


def handle_wrap_up(centre: Centre, fact: WrapUpFinished) -> list[Decision]:
    """Also taken shortly after the wrap-up ran out, once, from the agent who talked: the outcome is not lost."""
    contact = centre.known(fact.contact)
    if contact is None:
        return [Refuse(code="no_such_contact")]
    late = contact.state is _ENDED and contact.talker == fact.agent and contact.disposition is None
    if not late and contact.agent != fact.agent:
        return [Refuse(code="no_such_contact")]
    if not late and contact.state is not _WRAP_UP:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    dispositions = centre.dispositions
    if fact.disposition is None and dispositions:
        return [Refuse(code="disposition_required")]
    if fact.disposition is not None and fact.disposition not in dispositions:
        return [Refuse(code="no_such_disposition")]
    contact.disposition = fact.disposition
    agent = centre.agents.get(fact.agent)
    if late or agent is None:
        centre.touch_contact(contact)
    else:
        _end_wrap_up(centre, contact, agent)
    return []
