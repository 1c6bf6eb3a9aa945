"""What an agent becomes when the contact in hand is over."""

from __future__ import annotations

from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.centre import Centre


def leave_contact(agent: LiveAgent) -> None:
    agent.contact = agent.next = None


def free_agent(centre: Centre, agent: LiveAgent) -> None:
    """The contact in hand is over: offline if leaving, else as chosen meanwhile, else ready."""
    chosen = agent.next
    leave_contact(agent)
    if agent.leaving or agent.removed:
        go_offline(centre, agent)
    elif chosen is None or chosen.status == "ready":
        centre.move_agent(agent, AgentState.READY)
    else:
        centre.move_agent(agent, AgentState.NOT_READY, chosen.reason)


def go_offline(centre: Centre, agent: LiveAgent) -> None:
    agent.leaving = False
    agent.next = None
    centre.move_agent(agent, AgentState.OFFLINE)
    if agent.removed:
        centre.forget_agent(agent)
