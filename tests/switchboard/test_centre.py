"""A call through the whole switchboard, and what is left of it after crashes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import text
from tests.feed import FollowedPage, comparable
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall, SimulatedVoice
from otklik.contact.decisions import End, Offer, VoiceDecision
from otklik.contact.facts import (
    Configured,
    ContactFinished,
    CustomerLeft,
    OfferExpired,
    RecordingStored,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, TenantId
from otklik.contact.ports import FeedClosed, Watcher
from otklik.embedded.postgres import EmbeddedPostgres
from otklik.errors import AppError, PeerError
from otklik.storage.log import Deposed, EventLog
from otklik.switchboard.feed import Page
from otklik.tenancy import store as tenancy


async def choose(running: Running, call: SimulatedCall, key: str) -> None:
    """Hear the menu, press the key."""
    await until(lambda: call.said)
    call.press(key)


async def reaches(running: Running, call: SimulatedCall, state: str) -> None:
    engine = running.exchange._centres[running.tenant].engine

    def there() -> bool:
        contact = engine.contact(call.contact)
        return contact is not None and contact.state == state

    await until(there)


async def talks(running: Running, agent: AgentId) -> SimulatedCall:
    """A call from the menu to this agent's ear."""
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await choose(running, call, "1")
    await until(lambda: running.voice.phone(agent).ringing)
    running.voice.phone(agent).answer()
    await reaches(running, call, "talking")
    return call


async def rows(running: Running, query: str) -> list[tuple[object, ...]]:
    async with running.database.transaction(running.tenant) as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_call_passes_menu_agent_and_wrap_up_and_stands_in_history(running: Running) -> None:
    anna = await running.ready("Анна")
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    phone = running.voice.phone(anna)
    await until(lambda: phone.ringing)
    await until(lambda: call.hears == {"music"})
    phone.answer()
    await until(lambda: phone.hears == {"customer"} and call.hears == {"agent"})
    await running.exchange.submit(running.tenant, ContactFinished(contact=call.contact, agent=anna))
    await until(lambda: not call.alive)
    done = WrapUpFinished(contact=call.contact, agent=anna, disposition="resolved")
    await running.exchange.submit(running.tenant, done)
    centre = running.exchange._centres[running.tenant]
    await centre.projector.flush()
    found = await rows(running, "select outcome, stage, queue_id, agent_id, disposition, choices from contact")
    assert found == [("answered", "talking", "sales", anna, "resolved", ["Продажи"])]


async def test_the_card_is_on_the_page_before_the_line_rings(database_url: str) -> None:
    order: list[str] = []

    class Watched(SimulatedVoice):
        async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
            if isinstance(decision, Offer):
                while cast(Page, page)._messages:  # what the page has been sent by now
                    message: dict[str, Any] = json.loads(await page.next())
                    for contact in message.get("set", {}).get("contacts", []):
                        if contact["customer"]:
                            order.append(f"card of {contact['customer']['name']}")
                order.append("ring")
            await super().perform(tenant, decision)

    running = await open_centre(database_url, Watched())
    anna = await running.ready("Анна")
    page = running.exchange.subscribe(running.tenant, Watcher(person=anna, agent=anna))
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: "ring" in order)
    assert order[order.index("ring") - 1] == "card of Иван Петров"
    await running.stop()


async def test_the_next_customer_rings_before_the_line_of_the_last_is_taken_down(database_url: str) -> None:
    order: list[str] = []

    class Watched(SimulatedVoice):
        async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
            if isinstance(decision, Offer | End):
                order.append(f"{type(decision).__name__} {decision.contact}")
            await super().perform(tenant, decision)

    running = await open_centre(database_url, Watched())
    centre = running.exchange._centres[running.tenant]
    queues = tuple(replace(queue, wrap_up_seconds=0) for queue in centre.engine.configuration.queues)
    changed = replace(centre.engine.configuration, queues=queues)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))
    anna = await running.ready("Анна")
    phone = running.voice.phone(anna)
    first, second = [running.voice.arrive("1000", ani) for ani in ("+79161234567", "+79030000001")]
    assert first is not None and second is not None
    await choose(running, first, "1")
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: first.hears == {"agent"})
    await choose(running, second, "1")
    await reaches(running, second, "waiting")
    order.clear()
    await running.exchange.submit(running.tenant, ContactFinished(contact=first.contact, agent=anna))
    await until(lambda: not first.alive)
    assert order == [f"Offer {second.contact}", f"End {first.contact}"]
    await running.stop()


