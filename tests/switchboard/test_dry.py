"""Days without a database: many in little time, and what one of them once found."""

from __future__ import annotations

import asyncio
import json

import pytest
from msgspec.structs import replace
from tests.switchboard.dry import DryDay
from tests.switchboard.fate import Fate

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
    await day.settle(life)
    await life.centre.decided.flush()
    log, last = life.centre.event_log, life.centre.last_seq
    for first in (1, *(seq + 1 for seq, _ in day.store.snapshots)):
        again = await retelling.replay(log, first, last)
        assert (again.first, again.unknown, again.facts) == (None, 0, last - first + 1)
        assert again.from_snapshot == first - 1
    kinds = {type(fact).__name__ for fact in day.told}
    assert {
        "ConsultationAsked",
        "SupervisionStarted",
        "CallPlaced",
        "Answered",
        "KeyPressed",
        "CustomerNotFound",
        "HandlerStepped",
        "AgentAssigned",
        "AgentForwarded",
        "NoticePosted",
        "CallbackAsked",
        "CallbackMoved",
        "OutsideConsulted",
        "ContactSentOutside",
    } <= kinds
    assert any(isinstance(fact, VerbFinished) and fact.block for fact in day.told), "nobody was in the drawn scenario"
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
