"""Days without a database: many in little time, and what one of them once found."""

from __future__ import annotations

import asyncio
import json
from typing import Final

import pytest
from msgspec.structs import replace
from tests.switchboard import wishes
from tests.switchboard.dry import DryDay
from tests.switchboard.fate import Fate
from tests.switchboard.hazard import Day, Life

from otklik.contact.decisions import Offer
from otklik.contact.facts import ShiftStarted, StatusChosen, VerbFinished, WrapUpExpired, WrapUpExtended
from otklik.contact.ids import AgentId, ContactId
from otklik.routing import ContactState, Engine
from otklik.storage import codec
from otklik.switchboard import retelling, snapshot
from otklik.switchboard.deciding import Deciding
from otklik.switchboard.timers import Timers

BY_HAND = ("contact_pulled", "contact_pushed", "contact_answered_for")
"""Nobody else is considered then."""
RARE: Final[dict[str, wishes.Wish]] = {
    "ConsultationAsked": Day._agent_asks_a_colleague,
    "SupervisionStarted": Day._supervisor_joins,
    "CallPlaced": wishes.agent_calls_somebody,
    "AgentAssigned": wishes.agent_is_moved,
    "AgentForwarded": wishes.agent_forwards,
    "NoticePosted": wishes.supervisor_writes,
    "CallbackAsked": wishes.call_is_asked_for,
    "CallbackMoved": wishes.call_is_moved,
    "OutsideConsulted": wishes.agent_calls_outside,
    "ContactSentOutside": wishes.agent_calls_outside,
}
"""Facts that the whole day must hold, and who wishes them; most wishes want somebody who is talking, or waits to be called."""
DRAWN: Final = "VerbFinished in a drawn scenario"
ALL: Final = {*RARE, DRAWN, "Answered", "KeyPressed", "CustomerNotFound", "HandlerStepped"}
MOST_STEPS: Final = 5000


@pytest.fixture(autouse=True)
def snapshots_are_taken_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FEW", 2)
    monkeypatch.setattr(snapshot, "SLICE", 2)


@pytest.mark.parametrize("seed", range(1, 9))
async def test_centre_killed_anywhere_loses_nobody_and_offers_nobody_twice(seed: int) -> None:
    day = DryDay(seed)
    for _ in range(45):
        await day.live(steps=25)
    await day.evening()


def missing(day: DryDay) -> set[str]:
    drawn = any(isinstance(fact, VerbFinished) and fact.block for fact in day.told)
    return ALL - {type(fact).__name__ for fact in day.told} - ({DRAWN} if drawn else set())


async def until_all_has_happened(day: DryDay, life: Life) -> None:
    """What chance has not brought is wished for until it can be."""
    for _ in range(MOST_STEPS):
        for kind in sorted((wanted := missing(day)) & RARE.keys()):
            RARE[kind](day, life)
        if not wanted:
            return
        day.somebody_does_something(life)
        await asyncio.sleep(0)
    raise AssertionError(f"never happened: {missing(day)}")


@pytest.mark.timeout(300)
async def test_whole_day_is_decided_again_as_it_was_and_every_contact_of_it_can_be_explained() -> None:
    """With consultations, calls out and back, drawn scenarios that ask outside, supervision, other set-ups; from the beginning and from snapshots."""
    day = DryDay(27)
    life = await day.begin(Fate())
    assert life is not None
    for step in range(1200):
        day.somebody_does_something(life)
        await asyncio.sleep(0)
        if step % 200 == 150:
            await snapshot.save(life.centre)
    await until_all_has_happened(day, life)
    await day.settle(life)
    await life.centre.decided.flush()
    log, last = life.centre.event_log, life.centre.last_seq
    for first in (1, *(seq + 1 for seq, _ in day.store.snapshots)):
        again = await retelling.replay(log, first, last)
        assert (again.first, again.unknown, again.facts) == (None, 0, last - first + 1)
        assert again.from_snapshot == first - 1
    for contact in day.calls:
        steps = await retelling.why(log, contact)
        assert steps[0].kind == "contact_arrived"
        offered = [step for step in steps if any(isinstance(each, Offer) for each in step.decisions)]
        assert all(step.considered for step in offered if step.kind not in BY_HAND)
    await day.end(life)


async def test_snapshots_that_are_asked_for_at_once_hold_all_that_changed_meanwhile() -> None:
    day = DryDay(3)
    life = await day.begin(Fate())
    assert life is not None
    for _ in range(80):
        day.somebody_does_something(life)
        await asyncio.sleep(0)
    saves = [asyncio.create_task(snapshot.save(life.centre)) for _ in range(3)]
    for _ in range(60):
        day.somebody_does_something(life)
        await asyncio.sleep(0.001)
    await asyncio.gather(*saves)
    for seq, body in day.store.snapshots:
        kept = snapshot.load(seq, body, day.tenant)
        assert kept is not None
        folded = Deciding()
        for at, kind, fact, ani in day.store.facts[:seq]:
            folded.decide(codec.load(kind, json.loads(fact), ani), at)
        restored = Engine.restore(kept.engine).snapshot()
        assert restored.contacts == folded.engine.snapshot().contacts
        assert restored.agents == folded.engine.snapshot().agents
    await day.end(life)


def test_timer_that_is_set_again_after_it_has_fired_is_not_lost_by_a_restart() -> None:
    """Of an agent who had extended the wrap-up, or was in the second one of the same contact, it never ended."""
    expired = WrapUpExpired(contact=ContactId("c1"), agent=AgentId("anna"))
    timers = Timers(lambda: 0.0, lambda fact: None)
    for at, fact in ((60.0, expired), (120.0, expired), (60.0, replace(expired, agent=AgentId("boris")))):
        timers.set(at, fact)
    timers.settle(expired, 60.5)
    timers.compact(lambda fact: True)
    assert timers.pending() == [(60.0, replace(expired, agent=AgentId("boris"))), (120.0, expired)]


async def test_extended_wrap_up_ends_by_itself_after_a_restart_that_came_after_its_first_time() -> None:
    day = DryDay(1)
    life = await day.begin(Fate())
    assert life is not None
    agent = day.configuration.agents[0].id
    phone = day.switch.phone(agent)
    phone.tenant, phone.user = day.tenant, "user"
    phone.register()
    life.exchange.post(day.tenant, ShiftStarted(agent=agent))
    life.exchange.post(day.tenant, StatusChosen(agent=agent, status="ready"))
    call = day.switch.arrive("1000", "+79161000009")
    assert call is not None
    for keys in ("1", ""):
        await day.settle(life)
        call.press(keys)
    await day.settle(life)
    phone.answer()
    await day.settle(life)
    call.hang_up()
    await day.settle(life)
    life.exchange.post(day.tenant, WrapUpExtended(contact=call.contact, agent=agent))
    await day.settle(life)
    for seconds in (61, 0):
        day.passed += seconds
        life.centre.timers.fire_due()
        await day.settle(life)
    found = life.centre.engine.contact(call.contact)
    assert found is not None and found.state is ContactState.WRAP_UP
    await day.end(life)
    life = await day.begin(Fate())
    assert life is not None
    day.passed += 60
    life.centre.timers.fire_due()
    await day.settle(life)
    assert life.centre.engine.contact(call.contact) is None
    await day.end(life)
