"""A drawn flow in the running centre: what it finds out, what it ends in, and where it stands after a crash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured
from otklik.contact.flow import (
    AskBlock,
    Block,
    BranchBlock,
    Case,
    CollectBlock,
    Flow,
    HangUpBlock,
    QueueBlock,
    QueueTest,
    SetBlock,
)
from otklik.contact.ids import QueueId, ScenarioId
from otklik.storage.log import EventLog

SALES, SUPPORT = QueueId("sales"), QueueId("support")


def flow(prompt: str = "Номер заказа") -> Flow:
    quiet = Case(exit="quiet", state=(QueueTest(queue=SALES, waiting_at_most=5),))
    return Flow(
        id=ScenarioId("orders"),
        languages=("ru",),
        otherwise=SUPPORT,
        blocks=(
            Block(id="which", branch=BranchBlock(cases=(quiet,)), exits={"quiet": "order", "otherwise": "sales"}),
            Block(
                id="order",
                name=prompt,
                collect=CollectBlock(text={"ru": prompt}, into="order", min_digits=4, max_digits=4),
                exits={"done": "pin"},
            ),
            Block(
                id="pin",
                name="Код",
                collect=CollectBlock(text={"ru": "Код"}, into="pin", max_digits=4, masked=True),
                exits={"done": "set"},
            ),
            Block(id="set", set=SetBlock(attributes={"title": "Заказ {order}"}, priority=2), exits={"done": "menu"}),
            Block(
                id="menu",
                name="Меню",
                ask=AskBlock(text={"ru": "{title}: 1 — оператор, 2 — готово"}, keys={"1": "Оператор", "2": "Готово"}),
                exits={"1": "sales", "2": "bye"},
            ),
            Block(id="sales", name="Продажи", queue=QueueBlock(queue=SALES)),
            Block(id="bye", name="Прощание", hang_up=HangUpBlock(text={"ru": "До свидания"})),
        ),
    )


async def configure(running: Running, drawn: Flow) -> None:
    configuration = running.exchange._centres[running.tenant].engine.configuration
    entries = tuple(replace(each, scenario=drawn.id, rules=()) for each in configuration.entry_points)
    changed = replace(configuration, flows=(drawn,), entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))


async def calling(running: Running) -> SimulatedCall:
    call = running.voice.arrive("1000", "+79990000000")
    assert call is not None
    return call


async def says(call: SimulatedCall, words: str, keys: str = "") -> None:
    await until(lambda: call.said and call.said[-1] == words)
    call.press(keys)


async def test_what_a_flow_has_found_out_goes_with_the_contact_to_its_queue(running: Running) -> None:
    await configure(running, flow())
    call = await calling(running)
    await says(call, "Номер заказа", "4711")
    await says(call, "Код", "0815")
    await says(call, "Заказ 4711: 1 — оператор, 2 — готово", "1")
    engine = running.exchange._centres[running.tenant].engine
    await until(lambda: (found := engine.contact(call.contact)) is not None and found.queue == SALES)
    contact = engine.contact(call.contact)
    assert contact is not None
    assert contact.attributes == {"order": "4711", "pin": "****", "title": "Заказ 4711"}
    assert contact.path == ("which", "Номер заказа", "Код", "set", "Меню", "Продажи")
    assert contact.worth_seconds == 2 * engine.configuration.priority_seconds


async def test_masked_digits_are_nowhere_in_the_database(running: Running) -> None:
    await configure(running, flow())
    call = await calling(running)
    await says(call, "Номер заказа", "4711")
    await says(call, "Код", "0815")
    await says(call, "Заказ 4711: 1 — оператор, 2 — готово")
    await running.exchange._centres[running.tenant].decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        rows = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
    assert any('"digits": "4711"' in row for row in rows)
    assert any('"digits": "****"' in row for row in rows)
    assert not any("0815" in row for row in rows)


async def test_who_is_served_by_the_flow_is_counted_so(running: Running) -> None:
    await configure(running, flow())
    call = await calling(running)
    await says(call, "Номер заказа", "4711")
    await says(call, "Код", "0815#")
    await says(call, "Заказ 4711: 1 — оператор, 2 — готово", "2")
    await until(lambda: not call.alive)
    centre = running.exchange._centres[running.tenant]
    await until(lambda: (found := centre.engine.record(call.contact)) is not None and found.outcome == "served")
    await centre.projector.flush()
    async with running.database.transaction(running.tenant) as connection:
        assert [tuple(row) for row in await connection.execute(text("select outcome from contact"))] == [("served",)]


@pytest.mark.parametrize("orderly", [False, True], ids=["killed", "stopped"])
async def test_caller_goes_on_at_the_same_step_after_the_centre_died(database_url: str, orderly: bool) -> None:
    before = await open_centre(database_url)
    await configure(before, flow())
    call = await calling(before)
    await says(call, "Номер заказа", "4711")
    await says(call, "Код")
    # The flow has another version by then; this call keeps its own.
    await configure(before, flow("Другой вопрос"))
    await (before.stop() if orderly else before.kill())
    said = len(call.said)
    after = await open_centre(database_url, before.voice)
    await until(lambda: len(call.said) > said)
    assert call.said[said:] == ["Код"]
    call.press("0815")
    await says(call, "Заказ 4711: 1 — оператор, 2 — готово", "1")
    engine = after.exchange._centres[after.tenant].engine
    await until(lambda: (found := engine.contact(call.contact)) is not None and found.queue == SALES)
    await after.stop()


async def test_log_has_the_name_of_each_step(running: Running, database_url: str) -> None:
    await configure(running, flow())
    call = await calling(running)
    await says(call, "Номер заказа", "4711")
    await says(call, "Код")
    log = EventLog(database_url, running.tenant)
    steps = [fact.block async for _, _, fact in log.read(0) if type(fact).__name__ == "VerbFinished"]  # type: ignore[union-attr]  # told by its name
    assert steps == ["Номер заказа"]
    await log.close()
