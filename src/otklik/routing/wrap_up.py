"""The work of an agent after the own part of a contact; the contact itself may go on with others, or be over."""

from __future__ import annotations

from typing import Final

from otklik.contact.decisions import Decision, Refuse, SetTimer
from otklik.contact.facts import WrapUpExpired, WrapUpFinished
from otklik.contact.ids import AgentId
from otklik.routing.agent import HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveContact, WrapUp, without
from otklik.routing.freeing import free_agent

_WRAP_UP: Final = ContactState.WRAP_UP
_ENDED: Final = ContactState.ENDED
_HAND_WRAP_UP: Final = HandState.WRAP_UP


def begin_wrap_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Call while the contact's queue is still the one of this agent's part. Whoever is in wrap-up of a contact is not
    offered it again meanwhile."""
    queue = centre.queue(contact.queue)
    if queue.wrap_up_seconds <= 0:
        free_agent(centre, agent, contact)
        return []
    contact.wrap_ups = {**contact.wrap_ups, agent.id: WrapUp(queue=contact.queue, started_at=centre.now)}
    if contact.ended_at is None:
        contact.declined = {**contact.declined, agent.id: contact.offer}
    centre.move_hand(agent, contact, _HAND_WRAP_UP)
    return [] if queue.wrap_up_manual else [_until(contact, agent.id, centre.now + queue.wrap_up_seconds)]


def settle_end(centre: Centre, contact: LiveContact) -> None:
    """The customer's line is over: the contact is, too, as soon as nobody is in wrap-up of it."""
    if contact.wrap_ups:
        if contact.state is not _WRAP_UP:
            centre.move_contact(contact, _WRAP_UP)
        if contact.agent not in contact.wrap_ups:
            contact.agent = None  # the last to talk has nothing to wrap up; somebody before still has
        return
    contact.agent = None
    centre.move_contact(contact, _ENDED)


def _until(contact: LiveContact, agent: AgentId, at: float) -> SetTimer:
    """A timer set before an extension comes too early, and changes nothing."""
    contact.wrap_ups[agent].ends_at = at
    return SetTimer(at=at, fact=WrapUpExpired(contact=contact.id, agent=agent))


def longer_wrap_up(centre: Centre, contact: LiveContact, agent: AgentId) -> float | None:
    """Until when wrap-up would last if the agent asked for more time now; None: there is no more to be had."""
    wrap_up = contact.wrap_ups.get(agent)
    if wrap_up is None or wrap_up.ends_at is None:
        return None
    queue = centre.queue(wrap_up.queue)
    longer = min(wrap_up.ends_at + queue.wrap_up_extension_seconds, wrap_up.started_at + queue.wrap_up_limit_seconds)
    return longer if longer > wrap_up.ends_at else None


def extend_wrap_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    if contact.wrap_ups[agent.id].ends_at is None:
        return []  # lasts until the agent ends it
    longer = longer_wrap_up(centre, contact, agent.id)
    if longer is None:
        return [Refuse(code="wrap_up_limit")]
    centre.touch_contact(contact)
    centre.index_agent(agent)
    return [_until(contact, agent.id, longer)]


def wrap_up_expired(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    wrap_up = contact.wrap_ups.get(agent.id)
    if wrap_up is not None and wrap_up.ends_at is not None and centre.now >= wrap_up.ends_at:
        _end(centre, contact, agent, wrap_up, None)
    return []


def _end(centre: Centre, contact: LiveContact, agent: LiveAgent, wrap_up: WrapUp, disposition: str | None) -> None:
    agent_id, now = agent.id, centre.now
    rest = contact.wrap_ups = without(contact.wrap_ups, agent_id)
    contact.close_part(agent_id, now - wrap_up.started_at, disposition)
    if agent_id in contact.declined and now >= wrap_up.started_at + centre.queue(wrap_up.queue).decline_pause_seconds:
        contact.declined = without(contact.declined, agent_id)
    if not rest and contact.state is _WRAP_UP:
        contact.agent = None
        centre.put_away(contact)
    else:
        centre.touch_contact(contact)
        if contact.state is _WRAP_UP and contact.agent == agent_id:
            contact.agent = None
    free_agent(centre, agent, contact)


def forego_wrap_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> None:
    """The contact comes back to whoever was in wrap-up of it: what was typed is kept, and wrapped up with the rest."""
    if (wrap_up := contact.wrap_ups.get(agent.id)) is not None:
        _end(centre, contact, agent, wrap_up, None)


def handle_wrap_up(centre: Centre, fact: WrapUpFinished) -> list[Decision]:
    """Also taken shortly after the wrap-up ran out, once, from an agent who talked: the outcome is not lost."""
    contact = centre.contacts.get(fact.contact) or centre.ended.get(fact.contact)
    if contact is None:
        return [Refuse(code="no_such_contact")]
    agent_id, disposition = fact.agent, fact.disposition
    wrap_up = contact.wrap_ups.get(agent_id)
    if wrap_up is None and not _may_be_late(contact, agent_id):
        if contact.agent == agent_id:
            return [Refuse(code="move_not_allowed", state=contact.state.value)]
        return [Refuse(code="no_such_contact")]
    queue = wrap_up.queue if wrap_up is not None else contact.part_queue(agent_id)
    if (fault := centre.outcomes.fault(queue, disposition)) is not None:
        return [Refuse(code=fault)]
    agent = centre.agents.get(agent_id)
    if wrap_up is not None and agent is not None:
        _end(centre, contact, agent, wrap_up, disposition)
    else:
        contact.close_part(agent_id, 0.0, disposition)
        centre.touch_contact(contact)
    return []


def _may_be_late(contact: LiveContact, agent: AgentId) -> bool:
    return contact.agent != agent and contact.parking is None and contact.awaits_outcome(agent)
