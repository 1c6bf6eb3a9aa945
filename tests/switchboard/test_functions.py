"""A flow that calls a function of Python code, in the running centre: past its faults, over a restart and over a new version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until
from tests.switchboard.test_handlers import SALES, SUPPORT, faults, queued, says

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured
from otklik.contact.flow import Block, CollectBlock, Flow, FunctionBlock, QueueBlock, SubFlowBlock
from otklik.contact.handler import Handler
from otklik.contact.ids import ScenarioId
from otklik.desk import why
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.switchboard import snapshot

CODE = """
def level(number, order):
    if order == "9999":
        raise ValueError(f"no order of {number}")
    return "ours" if number.endswith("22") else "", {"version": "VERSION", "of": f"{number}/{order}"}
"""


def code(version: str = "first") -> Handler:
    return Handler(id=ScenarioId("shop"), otherwise=SUPPORT, code=CODE.replace("VERSION", version))


def drawn() -> Flow:
    given = {"number": "{ani}", "order": "{order}"}
    level = FunctionBlock(code=ScenarioId("shop"), function="level", parameters=given, into="vip", branches=("ours",))
    return Flow(
        id=ScenarioId("drawn"),
        languages=("ru",),
        otherwise=SUPPORT,
        blocks=(
            Block(
                id="order",
                collect=CollectBlock(text={"ru": "Номер заказа"}, into="order", max_digits=4),
                exits={"done": "level"},
            ),
            Block(id="level", function=level, exits={"ours": "sales"}),
            Block(id="sales", queue=QueueBlock(queue=SALES)),
        ),
    )


def outer() -> Flow:
    """A question; then `drawn` within it."""
    first, _, sales = drawn().blocks
    inner = Block(id="inner", flow=SubFlowBlock(flow=ScenarioId("drawn")))
    first = replace(first, exits={"done": "inner"})
    return replace(drawn(), id=ScenarioId("outer"), blocks=(first, inner, sales))


def inner() -> Flow:
    """Calls the function, asks, and calls it again."""
    first, level, sales = drawn().blocks
    assert first.collect is not None
    asks = replace(first, collect=replace(first.collect, text={"ru": "Ещё раз"}), exits={"done": "again"})
    return replace(drawn(), blocks=(replace(level, exits={"ours": "order"}), asks, replace(level, id="again"), sales))


@pytest.fixture
async def handlers() -> AsyncIterator[ConfinedHandlers]:
    made = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0))
    yield made
    await made.close()


async def configure(running: Running, *made: Handler, flows: tuple[Flow, ...] = ()) -> None:
    """The first of the flows is that of all numbers."""
    configuration = running.exchange._centres[running.tenant].engine.configuration
    flows = flows or (drawn(),)
    entries = tuple(replace(each, scenario=flows[0].id, rules=()) for each in configuration.entry_points)
    changed = replace(configuration, handlers=made, flows=flows, entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))


def arrive(running: Running) -> SimulatedCall:
    made = running.voice.arrive("1000", "+79990001122")
    assert made is not None
    return made


async def test_caller_goes_by_the_way_that_the_function_names_and_the_number_is_in_no_log(running: Running) -> None:
    await configure(running, code())
    call = arrive(running)
    await says(call, "Номер заказа", "4711")
    known = await queued(running, call.contact, SALES)
    assert (known["vip.version"], known["vip.of"]) == ("first", "{ani}/4711")
    centre = running.exchange._centres[running.tenant]
    await centre.decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
    assert any("{ani}/4711" in each for each in facts) and not any("79990001122" in each for each in facts)


async def test_fault_of_a_function_drops_nobody_and_is_kept_with_its_code(running: Running) -> None:
    await configure(running, code())
    call = arrive(running)
    await says(call, "Номер заказа", "9999")
    assert (await queued(running, call.contact, SUPPORT))["order"] == "9999"
    assert call.alive
    (fault,) = await faults(running)
    assert (fault.contact, fault.block, fault.reason) == (call.contact, "level", "ValueError: no order of {ani}")
    assert 'File "shop.py", line 4, in level' in fault.traceback and "79990001122" not in fault.traceback
    steps = await running.exchange.why(running.tenant, call.contact)
    told = why.tell(call.contact, steps, {}, {}).steps
    assert any("called the function “level” of “shop”" in each.en for each in told)
    assert any("no order of {ani}" in each.en for each in told)


@pytest.mark.parametrize("snapshot_first", [True, False])
async def test_contact_under_way_keeps_the_code_that_it_began_with_over_a_restart(
    running: Running, database_url: str, handlers: ConfinedHandlers, snapshot_first: bool
) -> None:
    await configure(running, code())
    call = arrive(running)
    await until(lambda: bool(call.said), 30)
    await configure(running, code("second"))
    other = arrive(running)
    await says(other, "Номер заказа", "4711")
    assert (await queued(running, other.contact, SALES))["vip.version"] == "second"
    if snapshot_first:
        await snapshot.save(running.exchange._centres[running.tenant])
    await running.kill()
    back = await open_centre(database_url, running.voice, handlers=handlers)
    try:
        await until(lambda: call.said == ["Номер заказа"] * 2, 30)  # asked again, since it may not have been heard
        call.press("4711")
        assert (await queued(back, call.contact, SALES))["vip.version"] == "first"
    finally:
        await back.stop()


@pytest.mark.parametrize("snapshot_first", [True, False])
async def test_code_that_came_with_a_flow_published_meanwhile_is_called_and_kept(
    running: Running, database_url: str, handlers: ConfinedHandlers, snapshot_first: bool
) -> None:
    await configure(running, flows=(outer(), replace(drawn(), blocks=drawn().blocks[-1:])))
    call = arrive(running)
    await until(lambda: bool(call.said), 30)
    await configure(running, code(), flows=(outer(), inner()))
    await says(call, "Номер заказа", "4711")
    await until(lambda: call.said[-1] == "Ещё раз", 30)
    await configure(running, code("second"), flows=(outer(), inner()))
    if snapshot_first:
        await snapshot.save(running.exchange._centres[running.tenant])
    await running.kill()
    back = await open_centre(database_url, running.voice, handlers=handlers)
    try:
        await until(lambda: call.said.count("Ещё раз") == 2, 30)
        call.press("4711")
        assert (await queued(back, call.contact, SALES))["vip.version"] == "first"
    finally:
        await back.stop()


async def test_call_that_died_with_the_program_is_made_again(
    running: Running, database_url: str, handlers: ConfinedHandlers
) -> None:
    """The process is asked and never answers, as one that died with us; the next life asks anew."""

    class Deaf:
        def __getattr__(self, name: str) -> Any:
            return getattr(handlers, name)

        async def call(self, call: Any) -> Any:
            asked.append(call.parameters)
            await until(lambda: False, 60)

    asked: list[dict[str, str]] = []
    await configure(running, code())
    centre = running.exchange._centres[running.tenant]
    centre.handling._handlers = Deaf()
    call = arrive(running)
    await says(call, "Номер заказа", "4711")
    await until(lambda: bool(asked), 30)
    await running.kill()
    back = await open_centre(database_url, running.voice, handlers=handlers)
    try:
        assert (await queued(back, call.contact, SALES))["vip.version"] == "first"
        assert asked == [{"number": "+79990001122", "order": "4711"}]
    finally:
        await back.stop()
