"""The engine's decisions: 10,000 agents, 1,000 queues of three rings, 100,000 waiting; then 15,000 and a million.

Everything goes through `Engine.handle`; a decision is a fact that ends in an offer. The peer is the naive scan, in the
same run and on the same state: every waiting contact is asked of the agent, every agent of the contact.
"""

from __future__ import annotations

import gc
import resource
import time
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random

from bench._figures import load, percentile, report
from otklik.assembly.memory import settle_memory
from otklik.contact.configuration import Agent, Configuration, EntryPoint, Queue, Ring, Scenario
from otklik.contact.decisions import Decision, Offer, SetTimer
from otklik.contact.facts import (
    AgentReachable,
    Configured,
    ContactArrived,
    ContactFinished,
    ContactQueued,
    Fact,
    OfferAnswered,
    RingDue,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId, ScenarioId
from otklik.routing import ContactState, Engine
from otklik.routing.requirement import Requirement, holds, parse

SKILLS, QUEUES, HALF_HOUR = 50, 1_000, 1_800.0
PRIORITIES = (0, 0, 0, 1, 2)
GOAL_RATE, GOAL_P99_US, GOAL_TIMES, GOAL_LARGE_P99_US, GOAL_RSS_MIB = 100_000, 50, 700, 1_000, 2_048
SCANNED = 12
ENTRY, SCENARIO = EntryPointId("1000"), ScenarioId("menu")


@dataclass(slots=True)
class Clock:
    """Seconds of each handled fact, by whether it ended in an offer."""

    deciding: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)


class World:
    """A centre of the size asked for; `fill` lets contacts come for half an hour, each into all rings it lives to see."""

    def __init__(self, agents: int, seed: int) -> None:
        self.dice, self.engine, self.now = Random(seed), Engine(), 0.0
        self.clock: Clock | None = None
        self.configuration = configuration(self.dice, agents)
        self.contacts, self.number = 0, count()
        self.timers: list[tuple[float, int, RingDue]] = []
        self.ringing: deque[Offer] = deque()
        self.talking: list[tuple[ContactId, AgentId]] = []
        self.tell(Configured(configuration=self.configuration))
        for agent in self.configuration.agents:
            self.tell(ShiftStarted(agent=agent.id))
            self.tell(AgentReachable(agent=agent.id))

    def tell(self, fact: Fact) -> list[Decision]:
        began = time.perf_counter()
        decisions = self.engine.handle(fact, self.now)
        took = time.perf_counter() - began
        offers = [decision for decision in decisions if isinstance(decision, Offer)]
        if self.clock is not None:
            (self.clock.deciding if offers else self.clock.other).append(took)
        self.ringing += offers
        for decision in decisions:
            if isinstance(decision, SetTimer) and isinstance(decision.fact, RingDue):
                heappush(self.timers, (decision.at, next(self.number), decision.fact))
        return decisions

    def fill(self, waiting: int) -> None:
        for n in range(waiting):
            self.pass_time(HALF_HOUR / waiting)
            self.arrive()
            if n % 500 == 0:
                self.engine.take_touched()

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        while self.timers and self.timers[0][0] <= self.now:
            self.tell(heappop(self.timers)[2])

    def arrive(self) -> list[Decision]:
        contact = ContactId(f"c{self.contacts}")
        self.contacts += 1
        self.tell(ContactArrived(contact=contact, channel="voice", entry_point=ENTRY, dnis="1000", leg=contact))
        queue = QueueId(f"q{self.dice.randrange(QUEUES)}")
        return self.tell(ContactQueued(contact=contact, queue=queue, priority=self.dice.choice(PRIORITIES)))

    def everybody_is_ready(self) -> None:
        for agent in self.configuration.agents:
            self.now += 0.01
            self.tell(StatusChosen(agent=agent.id, status="ready"))
        self.engine.take_touched()

    def answer(self) -> None:
        while self.ringing:
            offer = self.ringing.popleft()
            self.tell(OfferAnswered(contact=offer.contact, agent=offer.agent, offer=offer.offer))
            self.talking.append((offer.contact, offer.agent))

    def finish_one(self) -> AgentId:
        """Somebody's contact ends, then the wrap-up after it; only that makes the agent free."""
        place = self.dice.randrange(len(self.talking))
        self.talking[place], self.talking[-1] = self.talking[-1], self.talking[place]
        contact, agent = self.talking.pop()
        self.tell(ContactFinished(contact=contact, agent=agent))
        self.last = WrapUpFinished(contact=contact, agent=agent)
        return agent

    def work(self, decisions: int) -> None:
        """Contacts come as fast as agents become free; what pages and records would take is taken, and not timed."""
        for n in range(decisions):
            self.pass_time(0.001)
            self.answer()
            self.finish_one()
            self.tell(self.last)
            self.arrive()
            if n % 500 == 0:
                self.engine.take_touched()


