"""What becomes of an offer: answered, declined, not answered in time (RONA), or impossible.

A fact whose number is not the one that rings is late and changes nothing; only a line that answered too late is released.
"""

from __future__ import annotations

from typing import Final, assert_never

from otklik.contact.decisions import Connect, Consult, Decision, Hold, Mute, Release, SetTimer, Withdraw
from otklik.contact.facts import DeclineLapsed, OfferAnswered, OfferDeclined, OfferExpired, OfferFailed
from otklik.contact.record import Segment
from otklik.routing.agent import REASON_MISSED, REASON_TELEPHONE, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.conferring import asks_outside, say_again
from otklik.routing.contact import NOBODY, RINGS, ContactState, LiveContact, without
from otklik.routing.dialling import dial, never_dialled
from otklik.routing.freeing import free_agent, make_missed
from otklik.routing.matching import play_music
from otklik.routing.serving import note_leaving
from otklik.routing.supervision import supervisor_rung
from otklik.routing.wait import note_answer
from otklik.routing.waiting import next_try

TELEPHONE_REFUSALS: Final = 3
"""So many in a row by the desk telephone itself, and the agent is not ready: it is set to take no calls, or nobody is there."""
TRUNK_PAUSE_SECONDS: Final = 5.0
TRUNK_CAUSES: Final = frozenset(f"cause {each}" for each in (3, 27, 34, 38, 41, 42, 44, 47, 102))
"""Q.850: no route, out of order, congestion, no circuit, no answer of the network. Not the telephone at its end."""

OfferFact = OfferAnswered | OfferDeclined | OfferExpired | OfferFailed | DeclineLapsed


