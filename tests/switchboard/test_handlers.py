"""A Python handler in the running centre: calls go through it, past its faults, over a restart and over a new version."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured
from otklik.contact.handler import FunctionCall, FunctionCame, Handler, HandlerCall, HandlerFact, HandlerStepped
from otklik.contact.ids import ContactId, QueueId, ScenarioId, TenantId
from otklik.contact.voicemail import message_of
from otklik.desk import view, why
from otklik.handlers import store
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.storage.log import EventLog
from otklik.switchboard import snapshot

SALES, SUPPORT = QueueId("sales"), QueueId("support")
CODE = """
async def scenario(contact):
    pressed = await contact.ask("Номер заказа", max_digits=4, name="number")
    contact.set(order=pressed.digits, caller=contact.ani)
    if pressed.digits == "9999":
        contact.choices.append("Возврат")
        raise ValueError(f"no order of {contact.ani}")
    if pressed.digits == "0000":
        while True:
            pass
    again = await contact.ask(f"Заказ {pressed.digits}", max_digits=1, name="VERSION")
    await contact.to_queue("sales" if again.digits == "1" else "nowhere")
"""


def handler(version: str = "first") -> Handler:
    return Handler(id=ScenarioId("shop"), otherwise=SUPPORT, code=CODE.replace("VERSION", version))


PATIENT = Times(step=20.0, start=60.0, turn=20.0)
IMPATIENT = replace(PATIENT, step=3.0)


@pytest.fixture
async def handlers() -> AsyncIterator[ConfinedHandlers]:
    made = ConfinedHandlers(PATIENT)
    yield made
    await made.close()


async def configure(running: Running, made: Handler) -> None:
    configuration = running.exchange._centres[running.tenant].engine.configuration
    entries = tuple(replace(each, scenario=made.id, rules=()) for each in configuration.entry_points)
    changed = replace(configuration, handlers=(made,), entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))


async def calling(running: Running, keys: str) -> SimulatedCall:
    made = running.voice.arrive("1000", "+79990001122")
    assert made is not None
    await says(made, "Номер заказа", keys)
    return made


async def says(call: SimulatedCall, words: str, keys: str = "") -> None:
    await until(lambda: call.said and call.said[-1] == words, 30)
    call.press(keys)


async def queued(running: Running, contact: ContactId, queue: QueueId) -> dict[str, str]:
    """What the contact has with it in this queue."""
    engine = running.exchange._centres[running.tenant].engine
    await until(lambda: (found := engine.contact(contact)) is not None and found.queue == queue, 30)
    found = engine.contact(contact)
    assert found is not None
    return dict(found.attributes)


async def faults(running: Running) -> list[store.ScenarioFault]:
    await running.exchange._centres[running.tenant].faults.flush()
    async with running.database.transaction(running.tenant) as connection:
        return await store.faults(connection, ScenarioId("shop"))


async def test_call_goes_through_the_handler_to_the_queue_that_it_names(running: Running) -> None:
    await configure(running, handler())
    call = await calling(running, "4711")
    await says(call, "Заказ 4711", "1")
    assert (await queued(running, call.contact, SALES))["order"] == "4711"
    assert await faults(running) == []


async def test_fault_sends_the_call_to_the_default_queue_and_keeps_its_traceback(
    running: Running, database_url: str
) -> None:
    await configure(running, handler())
    call = await calling(running, "9999")
    assert (await queued(running, call.contact, SUPPORT))["order"] == "9999"
    engine = running.exchange._centres[running.tenant].engine
    found = engine.contact(call.contact)
    assert found is not None and found.choices == ("Возврат",)
    (fault,) = await faults(running)
    assert (fault.contact, fault.block, fault.reason) == (call.contact, "number", "ValueError: no order of {ani}")
    assert 'File "shop.py", line 7, in scenario' in fault.traceback
    steps = await running.exchange.why(running.tenant, call.contact)
    told = why.tell(call.contact, steps, {}, {}).steps
    assert any("ValueError: no order" in each.en and "line 7, in scenario" in each.en for each in told)


async def test_endless_step_and_a_queue_that_is_not_there_lose_no_call(
    running: Running, handlers: ConfinedHandlers
) -> None:
    await configure(running, handler())
    lost = await calling(running, "4711")
    await says(lost, "Заказ 4711")
    endless = await calling(running, "")
    handlers.times = IMPATIENT
    endless.press("0000")
    await queued(running, endless.contact, SUPPORT)
    handlers.times = PATIENT
    lost.press("2")
    await queued(running, lost.contact, SUPPORT)
    assert endless.alive and lost.alive
    assert sorted(each.reason for each in await faults(running)) == [
        "it has not come to its next step in 3 s",
        "there is no queue “nowhere”",
    ]


async def test_callers_number_goes_into_the_code_and_is_in_no_log(running: Running) -> None:
    await configure(running, handler())
    call = await calling(running, "9999")
    assert (await queued(running, call.contact, SUPPORT))["caller"] == "{ani}"
    centre = running.exchange._centres[running.tenant]
    await centre.decided.flush()
    await centre.faults.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
        kept = [
            str(row[0]) for row in await connection.execute(text("select scenario_fault::text from scenario_fault"))
        ]
    assert any("no order of {ani}" in each for each in facts) and len(kept) == 1
    assert not any("79990001122" in each for each in [*facts, *kept])


@pytest.mark.parametrize("snapshot_first", [True, False])
async def test_killed_program_goes_on_at_the_same_step_by_the_version_that_the_call_began_with(
    running: Running, database_url: str, handlers: ConfinedHandlers, snapshot_first: bool
) -> None:
    await configure(running, handler())
    call = await calling(running, "4711")
    await says(call, "Заказ 4711")
    await configure(running, handler("second"))
    if snapshot_first:
        await snapshot.save(running.exchange._centres[running.tenant])
    await running.kill()
    await handlers.close()
    back = await open_centre(database_url, running.voice, handlers=handlers)
    try:
        await until(
            lambda: call.said[-2:] == ["Заказ 4711", "Заказ 4711"]
        )  # asked again, since it may not have been heard
        call.press("1")
        assert (await queued(back, call.contact, SALES))["order"] == "4711"
        assert await faults(back) == []
        found = back.exchange._centres[back.tenant].engine.contact(call.contact)
        assert found is not None and found.path == ("number", "first", "queue")
    finally:
        await back.stop()


async def test_caller_who_hangs_up_during_a_step_leaves_nothing_behind(
    running: Running, database_url: str, handlers: ConfinedHandlers
) -> None:
    await configure(running, handler())
    call = await calling(running, "")
    centre = running.exchange._centres[running.tenant]
    _, process = handlers._where[running.tenant, call.contact]
    handlers.times = IMPATIENT
    call.press("0000")
    await until(process.turn.locked, 30)
    handlers.times = PATIENT
    call.hang_up()
    await until(lambda: call.contact not in centre.runs)
    other = await calling(running, "4711")
    await says(other, "Заказ 4711", "1")
    await queued(running, other.contact, SALES)
    log = EventLog(database_url, running.tenant)
    found = [
        fact async for _, _, fact in log.read(0) if isinstance(fact, HandlerStepped) and fact.contact == call.contact
    ]
    await log.close()
    assert [each.step for each in found] == [0]
    assert await faults(running) == []


TAKES = """
async def scenario(contact):
    contact.set(city="Орёл")
    said = await contact.voicemail("sales", "Говорите", silence_seconds=0, name="message")
    await contact.to_queue("support" if said.outcome == "recorded" else "sales")