async def straight_to_sales(running: Running) -> None:
    """The number 1000 leads there without a word."""
    configuration = running.exchange._centres[running.tenant].engine.configuration
    silent = tuple(replace(each, greeting="", choices=()) for each in configuration.scenarios)
    await running.exchange.submit(running.tenant, Configured(configuration=replace(configuration, scenarios=silent)))


async def test_customer_is_looked_up_while_the_arrival_is_on_its_way_to_the_log(running: Running) -> None:
    await straight_to_sales(running)
    centre = running.exchange._centres[running.tenant]
    running.exchange.subscribe(running.tenant, Watcher(person="olga", floor=True))
    append, hold = centre.event_log.append, asyncio.Event()

    async def held(facts: Any) -> int:
        await hold.wait()
        return await append(facts)

    centre.event_log.append = held  # type: ignore[method-assign]  # held back for this test
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: centre.cards._ahead.get(call.contact))
    assert centre.engine.contact(call.contact) is None and not centre.cards.cards()
    hold.set()
    await reaches(running, call, "waiting")
    card = centre.cards.cards()[call.contact]
    assert card.customer is not None and card.customer.name == "Иван Петров"
    await until(lambda: (known := centre.engine.contact(call.contact)) is not None and known.customer is not None)


async def test_a_telephone_without_a_page_does_not_wait_for_a_card(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await straight_to_sales(running)
    anna = await running.ready("Анна")
    centre = running.exchange._centres[running.tenant]
    asked = asyncio.Event()

    async def never(contact: ContactId) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(centre.cards, "ready", never)
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: running.voice.phone(anna).ringing)
    assert not asked.is_set()
    running.voice.phone(anna).decline()
    running.exchange.subscribe(running.tenant, Watcher(person=anna, agent=anna))
    assert centre.feed.shows(anna)


async def test_page_that_follows_the_changes_shows_the_fresh_state(running: Running) -> None:
    anna = await running.ready("Анна")
    watcher = Watcher(person=anna, agent=anna, floor=True)
    page = running.exchange.subscribe(running.tenant, watcher)
    followed = FollowedPage()
    await followed.read(page)
    for ani in ("+79161234567", None, "+12025550123"):
        call = running.voice.arrive("1000", ani)
        assert call is not None
        await choose(running, call, "1")
        await until(lambda: running.voice.phone(anna).ringing)
        running.voice.phone(anna).answer()
        await reaches(running, call, "talking")
        call.hang_up()
        await reaches(running, call, "wrap_up")
        done = WrapUpFinished(contact=call.contact, agent=anna, disposition="resolved")
        await running.exchange.submit(running.tenant, done)
    running.exchange.refresh_all()
    while True:
        fresh = FollowedPage()
        await fresh.read(running.exchange.subscribe(running.tenant, watcher))
        if comparable(followed.state) == comparable(fresh.state):
            return
        async with asyncio.timeout(30):
            await followed.read(page)


async def test_killed_centre_comes_back_with_its_contacts_in_their_places(database_url: str) -> None:
    before = await open_centre(database_url)
    calls = []
    for number in range(5):
        call = before.voice.arrive("1000", f"+7916000000{number}")
        assert call is not None
        calls.append(call)
        await choose(before, call, "2")
        await reaches(before, call, "waiting")
    await before.kill()

    after = await open_centre(database_url, before.voice)
    boris = await after.ready("Борис")
    phone = after.voice.phone(boris)
    await until(lambda: phone.ringing)
    assert phone.ringing is not None
    assert phone.ringing[0] == calls[0].contact
    engine = after.exchange._centres[after.tenant].engine
    assert [contact.id for contact in engine.contacts()] == [call.contact for call in calls]
    await after.stop()


