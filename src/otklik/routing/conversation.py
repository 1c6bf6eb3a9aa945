"""While an agent has the contact: hold, mute, a lost line and its return, the end, and the wrap-up after it."""

from __future__ import annotations

from typing import Final, assert_never

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Announce, Decision, End, Hold, Mute, Refuse, Rejoin, Release, Retrieve, SetTimer
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
)
from otklik.contact.ids import OfferNumber
from otklik.contact.record import Outcome
from otklik.routing.agent import REASON_MISSED, AgentStatus, HandState, LiveAgent
from otklik.routing.announcement import agent_lost_speech
from otklik.routing.centre import Centre
from otklik.routing.conferring import asks_outside, heir
from otklik.routing.consultation import colleague_leaves, end_all, leave
from otklik.routing.consulting_outside import leaves_them_together
from otklik.routing.contact import CONVERSATION, RINGS, ContactState, LiveContact
from otklik.routing.dialling import give_up, never_dialled
from otklik.routing.freeing import make_missed
from otklik.routing.matching import play_music
from otklik.routing.offering import take_back, who_hears_whom, withdraw_all
from otklik.routing.phone import outside_of
from otklik.routing.serving import note_leaving
from otklik.routing.supervision import supervisor_line_ended
from otklik.routing.transfer import withdraw_rejoin
from otklik.routing.turning import consultation_of, turn
from otklik.routing.waiting import set_ring
from otklik.routing.wrap_up import begin_wrap_up, extend_wrap_up, settle_end, wrap_up_expired

DeskFact = ContactHeld | ContactRetrieved | AgentMuted | RejoinAsked | ContactFinished | WrapUpExtended
"""What an agent asks for from the desk; refused if it cannot be."""
LineFact = AgentLegEnded | RejoinExpired | WrapUpExpired
"""What simply happened; changes nothing if it came late."""

_ALLOWED: Final[dict[type[DeskFact], frozenset[ContactState]]] = {
    ContactHeld: frozenset({ContactState.TALKING}),
    ContactRetrieved: frozenset({ContactState.HELD}),
    AgentMuted: CONVERSATION,
    RejoinAsked: CONVERSATION,
    ContactFinished: CONVERSATION | {ContactState.PLACED, ContactState.DIALLING},
    WrapUpExtended: frozenset({ContactState.WRAP_UP}),
}
_OF_A_LINE: Final = (ContactHeld, ContactRetrieved, AgentMuted, RejoinAsked)
"""What is about the agent's line; a chat or a letter has none, and a page that reloads loses nothing of it."""


