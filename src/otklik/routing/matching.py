"""The decision itself: of all waiting contacts that a free agent may take, the first in order; to it, the best agent.

After every fact nobody waits whom a free agent may take. So only those whom the fact stirred need to be looked at:
a new pair always has one of them in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from otklik.contact.configuration import LIVE, Channel
from otklik.contact.decisions import Announce, Decision, Offer, PlayMusic, SetTimer
from otklik.contact.facts import AnnouncementDue, OfferExpired
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.music import Music
from otklik.routing.agent import LiveAgent
from otklik.routing.announcement import message_speech, position_speech, wait_speech
from otklik.routing.centre import Centre
from otklik.routing.classes import RequirementClass
from otklik.routing.contact import ContactState, Key, LiveContact
from otklik.routing.keys import key_speech
from otklik.routing.phone import outside_of, ring_seconds
from otklik.routing.rules import draining, refused
from otklik.routing.slots import BIT
from otklik.routing.strategy import all_agents, best_agent, through, throw
from otklik.routing.wait import expected_seconds

Pair = tuple[LiveContact, LiveAgent]
Urgency = tuple[float, float, ContactId]

_WAITING: Final = ContactState.WAITING
WALK: Final = 400
"""Heads looked at one by one before those that are open to the agent are picked out of the rest at once."""


def match(centre: Centre) -> list[Decision]:
    """Offer whatever can be offered; to those who have just begun to wait, say their place."""
    agents, contacts = centre.stirred_agents, centre.stirred_contacts
    centre.relieved = False
    if centre.stirred_all:
        decisions = _match_all(centre)
        centre.stirred_all = False
    elif not contacts and len(agents) == 1:
        decisions = _match_one(centre)
    elif not agents and len(contacts) == 1:
        decisions = _match_newcomer(centre)
    else:
        decisions = _match_stirred(centre)
    if contacts:
        for contact_id in contacts:
            contact = centre.contacts.get(contact_id)
            if contact and contact.state is _WAITING and not contact.announcing:
                decisions += _begin_waiting(centre, contact)
        contacts.clear()
    agents.clear()
    return decisions


def _match_all(centre: Centre) -> list[Decision]:
    """Whenever an offer has relieved somebody of waiting for it, the most urgent contacts come first again."""
    _take_in(centre)
    decisions, again = list[Decision](), True
    while again:
        waiting = [centre.contacts[contact] for contact in centre.classes.standing]
        again = centre.relieved = False
        for contact in sorted(waiting, key=lambda contact: urgency(centre, contact)):
            if agent := best_agent(centre, contact):
                decisions += _offer(centre, contact, agent)
                if again := centre.relieved:
                    break
    return decisions


def _match_stirred(centre: Centre) -> list[Decision]:
    _take_in(centre)
    decisions: list[Decision] = []
    while pair := _next_pair(centre):
        decisions += _offer(centre, *pair)
    return decisions


def _match_one(centre: Centre) -> list[Decision]:
    """The usual case: an agent has become free, and nobody else can be in a new pair."""
    (agent_id,) = centre.stirred_agents
    agent = centre.agents.get(agent_id)
    if agent is None or not (room := centre.room(agent)):
        return []
    if (contact := first_contact(centre, agent, room)) is None:
        centre.roster.take_in(agent, room)
        return []
    decisions = _offer(centre, contact, agent)
    return decisions + _match_stirred(centre) if centre.relieved else decisions


def _match_newcomer(centre: Centre) -> list[Decision]:
    """The other usual case: somebody has come to wait, and no agent can be in a new pair with anybody else."""
    (contact_id,) = centre.stirred_contacts
    contact = centre.contacts.get(contact_id)
    if contact is None or contact.state is not _WAITING or (agent := best_agent(centre, contact)) is None:
        return []
    decisions = _offer(centre, contact, agent)
    return decisions + _match_stirred(centre) if centre.relieved or centre.stirred_agents else decisions


def _take_in(centre: Centre) -> None:
    """Those who became free take their place among the idle."""
    for agent_id in centre.stirred_agents:
        agent = centre.agents.get(agent_id)
        if agent and (room := centre.room(agent)):
            centre.roster.take_in(agent, room)


def urgency(centre: Centre, contact: LiveContact) -> Urgency:
    """Which contact is served first, smallest first: a total order over all queues."""
    place, contact_id = contact.key
    if centre.oldest_first:
        return (0.0, place, contact_id)
    target = max(centre.queue(contact.queue).target_seconds, 0.001)
    return ((place - centre.now) / target, place, contact_id)


def first_contact(centre: Centre, agent: LiveAgent, room: int) -> LiveContact | None:
    """The most urgent contact that no rule excludes; of the channels that the agent has room for."""
    found, contacts = None, centre.contacts
    for channel in centre.classes.channels:
        if not room & BIT[channel] or (agent.hands and draining(centre, agent, channel)):
            continue
        key = _first_key(centre, agent, channel)
        if key is not None:
            contact = contacts[key[1]]
            if found is None or urgency(centre, contact) < urgency(centre, found):
                found = contact
    return found


def _first_key(centre: Centre, agent: LiveAgent, channel: Channel) -> Key | None:
    if not centre.oldest_first:
        kinds = centre.classes.open_to(centre.roster.numbers[agent.id], agent.id, channel)
        heads = [key for kind in kinds if (key := _head(centre, agent, kind)) is not None]
        return min(heads, key=lambda key: urgency(centre, centre.contacts[key[1]]), default=None)
    best, own = _walk(centre, agent, channel), centre.classes.own
    if not own:
        return best
    for kind in own.get((agent.id, channel), {}).values():
        key = _head(centre, agent, kind)
        if key is not None and (best is None or key < best):
            best = key
    return best


def _walk(centre: Centre, agent: LiveAgent, channel: Channel) -> Key | None:
    """Along the heads of all classes to the first that is open to the agent; a long way is left for the agent's own."""
    classes, number = centre.classes, centre.roster.numbers[agent.id]
    heads = classes.heads.get(channel)
    if heads is None:
        return None
    cells, row, contacts = classes.abilities.cells, number * classes.abilities.width, centre.contacts
    best: Key | None = None
    for each in islice(reversed(heads.numbers), WALK):
        if cells[row + each]:
            kind = classes.numbered[each]
            first = kind.waiting[0]
            if best is not None and best < first:
                return best
            if not contacts[first[1]].declined:
                return first
            key = _head(centre, agent, kind)
            if key is not None and (best is None or key < best):
                best = key
    if len(heads.numbers) > WALK:
        for each in reversed(classes.abilities.among(number, heads.numbers[:-WALK])):
            kind = classes.numbered[each]
            if best is not None and best < kind.waiting[0]:
                return best
            key = _head(centre, agent, kind)
            if key is not None and (best is None or key < best):
                best = key
    return best


