"""Random centres with expressions, rings, all strategies and familiar agents: every choice is that of the naive scan."""

from __future__ import annotations

from random import Random
from typing import Literal, get_args

import pytest
from tests.routing.centre import CONFIGURATION
from tests.routing.day import Day, DeskKind

from otklik.contact.configuration import (
    Agent,
    Callback,
    Channel,
    Configuration,
    Destination,
    Exit,
    Parking,
    Queue,
    Reason,
    Ring,
    Speech,
    Status,
    Strategy,
)
from otklik.contact.facts import (
    AgentReachable,
    AgentUnreachable,
    CallbackCancelled,
    Configured,
    ContactFinished,
    ContactHeld,
    ContactPulled,
    ContactPushed,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    KeyPressed,
    OfferAnswered,
    OfferDeclined,
    RejoinAsked,
    ShiftEnded,
    StatusChosen,
)
from otklik.contact.ids import AgentId, ContactId, CustomerId, QueueId
from otklik.routing import ContactState, matching
from otklik.routing.waiting import IDENTIFICATION_SECONDS

SKILLS = ["english", "продажи", "tech-2"]
ANSWERS: list[type[OfferAnswered] | type[OfferDeclined]] = [OfferAnswered, OfferAnswered, OfferDeclined]
ACTS: list[DeskKind] = [ContactFinished, ContactFinished, ContactHeld, RejoinAsked]
BACK: list[Literal["resumed", "returned", "wrote"]] = ["resumed", "returned", "wrote"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
INTERRUPTS: list[dict[Channel, tuple[Channel, ...]]] = [
    {},
    {},
    {"voice": (), "chat": ()},
    {"voice": ("chat", "email"), "email": ("chat",)},
]
DRAINS: list[tuple[Channel, ...]] = [("voice", "video"), ("voice", "video"), (), ("chat", "voice"), ("voice", "chat")]
STATUSES = (
    Status(id="calls", ru="Только звонки", en="Calls only", channels=("voice",)),
    Status(id="written", ru="Только письменно", en="Written only", channels=("chat", "email")),
)


def requirement(dice: Random, agents: list[AgentId], depth: int = 2) -> str:
    kind = dice.randrange(8 if depth else 4)
    if kind == 0:
        return ""
    if kind == 1:
        return f"{dice.choice(SKILLS)} {dice.choice(['>=', '>', '=', '<', '<='])} {dice.randint(1, 5)}"
    if kind == 2:
        return f"language {dice.choice(['=', '!='])} {dice.choice(['ru', 'en'])}"
    if kind == 3:
        return f"not agent {dice.choice(agents)}"
    parts = [requirement(dice, agents, depth - 1) or dice.choice(SKILLS) for _ in range(2)]
    return f"({parts[0]}) {dice.choice(['and', 'or'])} not ({parts[1]})" if kind < 6 else f"{parts[0]} and {parts[1]}"


def centre(dice: Random, *, queues: int = 4, agents: int = 6) -> Configuration:
    names = [AgentId(f"a{n}") for n in range(agents)]
    lines = [QueueId(f"q{n}") for n in range(queues)]
    return Configuration(
        queues=tuple(queue(dice, line, names) for line in lines),
        agents=tuple(
            Agent(
                id=name,
                name=name,
                queues={line: dice.randint(1, 10) for line in dice.sample(lines, dice.randint(0, min(3, queues)))},
                skills={skill: dice.randint(1, 5) for skill in dice.sample(SKILLS, dice.randint(0, 3))},
                attributes={"language": dice.choice(["ru", "en"])} if dice.random() < 0.7 else {},
                weight=dice.randint(0, 3),
                capacity=capacity(dice) if dice.random() < 0.3 else {},
            )
            for name in names
        ),
        scenarios=CONFIGURATION.scenarios,
        entry_points=CONFIGURATION.entry_points,
        dispositions=CONFIGURATION.dispositions,
        order=dice.choice(["oldest", "oldest", "furthest_behind"]),
        vip_priority=dice.randint(0, 3),
        priority_seconds=dice.choice([5.0, 60.0]),
        capacity=capacity(dice) if dice.random() < 0.7 else {},
        interrupts=dice.choice(INTERRUPTS),
        drain=dice.choice(DRAINS),
        statuses=STATUSES,
        parking=Parking(
            most=dice.choice([0, 1, 2, 20]),
            longest_seconds=dice.choice([15.0, 50.0]),
            returns_to=dice.choice(["agent", "agent", "queue"]),
            agent_seconds=dice.choice([0.0, 5.0]),
            reasons=(Reason(id="asks", ru="Уточняет", en="Asks"),),
        ),
    )


def capacity(dice: Random) -> dict[Channel, int]:
    """Seldom none; voice mostly one."""
    of: dict[Channel, list[int]] = {"voice": [0, 1, 1, 1, 1, 2], "chat": [0, 1, 2, 3], "email": [0, 1, 2, 5]}
    return {channel: dice.choice(numbers) for channel, numbers in of.items() if dice.random() < 0.8}


def queue(dice: Random, line: QueueId, agents: list[AgentId]) -> Queue:
    seconds = sorted(dice.sample([2.0, 5.0, 9.0, 20.0], dice.randint(0, 3)))
    return Queue(
        id=line,
        name=line,
        everyone=dice.random() < 0.4,
        requires=requirement(dice, agents),
        rings=tuple(Ring(after_seconds=after, requires=requirement(dice, agents, 1)) for after in seconds),
        strategy=dice.choice(STRATEGIES),
        hunt=tuple(dice.sample(agents, 3)),
        ring_all_limit=dice.randint(1, 4),
        priority=dice.randint(0, 2),
        adjustment_seconds=dice.choice([0.0, 0.0, 7.0]),
        target_seconds=dice.choice([5.0, 20.0, 60.0]),
        last_agent_seconds=dice.choice([0.0, 3.0]),
        personal_seconds=dice.choice([0.0, 4.0]),
        wrap_up_seconds=dice.choice([0.0, 10.0]),
        announce_every_seconds=dice.choice([0.0, 30.0]),
        callback=Callback(
            attempts=dice.randint(1, 3),
            retry_seconds=dice.choice([0.0, 5.0]),
            lifetime_seconds=dice.choice([30.0, 600.0]),
        ),
        exits=tuple(Exit(digit=digit, to=exit_to(dice)) for digit in dice.sample("123", dice.randint(0, 3))),
    )


def exit_to(dice: Random) -> Destination:
    return dice.choice(
        [
            Destination(queue=QueueId(f"q{dice.randrange(5)}"), priority=dice.randint(0, 1)),
            Destination(scenario=CONFIGURATION.scenarios[0].id),
            Destination(callback=True),
            Destination(reject=Speech(text=dice.choice(["", "До свидания."]), language="ru")),
        ]
    )


class World:
    """A random centre at work."""

    def __init__(self, seed: int, *, queues: int = 4, agents: int = 6) -> None:
        self.dice, self.day = Random(seed), Day()
        self.looking = Random(~seed)
        """Of looking up who it is, which takes its own time."""
        self.lines = [QueueId(f"q{n}") for n in range(queues)]
        self.queues, self.agents = queues, [AgentId(f"a{n}") for n in range(agents)]
        self.day.tell(Configured(configuration=centre(self.dice, queues=queues, agents=agents)))
        for agent in self.agents:
            self.day.come(agent)

    def step(self) -> None:
        dice, day = self.dice, self.day
        if self.looking.random() < 0.3:
            self.say_who()
        actions = [
            (12, self.call),
            (5, lambda: day.come(dice.choice(self.agents))),
            (10, lambda: day.take_or_refuse(dice.randrange(9), dice.choice(ANSWERS))),
            (9, lambda: day.act(dice.randrange(9), dice.choice(ACTS))),
            (4, lambda: day.save_outcome(dice.randrange(9))),
            (9, lambda: day.pass_time(dice.choice([0.5, 1.0, 3.0, 15.0]))),
            (1, lambda: day.tell(ShiftEnded(agent=dice.choice(self.agents)))),
            (2, lambda: day.tell(self.status(dice.choice(self.agents)))),
            (1, lambda: day.tell(AgentUnreachable(agent=dice.choice(self.agents)))),
            (1, lambda: day.tell(AgentReachable(agent=dice.choice(self.agents)))),
            (2, lambda: day.tell(CustomerLeft(contact=self.anybody(), cause="hung_up"))),
            (2, lambda: day.tell(self.customer(self.anybody()))),
            (4, lambda: day.transfer(dice.randrange(9), dice.choice([None, *self.lines]), dice.choice([None, *self.agents]))),
            (3, lambda: day.tell(ContactPulled(contact=self.anybody(), agent=dice.choice(self.agents)))),
            (3, lambda: day.tell(ContactPushed(contact=self.anybody(), agent=dice.choice(self.agents), by="boss"))),
            (3, lambda: day.tell(KeyPressed(contact=self.anybody(), key=dice.choice("123")))),
            (3, self.leave_scenario),
            (6, lambda: day.call_back(dice.randrange(9), dice.choice([None, None, "busy", "no_answer"]))),
            (1, lambda: day.tell(CallbackCancelled(contact=self.anybody(), by="boss"))),
            (5, lambda: day.park(dice.randrange(9), dice.choice([None, "asks"]), dice.choice([None, 2.0, 20.0, 99.0]))),
            (4, lambda: day.unpark(dice.randrange(9), dice.choice(BACK), dice.choice([None, *self.agents]))),
            (1, self.change),
            (1, day.restart),
        ]  # fmt: skip
        (action,) = dice.choices([action for _, action in actions], [weight for weight, _ in actions])
        action()

    def call(self) -> None:
        dice = self.dice
        self.day.call(
            QueueId(f"q{dice.randrange(self.queues)}"),
            self.customer(ContactId("")) if dice.random() < 0.5 else None,
            channel=dice.choice(["voice", "voice", "chat", "chat", "email"]),
            follows=self.looking.random() < 0.5,
            requires=requirement(dice, self.agents, 1) if dice.random() < 0.3 else "",
            priority=dice.choice([0, 0, 0, 1, 2]),
            agent=dice.choice(self.agents) if dice.random() < 0.2 else None,
            agent_seconds=5.0,
        )

    def say_who(self) -> None:
        dice = self.looking
        who = CustomerIdentified(
            contact=ContactId(""),
            customer=CustomerId(f"k{dice.randrange(5)}"),
            vip=dice.random() < 0.3,
            manager=dice.choice([None, *self.agents]),
        )
        self.day.say_who(dice.randrange(9), who if dice.random() < 0.6 else None)

    def leave_scenario(self) -> None:
        told = sorted(c.id for c in self.day.engine.contacts() if c.state is ContactState.SCENARIO)
        if told:
            line = QueueId(f"q{self.dice.randrange(self.queues)}")
            self.day.tell(ContactQueued(contact=self.dice.choice(told), queue=line))

    def customer(self, contact: ContactId) -> CustomerIdentified:
        manager = self.dice.choice([None, *self.agents])
        customer, vip = CustomerId(f"k{self.dice.randrange(5)}"), self.dice.random() < 0.3
        return CustomerIdentified(contact=contact, customer=customer, vip=vip, manager=manager)

    def status(self, agent: AgentId) -> StatusChosen:
        chosen = self.dice.choice(["calls", "written", None, None, "unknown"])
        return StatusChosen(agent=agent, status="ready", reason=chosen)

    def anybody(self) -> ContactId:
        return self.dice.choice(sorted(c.id for c in self.day.engine.contacts()) or [ContactId("nobody")])

    def change(self) -> None:
        self.day.tell(Configured(configuration=centre(self.dice, queues=self.queues, agents=len(self.agents))))


@pytest.mark.parametrize("seed", range(6))
def test_random_centre_chooses_as_the_naive_scan_does_and_replays_to_the_same_decisions(seed: int) -> None:
    world = World(seed)
    for _ in range(200):
        world.step()
        world.day.check()
    world.day.check_replay()


def test_so_does_one_with_more_classes_than_are_walked_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "WALK", 5)
    world = World(100, queues=60, agents=4)
    for agent in world.agents:
        world.day.tell(ShiftEnded(agent=agent))
    for _ in range(100):
        world.call()
    world.day.pass_time(IDENTIFICATION_SECONDS)
    assert len(world.day.engine._centre.classes.heads["voice"].numbers) > 30
    for _ in range(60):
        world.step()
        world.day.check()
    world.day.check_replay()
