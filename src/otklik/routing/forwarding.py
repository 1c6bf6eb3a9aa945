"""Calls for an agent in person, while the agent is away: where they are led, and whether an agent may lead them there.

Personal is what was to ring at this one agent: the customer's own agent, whoever was asked for by a flow, a transfer or a callback,
and calls of colleagues. Who is tried because the customer talked to them last is not. A chain goes on from colleague to colleague who
are away; one that comes back to where it was, or is too long, leads nowhere, and the call goes on as if nothing were forwarded.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.division import apart
from otklik.contact.forwarding import NOWHERE, AgentForwarded, Forward, Forwarded, Led
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.outside_number import OutsideNumber
from otklik.routing.agent import AgentStatus, LiveAgent
from otklik.routing.calling_out import SHORT, callers, number_against
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.entry import digits
from otklik.routing.outside_number import may_ring_outside, plain
from otklik.routing.rules import hindered
from otklik.routing.slots import BIT

MOST: Final = 5
"""From so many agents at most one call is led on."""
ALONE_SECONDS: Final = 30.0
"""For so long the next is tried alone where the one before has not taken it."""
LONGEST_SECONDS: Final = 4 * 3600.0


def choose(centre: Centre, agent: LiveAgent, fact: AgentForwarded) -> list[Decision]:
    refused = _against(centre, agent, fact.to) if fact.to is not None else None
    if refused is not None:
        return [Refuse(code=refused)]
    if agent.forward != fact.to:
        agent.forward = fact.to
        centre.gone[agent.id] = None
        centre.touched_agents.add(agent.id)
    return []


def _against(centre: Centre, agent: LiveAgent, to: Forward) -> str | None:
    """The code of the reason why nothing can be led there."""
    division = centre.division_of_agent(agent.id)
    if (to.agent is not None) + (to.queue is not None) + bool(to.outside) > 1:
        return "forward_one"
    if to.agent is not None:
        if to.agent == agent.id:
            return "forward_to_self"
        found = centre.agents.get(to.agent)
        unknown = found is None or found.removed or apart(division, centre.division_of_agent(to.agent))
        return "no_such_agent" if unknown else None
    if to.queue is not None:
        queue = centre.queues.get(to.queue)
        return "no_such_queue" if queue is None or apart(division, queue.division) else None
    return number_refused(centre, agent.id, to.outside) if to.outside else None


def number_refused(centre: Centre, agent: AgentId, number: str) -> str | None:
    """What stands in the set-up may be called; any other number only as the agent may call it."""
    if not centre.calls_out:
        return "no_trunk_out"
    if digits(plain(number)) in centre.entrance.own_numbers:
        return "outside_own_number"
    set_up = centre.set_up.get(agent)
    if set_up is not None and number in (set_up.outside_number, set_up.forward.outside if set_up.forward else ""):
        return None
    if SHORT.fullmatch(number):
        return number_against(centre, None, number)
    refused = [number_against(centre, queue, number) for queue, _ in callers(centre, agent) if queue.calling.prefixes]
    if not refused:
        return "number_not_allowed"
    return None if None in refused else refused[0]


def away(centre: Centre, agent: LiveAgent) -> bool:
    """Off shift, not ready, or without a telephone; whoever talks to somebody is there."""
    if agent.status is not AgentStatus.READY or agent.leaving or agent.removed or not agent.reachable:
        return True
    return hindered(centre, agent, "voice") is None and not centre.room(agent) & BIT["voice"]


def leads(
    centre: Centre,
    start: AgentId,
    *,
    division: str | None,
    spent: Collection[AgentId] = (),
    closed: Collection[AgentId] = (),
    not_taken: bool = False,
) -> Led | None:
    """None: it stays with `start`, or goes on as if nothing were forwarded. `spent`: whose forwarding has had this call already, or
    who has passed it on; `closed`: who has refused it; `not_taken`: `start` was tried, or is not waited for any longer."""
    passed: list[AgentId] = []
    at = start
    while len(passed) + len(spent) < MOST:
        agent = centre.agents.get(at)
        if agent is None:
            return None
        if passed and (at in spent or at in closed or apart(division, centre.division_of_agent(at))):
            return None
        if not (away(centre, agent) or (not_taken and not passed)):
            return Led(to=Forward(agent=at), passed=tuple(passed)) if passed else None
        to = agent.forwards
        if at in spent or to == NOWHERE:
            return None
        passed.append(at)
        if to.agent is None:
            return _out(centre, to, division, tuple(passed))
        if to.agent in passed:
            return None
        at = to.agent
    return None


def _out(centre: Centre, to: Forward, division: str | None, passed: tuple[AgentId, ...]) -> Led | None:
    """The set-up may have changed since it was chosen."""
    if to.queue is not None:
        queue = centre.queues.get(to.queue)
        there = queue is not None and not apart(division, queue.division)
    else:
        number = number_of(to)
        there = may_ring_outside(centre, number) and number_refused(centre, passed[-1], to.outside) is None
    return Led(to=to, passed=passed) if there else None


def said(contact: ContactId, led: Led) -> Forwarded:
    return Forwarded(
        contact=contact,
        agent=led.passed[0],
        to_agent=led.to.agent,
        to_queue=led.to.queue,
        outside=bool(led.to.outside),
    )


def number_of(to: Forward) -> OutsideNumber:
    """The number that the customer has called is shown there."""
    return OutsideNumber(dial=to.outside, longest_seconds=LONGEST_SECONDS)


def leads_of(
    centre: Centre, contact: LiveContact, start: AgentId, spent: Collection[AgentId], *, not_taken: bool = False
) -> Led | None:
    """The same of a customer's call; who asks a colleague about a customer sees who is away, and is led nowhere."""
    if contact.channel != "voice" or contact.consults is not None:
        return None
    return leads(
        centre,
        start,
        division=centre.division_of(contact),
        spent=spent,
        closed=contact.declined,
        not_taken=not_taken,
    )