async def test_contacts_whose_lines_died_while_we_were_away_are_closed_as_lost(database_url: str) -> None:
    before = await open_centre(database_url)
    call = before.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    await before.kill()
    after = await open_centre(database_url, SimulatedVoice())
    centre = after.exchange._centres[after.tenant]
    await until(lambda: centre.engine.contact(call.contact) is None)
    await centre.projector.flush()
    assert await rows(after, "select outcome, stage from contact") == [("lost", "scenario")]
    await after.stop()


async def test_a_missed_call_is_still_missed_after_a_restart(database_url: str) -> None:
    """The ring's timer follows from the log: the centre that was killed had not yet fired it."""
    before = await open_centre(database_url)
    anna = await before.ready("Анна")
    call = before.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: before.voice.phone(anna).ringing)
    await before.kill()
    after = await open_centre(database_url, before.voice)
    pending = [type(fact).__name__ for _, fact in after.exchange._centres[after.tenant].timers.pending()]
    assert "OfferExpired" in pending
    await after.stop()


async def test_timers_come_out_of_a_snapshot_as_the_facts_they_were(database_url: str) -> None:
    before = await open_centre(database_url)
    anna = await before.ready("Анна")
    call = before.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: before.voice.phone(anna).ringing)
    timers = before.exchange._centres[before.tenant].timers.pending()
    await before.stop()
    after = await open_centre(database_url, before.voice)
    assert timers[0] in after.exchange._centres[after.tenant].timers.pending()
    assert [type(fact) for _, fact in timers] == [OfferExpired]
    await after.stop()


async def test_orderly_stop_leaves_a_snapshot_and_nothing_to_fold(running: Running, database_url: str) -> None:
    call = running.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    last = running.exchange._centres[running.tenant].last_seq
    await running.stop()
    log = EventLog(database_url, running.tenant)
    found = await log.last_snapshot()
    assert found is not None
    assert found[0] >= last
    assert [fact async for fact in log.read(found[0])] == []
    await log.close()


async def test_snapshot_of_another_version_is_left_aside_and_the_log_folded(
    running: Running, database_url: str
) -> None:
    call = running.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    last = running.exchange._centres[running.tenant].last_seq
    await running.kill()
    log = EventLog(database_url, running.tenant)
    await log.save_snapshot(last, b'{"engine": {"now": "what is this"}}')
    await log.close()
    after = await open_centre(database_url, running.voice)
    assert after.exchange._centres[after.tenant].engine.contact(call.contact) is not None
    await after.stop()


async def test_deposed_centre_writes_nothing_more(running: Running, database_url: str) -> None:
    other = EventLog(database_url, running.tenant)
    await other.take("test", 10.0)
    agent = running.agent("Анна")
    running.exchange.post(running.tenant, ShiftStarted(agent=agent))
    with pytest.raises(ExceptionGroup) as failure:
        await running.task
    assert failure.group_contains(Deposed)
    facts = [fact async for _, _, fact in other.read(0)]
    assert ShiftStarted(agent=agent) not in facts
    await other.release()
    await running.kill()


async def test_two_hundred_calls_at_once_with_one_agent_lose_nobody(running: Running) -> None:
    anna = await running.ready("Анна")
    calls = [running.voice.arrive("1000", f"+791611{number:05}") for number in range(200)]
    engine = running.exchange._centres[running.tenant].engine
    await until(lambda: all(call is not None and call.said for call in calls))
    for call in calls:
        assert call is not None
        call.press("1")
    await until(lambda: sum(c.state in ("waiting", "offered") for c in engine.contacts()) == 200)
    assert sum(contact.state == "offered" for contact in engine.contacts()) == 1
    await until(lambda: running.voice.phone(anna).ringing)
    for call in calls:
        assert call is not None
        call.hang_up()
    await until(lambda: not list(engine.contacts()))
    await running.exchange._centres[running.tenant].projector.flush()
    assert await rows(running, "select outcome, count(*)::int from contact group by 1") == [("abandoned", 200)]


