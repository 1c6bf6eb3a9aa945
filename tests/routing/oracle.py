"""The naive engine: what must hold, and what must be decided, found by looking at everybody. Slow and plain on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from otklik.contact.conference import ALONE
from otklik.contact.configuration import CHANNELS, LIVE, USUAL_CAPACITY, USUAL_INTERRUPTS, Channel, Queue
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.working_time import Stretch
from otklik.routing import (
    AgentState,
    AgentStatus,
    ContactState,
    Engine,
    EngineState,
    Hand,
    HandState,
    LiveAgent,
    LiveContact,
)
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION
from otklik.routing.requirement import holds, parse

HANDS = {
    ContactState.OFFERED: HandState.OFFERED,
    ContactState.PLACED: HandState.OFFERED,
    ContactState.DIALLING: HandState.DIALLING,
    ContactState.TALKING: HandState.TALKING,
    ContactState.HELD: HandState.HELD,
    ContactState.REJOINING: HandState.REJOINING,
    ContactState.WRAP_UP: HandState.WRAP_UP,
}


PRESSING = ["offered", "rejoining", "dialling", "talking", "held", "wrap_up", "ready", "not_ready", "offline"]


def offers(state: EngineState) -> list[tuple[ContactId, AgentId]]:
    """All offers that this state calls for, in order."""
    waiting = [c for c in state.contacts if c.state is ContactState.WAITING]
    waiting.sort(key=lambda c: urgency(state, c))
    rung: set[AgentId] = set()
    made, dice = [], state.dice
    while found := first_offer(state, waiting, rung, dice):
        contact, best, queue = found
        if queue.strategy == "weighted_random":
            dice = (dice + 0x9E3779B97F4A7C15) % 2**64
        waiting.remove(contact)
        rung |= {agent.id for agent in best}
        made += [(contact.id, agent.id) for agent in best]
    return made


def first_offer(
    state: EngineState, waiting: list[LiveContact], rung: set[AgentId], dice: int
) -> tuple[LiveContact, list[LiveAgent], Queue] | None:
    for contact in waiting:
        for queue in (queue_of(state, contact), *helping(state, contact)):
            able = [
                agent
                for agent in state.agents
                if agent.id not in rung
                and fits(state, agent, contact, queue)
                and takes(state, agent, contact.channel, list(agent.hands.values()))
                and not kept_back(state, agent, contact.channel, waiting)
            ]
            if able:
                return contact, chosen(state, able, contact, queue, dice), queue
    return None


def helping(state: EngineState, contact: LiveContact) -> list[Queue]:
    """The queues that have been called to help since the contact came into its own one, if they still may."""
    if contact.pinned is not None or unknown_yet(state, contact):
        return []
    moved = [number for number, each in enumerate(contact.diversions) if not each.keep]
    called = [each for each in contact.diversions[moved[-1] + 1 if moved else 0 :] if each.queue == contact.queue]
    names = [each.to for each in called if each.at >= (contact.entered_at or 0.0)]
    allowed = {each.to for each in queue_of(state, contact).overflow if each.keep} - {contact.queue}
    queues = {queue.id: queue for queue in state.configuration.queues}
    return [queues[name] for name in names if name is not None and name in allowed and name in queues]


def queue_of(state: EngineState, contact: LiveContact) -> Queue:
    queues = {queue.id: queue for queue in state.configuration.queues}
    return queues.get(contact.queue or QueueId(""), Queue(id=QueueId(""), name=""))


def takes(state: EngineState, agent: LiveAgent, channel: Channel, hands: list[Hand]) -> bool:
    """There, nothing rings, the status takes the channel, there is a slot, and nothing in hand forbids interrupting."""
    if agent.status is not AgentStatus.READY or agent.leaving or agent.removed or not agent.reachable:
        return False
    if any(hand.state in (HandState.OFFERED, HandState.DIALLING, HandState.REJOINING) for hand in hands):
        return False
    status = [each for each in state.configuration.statuses if each.id == agent.reason]
    return all(channel in each.channels for each in status) and fits_in_hand(state, agent.id, channel, hands)


def fits_in_hand(state: EngineState, agent: AgentId, channel: Channel, hands: list[Hand]) -> bool:
    own = [known.capacity for known in state.configuration.agents if known.id == agent]
    capacity = {**USUAL_CAPACITY, **state.configuration.capacity, **(own[0] if own else {})}
    of_channel = [hand for hand in hands if hand.channel == channel]
    others = {hand.channel for hand in hands} - {channel}
    return len(of_channel) < capacity[channel] and others <= set(interrupted_by(state, channel))


def interrupted_by(state: EngineState, channel: Channel) -> tuple[Channel, ...]:
    return {**USUAL_INTERRUPTS, **state.configuration.interrupts}[channel]


def kept_back(state: EngineState, agent: LiveAgent, channel: Channel, waiting: list[LiveContact]) -> bool:
    """Somebody waits for whom this agent has to come free first."""
    for higher in state.configuration.drain:
        if higher == channel:
            return False
        if channel in interrupted_by(state, higher) or not agent.hands:
            continue
        if takes(state, agent, higher, list(agent.hands.values())) or not takes(state, agent, higher, []):
            continue
        ahead = [c for c in waiting if c.channel == higher]
        if any(fits(state, agent, c, queue) for c in ahead for queue in (queue_of(state, c), *helping(state, c))):
            return True
    return False


def urgency(state: EngineState, contact: LiveContact) -> tuple[float, ContactId]:
    place = (contact.queued_at or 0.0) - contact.worth_seconds - contact.adjustment_seconds
    if state.configuration.order == "oldest":
        return place, contact.id
    targets = {queue.id: queue.target_seconds for queue in state.configuration.queues}
    return (place - state.now) / targets.get(contact.queue or QueueId(""), 20.0), contact.id


def fits(state: EngineState, agent: LiveAgent, contact: LiveContact, queue: Queue) -> bool:
    if agent.id in contact.declined or contact.id in agent.hands or contact.asker == agent.id:
        return False
    if contact.pinned is not None:
        return agent.id == contact.pinned
    if unknown_yet(state, contact):
        return False
    known = next((a for a in state.configuration.agents if a.id == agent.id), None)
    ring = contact.ring if contact.queue == queue.id else 0
    asked = queue.rings[ring - 1].requires if ring else queue.requires
    belongs = known is not None and (queue.everyone or (queue.id or contact.queue) in agent.queues)
    return belongs and known is not None and all(holds(read(text), known) for text in (asked, contact.requires))


def unknown_yet(state: EngineState, contact: LiveContact) -> bool:
    """Who it is comes before who is offered, in queues that try the own manager or the last agent first."""
    queue = queue_of(state, contact)
    return contact.identity_awaited and (queue.personal_seconds > 0 or queue.last_agent_seconds > 0)


def chosen(state: EngineState, able: list[LiveAgent], contact: LiveContact, queue: Queue, dice: int) -> list[LiveAgent]:
    by_id = sorted(able, key=lambda a: a.id)
    level = {a.id: a.queues.get(queue.id, 1 if queue.everyone else 0) for a in able}
    longest = sorted(by_id, key=lambda a: (len(a.hands), a.idle_since, -level[a.id]))
    emptiest = sorted(by_id, key=lambda a: (len(a.hands), a.idle_since))
    match queue.strategy:
        case _ if contact.pinned is not None:
            return able
        case "ring_all":
            return longest[: max(1, queue.ring_all_limit)]
        case "weighted_random":
            weights = {a.id: a.weight for a in state.configuration.agents}
            return [drawn(by_id, [weights[a.id] for a in by_id], dice)]
        case "longest_idle":
            return longest[:1]
        case "least_occupied":
            return [min(emptiest, key=lambda a: a.occupancy(state.now))]
        case "fewest_handled":
            return [min(emptiest, key=lambda a: a.handled)]
        case "round_robin":
            return [min(by_id, key=lambda a: a.offered_at)]
        case "highest_level":
            return [min(emptiest, key=lambda a: -level[a.id])]
        case "hunt":
            return [min(by_id, key=lambda a: [*queue.hunt, a.id].index(a.id) if a.id in queue.hunt else 99)]


def drawn(agents: list[LiveAgent], weights: list[int], dice: int) -> LiveAgent:
    mixed = ((dice ^ dice >> 30) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) % 2**64
    mixed ^= mixed >> 31
    lots = [agent for agent, weight in zip(agents, weights, strict=True) for _ in range(weight)] or agents
    return lots[mixed % len(lots)]


read = cache(parse)


UNFINISHED = "consultations inside conferences supervised gone led unsettled fewer untaped".split()


def check_unfinished(centre: Centre) -> None:
    """What more may follow from is looked for in the very dictionaries, and in none that one of them has been replaced by."""
    assert {id(kept) for kept in centre.unfinished} == {id(getattr(centre, name)) for name in UNFINISHED}


def check(engine: Engine) -> None:
    """Whatever facts came, this is true between two of them."""
    contacts = {contact.id: contact for contact in engine.contacts()}
    agents = {agent.id: agent for agent in engine.agents()}
    for contact in contacts.values():
        check_contact(contact, agents)
        check_consultation(contact, contacts)
    for agent in agents.values():
        check_agent(agent, contacts)
    assert offers(engine.snapshot()) == [], "somebody waits whom a free agent may take"
    for queue in engine.queues():
        customers = [c for c in contacts.values() if c.consults is None]
        waiting = [c for c in customers if c.state is ContactState.WAITING and c.queue == queue.id]
        assert queue.waiting == len(waiting)
        assert queue.longest_since == min((c.queued_at or 0.0 for c in waiting), default=None)
        open_to_all = {q.id for q in engine.configuration.queues if q.everyone}
        state = engine.snapshot()
        idle = [a for a in agents.values() if a.state is AgentState.READY]
        free = [a for a in idle if any(takes(state, a, channel, []) for channel in CHANNELS)]
        ready = [a for a in free if queue.id in a.queues or queue.id in open_to_all]
        assert queue.agents_ready == len(ready)
    check_presence(engine)
    parked = {(c.parking.agent, c.id) for c in contacts.values() if c.parking is not None}
    assert {(agent, each) for agent, kept in engine._centre.parked.items() for each in kept} == parked
    check_supervision(engine)
    conferences = {c.id for c in contacts.values() if c.conference != ALONE}
    assert set(engine._centre.conferences) == conferences
    check_unfinished(engine._centre)


def check_nobody_is_passed_over(state: EngineState, made: list[tuple[ContactId, AgentId]]) -> None:
    """The bound on starving: whoever is left waiting is passed, at an agent who could have had them, only by those who
    came no later than their priority and adjustment are worth more. So nobody is passed for ever."""
    if state.configuration.order != "oldest":
        return
    contacts = {contact.id: contact for contact in state.contacts}
    agents = {agent.id: agent for agent in state.agents}
    left = [c for c in state.contacts if c.state is ContactState.WAITING and c.id not in {each for each, _ in made}]
    for served, agent in made:
        ahead, who = contacts[served], agents[agent]
        for waits in left:
            queue = queue_of(state, waits)
            if not fits(state, who, waits, queue) or not takes(state, who, waits.channel, list(who.hands.values())):
                continue
            if kept_back(state, who, waits.channel, [c for c in contacts.values() if c.state is ContactState.WAITING]):
                continue
            later = (ahead.queued_at or 0.0) - (waits.queued_at or 0.0)
            assert later <= worth(ahead) - worth(waits) + 1e-6, f"{served} passed {waits.id}"


def worth(contact: LiveContact) -> float:
    """Seconds of waiting."""
    return contact.worth_seconds + contact.adjustment_seconds


def check_presence(engine: Engine) -> None:
    roster = engine._centre.roster
    counted = {agent.id for agent in roster.agents}
    agents = [agent for agent in engine.agents() if agent.id in counted]  # who has taken one contact over is not
    there = [a.id for a in agents if a.state is not AgentState.OFFLINE]
    at_work = [a.id for a in agents if a.state not in (AgentState.OFFLINE, AgentState.NOT_READY)]
    for bits, expected in ((roster.present, there), (roster.working, at_work)):
        assert [a.id for a in roster.agents if bits & roster.only(a.id) and a.id in engine._centre.agents] == expected


def check_supervision(engine: Engine) -> None:
    """Beside a conversation only, nobody beside two, and the lines have numbers of their own."""
    joined = {contact.id: contact.supervisors for contact in engine.contacts() if contact.supervisors}
    assert set(engine._centre.supervised) == set(joined)
    everybody = [each.supervisor for supervisors in joined.values() for each in supervisors]
    assert len(everybody) == len(set(everybody))
    for contact_id, supervisors in joined.items():
        contact = engine.contact(contact_id)
        assert contact is not None and contact.state in (
            ContactState.TALKING,
            ContactState.HELD,
            ContactState.REJOINING,
        )
        lines = [line for each in supervisors for line in each.lines]
        assert len({*lines, contact.line}) == len(lines) + 1
        assert all(each.lines and each.supervisor != contact.agent for each in supervisors)


def check_contact(contact: LiveContact, agents: dict[AgentId, LiveAgent]) -> None:
    seen: set[QueueId] = set()
    for diversion in contact.diversions:
        if diversion.keep:
            assert diversion.to not in (None, diversion.queue), "a queue helps itself"
            continue
        if diversion.reason == "key":
            seen = {diversion.queue, diversion.to or diversion.queue}
            continue
        assert diversion.to not in seen | {diversion.queue}, "sent back into a queue"
        seen |= {diversion.queue, diversion.to or diversion.queue}
    assert contact.state is not ContactState.ENDED
    assert contact.open == (contact.state is not ContactState.WRAP_UP)
    if contact.state in HANDS:
        assert contact.agent is not None or contact.wrap_ups
        for agent in contact.ringing or ((contact.agent,) if contact.agent is not None else ()):
            assert agents[agent].hands[contact.id].state is HANDS[contact.state]
            assert contact.state is not ContactState.OFFERED or contact.offer_to(agent) is not None
    else:
        assert contact.agent is None
        assert not contact.ringing
    check_callback(contact)
    assert (contact.state is ContactState.PARKED) == (contact.parking is not None)
    assert contact.parking is None or (contact.channel not in LIVE and contact.line is None)
    if contact.place is not None:
        assert contact.place == (contact.queued_at or 0.0) - contact.worth_seconds - contact.adjustment_seconds


def check_callback(contact: LiveContact) -> None:
    callback, inside = contact.callback, contact.colleague is not None
    assert not contact.away or (callback is not None and not callback.live), "away, and yet on a line"
    assert contact.state is not ContactState.DIALLING or (callback is not None and callback.live != inside)
    assert contact.state is not ContactState.POSTPONED or callback is not None
    own = contact.away and contact.placed_by == contact.agent
    assert contact.state is not ContactState.PLACED or own or contact.consults is not None
    if contact.placed_by is not None:
        assert callback is not None and callback.attempts <= 1
    talks = contact.state in (ContactState.TALKING, ContactState.HELD, ContactState.REJOINING, ContactState.SCENARIO)
    assert inside == contact.away if inside else not (talks and contact.away), "nobody is there"


def check_conference(contact: LiveContact, contacts: dict[ContactId, LiveContact]) -> None:
    """Of those who talk, or may come back to it; nobody twice, and of nobody where nobody leads it."""
    conference = contact.conference
    assert conference == ALONE or contact.state in CONVERSATION
    assert contact.consultation not in conference.members and len(set(conference.members)) == len(conference.members)
    for each in conference.members:
        assert contacts[each].consults == contact.id
        assert contacts[each].state in (ContactState.TALKING, ContactState.REJOINING)
    if conference.outside:
        assert contact.outside is not None and contact.outside.beside is not None
        assert (contact.outside.attempt, contact.outside.answered_at is not None) == (conference.outside, True)
    if conference.members or conference.outside:
        lost = contact.state is ContactState.REJOINING and contact.music
        assert conference.said is not None and conference.said.held == (contact.held or lost)
        talk = tuple(each for each in conference.members if contacts[each].state is ContactState.TALKING)
        assert tuple(each for each, _ in conference.said.lines) == talk


def check_consultation(contact: LiveContact, contacts: dict[ContactId, LiveContact]) -> None:
    """It never outlives the contact that it is about; who asks is never asked."""
    if contact.consults is not None:
        about = contacts[contact.consults]
        assert contact.id in (about.consultation, *about.conference.members)
        assert (about.agent, about.open) == (contact.asker, True)
        assert contact.agent != contact.asker
        assert contact.state is not ContactState.HELD or about.colleague is not None
        assert contact.state is not ContactState.WAITING or contact.sought[1] is None or contact.pinned is not None
    check_conference(contact, contacts)
    if contact.colleague is not None:
        check_inside(contact, contacts)
    elif contact.consultation is not None:
        assert contacts[contact.consultation].consults == contact.id
        assert contact.state in (ContactState.TALKING, ContactState.HELD, ContactState.REJOINING)
        assert contact.held == (contact.talks_to == "colleague")


def check_inside(call: LiveContact, contacts: dict[ContactId, LiveContact]) -> None:
    """Both sides of an internal call are there, and in talk together."""
    assert call.consultation is not None and call.queue is None and call.customer is None
    side, placed = contacts.get(call.consultation), call.state is ContactState.PLACED
    assert placed or side is not None
    if side is not None and not placed:
        assert (side.consults, side.agent, side.queue) == (call.id, call.colleague, None)
        assert (side.state is ContactState.PLACED) == (call.state is ContactState.DIALLING)
        assert (side.answered_at is None) == (call.answered_at is None)


def check_agent(agent: LiveAgent, contacts: dict[ContactId, LiveContact]) -> None:
    in_hand = [c.id for c in contacts.values() if agent.id in (c.agent, *c.ringing, *c.wrap_ups)]
    assert sorted(in_hand) == sorted(agent.hands), "what is in an agent's hand is known to both"
    assert all(hand.channel == contacts[contact].channel for contact, hand in agent.hands.items())
    shown = [hand.state.value for hand in agent.hands.values()] or [agent.status.value]
    assert agent.state.value == min(shown, key=PRESSING.index)
    assert agent.hands or not (agent.leaving or agent.removed or agent.next)
    busy = [hand for hand in agent.hands.values() if hand.state is not HandState.OFFERED]
    assert (agent.busy_since is not None) == bool(busy)
    assert len(busy) >= len(agent.hands) - 1, "one offer rings at a time"
    assert not agent.hands or agent.status is not AgentStatus.OFFLINE


def check_time(engine: Engine, told: Mapping[tuple[AgentId, float], Stretch]) -> None:
    """The account of each agent's time: no gap within a shift, nothing twice, its sum is the shift, and what goes on is
    what is shown."""
    by_agent: dict[AgentId, list[Stretch]] = {}
    for (agent_id, _), stretch in sorted(told.items()):
        by_agent.setdefault(agent_id, []).append(stretch)
    now = engine.outline().now
    for stretches in by_agent.values():
        shifts: dict[float, int] = {}
        for each in stretches:
            end = now if each.ended_at is None else each.ended_at
            milliseconds = int(end * 1000) - int(each.began_at * 1000)
            shifts[each.shift_at] = shifts.get(each.shift_at, 0) + milliseconds
        for shift_at, milliseconds in shifts.items():
            last = [each for each in stretches if each.shift_at == shift_at][-1]
            end = now if last.ended_at is None else last.ended_at
            assert milliseconds == int(end * 1000) - int(shift_at * 1000)
        for before, after in pairwise(stretches):
            assert before.ended_at is not None
            assert before.ended_at == after.began_at or (
                before.ended_at < after.began_at == after.shift_at > before.shift_at
            )
    going_on = {each[-1].agent: each[-1] for each in by_agent.values() if each[-1].ended_at is None}
    in_shift = {agent.id: agent for agent in engine.agents() if agent.state != "offline"}
    assert going_on == {agent.id: agent.stretch for agent in in_shift.values()}
    for agent_id, agent in in_shift.items():
        stretch = going_on[agent_id]
        shown = (stretch.activity or stretch.status, stretch.reason, stretch.shift_at)
        assert shown == (agent.state.value, agent.reason, agent.shift_at)


def check_account(engine: Engine, contact: ContactId) -> None:
    """Segments follow each other without a gap, and no second is counted twice."""
    record = engine.record(contact)
    assert record is not None
    assert record.segments[0].started_at == record.arrived_at
    for before, after in pairwise(s for s in record.segments if s.kind != "consultation"):
        assert before.ended_at == after.started_at
    assert record.segments[-1].ended_at == record.ended_at
    assert (record.outcome == "open") == (record.ended_at is None)
    if record.ended_at is not None:
        scenario = sum(
            (s.ended_at or 0.0) - s.started_at for s in record.segments if s.kind in ("scenario", "ringing_outside")
        )
        counted = (
            scenario
            + record.wait_seconds
            + (record.callback_seconds or 0.0)
            + record.talk_seconds
            + record.hold_seconds
            + record.parked_seconds
            + record.dialling_seconds
            + record.outside_seconds
        )
        assert abs(counted - (record.ended_at - record.arrived_at)) < 1e-6
        assert (record.outcome == "answered") == (record.answered_at is not None)