def handle_desk(centre: Centre, fact: DeskFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None:
        return [Refuse(code="no_such_contact")]
    if isinstance(fact, WrapUpExtended) and agent.id in contact.wrap_ups:
        return extend_wrap_up(centre, contact, agent)
    if contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    unheld = contact.consults is not None and isinstance(fact, ContactHeld | ContactRetrieved)
    lineless = isinstance(fact, _OF_A_LINE) and contact.channel not in LIVE
    if unheld or lineless or contact.state not in _ALLOWED[type(fact)]:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    match fact:
        case ContactHeld():
            return _hold(centre, contact, agent)
        case ContactRetrieved():
            return _retrieve(centre, contact, agent)
        case AgentMuted():
            return _mute(centre, contact, agent, fact.muted)
        case RejoinAsked():
            return rejoin(centre, contact, agent)
        case ContactFinished():
            return _finish(centre, contact, agent)
        case WrapUpExtended():
            return []  # in wrap-up, which is looked at before
        case _:
            assert_never(fact)


def _finish(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    if contact.state is ContactState.PLACED:
        return never_dialled(centre, contact, agent, "cancelled")
    if contact.state is ContactState.DIALLING:
        return give_up(centre, contact, agent)
    # The agent's line first: its BYE must reach the page before the next ring does.
    left = _hang_up(centre, contact, agent)
    return left or [*finish(centre, contact, outcome="answered"), End(contact=contact.id)]


def handle_line(centre: Centre, fact: LineFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(fact.agent)
    if contact is None or agent is None or contact.id not in agent.hands:
        if contact is not None and contact.supervisors and isinstance(fact, AgentLegEnded):
            return supervisor_line_ended(centre, contact, fact)
        return []
    match fact:
        case AgentLegEnded():
            return _line_ended(centre, contact, agent, fact)
        case RejoinExpired():
            waits = contact.state is ContactState.REJOINING and contact.line == fact.offer
            return _lose_agent(centre, contact, agent) if waits else []
        case WrapUpExpired():
            return wrap_up_expired(centre, contact, agent)
        case _:
            assert_never(fact)


def _hang_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """While a consultation is on: whoever goes leaves the other two together, and no customer alone on hold. So it is, and a conference goes on,
    where the lines of the others are lost at this moment. Nothing where that is not so: to whom the agent has just said goodbye, the
    call is over."""
    if contact.consults is not None:
        return colleague_leaves(centre, contact)
    if contact.conference.members or leaves_them_together(contact):
        return leave(centre, contact, agent)
    asked = consultation_of(centre, contact)
    if asked is not None and (asked.state in CONVERSATION or contact.talks_to == "colleague"):
        return leave(centre, contact, agent)
    return []


def _hold(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    if contact.consultation is not None or asks_outside(contact):
        return turn(centre, contact, agent, "colleague")
    contact.consulted = contact.outside_end = None
    contact.held, contact.hold_since = True, centre.now
    centre.move_contact(contact, ContactState.HELD)
    centre.move_hand(agent, contact, HandState.HELD)
    return [Hold(contact=contact.id)]


def _retrieve(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    if contact.consultation is not None or asks_outside(contact):
        return turn(centre, contact, agent, "customer")
    contact.consulted = contact.outside_end = None
    contact.held = False
    contact.count_hold(centre.now)
    centre.move_contact(contact, ContactState.TALKING)
    centre.move_hand(agent, contact, HandState.TALKING)
    return [Retrieve(contact=contact.id, agent=agent.id, offer=contact.connected_line)]


def _mute(centre: Centre, contact: LiveContact, agent: LiveAgent, muted: bool) -> list[Decision]:
    if contact.muted == muted:
        return []
    contact.muted = muted
    centre.touch_contact(contact)
    if contact.state is ContactState.REJOINING:
        return []  # applied when the line is back
    return [Mute(contact=contact.id, agent=agent.id, offer=contact.connected_line, muted=muted)]


def _line_ended(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: AgentLegEnded) -> list[Decision]:
    if contact.state not in RINGS and contact.agent != agent.id:
        return []  # whoever is in wrap-up of it has no line any more
    match contact.state:
        case ContactState.OFFERED | ContactState.PLACED if fact.offer == contact.offer_to(agent.id):
            return take_back(centre, contact, agent, unreachable=True)[1:]
        case ContactState.DIALLING if fact.offer == contact.line:
            return give_up(centre, contact, agent)
        case ContactState.REJOINING if fact.offer == contact.rejoin:
            contact.rejoin = None
            centre.touch_contact(contact)
            return _tell_of_the_loss(centre, contact)
        case ContactState.TALKING | ContactState.HELD if fact.offer == contact.line and contact.channel in LIVE:
            if fact.cause == "hung_up":
                left = _hang_up(centre, contact, agent)
                return left or [End(contact=contact.id), *finish(centre, contact, outcome="answered")]
            timer = await_rejoin(centre, contact, agent)
            back = rejoin(centre, contact, agent) if rings_by_itself(agent) else []
            return [*_tell_of_the_loss(centre, contact), *who_hears_whom(centre, contact), timer, *back]
        case _:
            return []


def _tell_of_the_loss(centre: Centre, contact: LiveContact) -> list[Decision]:
    """Words, then music; a customer who hears music already has noticed nothing."""
    music = play_music(contact)
    if not music or contact.held:
        return music
    own = centre.queue(contact.queue).agent_lost
    words = next((each for each in own if each.language == contact.language), own[0] if own else None)
    return [*music, Announce(contact=contact.id, speech=(words or agent_lost_speech(contact.language),))]


def await_rejoin(centre: Centre, contact: LiveContact, agent: LiveAgent) -> SetTimer:
    """The timer carries the number of the lost line: each line is lost once, so an older timer never fits."""
    centre.move_contact(contact, ContactState.REJOINING)
    centre.move_hand(agent, contact, HandState.REJOINING)
    return SetTimer(
        at=centre.now + centre.queue(contact.queue).rejoin_seconds,
        fact=RejoinExpired(contact=contact.id, agent=agent.id, offer=contact.connected_line),
    )


def rings_by_itself(agent: LiveAgent) -> bool:
    """Does a lost line come back without a page that asks for it?"""
    return agent.phone != "page" and agent.reachable


def rejoin(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """No music yet: a page that reloads is back in a tenth of a second."""
    decisions = withdraw_rejoin(contact)
    contact.offer = OfferNumber(contact.offer + 1)
    contact.rejoin = contact.offer
    decisions.append(
        Rejoin(
            contact=contact.id,
            agent=agent.id,
            offer=contact.offer,
            replaces=contact.connected_line,
            phone=agent.phone,
            outside=outside_of(centre, agent, contact),
        ),
    )
    centre.touch_contact(contact)
    if contact.state is not ContactState.REJOINING:
        decisions.append(await_rejoin(centre, contact, agent))
    return decisions


def _lose_agent(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The agent does not come back. A colleague who was being asked has the customer; otherwise the queue has."""
    if contact.consults is not None:
        return colleague_leaves(centre, contact)
    asked, outside = consultation_of(centre, contact), contact.outside
    leads_on = heir(centre, contact) is not None
    if outside is not None and outside.answered_at is not None and not leads_on:
        if not (agent.leaving or agent.removed):
            centre.choose_status(agent, AgentStatus.NOT_READY, REASON_MISSED)
        return leave(centre, contact, agent)
    if leads_on or (asked is not None and asked.state is ContactState.TALKING):
        if not (agent.leaving or agent.removed):
            centre.choose_status(agent, AgentStatus.NOT_READY, REASON_MISSED)
        return leave(centre, contact, agent)
    ended = end_all(centre, contact, "over")
    return [*ended, *_return_to_queue(centre, contact, agent)]


def _return_to_queue(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    release = Release(contact=contact.id, agent=agent.id, offer=contact.connected_line)
    decisions = [*withdraw_rejoin(contact), release]
    centre.enter_queue(contact, centre.present_queue(contact.queue, contact) or contact.queue)
    decisions += set_ring(centre, contact)
    contact.held = contact.muted = contact.announcing = False
    contact.agent = contact.line = contact.came_from = contact.offered_at = contact.offer_expires_at = None
    contact.outside_end = None
    centre.move_contact(contact, ContactState.WAITING)
    make_missed(centre, agent, contact)
    return decisions


def finish(centre: Centre, contact: LiveContact, *, outcome: Outcome) -> list[Decision]:
    """The customer's line is over; once an agent has talked to the customer the contact counts as answered."""
    if outcome == "abandoned":
        note_leaving(centre, contact, answered=False)
    ended = end_all(centre, contact, "over")
    contact.close(centre.now)
    contact.ended_at = centre.now
    if contact.left_voicemail and outcome in ("abandoned", "served"):
        outcome = "voicemail"
    elif contact.talked_outside and outcome in ("abandoned", "served", "lost"):
        outcome = "outside"
    contact.outside = None
    contact.outcome = outcome if contact.answered_at is None else "answered"
    agent = centre.agents.get(contact.agent) if contact.agent is not None else None
    decisions: list[Decision] = []
    if contact.parking is not None:
        by, contact.parking = contact.parking.agent, None
        centre.follow_parking(contact, by)
    if agent is not None and contact.state is ContactState.OFFERED:
        decisions = withdraw_all(centre, contact)
    elif agent is not None:
        release = Release(contact=contact.id, agent=agent.id, offer=contact.connected_line)
        decisions = [*withdraw_rejoin(contact), release, *begin_wrap_up(centre, contact, agent)]
    settle_end(centre, contact)
    return [*ended, *decisions]