def configuration(dice: Random, agents: int) -> Configuration:
    """4-14 of 50 skills an agent; 1-3 asked for by a queue, less by each of its rings; belonging is by skill alone."""
    skills = [f"skill-{n}" for n in range(SKILLS)]
    return Configuration(
        queues=tuple(queue(dice, QueueId(f"q{n}"), skills) for n in range(QUEUES)),
        agents=tuple(
            Agent(
                id=AgentId(f"a{n}"),
                name="",
                skills={skill: dice.randint(1, 10) for skill in dice.sample(skills, dice.randint(4, 14))},
            )
            for n in range(agents)
        ),
        scenarios=(
            Scenario(
                id=SCENARIO,
                language="ru",
                greeting="Hello",
                prompt="",
                choices=(),
                otherwise=QueueId("q0"),
                wrong_choice="",
            ),
        ),
        entry_points=(EntryPoint(id=ENTRY, number="1000", scenario=SCENARIO),),
    )


def queue(dice: Random, name: QueueId, skills: list[str]) -> Queue:
    asked = [(skill, dice.randint(1, 7)) for skill in dice.sample(skills, dice.randint(1, 3))]
    rings = [
        " and ".join(f"{skill} >= {max(1, level - less)}" for skill, level in asked[:most])
        for less, most in ((0, 3), (2, 2), (4, 1))
    ]
    return Queue(
        id=name,
        name=name,
        everyone=True,
        requires=rings[0],
        rings=(
            Ring(after_seconds=HALF_HOUR / 3, requires=rings[1]),
            Ring(after_seconds=HALF_HOUR * 2 / 3, requires=rings[2]),
        ),
        announce_every_seconds=0.0,
    )


