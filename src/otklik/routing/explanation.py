"""Why? Who was considered, in which order, and the rule that excluded each; asked of the matching's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from itertools import islice

from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.rules import Rule, exclusion
from otklik.routing.strategy import rank

CONTACTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One agent and one contact side by side. `rule` is None where an offer is possible."""

    contact: ContactId
    queue: QueueId | None
    agent: AgentId
    rule: Rule | None
    level: int | None
    idle_seconds: float | None
    waited_seconds: float


def explain_contact(centre: Centre, contact: LiveContact, now: float) -> list[Candidate]:
    """All agents: first those who may get it, best first, then the excluded."""
    agents = sorted(
        centre.agents.values(),
        key=lambda agent: (exclusion(agent, contact) is not None, rank(agent, _level(agent, contact) or 0)),
    )
    return [_candidate(contact, agent, now) for agent in agents]


def explain_agent(centre: Centre, agent: LiveAgent, now: float) -> list[Candidate]:
    """The contact in hand, if any, then the first waiting contacts of the agent's queues in their order."""
    in_hand = centre.contacts.get(agent.contact) if agent.contact is not None else None
    keys = islice(merge(*(centre.line(queue).waiting for queue in agent.queues)), CONTACTS_SHOWN)
    waiting = [centre.contacts[contact] for _, contact in keys]
    return [_candidate(contact, agent, now) for contact in ([in_hand] if in_hand else []) + waiting]


def _level(agent: LiveAgent, contact: LiveContact) -> int | None:
    return agent.queues.get(contact.queue) if contact.queue is not None else None


def _candidate(contact: LiveContact, agent: LiveAgent, now: float) -> Candidate:
    return Candidate(
        contact=contact.id,
        queue=contact.queue,
        agent=agent.id,
        rule=exclusion(agent, contact),
        level=_level(agent, contact),
        idle_seconds=now - agent.idle_since if agent.free else None,
        waited_seconds=now - contact.key[0],
    )
