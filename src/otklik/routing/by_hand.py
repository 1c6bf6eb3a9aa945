"""What people decide themselves: an agent picks from the queue, a supervisor gives, an agent passes on without asking.

What cannot be is refused and changes nothing; everything else goes by the same offers as the engine's own choice.
"""

from __future__ import annotations

from typing import assert_never

from otklik.contact.decisions import Decision, Refuse, Release, SetTimer
from otklik.contact.facts import ContactPulled, ContactPushed, ContactTransferred, DeclineLapsed
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, QUEUED, ContactState, LiveContact
from otklik.routing.conversation import connected_line, withdraw_rejoin
from otklik.routing.freeing import free_agent
from otklik.routing.matching import offer
from otklik.routing.offering import withdraw_all
from otklik.routing.rules import Rule, exclusion, hindered
from otklik.routing.waiting import next_try, set_ring

HandFact = ContactPulled | ContactPushed | ContactTransferred

_AT_WILL = frozenset({None, Rule.NOT_READY, Rule.OTHER_CHANNELS, Rule.DRAINING, Rule.DECLINED})
"""What does not keep an agent from picking a contact."""


def handle_hand(centre: Centre, fact: HandFact) -> list[Decision]:
    contact, agent = centre.contacts.get(fact.contact), centre.agents.get(fact.agent)
    if contact is None:
        return [Refuse(code="no_such_contact" if isinstance(fact, ContactTransferred) else "contact_not_waiting")]
    if agent is None:
        return [Refuse(code="no_such_agent" if isinstance(fact, ContactPushed) else "not_in_shift")]
    match fact:
        case ContactPulled():
            return _pull(centre, contact, agent)
        case ContactPushed():
            return _push(centre, contact, agent)
        case ContactTransferred():
            return _transfer(centre, contact, agent, fact)
        case _:
            assert_never(fact)


def _pull(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    rule = exclusion(centre, agent, contact)
    if rule is Rule.CONTACT_NOT_WAITING:
        return [Refuse(code="contact_not_waiting")]
    if rule in _AT_WILL:
        return _give(centre, contact, agent) if agent.reachable else [_cannot(Rule.UNREACHABLE)]
    return [_cannot(rule)] if rule else []


def _cannot(rule: Rule) -> Refuse:
    return Refuse(code="agent_cannot_take", state=rule.value)


def _push(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Skills, queues and pauses do not count: the supervisor knows. The capacity still does."""
    if contact.state not in QUEUED:
        return [Refuse(code="contact_not_waiting")]
    if (rule := hindered(centre, agent, contact.channel)) is not None:
        return [Refuse(code="agent_cannot_take", state=agent.state.value if agent.hands else rule.value)]
    if not agent.reachable:
        return [_cannot(Rule.UNREACHABLE)]
    withdrawn: list[Decision] = []
    if contact.state is ContactState.OFFERED:
        withdrawn = withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    return [*withdrawn, *_give(centre, contact, agent)]


def _give(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The status stays: an agent who was not ready is so again afterwards, with the same reason."""
    contact.declined.pop(agent.id, None)
    return offer(centre, contact, [agent])


def _transfer(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: ContactTransferred) -> list[Decision]:
    """Without asking first. The age, the place and everything known go along; the agent is free at once."""
    if contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    if contact.state not in CONVERSATION:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    if fact.to_queue is not None and fact.to_queue not in centre.queues:
        return [Refuse(code="no_such_queue")]
    if fact.to_agent is not None and (fact.to_agent == agent.id or not centre.in_shift(fact.to_agent)):
        return [Refuse(code="no_such_agent")]
    if fact.to_queue is None and fact.to_agent is None:
        return [Refuse(code="no_such_queue")]
    release = Release(contact=contact.id, agent=agent.id, offer=connected_line(contact))
    decisions: list[Decision] = [*withdraw_rejoin(contact), release]
    centre.enter_queue(contact, fact.to_queue or centre.present_queue(contact.queue) or contact.queue)
    contact.held = contact.muted = contact.announcing = False
    contact.agent = contact.line = contact.offered_at = contact.offer_expires_at = None
    contact.declined.clear()
    decisions += set_ring(centre, contact)
    if fact.to_agent is not None:
        contact.tries = [(fact.to_agent, fact.agent_seconds)]
        decisions += next_try(centre, contact)
    decisions += _not_back(centre, contact, agent)
    centre.move_contact(contact, ContactState.WAITING)
    free_agent(centre, agent, contact)
    return decisions


def _not_back(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Who passed it on is not the first to be offered it again."""
    pause = centre.queue(contact.queue).decline_pause_seconds
    if pause <= 0:
        return []
    contact.declined[agent.id] = contact.offer
    lapsed = DeclineLapsed(contact=contact.id, agent=agent.id, offer=contact.offer)
    return [SetTimer(at=centre.now + pause, fact=lapsed)]