async def test_new_contacts_are_refused_when_the_log_is_far_behind(running: Running) -> None:
    centre = running.exchange._centres[running.tenant]
    await running.kill()
    for _ in range(5000):
        centre.post(StatusChosen(agent=AgentId("nobody"), status="ready"))
    assert running.voice.arrive("1000") is None
    known = ContactId("01900000-0000-7000-8000-000000000000")
    centre.post(CustomerLeft(contact=known, cause="hung_up"))  # what is already here is never refused
    assert len(centre._waiting) == 5001


async def test_wish_of_an_agent_who_is_not_in_shift_is_refused(running: Running) -> None:
    with pytest.raises(AppError) as refused:
        await running.exchange.submit(running.tenant, StatusChosen(agent=running.agent("Анна"), status="ready"))
    assert (refused.value.code, refused.value.status) == ("not_in_shift", 409)


async def test_page_that_falls_far_behind_is_told_to_begin_again(running: Running) -> None:
    anna = await running.ready("Анна")
    page = running.exchange.subscribe(running.tenant, Watcher(person=anna, agent=anna))
    for turn in range(300):
        chosen = StatusChosen(agent=anna, status="not_ready", reason="lunch" if turn % 2 else "break")
        await running.exchange.submit(running.tenant, chosen)
    with pytest.raises(FeedClosed):
        await page.next()


async def test_database_killed_under_load_loses_and_doubles_nothing(running: Running, server: EmbeddedPostgres) -> None:
    anna = await running.ready("Анна")
    before = running.exchange._centres[running.tenant].last_seq
    assert server.pid is not None
    wishes = [
        asyncio.create_task(
            running.exchange.submit(
                running.tenant,
                StatusChosen(agent=anna, status="not_ready", reason="lunch" if turn % 2 else "break"),
            )
        )
        for turn in range(100)
    ]
    os.kill(server.pid, signal.SIGKILL)
    await asyncio.gather(*wishes)
    async with asyncio.timeout(20):
        while not await running.database.up():  # it may have died after the last commit
            await asyncio.sleep(0.05)
    assert running.exchange._centres[running.tenant].last_seq == before + 100
    found = await rows(running, f"select count(*)::int, max(seq)::int from fact where seq > {before}")
    assert found == [(100, before + 100)]


async def test_shift_ends_with_a_session_that_ran_out_unnoticed(running: Running) -> None:
    anna = await running.ready("Анна")
    engine = running.exchange._centres[running.tenant].engine
    async with running.database.transaction(running.tenant) as connection:
        await tenancy.open_session(connection, anna, b"hash", "127.0.0.1")
    running.voice.phone(anna).unregister()
    await until(lambda: (found := engine.agent(anna)) is not None and not found.reachable)
    await running.exchange.end_abandoned_shifts()
    there = engine.agent(anna)
    assert there is not None
    assert there.state == "ready"  # the page may come back
    async with running.database.transaction(running.tenant) as connection:
        await connection.execute(text("update session set seen_at = now() - interval '13 hours'"))
    await running.exchange.end_abandoned_shifts()
    await until(lambda: (found := engine.agent(anna)) is None or found.state == "offline")


async def test_fact_that_cannot_be_written_takes_nobody_with_it(running: Running) -> None:
    anna = running.agent("Анна")
    bad = running.exchange.submit(running.tenant, ShiftStarted(agent=AgentId("no uuid at all")))
    good = running.exchange.submit(running.tenant, ShiftStarted(agent=anna))
    answers = await asyncio.gather(bad, good, return_exceptions=True)
    assert isinstance(answers[0], AppError)
    assert answers[1] == []


