"""An agent calls somebody: the own line first, then the number; from the answer on it is a contact like any other.

One attempt each, by the machinery of calling back (`dialling`): whoever gives up, whom nobody reaches, and what a restart
finds ends as there, but is over then. Who is free to be called for is asked of the rules of offers.
"""

from __future__ import annotations

import re
from typing import Final

from otklik.contact.configuration import EntryPoint, Queue
from otklik.contact.decisions import Decision, Offer, Refuse, SetTimer
from otklik.contact.facts import CallPlaced, OfferExpired
from otklik.contact.ids import AgentId, OfferNumber
from otklik.contact.record import Segment
from otklik.routing.agent import AgentState, AgentStatus, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveCallback, LiveContact
from otklik.routing.entry import language_of
from otklik.routing.may_be_called import CALLABLE, begins_with
from otklik.routing.phone import outside_of, ring_seconds
from otklik.routing.rules import Rule, hindered

_HANDS_FULL: Final = {Rule.IN_WRAP_UP: "call_after_wrap_up", Rule.RINGING: "call_while_ringing"}
SHORT: Final = re.compile(r"[0-9]{2,6}")


def handle_placed(centre: Centre, fact: CallPlaced) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if centre.known(fact.contact) is not None:
        return []
    if agent is None or agent.status is AgentStatus.OFFLINE or agent.leaving or agent.removed:
        return [Refuse(code="not_in_shift")]
    queue = centre.queues.get(fact.queue)
    refused = _set_up_against(centre, agent, queue, fact) or _number_against(centre, queue, fact)
    refused = refused or agent_against(centre, agent)
    if refused is not None or queue is None:
        return [Refuse(code=refused or "no_such_queue")]
    return _place(centre, agent, queue, fact)


def _set_up_against(centre: Centre, agent: LiveAgent, queue: Queue | None, fact: CallPlaced) -> str | None:
    if queue is None:
        return "no_such_queue"
    if not centre.roster.belongs(agent.id, queue):
        return "not_your_queue"
    if not queue.calling.callers:
        return "queue_calls_nobody"
    if fact.entry_point not in queue.calling.callers or fact.entry_point not in centre.entrance.entry_points:
        return "no_such_caller"
    return None if centre.calls_out else "no_trunk_out"


def _number_against(centre: Centre, queue: Queue | None, fact: CallPlaced) -> str | None:
    """A wish always carries its number when it is wished: one that is told again without it was erased, and is judged as it was then."""
    return number_against(centre, queue, fact.number) if fact.number is not None else fact.against or None


def number_against(centre: Centre, queue: Queue | None, number: str) -> str | None:
    """Short numbers, those of emergency services among them, are the tenant's to name, whatever the prefixes."""
    if SHORT.fullmatch(number):
        return None if number in centre.configuration.short_numbers else "short_number_not_allowed"
    if CALLABLE.fullmatch(number) is None:
        return "number_unreadable"
    prefixes = queue.calling.prefixes if queue is not None else ()
    return None if begins_with(number, prefixes) else "number_not_allowed"


def agent_against(centre: Centre, agent: LiveAgent) -> str | None:
    """Whatever could be offered to an agent who had chosen to be ready may be placed, also on a pause."""
    if not agent.reachable:
        return "phone_unreachable"
    if agent.state in (AgentState.OFFERED, AgentState.DIALLING, AgentState.REJOINING):
        return "call_while_ringing"
    rule = hindered(centre, agent, "voice")
    return None if rule is None else _HANDS_FULL.get(rule, "call_hands_full")


def callers(centre: Centre, agent: AgentId) -> list[tuple[Queue, list[EntryPoint]]]:
    """The queues in whose name this agent may call, and the entry points whose numbers may be shown, the usual first."""
    found, known = centre.agents.get(agent), centre.entrance.entry_points
    if found is None:
        return []
    mine = [queue for queue in centre.queues.values() if centre.roster.belongs(agent, queue)]
    shown = [(queue, [known[each] for each in queue.calling.callers if each in known]) for queue in mine]
    return [(queue, numbers) for queue, numbers in shown if numbers]


def _place(centre: Centre, agent: LiveAgent, queue: Queue, fact: CallPlaced) -> list[Decision]:
    now, offer = centre.now, OfferNumber(1)
    contact = LiveContact(
        id=fact.contact,
        channel="voice",
        entry_point=fact.entry_point,
        dnis=centre.entrance.entry_points[fact.entry_point].number,
        leg="",
        ani=fact.number,
        language=language_of(centre.entrance, centre.scenario, fact.entry_point),
        arrived_at=now,
        since=now,
        state=ContactState.PLACED,
        stage=ContactState.PLACED,
        queue=queue.id,
        placed_by=agent.id,
        agent=agent.id,
        away=True,
        callback=LiveCallback(queue=queue.id, asked_at=now),
        offer=offer,
        offered_at=now,
    )
    rings = ring_seconds(agent, queue.ring_seconds)
    contact.offer_expires_at = now + rings
    contact.begin(Segment(kind="dialling", started_at=now, ended_at=None, queue=queue.id, agent=agent.id))
    centre.contacts[contact.id] = contact
    agent.placed = contact.id
    centre.take_in_hand(agent, contact)
    centre.touch_contact(contact)
    expired = OfferExpired(contact=contact.id, agent=agent.id, offer=offer)
    return [
        Offer(
            contact=contact.id,
            agent=agent.id,
            offer=offer,
            ring_seconds=rings,
            away=True,
            placed=True,
            phone=agent.phone,
            outside=outside_of(centre, agent, contact),
        ),
        SetTimer(at=now + rings, fact=expired),
    ]
