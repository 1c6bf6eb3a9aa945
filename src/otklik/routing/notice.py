"""A message of a supervisor's, as the engine remembers it."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import AgentId, QueueId
from otklik.routing.agent import LiveAgent


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    id: str
    by: str
    at: float
    expires_at: float
    queues: tuple[QueueId, ...] = ()
    agents: tuple[AgentId, ...] = ()
    urgent: bool = False
    withdrawn_at: float | None = None
    seen: tuple[tuple[AgentId, float], ...] = ()
    """Who has put it away, and when; the first first."""

    def stands(self, now: float) -> bool:
        return self.withdrawn_at is None and now < self.expires_at

    def is_for(self, agent: LiveAgent) -> bool:
        if not self.queues and not self.agents:
            return not agent.removed
        return agent.id in self.agents or any(queue in agent.queues for queue in self.queues)

    def seen_by(self, agent: AgentId) -> bool:
        return any(each == agent for each, _ in self.seen)