"""


@pytest.mark.parametrize("way", ["key", "hang up"])
async def test_message_that_was_spoken_waits_in_its_queue_also_of_whoever_hangs_up_then(
    running: Running, way: str
) -> None:
    await configure(running, replace(handler(), code=TAKES))
    call = running.voice.arrive("1000", "+79990001122")
    assert call is not None
    running.voice.keep_message = lambda contact, step, seconds: f"{contact}.{step}"
    await until(lambda: call.listening, 30)
    await asyncio.sleep(0.01)
    if way == "key":
        call.press("#")
        await queued(running, call.contact, SUPPORT)
    else:
        call.hang_up()
    message = message_of(call.contact, 3)
    assert await queued(running, message, SALES) == {"city": "Орёл"}
    assert await faults(running) == []


SPEAKS = """
async def scenario(contact):
    pressed = await contact.menu("О чём вы?", {"1": "Продажи"}, speech={"1": ["отдел продаж"]}, name="topic")
    contact.set(topic=pressed.said)
    await contact.ask(f"Вы сказали: {pressed.said}", name="back")
    await contact.to_queue("sales")
"""


async def test_words_go_into_the_code_and_are_in_no_log_but_are_said(running: Running) -> None:
    await configure(running, replace(handler(), code=SPEAKS))
    call = running.voice.arrive("1000", "+79990001122")
    assert call is not None
    await until(lambda: bool(call.said), 30)
    call.say("отдел продаж ивановой")
    await says(call, "Вы сказали: отдел продаж ивановой", "1")
    assert (await queued(running, call.contact, SALES))["topic"] == "{said 1}"
    centre = running.exchange._centres[running.tenant]
    known = centre.engine.contact(call.contact)
    assert known is not None
    assert ("topic", "отдел продаж ивановой") in [
        (each["name"], each["value"]) for each in view._found(centre.engine, known)
    ]
    await centre.decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
    assert any("Вы сказали: {said 1}" in each for each in facts)
    assert not any("ивановой" in each for each in facts)


HEARS = """
from otklik.contact.hearing import Hearing

