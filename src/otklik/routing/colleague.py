"""May a colleague be called now, and who is rung for one who is away."""

from __future__ import annotations

from typing import Final

from otklik.contact.decisions import Refuse
from otklik.contact.division import apart
from otklik.contact.forwarding import Forward, Led
from otklik.contact.ids import AgentId
from otklik.routing.agent import AgentState, AgentStatus
from otklik.routing.centre import Centre
from otklik.routing.forwarding import leads
from otklik.routing.rules import hindered
from otklik.routing.slots import BIT

_AWAY: Final = ("colleague_offline", "colleague_unreachable", "colleague_not_ready")


def colleague_against(centre: Centre, agent: AgentId, colleague: AgentId) -> Refuse | None:
    """Why this colleague cannot be called now; None: nothing is against it. Whoever is called has chosen to take calls: a pause
    is respected, and so is what is in hand."""
    found = centre.agents.get(colleague)
    elsewhere = apart(centre.division_of_agent(agent), centre.division_of_agent(colleague))
    if found is None or colleague == agent or elsewhere:
        return Refuse(code="no_such_colleague")
    if found.status is AgentStatus.OFFLINE or found.leaving or found.removed:
        return Refuse(code="colleague_offline")
    awaited = found.state in (AgentState.OFFERED, AgentState.DIALLING, AgentState.REJOINING)
    if awaited or hindered(centre, found, "voice") is not None:
        return Refuse(code="colleague_busy", state=found.state.value)
    if not found.reachable:
        return Refuse(code="colleague_unreachable")
    if found.status is AgentStatus.NOT_READY or not centre.room(found) & BIT["voice"]:
        return Refuse(code="colleague_not_ready")
    return None


def reached(centre: Centre, agent: AgentId, colleague: AgentId) -> Led | Refuse:
    """Who is rung for this colleague: the colleague, or to whom the colleague's calls are forwarded. A queue or a number outside is not
    called for a colleague: the refusal says who is away, and the page where customers would go."""
    against = colleague_against(centre, agent, colleague)
    if against is None:
        return Led(to=Forward(agent=colleague), passed=())
    if against.code not in _AWAY:
        return against
    return onward(centre, agent, colleague) or against


def onward(
    centre: Centre, agent: AgentId, colleague: AgentId, spent: tuple[AgentId, ...] = (), *, not_taken: bool = False
) -> Led | None:
    """To whom a call of this agent is led on from the colleague. `spent` and `not_taken`: as of `leads`."""
    spent, division = (agent, *spent), centre.division_of_agent(agent)
    led = leads(centre, colleague, division=division, spent=spent, not_taken=not_taken)
    if led is None or led.to.agent is None or colleague_against(centre, agent, led.to.agent) is not None:
        return None
    return led
