"""The naive engine: what must hold, and what must be decided, found by looking at everybody. Slow and plain on purpose."""

from __future__ import annotations

from itertools import pairwise

from otklik.contact.ids import AgentId, ContactId
from otklik.routing import AgentState, ContactState, Engine, EngineState, LiveAgent, LiveContact

HANDS = {
    ContactState.OFFERED: AgentState.OFFERED,
    ContactState.TALKING: AgentState.TALKING,
    ContactState.HELD: AgentState.HELD,
    ContactState.REJOINING: AgentState.REJOINING,
    ContactState.WRAP_UP: AgentState.WRAP_UP,
}


def offers(state: EngineState) -> list[tuple[ContactId, AgentId]]:
    """All offers that this state calls for, in order."""
    waiting = sorted((c for c in state.contacts if c.state is ContactState.WAITING), key=lambda c: (c.queued_at, c.id))
    free = [a for a in state.agents if a.state is AgentState.READY and a.reachable]
    made = []
    for contact in waiting:
        able = [a for a in free if contact.queue in a.queues and a.id not in contact.declined]
        if able:
            best = min(able, key=lambda a: (a.idle_since, -a.queues[contact.queue or ""], a.id))  # type: ignore[index]
            free.remove(best)
            made.append((contact.id, best.id))
    return made


def check(engine: Engine) -> None:
    """Whatever facts came, this is true between two of them."""
    contacts = {contact.id: contact for contact in engine.contacts()}
    agents = {agent.id: agent for agent in engine.agents()}
    for contact in contacts.values():
        check_contact(contact, agents)
    for agent in agents.values():
        check_agent(agent, contacts)
    assert offers(engine.snapshot()) == [], "somebody waits whom a free agent may take"
    for queue in engine.queues():
        waiting = [c for c in contacts.values() if c.state is ContactState.WAITING and c.queue == queue.id]
        assert queue.waiting == len(waiting)
        assert queue.longest_since == min((c.queued_at or 0.0 for c in waiting), default=None)
        ready = [a for a in agents.values() if a.state is AgentState.READY and a.reachable and queue.id in a.queues]
        assert queue.agents_ready == len(ready)


def check_contact(contact: LiveContact, agents: dict[AgentId, LiveAgent]) -> None:
    assert contact.state is not ContactState.ENDED
    assert contact.open == (contact.state is not ContactState.WRAP_UP)
    if contact.state in HANDS:
        assert contact.agent is not None
        assert agents[contact.agent].contact == contact.id
        assert agents[contact.agent].state is HANDS[contact.state]
    else:
        assert contact.agent is None


def check_agent(agent: LiveAgent, contacts: dict[ContactId, LiveContact]) -> None:
    in_hand = [contact.id for contact in contacts.values() if contact.agent == agent.id]
    assert in_hand == ([agent.contact] if agent.contact is not None else []), "one contact at a time"
    assert (agent.contact is not None) == (agent.state in HANDS.values())
    assert agent.contact is not None or not (agent.leaving or agent.removed or agent.next)


def check_account(engine: Engine, contact: ContactId) -> None:
    """Segments follow each other without a gap, and no second is counted twice."""
    record = engine.record(contact)
    assert record is not None
    assert record.segments[0].started_at == record.arrived_at
    for before, after in pairwise(record.segments):
        assert before.ended_at == after.started_at
    assert record.segments[-1].ended_at == record.ended_at
    assert (record.outcome == "open") == (record.ended_at is None)
    if record.ended_at is not None:
        scenario = sum((s.ended_at or 0.0) - s.started_at for s in record.segments if s.kind == "scenario")
        counted = scenario + record.wait_seconds + record.talk_seconds + record.hold_seconds
        assert abs(counted - (record.ended_at - record.arrived_at)) < 1e-6
        assert (record.outcome == "answered") == (record.answered_at is not None)
