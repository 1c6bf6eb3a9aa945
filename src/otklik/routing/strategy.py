"""Who of several free agents gets the contact: the longest idle, then the highest level, then the id."""

from __future__ import annotations

from otklik.contact.ids import AgentId
from otklik.routing.agent import LiveAgent

Rank = tuple[float, int, AgentId]
"""Smallest first; a total order, so that the same facts always lead to the same agent."""


def rank(agent: LiveAgent, level: int) -> Rank:
    return (agent.idle_since, -level, agent.id)