async def test_who_waits_for_what_could_not_be_decided_is_told_of_a_fault(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OverflowError

    anna, centre = running.agent("Анна"), running.exchange._centres[running.tenant]
    with monkeypatch.context() as broken:
        broken.setattr(centre, "decide", fails)
        with pytest.raises(AppError) as error:
            await running.exchange.submit(running.tenant, ShiftStarted(agent=anna))
    assert (error.value.code, error.value.status) == ("internal_error", 500)
    assert await running.exchange.submit(running.tenant, ShiftStarted(agent=anna)) == []


async def test_caller_in_the_menu_hears_it_again_after_a_restart(database_url: str) -> None:
    before = await open_centre(database_url)
    call = before.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    once = list(call.said)
    await before.kill()
    after = await open_centre(database_url, before.voice)
    await until(lambda: call.said == once * 2)
    call.press("1")
    await reaches(after, call, "waiting")
    await after.stop()


async def test_recording_of_a_contact_long_forgotten_still_finds_its_row(running: Running) -> None:
    call = running.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    call.hang_up()
    centre = running.exchange._centres[running.tenant]
    await until(lambda: centre.engine.contact(call.contact) is None)
    await centre.projector.flush()
    centre.engine._centre.ended.clear()  # as after ten minutes away
    stored = RecordingStored(contact=call.contact, key="recordings/late.wav", seconds=4.5)
    await running.exchange.submit(running.tenant, stored)
    await centre.projector.flush()
    found = await rows(running, "select recording_key, recording_seconds from contact")
    assert found == [("recordings/late.wav", 4.5)]


async def test_what_changes_who_hears_whom_is_done_as_soon_as_the_switch_is_back(database_url: str) -> None:
    away: list[str] = []

    class Flaky(SimulatedVoice):
        async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
            if isinstance(decision, End) and len(away) < 2:
                away.append("end")
                raise PeerError("simulator", "away", retryable=True)
            await super().perform(tenant, decision)

    running = await open_centre(database_url, Flaky())
    anna = await running.ready("Анна")
    call = await talks(running, anna)
    await running.exchange.submit(running.tenant, ContactFinished(contact=call.contact, agent=anna))
    await until(lambda: not call.alive)
    assert away == ["end", "end"]
    await running.stop()


async def test_after_a_restart_the_card_of_whoever_is_offered_comes_before_those_who_wait(database_url: str) -> None:
    before = await open_centre(database_url)
    calls = []
    for _ in range(20):
        call = before.voice.arrive("1000", "+79161234567")
        assert call is not None
        await choose(before, call, "1")
        await reaches(before, call, "waiting")
        calls.append(call)
    await before.kill()
    after = await open_centre(database_url, before.voice)
    cards, anna = after.exchange._centres[after.tenant].cards, after.agent("Анна")
    after.exchange.subscribe(after.tenant, Watcher(person=anna, agent=anna))
    await after.ready("Анна")
    await until(lambda: after.voice.phone(anna).ringing)
    assert cards.cards()[calls[0].contact].customer is not None
    await until(lambda: all(call.contact in cards.cards() for call in calls))
    await after.stop()


async def test_centre_is_told_at_its_start_whether_customers_can_be_called_back(database_url: str) -> None:
    async def told(voice: SimulatedVoice) -> tuple[bool, object]:
        running = await open_centre(database_url, voice)
        engine = running.exchange._centres[running.tenant].engine
        await until(lambda: engine.calls_out == voice.trunk)
        said = await rows(running, "select count(*) from fact where kind = 'calls_out_changed'")
        await running.kill()
        return engine.calls_out, said[0][0]

    without = SimulatedVoice(trunk=False)
    assert await told(without) == (False, 1)
    assert await told(without) == (False, 1), "nothing has changed"
    assert await told(SimulatedVoice()) == (True, 2)
