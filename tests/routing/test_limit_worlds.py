"""Random centres with random limits and overflow, circles and all: nobody stays over a limit, is lost, or goes round."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import get_args

import pytest
from tests.routing import oracle, test_worlds
from tests.routing.centre import CONFIGURATION
from tests.routing.test_worlds import World

from otklik.contact.configuration import Configuration, Destination, Overflow, OverflowKind, Presence, Queue, Speech
from otklik.contact.ids import AgentId, QueueId
from otklik.contact.voicemail import Mailbox
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
        overflow=(Overflow(when="wait", at=1.0, to=others[int(line[1:]) - 1], keep=True),) * dice.randint(0, 1)
        + tuple(
            Overflow(when=each, at=dice.choice([1, 2, 5.0]), to=dice.choice(others), keep=dice.random() < 0.5)
            for each in rules
        )
        + (Overflow(when=dice.choice(KINDS), at=5.0, mailbox=Mailbox()),) * (dice.random() < 0.3),
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
    since = [each for each in contact.diversions[chosen[-1] if chosen else 0 :] if not each.keep]
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
            over = rule.when == "wait" and stay >= rule.at and not rule.keep
            assert not (over and usable(state.configuration, contact, rule.to)), "another queue should have it"
            if rule.keep and rule.when == "wait" and stay >= rule.at and rule.to in set(queues) - {queue.id}:
                called = contact.pinned is not None or rule.to in [each.id for each in oracle.helping(state, contact)]
                assert called, "another queue should help"
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


@pytest.mark.parametrize("seed", range(1, 7))
def test_nobody_stays_over_a_limit_and_the_same_facts_decide_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_worlds, "queue", limited)
    world, reasons, helped = World(seed), set(), 0
    for _ in range(200):
        world.step()
        world.day.check()
        check_limits(world.day.engine.snapshot(), world.day.now)
        helped += len(world.day.engine._centre.classes.also)
        reasons |= {each.reason for contact in world.day.engine.contacts() for each in contact.diversions}
    world.day.check_replay()
    assert len(reasons) >= 2 and helped, "this world tried nothing out"
