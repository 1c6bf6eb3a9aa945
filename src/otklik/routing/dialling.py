"""The agent's side of a call back, and of a call that the agent places: the contact is in hand while the customer is called."""

from __future__ import annotations

from otklik.contact.decisions import Decision, Dial, End, Release, Withdraw
from otklik.contact.facts import CallFailure
from otklik.routing.agent import HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveCallback, LiveContact
from otklik.routing.freeing import free_agent


def dial(centre: Centre, contact: LiveContact, callback: LiveCallback, agent: LiveAgent) -> list[Decision]:
    """The agent has accepted; `agent` and `line` of the contact say who and on which."""
    queue = centre.queue(callback.queue)
    callback.attempts += 1
    callback.live, contact.away = True, False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    centre.move_contact(contact, ContactState.DIALLING)
    centre.move_hand(agent, contact, HandState.DIALLING)
    return [
        Dial(
            contact=contact.id,
            agent=agent.id,
            offer=contact.connected_line,
            attempt=callback.attempts,
            ring_seconds=queue.callback.ring_seconds if contact.placed_by is None else queue.calling.ring_seconds,
        )
    ]


def never_dialled(
    centre: Centre, contact: LiveContact, agent: LiveAgent, failure: CallFailure = "no_line"
) -> list[Decision]:
    """The agent who placed the call has no line for it, or thought better of it: it is over before it began."""
    offer = contact.offer
    if contact.callback is not None:
        contact.callback.failure = failure
    contact.close(centre.now)
    contact.ended_at, contact.outcome = centre.now, "unreached"
    contact.agent = contact.offered_at = contact.offer_expires_at = None
    centre.move_contact(contact, ContactState.ENDED)
    free_agent(centre, agent, contact)
    return [Withdraw(contact=contact.id, agent=agent.id, offer=offer)]


def give_up(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The agent is gone before the customer has answered; the next attempt waits until this one is known to have ended."""
    return [*let_agent_go(centre, contact, agent), End(contact=contact.id)]


def let_agent_go(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """Without wrap-up: nobody was talked to."""
    release = Release(contact=contact.id, agent=agent.id, offer=contact.connected_line)
    contact.agent = contact.line = contact.offered_at = contact.offer_expires_at = None
    centre.move_contact(contact, ContactState.POSTPONED)
    free_agent(centre, agent, contact)
    return [release]
