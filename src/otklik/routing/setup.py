"""A new set-up: contacts and agents keep their state, whoever has a contact in hand finishes it, nobody is lost."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.contact.configuration import Configuration, Queue, Ring
from otklik.contact.decisions import Decision
from otklik.contact.forwarding import NOWHERE
from otklik.contact.ids import QueueId
from otklik.routing.agent import AgentStatus, LiveAgent
from otklik.routing.callback import calendars, hours_changed
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED
from otklik.routing.matching import other_music
from otklik.routing.offering import refuse_offers
from otklik.routing.phone import settle_phones
from otklik.routing.waiting import reset_ring


def configure(centre: Centre, configuration: Configuration) -> list[Decision]:
    before, hours = centre.queues, calendars(centre)
    heard = {contact.id: centre.queue(contact.queue).music for contact in centre.contacts.values() if contact.music}
    centre.configure(configuration)
    decisions = _set_agents(centre, configuration)
    centre.assign()
    settle_phones(centre)
    _move_waiting(centre)
    decisions += hours_changed(centre, hours)
    for contact in centre.contacts.values():
        if contact.state in QUEUED and _rings(before, contact.queue) != _rings(centre.queues, contact.queue):
            decisions += reset_ring(centre, contact)
        if contact.state in QUEUED and _looked_at_again(centre, before, contact.queue):
            centre.unsettled[contact.id] = False
        if contact.id in heard:
            decisions += other_music(centre, contact, heard[contact.id])
    centre.rebuild()
    centre.touched_agents.update(centre.agents)
    centre.touched_queues.update(centre.lines)
    centre.stirred_all = True
    return decisions


def _set_agents(centre: Centre, configuration: Configuration) -> list[Decision]:
    wanted = {agent.id: agent for agent in configuration.agents}
    for known in wanted.values():
        agent = centre.agents.setdefault(
            known.id,
            LiveAgent(
                id=known.id,
                name=known.name,
                queues={},
                status=AgentStatus.OFFLINE,
                since=centre.now,
                idle_since=centre.now,
            ),
        )
        agent.name, agent.queues, agent.removed = known.name, dict(known.queues), False
        if agent.usual_forward != (usual := known.forward or NOWHERE):
            agent.usual_forward = usual
            centre.gone[agent.id] = None
    decisions: list[Decision] = []
    for agent in [agent for agent in centre.agents.values() if agent.id not in wanted]:
        decisions += _remove(centre, agent)
    return decisions


def _remove(centre: Centre, agent: LiveAgent) -> list[Decision]:
    agent.queues, agent.removed = {}, True
    if agent.hands:
        return refuse_offers(centre, agent)
    centre.forget_agent(agent)
    return []


def _rings(queues: Mapping[QueueId, Queue], queue: QueueId | None) -> tuple[Ring, ...]:
    found = queues.get(queue) if queue is not None else None
    return found.rings if found else ()


def _looked_at_again(centre: Centre, before: Mapping[QueueId, Queue], queue_id: QueueId | None) -> bool:
    """Whether the limits of the queue have changed, or agents count for them: some may have been taken out of it."""
    queue = centre.queue(queue_id)
    return queue.id in centre.watched or _limits(before.get(queue.id)) != _limits(queue)


def _limits(queue: Queue | None) -> tuple[object, ...] | None:
    return (queue.overflow, queue.max_wait_seconds, queue.otherwise) if queue is not None else None


def _move_waiting(centre: Centre) -> None:
    """Out of queues that are no more, to the first one, each with its key; they are told the new place."""
    for contact in centre.contacts.values():
        queue = centre.present_queue(contact.queue, contact)
        if contact.state in QUEUED and queue is not None and queue != contact.queue:
            centre.change_place(contact, queue=queue)
            contact.announcing = False
            centre.stirred_contacts[contact.id] = None
            centre.unsettled[contact.id] = False