def handle_offer(centre: Centre, fact: OfferFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(fact.agent)
    if isinstance(fact, DeclineLapsed):
        return _lapsed(centre, contact, fact)
    if contact is None or agent is None:
        return _late(centre, contact, fact)
    if contact.state in RINGS and fact.offer == contact.offer_to(agent.id):
        return _first_offer(centre, contact, agent, fact)
    if contact.state is ContactState.REJOINING and contact.agent == agent.id and fact.offer == contact.rejoin:
        return _rejoin_offer(centre, contact, agent, fact)
    return _late(centre, contact, fact)


def _late(
    centre: Centre, contact: LiveContact | None, fact: OfferAnswered | OfferDeclined | OfferExpired | OfferFailed
) -> list[Decision]:
    if contact is not None and contact.supervisors:
        of_supervisor = supervisor_rung(centre, contact, fact)
        if of_supervisor is not None:
            return of_supervisor
    if not isinstance(fact, OfferAnswered):
        return []
    if contact is not None and contact.agent == fact.agent and contact.line == fact.offer:
        return _connect_again(centre, contact, fact)
    return [Release(contact=fact.contact, agent=fact.agent, offer=fact.offer)]


def _connect_again(centre: Centre, contact: LiveContact, fact: OfferAnswered) -> list[Decision]:
    """Told twice: after a restart the switch names every line that is up, and what was decided last may not have been
    done. Said again it changes nothing."""
    if contact.state not in (ContactState.TALKING, ContactState.HELD):
        return []
    again = _on_line(centre, contact, fact)
    if contact.muted:
        return again
    return [*again, Mute(contact=contact.id, agent=fact.agent, offer=fact.offer, muted=False)]


def who_hears_whom(centre: Centre, contact: LiveContact) -> list[Decision]:
    """Where a consultation is on, of the contact or of the consultation itself; otherwise nothing is to be said."""
    about = contact if contact.consults is None else centre.contacts.get(contact.consults)
    if about is None or about.agent is None:
        return []
    line, attempt = None, 0
    if (outside := about.outside) is not None and outside.beside is not None and asks_outside(about):
        consultation, attempt = outside.beside, outside.attempt
    elif about.consultation is not None and (asked := centre.contacts.get(about.consultation)) is not None:
        consultation, line = asked.id, asked.line if asked.state is ContactState.TALKING else None
    else:
        return []
    return [
        Consult(
            contact=about.id,
            agent=about.agent,
            offer=about.line if about.line is not None else about.offer,
            consultation=consultation,
            line=line,
            talks_to=about.talks_to,
            outside=attempt,
        )
    ]


def _on_line(centre: Centre, contact: LiveContact, fact: OfferAnswered) -> list[Decision]:
    say_again(centre, contact)
    back: list[Decision] = who_hears_whom(centre, contact)
    if contact.id in centre.consultations and not back:
        return [Mute(contact=contact.id, agent=fact.agent, offer=fact.offer, muted=True)] if contact.muted else []
    if not back and contact.held:
        back = [Hold(contact=contact.id)]
    elif not back:
        back = [Connect(contact=contact.id, agent=fact.agent, offer=fact.offer)]
    if not contact.muted:
        return back
    return [*back, Mute(contact=contact.id, agent=fact.agent, offer=fact.offer, muted=True)]


def _first_offer(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    fact: OfferAnswered | OfferDeclined | OfferExpired | OfferFailed,
) -> list[Decision]:
    match fact:
        case OfferAnswered():
            return _connect(centre, contact, agent)
        case OfferDeclined():
            return _decline(centre, contact, agent, fact)
        case OfferExpired():
            return take_back(centre, contact, agent, missed=None if contact.ringing else REASON_MISSED)
        case OfferFailed():
            return _fail(centre, contact, agent, fact.cause)[1:]  # nothing rings
        case _:
            assert_never(fact)


def _connect(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    if contact.state is ContactState.OFFERED:
        note_answer(centre, contact)
        note_leaving(centre, contact, answered=True)
    offer = contact.offer_to(agent.id) or contact.offer
    withdrawn = _withdraw_others(centre, contact, agent)
    contact.agent, contact.line = agent.id, offer
    if contact.away and contact.callback is not None:
        return [*withdrawn, *dial(centre, contact, contact.callback, agent)]
    contact.talker, agent.refused = agent.id, 0
    contact.held = contact.muted = contact.music = contact.announcing = False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    if contact.answered_at is None:
        contact.answered_at = centre.now
    contact.disposition = contact.outside_end = None  # are of the part before
    if contact.customer is not None:
        centre.remember(contact.customer, agent.id)
    if contact.consults is None:
        agent.handled += 1
    contact.begin(Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=agent.id))
    centre.move_contact(contact, ContactState.TALKING)
    centre.move_hand(agent, contact, HandState.TALKING)
    if contact.consults is not None:
        contact.music = True
        return [*withdrawn, *who_hears_whom(centre, contact)]
    return [*withdrawn, Connect(contact=contact.id, agent=agent.id, offer=offer)]


def _withdraw_others(centre: Centre, contact: LiveContact, winner: LiveAgent) -> list[Decision]:
    decisions: list[Decision] = []
    for other, number in contact.ringing.items():
        agent = centre.agents.get(other)
        if agent is not None and agent is not winner:
            decisions.append(Withdraw(contact=contact.id, agent=other, offer=number))
            free_agent(centre, agent, contact)
    contact.ringing = NOBODY
    return decisions


def _decline(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: OfferDeclined) -> list[Decision]:
    if contact.state is ContactState.PLACED:
        return never_dialled(centre, contact, agent, "cancelled")
    agent.refused = agent.refused + 1 if fact.telephone else 0
    if agent.refused >= TELEPHONE_REFUSALS:
        return take_back(centre, contact, agent, missed=REASON_TELEPHONE)
    pause = centre.queue(contact.queue).decline_pause_seconds
    if pause > 0:
        return _pause(centre, contact, agent, pause, declined=True)
    return take_back(centre, contact, agent, declined=True)


def _fail(centre: Centre, contact: LiveContact, agent: LiveAgent, cause: str) -> list[Decision]:
    """A number outside that nobody answers, or a mailbox does, is an agent who does not answer; a trunk that fails is not. It may
    fail at once: the contact is not offered there again before a pause."""
    if agent.phone != "outside":
        return take_back(centre, contact, agent, unreachable=True)
    if _at_far_end(cause) or contact.state is ContactState.PLACED:
        return take_back(centre, contact, agent, missed=REASON_MISSED)
    return _pause(centre, contact, agent, max(centre.queue(contact.queue).decline_pause_seconds, TRUNK_PAUSE_SECONDS))


def _at_far_end(cause: str) -> bool:
    return cause == "no key" or (cause.startswith("cause ") and cause not in TRUNK_CAUSES)


def _pause(
    centre: Centre, contact: LiveContact, agent: LiveAgent, seconds: float, *, declined: bool = False
) -> list[Decision]:
    offer = contact.offer_to(agent.id) or contact.offer
    contact.declined = {**contact.declined, agent.id: offer}
    lapsed = DeclineLapsed(contact=contact.id, agent=agent.id, offer=offer)
    return [*take_back(centre, contact, agent, declined=declined), SetTimer(at=centre.now + seconds, fact=lapsed)]


def take_back(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    *,
    missed: str | None = None,
    unreachable: bool = False,
    declined: bool = False,
) -> list[Decision]:
    """First of all the withdrawal. The agent becomes free, or not ready for the reason `missed`; the contact waits
    again at its old place, unless it still rings at others. Whoever has declined is there, and nothing is led on from them."""
    if contact.state is ContactState.PLACED:
        if unreachable:
            agent.lose_phone(centre.now)
        return never_dialled(centre, contact, agent)
    number = contact.offer_to(agent.id) or contact.offer
    decisions: list[Decision] = [Withdraw(contact=contact.id, agent=agent.id, offer=number)]
    if unreachable:
        agent.lose_phone(centre.now)
    contact.ringing = without(contact.ringing, agent.id)
    if contact.ringing:
        contact.agent = next(iter(contact.ringing))
        centre.touch_contact(contact)
    else:
        if contact.pinned == agent.id:
            decisions += next_try(centre, contact, None if declined else agent.id)
        contact.agent = contact.offered_at = contact.offer_expires_at = None
        centre.move_contact(contact, ContactState.WAITING)
    if missed is not None:
        make_missed(centre, agent, contact, missed)
    else:
        free_agent(centre, agent, contact)
    return decisions


def in_hand(centre: Centre, agent: LiveAgent, state: HandState) -> list[LiveContact]:
    return [centre.contacts[contact] for contact, hand in agent.hands.items() if hand.state is state]


def refuse_offers(centre: Centre, agent: LiveAgent) -> list[Decision]:
    """What rings at the agent goes to somebody else."""
    decisions: list[Decision] = []
    for contact in in_hand(centre, agent, HandState.OFFERED):
        decisions += take_back(centre, contact, agent)
    return decisions


def withdraw_all(centre: Centre, contact: LiveContact) -> list[Decision]:
    """The contact is over, or goes elsewhere, while it rings; the agents are free."""
    rings = contact.ringing
    if not rings and contact.agent is not None:
        rings = {contact.agent: contact.offer}
    contact.ringing = NOBODY
    contact.agent = contact.offered_at = contact.offer_expires_at = None
    decisions: list[Decision] = []
    for agent_id, number in rings.items():
        if (agent := centre.agents.get(agent_id)) is not None:
            decisions.append(Withdraw(contact=contact.id, agent=agent_id, offer=number))
            free_agent(centre, agent, contact)
    return decisions


def _rejoin_offer(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    fact: OfferAnswered | OfferDeclined | OfferExpired | OfferFailed,
) -> list[Decision]:
    """Whatever but an answer leaves the contact rejoining: the page may ask again until `RejoinExpired`."""
    if not isinstance(fact, OfferAnswered):
        contact.rejoin = None
        centre.touch_contact(contact)
        return play_music(contact)
    contact.line, contact.rejoin, contact.music, contact.came_from = fact.offer, None, False, None
    state, hand = (ContactState.HELD, HandState.HELD) if contact.held else (ContactState.TALKING, HandState.TALKING)
    centre.move_contact(contact, state)
    centre.move_hand(agent, contact, hand)
    return _on_line(centre, contact, fact)


def _lapsed(centre: Centre, contact: LiveContact | None, fact: DeclineLapsed) -> list[Decision]:
    if contact is not None and contact.declined.get(fact.agent) == fact.offer and fact.agent not in contact.wrap_ups:
        contact.declined = without(contact.declined, fact.agent)
        centre.stirred_contacts[contact.id] = None
    return []