class Naive:
    """The scan that the engine is held against; the requirements are read beforehand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.agents = {agent.id: agent for agent in world.configuration.agents}
        self.asked: dict[tuple[QueueId | None, int], Requirement] = {}
        for each in world.configuration.queues:
            for ring, text in enumerate([each.requires, *(ring.requires for ring in each.rings)]):
                self.asked[each.id, ring] = parse(text)

    def contact_for(self, agent: AgentId) -> ContactId | None:
        known, best = self.agents[agent], None
        for contact in self.world.engine.contacts():
            if contact.state is ContactState.WAITING and holds(self.asked[contact.queue, contact.ring], known):
                if best is None or contact.key < best:
                    best = contact.key
        return best[1] if best else None

    def agent_for(self, queue_id: QueueId) -> AgentId | None:
        asked, best = self.asked[queue_id, 0], None
        for agent in self.world.engine.agents():
            if agent.free and holds(asked, self.agents[agent.id]):
                rank = (agent.idle_since, agent.id)
                if best is None or rank < best:
                    best = rank
        return best[1] if best else None


def measured(world: World, decisions: int) -> Clock:
    """What was there before is out of the collector's sight, as after the start of a server."""
    settle_memory()
    world.work(decisions // 10)
    clock = world.clock = Clock()
    world.work(decisions)
    world.clock = None
    return clock


def crowded(agents: int, waiting: int, decisions: int) -> tuple[Clock, list[float], bool]:
    """Far more contacts than agents: what is decided is which contact a free agent gets. Also the naive scan of it."""
    world = World(agents, 1)
    world.fill(waiting)
    world.everybody_is_ready()
    clock = measured(world, decisions)
    naive, scans, equal = Naive(world), list[float](), True
    for _ in range(SCANNED):
        world.answer()
        agent = world.finish_one()
        began = time.perf_counter()
        wanted = naive.contact_for(agent)
        scans.append(time.perf_counter() - began)
        got = [d.contact for d in world.tell(world.last) if isinstance(d, Offer)]
        equal = equal and got == [wanted]
    return clock, scans, equal


def quiet(agents: int, decisions: int) -> tuple[Clock, bool]:
    """A third of the agents is free and nobody waits: what is decided is which agent a contact gets."""
    world = World(agents, 2)
    world.everybody_is_ready()
    while len(world.talking) < agents * 2 // 3:
        world.pass_time(0.01)
        world.arrive()
        world.answer()
    world.engine.take_touched()
    clock = measured(world, decisions)
    naive, equal = Naive(world), True
    for n in range(SCANNED):
        world.answer()
        queue_id, contact = QueueId(f"q{n}"), ContactId(f"s{n}")
        world.tell(ContactArrived(contact=contact, channel="voice", entry_point=ENTRY, dnis="1000", leg=""))
        wanted = naive.agent_for(queue_id)
        got = [d.agent for d in world.tell(ContactQueued(contact=contact, queue=queue_id)) if isinstance(d, Offer)]
        equal = equal and got == ([wanted] if wanted else [])
    return clock, equal


def microseconds(name: str, seconds: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_us": percentile(seconds, 0.5) * 1e6,
        f"{name}_p99_us": percentile(seconds, 0.99) * 1e6,
        f"{name}_p999_us": percentile(seconds, 0.999) * 1e6,
        f"{name}_per_s": len(seconds) / sum(seconds),
    }


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    before = load()
    busy, scans, equal_contacts = crowded(10_000, 100_000, 50_000)
    calm, equal_agents = quiet(10_000, 30_000)
    gc.unfreeze()
    gc.collect()
    full, _, equal_large = crowded(15_000, 1_000_000, 20_000)
    resident = peak_mib()
    agent_free, arrivals, large = busy.deciding, calm.deciding, full.deciding
    facts = [*busy.deciding, *busy.other, *calm.deciding, *calm.other]
    decisions = agent_free + arrivals
    figures = {
        **microseconds("decision", decisions),
        **microseconds("agent_free", agent_free),
        **microseconds("contact_arrives", arrivals),
        **microseconds("every_fact", facts),
        **microseconds("million_waiting", large),
        "million_waiting_peak_rss_mib": resident,
        "load_before": before,
    }
    naive_us = percentile(scans, 0.5) * 1e6
    times = naive_us / percentile(agent_free, 0.5) / 1e6
    holds_all = (
        equal_contacts and equal_agents and equal_large and times >= GOAL_TIMES
        and figures["decision_per_s"] >= GOAL_RATE and figures["decision_p99_us"] <= GOAL_P99_US
        and figures["million_waiting_p99_us"] <= GOAL_LARGE_P99_US and resident <= GOAL_RSS_MIB
    )  # fmt: skip
    return report(
        "routing",
        figures,
        peer={"naive_scan_us": naive_us, "choices_equal": float(equal_contacts and equal_agents and equal_large)},
        ratio=times,
        goal=f"at least {GOAL_RATE:,} decisions/s, p99 <= {GOAL_P99_US} us, {GOAL_TIMES} times the naive scan; with a million"
        f" waiting p99 <= {GOAL_LARGE_P99_US} us in {GOAL_RSS_MIB} MiB",
        holds=holds_all,
    )


if __name__ == "__main__":
    raise SystemExit(main())
