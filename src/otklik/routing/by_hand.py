"""What people decide themselves: an agent picks from the queue, a supervisor gives, an agent passes on without asking.

What cannot be is refused and changes nothing; everything else goes by the same offers as the engine's own choice.
"""

from __future__ import annotations

from typing import assert_never

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.division import apart
from otklik.contact.facts import ContactPulled, ContactPushed, ContactTransferred
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, QUEUED, ContactState, LiveContact, without
from otklik.routing.leading import led_on
from otklik.routing.matching import offer, urgency
from otklik.routing.offering import withdraw_all
from otklik.routing.rules import Rule, exclusion, hindered, refused
from otklik.routing.transfer import nowhere, pass_on

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
    if rule in (Rule.CONTACT_NOT_WAITING, Rule.PARKED):
        return [Refuse(code="contact_not_waiting")]
    if rule in _AT_WILL:
        rule = refused(agent, contact)  # what stands behind a pause
    if rule in _AT_WILL:
        return _give(centre, contact, agent) if agent.reachable else [_cannot(Rule.UNREACHABLE)]
    return [_cannot(rule)] if rule else []


def pickable(centre: Centre, agent: LiveAgent, limit: int) -> list[LiveContact]:
    """The first of those whom the agent could pick now."""
    if not agent.reachable:
        return []
    number = centre.roster.numbers[agent.id]
    channels = [each for each in centre.classes.channels if hindered(centre, agent, each) is None]
    kinds = [kind for channel in channels for kind in centre.classes.open_to(number, agent.id, channel)]
    waiting = [
        centre.contacts[each] for each in dict.fromkeys(key[1] for kind in kinds for key in kind.waiting[:limit])
    ]
    customers = [contact for contact in waiting if contact.consults is None and contact.id not in agent.hands]
    return sorted(customers, key=lambda contact: urgency(centre, contact))[:limit]


def _cannot(rule: Rule) -> Refuse:
    return Refuse(code="agent_cannot_take", state=rule.value)


def _push(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Skills, queues and pauses do not count: the supervisor knows. The capacity still does."""
    if contact.state not in QUEUED:
        return [Refuse(code="contact_not_waiting")]
    rule = hindered(centre, agent, contact.channel)
    if rule is None and contact.id in agent.hands:
        rule = Rule.IN_WRAP_UP
    if rule is not None:
        return [Refuse(code="agent_cannot_take", state=agent.state.value if agent.hands else rule.value)]
    if apart(centre.division_of(contact), centre.division_of_agent(agent.id)):
        return [_cannot(Rule.NOT_IN_QUEUE)]
    if not agent.reachable:
        return [_cannot(Rule.UNREACHABLE)]
    withdrawn: list[Decision] = []
    if contact.state is ContactState.OFFERED:
        withdrawn = withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    return [*withdrawn, *_give(centre, contact, agent)]


def _give(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The status stays: an agent who was not ready is so again afterwards, with the same reason."""
    contact.declined = without(contact.declined, agent.id)
    return offer(centre, contact, [agent])


def _transfer(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: ContactTransferred) -> list[Decision]:
    """Without asking first. The age, the place and everything known go along; the agent's own part is wrapped up."""
    if contact.agent != agent.id:
        return [Refuse(code="no_such_contact")]
    if contact.state not in CONVERSATION or contact.consults is not None:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    if contact.consultation is not None or contact.outside is not None or contact.conference.members:
        return [Refuse(code="consultation_on")]
    led = fact.to_agent is not None and led_on(centre, contact, fact.to_agent, agent.id)
    if (impossible := nowhere(centre, contact, agent, fact.to_queue, fact.to_agent, led=led)) is not None:
        return [impossible]
    return pass_on(
        centre,
        contact,
        agent,
        to_queue=fact.to_queue,
        to_agent=fact.to_agent,
        agent_seconds=fact.agent_seconds,
    )
