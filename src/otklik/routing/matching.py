"""The decision itself: of all waiting contacts that a free agent may take, the first in order; to it, the best agent.

After every fact nobody waits whom a free agent may take. So only those whom the fact stirred need to be looked at:
a new pair always has one of them in it.
"""

from __future__ import annotations

from heapq import merge

from otklik.contact.decisions import Announce, Decision, Offer, PlayMusic, SetTimer
from otklik.contact.facts import AnnouncementDue, OfferExpired
from otklik.contact.ids import OfferNumber
from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.announcement import position_speech
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, Key, LiveContact
from otklik.routing.rules import exclusion

Pair = tuple[LiveContact, LiveAgent]


def match(centre: Centre) -> list[Decision]:
    """Offer whatever can be offered; to those who have just begun to wait, say their place."""
    decisions: list[Decision] = []
    if centre.stirred_all:
        for key in list(merge(*(line.waiting for line in centre.lines.values()))):
            contact = centre.contacts[key[1]]
            if agent := best_agent(centre, contact):
                decisions += _offer(centre, contact, agent)
    else:
        while pair := _next_pair(centre):
            decisions += _offer(centre, *pair)
    for contact_id in centre.stirred_contacts:
        contact_now = centre.contacts.get(contact_id)
        if contact_now and contact_now.state is ContactState.WAITING and not contact_now.announcing:
            decisions += _begin_waiting(centre, contact_now)
    centre.stirred_all = False
    centre.stirred_contacts.clear()
    centre.stirred_agents.clear()
    return decisions


def best_agent(centre: Centre, contact: LiveContact) -> LiveAgent | None:
    """The first by strategy whom no rule excludes."""
    for agent_id in centre.line(contact.queue).free_agents():
        agent = centre.agents[agent_id]
        if exclusion(agent, contact) is None:
            return agent
    return None


def first_contact(centre: Centre, agent: LiveAgent) -> LiveContact | None:
    """The smallest key over all queues of the agent that no rule excludes."""
    heads = (_head(centre, agent, centre.line(queue).waiting) for queue in agent.queues)
    return min((head for head in heads if head), key=lambda contact: contact.key, default=None)


def _head(centre: Centre, agent: LiveAgent, waiting: list[Key]) -> LiveContact | None:
    for _, contact_id in waiting:
        contact = centre.contacts[contact_id]
        if exclusion(agent, contact) is None:
            return contact
    return None


def _next_pair(centre: Centre) -> Pair | None:
    pairs: list[Pair] = []
    for contact_id in centre.stirred_contacts:
        contact = centre.contacts.get(contact_id)
        if contact and contact.state is ContactState.WAITING and (agent := best_agent(centre, contact)):
            pairs.append((contact, agent))
    for agent_id in centre.stirred_agents:
        free = centre.agents.get(agent_id)
        if free and free.free and (first := first_contact(centre, free)) and (agent := best_agent(centre, first)):
            pairs.append((first, agent))
    return min(pairs, key=lambda pair: pair[0].key, default=None)


def _offer(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    now, ring_seconds = centre.now, centre.queue(contact.queue).ring_seconds
    contact.offer = OfferNumber(contact.offer + 1)
    contact.agent, agent.contact = agent.id, contact.id
    contact.offered_at, contact.offer_expires_at = now, now + ring_seconds
    centre.move_contact(contact, ContactState.OFFERED)
    centre.move_agent(agent, AgentState.OFFERED)
    decisions: list[Decision] = [
        Offer(contact=contact.id, agent=agent.id, offer=contact.offer, ring_seconds=ring_seconds),
        SetTimer(at=now + ring_seconds, fact=OfferExpired(contact=contact.id, agent=agent.id, offer=contact.offer)),
    ]
    return [*decisions, *play_music(contact)]


def play_music(contact: LiveContact) -> list[Decision]:
    """Unless it plays already."""
    if contact.music:
        return []
    contact.music = True
    return [PlayMusic(contact=contact.id)]


def _begin_waiting(centre: Centre, contact: LiveContact) -> list[Decision]:
    decisions = play_music(contact)
    if centre.queue(contact.queue).announce_every_seconds <= 0:
        return decisions
    return [*decisions, _announce(centre, contact), set_announcement(centre, contact)]


def announcement_due(centre: Centre, contact: LiveContact) -> list[Decision]:
    """While an agent rings nothing is said, but the timer goes on."""
    if centre.queue(contact.queue).announce_every_seconds <= 0:
        contact.announcing = False
        return []
    timer = set_announcement(centre, contact)
    return [_announce(centre, contact), timer] if contact.state is ContactState.WAITING else [timer]


def set_announcement(centre: Centre, contact: LiveContact) -> SetTimer:
    contact.announcing = True
    contact.announcement += 1
    return SetTimer(
        at=centre.now + centre.queue(contact.queue).announce_every_seconds,
        fact=AnnouncementDue(contact=contact.id, number=contact.announcement),
    )


def _announce(centre: Centre, contact: LiveContact) -> Announce:
    position = centre.line(contact.queue).position(contact.key)
    return Announce(contact=contact.id, speech=(position_speech(position, contact.language),))
