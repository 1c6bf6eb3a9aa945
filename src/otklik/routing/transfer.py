"""Passing a contact on without asking: its age, its place and everything known go along."""

from __future__ import annotations

from otklik.contact.decisions import Decision, Refuse, Release, SetTimer, Withdraw
from otklik.contact.division import apart
from otklik.contact.facts import DeclineLapsed
from otklik.contact.ids import AgentId, QueueId
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import NOBODY, ContactState, LiveContact
from otklik.routing.waiting import next_try, set_ring
from otklik.routing.wrap_up import begin_wrap_up


def nowhere(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    to_queue: QueueId | None,
    to_agent: AgentId | None,
    *,
    led: bool = False,
) -> Refuse | None:
    """Why the contact cannot go there; None: it can. What belongs to one centre of the tenant stays there. `led`: from that agent, off
    shift, it is led on."""
    division = centre.division_of(contact)
    if to_queue is not None and (to_queue not in centre.queues or apart(division, centre.queue(to_queue).division)):
        return Refuse(code="no_such_queue")
    if to_agent is not None and to_agent == agent.id:
        return Refuse(code="no_such_agent")
    if to_agent is not None and not (led or centre.in_shift(to_agent)):
        return Refuse(code="no_such_agent")
    if to_agent is not None and apart(division, centre.division_of_agent(to_agent)):
        return Refuse(code="no_such_agent")
    return Refuse(code="no_such_queue") if to_queue is None and to_agent is None else None


def pass_on(
    centre: Centre,
    contact: LiveContact,
    agent: LiveAgent,
    *,
    to_queue: QueueId | None,
    to_agent: AgentId | None,
    agent_seconds: float,
) -> list[Decision]:
    """The agent's own part is wrapped up; the contact waits elsewhere. `nowhere` was asked before."""
    release = Release(contact=contact.id, agent=agent.id, offer=contact.connected_line)
    decisions: list[Decision] = [*withdraw_rejoin(contact), release]
    contact.close(centre.now)
    decisions += begin_wrap_up(centre, contact, agent)
    centre.enter_queue(contact, to_queue or centre.present_queue(contact.queue, contact) or contact.queue)
    contact.held = contact.muted = contact.announcing = False
    contact.agent = contact.line = contact.came_from = contact.offered_at = contact.offer_expires_at = None
    contact.outside_end = None
    contact.declined = dict.fromkeys(contact.wrap_ups, contact.offer) or NOBODY
    decisions += set_ring(centre, contact)
    if to_agent is not None:
        contact.tries = ((to_agent, agent_seconds),)
        contact.forwarded, contact.meant_for, contact.merely_last = (agent.id,), None, None
        decisions += next_try(centre, contact)
    decisions += _not_back(centre, contact, agent)
    centre.move_contact(contact, ContactState.WAITING)
    return decisions


def _not_back(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Who passed it on is not the first to be offered it again."""
    pause = centre.queue(contact.queue).decline_pause_seconds
    if pause <= 0:
        return []
    contact.declined = {**contact.declined, agent.id: contact.offer}
    lapsed = DeclineLapsed(contact=contact.id, agent=agent.id, offer=contact.offer)
    return [SetTimer(at=centre.now + pause, fact=lapsed)]


def withdraw_rejoin(contact: LiveContact) -> list[Decision]:
    if contact.rejoin is None or contact.agent is None:
        return []
    withdraw = Withdraw(contact=contact.id, agent=contact.agent, offer=contact.rejoin)
    contact.rejoin = None
    return [withdraw]
