"""Random centres with random limits and overflow, circles and all: nobody stays over a limit, is lost, or goes round."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import get_args

import pytest
from tests.routing import test_worlds
from tests.routing.centre import CONFIGURATION
from tests.routing.test_worlds import World

from otklik.contact.configuration import Configuration, Destination, Overflow, OverflowKind, Presence, Queue, Speech
from otklik.contact.ids import AgentId, QueueId
from otklik.routing import AgentState, ContactState, EngineState, LiveContact

KINDS: tuple[OverflowKind, ...] = get_args(OverflowKind)
PRESENCE: tuple[Presence, ...] = get_args(Presence)
plain = test_worlds.queue


def limited(dice: Random, line: QueueId, agents: list[AgentId]) -> Queue:
    others = [QueueId(f"q{n}") for n in range(5)]
    text = dice.choice(["", "Все заняты."])
    away = Destination(reject=Speech(text=text, language="ru"))
    on = Destination(queue=dice.choice(others), priority=dice.randint(0, 2), requires=dice.choice(["", "english"]))
    rules = dice.sample(KINDS, dice.randint(0, 2))
    return replace(
        plain(dice, line, agents),
        overflow=tuple(Overflow(when=each, at=dice.choice([1, 2, 5.0]), to=dice.choice(others)) for each in rules),
        max_waiting=dice.choice([0, 1, 4]),
        max_wait_seconds=dice.choice([0.0, 3.0, 30.0]),
        join_empty=dice.choice(PRESENCE),
        leave_empty=dice.choice(PRESENCE),
        otherwise=dice.choice(
            [None, away, on, on, Destination(scenario=CONFIGURATION.scenarios[0].id), Destination(callback=True)]
        ),
    )


def usable(configuration: Configuration, contact: LiveContact, to: QueueId | None) -> bool:
    """Not where it was sent into or out of since the customer last chose."""
    chosen = [number for number, each in enumerate(contact.diversions) if each.reason == "key"]
    since = contact.diversions[chosen[-1] if chosen else 0 :]
    before = {contact.queue} | {each.queue for each in since} | {each.to for each in since}
    return to in {queue.id for queue in configuration.queues} - before


def there(state: EngineState, queue: Queue, presence: Presence) -> bool:
    absent = {"always": (), "logged_in": (AgentState.OFFLINE,), "ready": (AgentState.OFFLINE, AgentState.NOT_READY)}
    known = {agent.id for agent in state.configuration.agents}
    members = [a for a in state.agents if a.id in known and (queue.everyone or queue.id in a.queues)]
    return presence == "always" or any(agent.state not in absent[presence] for agent in members)


def check_limits(state: EngineState, now: float) -> None:
    queues = {queue.id: queue for queue in state.configuration.queues}
    for contact in state.contacts:
        if contact.state is not ContactState.WAITING or contact.queue not in queues:
            continue
        queue, stay = queues[contact.queue], now - (contact.entered_at or 0.0)
        for rule in queue.overflow:
            over = rule.when == "wait" and stay >= rule.at and usable(state.configuration, contact, rule.to)
            assert not over, "another queue should have it"
        to = queue.otherwise
        if to is None or (to.queue is not None and not usable(state.configuration, contact, to.queue)):
            continue
        if contact.away or (to.callback and contact.callback is not None):
            continue
        if to.scenario is not None and to.scenario in [each.scenario for each in contact.diversions]:
            continue
        assert not 0 < queue.max_wait_seconds <= stay, "it has waited too long"
        if contact.answered_at is None and queue.join_empty == queue.leave_empty:
            assert there(state, queue, queue.leave_empty), "it waits for nobody"


@pytest.mark.parametrize("seed", range(6))
def test_nobody_stays_over_a_limit_and_the_same_facts_decide_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_worlds, "queue", limited)
    world, reasons = World(seed), set()
    for _ in range(200):
        world.step()
        world.day.check()
        check_limits(world.day.engine.snapshot(), world.day.now)
        reasons |= {each.reason for contact in world.day.engine.contacts() for each in contact.diversions}
    world.day.check_replay()
    assert len(reasons) >= 2, "this world tried nothing out"