async def scenario(contact):
    pressed = await contact.ask("О чём вы?", hearing=Hearing(language="ru", phrases={}), name="topic")
    contact.set(topic=pressed.said)
    await contact.ask(f"Вы сказали: {pressed.said}", name="back")
    await contact.to_queue("sales")
"""


@pytest.mark.parametrize("words", ["sales", "block"])
async def test_words_that_are_names_lead_the_caller_nowhere_else(running: Running, words: str) -> None:
    await configure(running, replace(handler(), code=HEARS))
    call = running.voice.arrive("1000", "+79990001122")
    assert call is not None
    await until(lambda: bool(call.said), 30)
    call.say(words)
    await says(call, f"Вы сказали: {words}", "1")
    assert (await queued(running, call.contact, SALES))["topic"] == "{said 1}"
    assert await faults(running) == []


class Raw:
    """Handlers that let a frame through as it is."""

    def __init__(self, stepped: dict[str, Any]) -> None:
        self._stepped = stepped

    async def go_on(self, call: HandlerCall) -> HandlerFact:
        return HandlerStepped(contact=call.contact, step=call.step, **self._stepped)

    async def call(self, call: FunctionCall) -> FunctionCame:
        return FunctionCame()

    def expect(self, tenant: TenantId, handlers: Iterable[Handler]) -> None:
        pass

    def forget(self, tenant: TenantId, contact: ContactId) -> None:
        pass

    async def close(self) -> None:
        pass


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"x": found}
    return found


@pytest.mark.parametrize(
    "stepped",
    [
        {"learnt": {"attributes": {"\ud800": "x"}}},
        {"learnt": {"attributes": {"a\x00": "\ud800"}}},
        {"verb": {"kind": "say", "step": 1, "block": nested(3_000)}},
        {"verb": {"kind": "say", "step": 1, "block": object()}},
    ],
)
async def test_step_that_cannot_be_kept_ends_no_centre_and_loses_no_call(
    database_url: str, stepped: dict[str, Any]
) -> None:
    running = await open_centre(database_url, handlers=Raw(stepped))
    await configure(running, handler())
    for _ in range(2):
        call = running.voice.arrive("1000", "+79990001122")
        assert call is not None
        await queued(running, call.contact, SUPPORT)
    await running.exchange._centres[running.tenant].decided.flush()
    assert not running.task.done()
    await running.stop()


async def test_code_asks_for_a_callback_and_the_customer_keeps_the_place(running: Running) -> None:
    code = 'async def scenario(contact):\n    await contact.call_back("sales")\n'
    await configure(running, replace(handler(), code=code))
    call = running.voice.arrive("1000", "+79990001122")
    assert call is not None
    engine = running.exchange._centres[running.tenant].engine
    await until(lambda: (found := engine.contact(call.contact)) is not None and found.queue == SALES, 30)
    found = engine.contact(call.contact)
    assert found is not None and (found.callback is not None or call.alive)


async def test_without_processes_calls_go_to_the_default_queue(database_url: str) -> None:
    bare = await open_centre(database_url)
    await configure(bare, handler())
    call = bare.voice.arrive("1000", "+79990001122")
    assert call is not None
    await queued(bare, call.contact, SUPPORT)
    await bare.stop()
