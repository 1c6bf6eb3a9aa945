"""The past told again: a day decided anew, a decision that was changed and is noticed, and why a contact went its way."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from tests.switchboard.conftest import Running, open_centre, until
from tests.switchboard.test_centre import choose, reaches, talks
from uuid_utils import uuid7

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.decisions import Offer
from otklik.contact.facts import (
    CallPlaced,
    Configured,
    ConsultationCompleted,
    ContactFinished,
    OfferDeclined,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId, TenantId
from otklik.contact.outside_number import ContactSentOutside, OutsideConsulted
from otklik.desk import store as desk
from otklik.desk.why import tell
from otklik.errors import AppError
from otklik.routing.rules import Rule
from otklik.storage.address import conninfo
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import decided, retelling, snapshot
from otklik.switchboard.decided import unpack
from otklik.tenancy import demo
from otklik.tenancy import store as tenancy


async def serve(running: Running, agent: AgentId) -> SimulatedCall:
    """A call from the menu to its outcome."""
    call = await talks(running, agent)
    await running.exchange.submit(running.tenant, ContactFinished(contact=call.contact, agent=agent))
    done = WrapUpFinished(contact=call.contact, agent=agent, disposition="resolved")
    await running.exchange.submit(running.tenant, done)
    return call


async def replayed(running: Running, first: int = 1, last: int | None = None) -> retelling.Replay:
    centre = running.exchange._centres[running.tenant]
    last = last or centre.last_seq  # whatever comes while decisions are written is not told yet
    await centre.decided.flush()
    return await retelling.replay(EventLog(running.database.url, running.tenant), first, last)


async def test_a_day_with_a_restart_and_a_snapshot_is_decided_again_the_same(database_url: str) -> None:
    before = await open_centre(database_url)
    anna = await before.ready("Анна")
    await serve(before, anna)
    first = before.exchange._centres[before.tenant].last_seq
    await snapshot.save(before.exchange._centres[before.tenant])
    await before.stop()
    after = await open_centre(database_url, before.voice)
    await after.ready("Анна")
    await serve(after, anna)
    last = after.exchange._centres[after.tenant].last_seq
    whole, rest = await replayed(after, last=last), await replayed(after, first + 1, last)
    assert (whole.different, whole.unknown, whole.from_snapshot) == (0, 0, 0)
    assert whole.compared == whole.facts == last
    assert (rest.different, rest.from_snapshot) == (0, first)
    assert 0 < rest.compared < whole.compared
    await after.stop()


async def test_one_decision_that_was_different_is_found_with_its_fact(running: Running) -> None:
    anna = await running.ready("Анна")
    call = await serve(running, anna)
    await running.exchange._centres[running.tenant].decided.flush()
    other = AgentId("00000000-0000-7000-8000-000000000001")
    await forge(running, Offer.__name__, other)
    found = await replayed(running)
    assert found.different == 1 and found.first is not None
    (then,) = [each for each in found.first.decided if each["kind"] == "Offer"]
    (now,) = [each for each in found.first.decides_now if each["kind"] == "Offer"]
    assert (then["agent"], now["agent"], now["contact"]) == (other, anna, call.contact)


async def forge(running: Running, kind: str, agent: AgentId) -> None:
    """As if another program had offered to this agent."""
    async with running.database.transaction(running.tenant) as connection:
        for row in list(await connection.execute(text("select first_seq, body from decided"))):
            lines = unpack(bytes(row.body))
            for decision in (each for decisions in lines for each in decisions if each["kind"] == kind):
                decision["agent"] = agent
            body = zlib.compress("\n".join(map(json.dumps, lines)).encode())
            values = {"body": body, "first": row.first_seq}
            await connection.execute(text("delete from decided where first_seq = :first"), values)
            await connection.execute(
                text("insert into decided select current_tenant(), :first, :facts, now(), :body"),
                values | {"facts": len(lines)},
            )


async def test_facts_whose_decisions_a_crash_kept_from_being_written_are_counted_and_not_compared(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decided, "GATHER_SECONDS", 600.0)
    before = await open_centre(database_url)
    anna = await before.ready("Анна")
    await before.exchange._centres[before.tenant].decided.flush()
    written = before.exchange._centres[before.tenant].last_seq
    await serve(before, anna)
    served = before.exchange._centres[before.tenant].last_seq
    await before.kill()
    after = await open_centre(database_url, before.voice)
    found = await replayed(after)
    assert found.different == 0
    assert found.compared == written
    assert found.unknown >= served - written > 0, "what is posted last may still be committed after `served`"
    await after.stop()


@pytest.mark.parametrize("asked_first", [False, True])
async def test_erased_numbers_outside_change_nothing_of_what_is_decided(running: Running, asked_first: bool) -> None:
    anna = await running.ready("Анна")
    call = await talks(running, anna)
    number, talk = "+79031112233", ContactId(str(uuid7()))
    asked = OutsideConsulted(contact=call.contact, agent=anna, consultation=talk, kept=-1, number=number)
    sent = ContactSentOutside(contact=call.contact, agent=anna, kept=-1, number=number)
    await running.exchange.submit(running.tenant, asked if asked_first else sent)
    await until(lambda: running.voice.outside(number))
    line = running.voice.outside(number)
    assert line is not None
    line.answer()
    await until(lambda: "outside" in (running.voice.phone(anna).hears if asked_first else call.hears))
    if asked_first:
        await running.exchange.submit(running.tenant, ConsultationCompleted(contact=call.contact, agent=anna))
        await reaches(running, call, "outside")
    line.hang_up()
    await until(lambda: bool(running.voice.phone(anna).ringing) if asked_first else not call.alive)
    async with running.database.transaction(running.tenant) as connection:
        erased = await connection.execute(text("delete from contact_said where step < 0"))
        assert erased.rowcount == 1
    found = await replayed(running)
    assert (found.different, found.unknown) == (0, 0), found.first


async def test_a_number_that_was_refused_is_refused_again_once_it_is_erased(running: Running) -> None:
    anna = await running.ready("Анна")
    call = await talks(running, anna)
    talk, placed, number = ContactId(str(uuid7())), ContactId(str(uuid7())), "666"
    queue = QueueId("sales")
    for wish in (
        OutsideConsulted(contact=call.contact, agent=anna, consultation=talk, kept=-1, number=number),
        ContactSentOutside(contact=call.contact, agent=anna, kept=-2, number=number),
        CallPlaced(contact=placed, agent=anna, queue=queue, entry_point=EntryPointId("russian"), number=number),
    ):
        with pytest.raises(AppError) as refused:
            await running.exchange.submit(running.tenant, wish)
        assert refused.value.code == "short_number_not_allowed"
    async with running.database.transaction(running.tenant) as connection:
        said = await connection.execute(text("delete from contact_said where step < 0"))
        party = await connection.execute(text("delete from contact_party where ani = '666'"))
        assert (said.rowcount, party.rowcount) == (2, 1)
    found = await replayed(running)
    assert (found.different, found.unknown) == (0, 0), found.first


async def test_a_call_that_was_placed_is_placed_again_once_its_number_is_erased(running: Running) -> None:
    anna = await running.ready("Анна")
    placed, number = ContactId(str(uuid7())), "+79031112233"
    entry_point = EntryPointId("russian")
    wish = CallPlaced(contact=placed, agent=anna, queue=QueueId("sales"), entry_point=entry_point, number=number)
    await running.exchange.submit(running.tenant, wish)
    await until(lambda: running.voice.phone(anna).ringing)
    running.voice.phone(anna).answer()
    await until(lambda: running.voice.dialled(number))
    line = running.voice.dialled(number)
    assert line is not None
    line.answer()
    await until(lambda: line.hears == {"agent"})
    line.hang_up()
    await until(lambda: not line.alive)
    async with running.database.transaction(running.tenant) as connection:
        party = await connection.execute(text("delete from contact_party where ani = :number"), {"number": number})
        assert party.rowcount == 1
    found = await replayed(running)
    assert (found.different, found.unknown) == (0, 0), found.first


def test_a_field_that_only_one_version_knows_is_no_difference() -> None:
    assert retelling.same([{"kind": "Offer", "agent": "a"}], [{"kind": "Offer", "agent": "a", "new": 1}])
    assert not retelling.same([{"kind": "Offer", "agent": "a"}], [{"kind": "Offer", "agent": "b"}])
    assert not retelling.same([], [{"kind": "Offer", "agent": "b"}])


async def test_why_names_each_step_and_the_rule_that_excluded_each_agent(running: Running) -> None:
    anna, boris = await running.ready("Анна"), await running.ready("Борис")
    kate = running.agent("Kate")
    await running.exchange.submit(running.tenant, StatusChosen(agent=boris, status="not_ready", reason="lunch"))
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await choose(running, call, "1")
    await until(lambda: running.voice.phone(anna).ringing)
    offer = running.voice.phone(anna).ringing
    assert offer is not None
    declined = OfferDeclined(contact=call.contact, agent=anna, offer=offer[1])
    await running.exchange.submit(running.tenant, declined)
    steps = await running.exchange.why(running.tenant, call.contact)
    offered = next(step for step in steps if any(isinstance(each, Offer) for each in step.decisions))
    assert {(each.agent, each.rule) for each in offered.considered} == {
        (anna, None), (boris, Rule.NOT_READY), (kate, Rule.OFFLINE)
    }  # fmt: skip
    assert offered.considered[0].agent == anna
    refused = next(step for step in steps if step.fact == declined)
    assert {(each.agent, each.rule) for each in refused.considered} == {
        (anna, Rule.DECLINED), (boris, Rule.NOT_READY), (kate, Rule.OFFLINE)
    }  # fmt: skip
    async with running.database.transaction(running.tenant) as connection:
        told = tell(call.contact, steps, *await desk.names(connection))
    english = [step.en for step in told.steps]
    assert english[0].startswith("The contact arrived at 1000")
    assert any("offered to Анна Смирнова (no. 1, rings 20 s)" in line for line in english)
    assert any(line.startswith("Анна Смирнова declined") for line in english)
    assert await running.exchange.why(running.tenant, call.contact, offered.seq) == steps[: steps.index(offered) + 1]


async def test_why_of_a_contact_too_far_back_is_refused_while_calls_go_on(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await running.ready("Анна")
    call = await serve(running, anna)
    monkeypatch.setattr(retelling, "FARTHEST", 3)
    with pytest.raises(AppError) as refused:
        await running.exchange.why(running.tenant, call.contact)
    assert refused.value.code == "too_far_back"
    assert await running.exchange.why(running.tenant, ContactId("00000000-0000-7000-8000-000000000001")) == []


async def cut(database_url: str, log: EventLog, last: int) -> None:
    """Its old facts were dropped, and the snapshot that knew them is of a version that this one cannot read."""
    await log.save_snapshot(last, b'{"engine": {"now": "what is this"}}')
    async with await psycopg.AsyncConnection.connect(conninfo(database_url)) as owner:
        await owner.execute("select set_config('otklik.tenant', %s, false)", (log.tenant,))
        await owner.execute("delete from otklik.fact where seq < %s", (last,))


async def test_a_log_whose_beginning_nobody_knows_any_more_starts_no_centre(
    running: Running, database_url: str
) -> None:
    call = running.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    tenant, last = running.tenant, running.exchange._centres[running.tenant].last_seq
    await running.kill()
    log = EventLog(database_url, tenant)
    await cut(database_url, log, last)
    with pytest.raises(AppError) as refused:
        await open_centre(database_url, running.voice)
    assert (refused.value.code, refused.value.data["first"], refused.value.data["known"]) == ("log_cut", last, 0)
    with pytest.raises(AppError, match="dropped"):
        await retelling.why(log, call.contact)
    with pytest.raises(AppError, match="dropped"):
        await retelling.replay(log, last, last)
    await log.close()


async def test_a_log_that_is_cut_stops_no_other_centre(running: Running, database_url: str) -> None:
    await running.kill()
    database, made = await Database.open(database_url), TenantId(str(uuid7()))
    wanted = replace(demo.CONFIGURATION, entry_points=(replace(demo.CONFIGURATION.entry_points[0], number="9000"),))
    async with database.transaction(made) as connection:
        await tenancy.add_tenant(connection, name="Соседи", provider="Провайдер", is_demo=False)
        await tenancy.save_configuration(connection, wanted)
    await database.close()
    both = await open_centre(database_url)
    for _ in range(2):
        await both.exchange.submit(made, Configured(configuration=wanted))
    assert both.voice.arrive("9000", "+79160000001") is not None
    last = both.exchange._centres[made].last_seq
    await both.kill()
    await cut(database_url, EventLog(database_url, made), last)
    with capture_logs() as told:
        left = await open_centre(database_url)
    (refused,) = [each for each in told if each["event"] == "tenant_not_taken"]
    assert (refused["tenant"], refused["log_level"], f"fact {last}," in refused["reason"]) == (made, "error", True)
    assert left.voice.arrive("9000", "+79160000001") is None
    await left.ready("Анна")
    assert await serve(left, left.agent("Анна"))
    assert (left.exchange.leads(made), left.exchange.leads(left.tenant)) == (False, True)
    await left.stop()
