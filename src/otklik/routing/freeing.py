"""What an agent becomes when a contact is in hand no more."""

from __future__ import annotations

from typing import Final

from otklik.routing.agent import REASON_MISSED, AgentStatus, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.phone import settle_phone

_OVER: Final = HandState.OVER


def free_agent(centre: Centre, agent: LiveAgent, contact: LiveContact) -> None:
    """The contact is in hand no more; after the last one the agent is offline if leaving, else as chosen."""
    centre.move_hand(agent, contact, _OVER)
    if agent.phone != "page":
        settle_phone(centre, agent)
    if not agent.hands and (agent.leaving or agent.removed):
        go_offline(centre, agent)


def make_missed(centre: Centre, agent: LiveAgent, contact: LiveContact, reason: str = REASON_MISSED) -> None:
    """As `free_agent`, but nothing more is offered to somebody who seems not to be there."""
    if not (agent.leaving or agent.removed):
        centre.choose_status(agent, AgentStatus.NOT_READY, reason)
    free_agent(centre, agent, contact)


def go_offline(centre: Centre, agent: LiveAgent) -> None:
    """Call when nothing is in hand."""
    agent.leaving = False
    if agent.assignment is not None:
        agent.assignment, centre.reassigned = None, True
    centre.choose_status(agent, AgentStatus.OFFLINE)
    if agent.removed:
        centre.forget_agent(agent)