def _head(centre: Centre, agent: LiveAgent, kind: RequirementClass) -> Key | None:
    """The first of a class open to this free agent that is not refused."""
    for key in kind.waiting:
        contact = centre.contacts[key[1]]
        if not contact.declined or refused(agent, contact) is None:
            return key
    return None


def _next_pair(centre: Centre) -> Pair | None:
    pairs: list[Pair] = []
    for contact_id in centre.stirred_contacts:
        contact = centre.contacts.get(contact_id)
        if contact and contact.state is _WAITING and (agent := best_agent(centre, contact)):
            pairs.append((contact, agent))
    for agent_id in centre.stirred_agents:
        free = centre.agents.get(agent_id)
        if free and (first := first_contact(centre, free, centre.room(free))) and (agent := best_agent(centre, first)):
            pairs.append((first, agent))
    if len(pairs) < 2:
        return pairs[0] if pairs else None
    return min(pairs, key=lambda pair: urgency(centre, pair[0]))


def _offer(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    queue, kind = centre.queue(contact.queue), None
    if centre.classes.also:
        kind, queue = through(centre, contact, agent)
    strategy = queue.strategy
    if strategy == "longest_idle":
        return offer(centre, contact, (agent,))
    if strategy == "ring_all" and contact.pinned is None:
        _take_in(centre)
        return offer(centre, contact, all_agents(centre, contact, kind or centre.classes.standing[contact.id], queue))
    if strategy == "weighted_random":
        throw(centre)
    return offer(centre, contact, [agent])


def offer(centre: Centre, contact: LiveContact, agents: Sequence[LiveAgent]) -> list[Decision]:
    """Ring at these; the first who answers has it."""
    usual, now = centre.queue(contact.queue).ring_seconds, centre.now
    contact.agent, contact.offered_at, longest = agents[0].id, now, usual
    centre.begin_offer(contact)
    decisions: list[Decision] = []
    contact_id = contact.id
    for rung in agents:
        contact.offer = number = OfferNumber(contact.offer + 1)
        if rung.phone == "page":
            seconds, outside = usual, None
        else:
            seconds, outside = ring_seconds(rung, usual), outside_of(centre, rung, contact)
            longest = max(longest, seconds)
        rung.offered_at = now
        centre.take_in_hand(rung, contact)
        agent_id = rung.id
        decisions += (
            Offer(
                contact=contact_id,
                agent=agent_id,
                offer=number,
                ring_seconds=seconds,
                away=contact.away,
                phone=rung.phone,
                outside=outside,
            ),
            SetTimer(at=now + seconds, fact=OfferExpired(contact=contact_id, agent=agent_id, offer=number)),
        )
        if len(agents) > 1:
            contact.ringing = {**contact.ringing, agent_id: number}
    contact.offer_expires_at = now + longest
    if not contact.music:
        decisions += play_music(contact)
    return decisions


def play_music(contact: LiveContact) -> list[Decision]:
    """Unless it plays already, or there is nobody to hear it."""
    if contact.music or contact.away or contact.consults is not None:
        return []
    contact.music = True
    return [PlayMusic(contact=contact.id)]


def other_music(centre: Centre, contact: LiveContact, before: Music | None) -> list[Decision]:
    """Said again where the queue it waits in now has other music than the one before."""
    if contact.music and contact.consults is None and centre.queue(contact.queue).music != before:
        return [PlayMusic(contact=contact.id)]
    return []


def _begin_waiting(centre: Centre, contact: LiveContact) -> list[Decision]:
    if contact.away:
        return []
    decisions = play_music(contact)
    if not _told_the_place(centre, contact) or contact.consults is not None:
        return decisions
    if contact.identity_awaited and centre.awaits_identity(contact):
        return decisions  # somebody may be free all the same
    return [*decisions, _announce(centre, contact), set_announcement(centre, contact)]


def _told_the_place(centre: Centre, contact: LiveContact) -> bool:
    """Nobody is there to hear it who has written, or left a message: each word would be a fact and a timer for nothing."""
    return contact.channel in LIVE and centre.queue(contact.queue).announce_every_seconds > 0


def announcement_due(centre: Centre, contact: LiveContact) -> list[Decision]:
    """While an agent rings nothing is said, but the timer goes on."""
    if not _told_the_place(centre, contact):
        contact.announcing = False
        return []
    again = contact.announcement
    timer = set_announcement(centre, contact)
    return [_announce(centre, contact, again), timer] if contact.state is _WAITING else [timer]


def set_announcement(centre: Centre, contact: LiveContact) -> SetTimer:
    contact.announcing = True
    contact.announcement += 1
    return SetTimer(
        at=centre.now + centre.queue(contact.queue).announce_every_seconds,
        fact=AnnouncementDue(contact=contact.id, number=contact.announcement),
    )


def _announce(centre: Centre, contact: LiveContact, again: int = 0) -> Announce:
    """`again`: how often it has been said before."""
    position = centre.line(contact.queue).position(contact.key)
    speech = [position_speech(position, contact.language)]
    if centre.queue(contact.queue).announce_wait:
        seconds = expected_seconds(centre, contact.queue, position)
        speech += [wait_speech(seconds, contact.language)] if seconds is not None else []
    messages = centre.queue(contact.queue).messages
    if again and messages:
        speech.append(message_speech(messages[(again - 1) % len(messages)], contact.language))
    return Announce(contact=contact.id, speech=(*speech, *key_speech(centre, contact)))
