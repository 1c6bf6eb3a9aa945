"""A customer keys another number to be called back at: it is read back, called, kept beside the log, and nowhere else."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.configuration import Callback, Destination, Exit
from otklik.contact.facts import Configured
from otklik.contact.flow import Block, CallbackBlock, Flow, QueueBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.routing import ContactState
from otklik.switchboard import snapshot

SALES = QueueId("sales")
ASKS, ENTERED, RIGHT = "Наберите номер", "Вы набрали", "Верно — 1"
KEYED, NUMBER = "89031112233", "+79031112233"
FLOW = Flow(
    id=ScenarioId("back"),
    languages=("ru",),
    otherwise=SALES,
    blocks=(
        Block(
            id="number",
            callback=CallbackBlock(
                queue=SALES, ask_number=True, text={"ru": ASKS}, entered={"ru": ENTERED}, right={"ru": RIGHT}
            ),
            exits={"otherwise": "wait"},
        ),
        Block(id="wait", queue=QueueBlock(queue=SALES)),
    ),
)


async def configure(running: Running, prefixes: tuple[str, ...] = ("+7",)) -> None:
    """Key 5 of the queue leads into the flow."""
    known = running.exchange._centres[running.tenant].engine.configuration
    exits = (Exit(digit="5", to=Destination(scenario=FLOW.id)),)
    queues = tuple(replace(each, exits=exits, callback=Callback(prefixes=prefixes)) for each in known.queues)
    await running.exchange.submit(
        running.tenant, Configured(configuration=replace(known, queues=queues, flows=(FLOW,)))
    )


async def waiting(running: Running) -> SimulatedCall:
    call = running.voice.arrive("1000", "+79160000001")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: state(running, call) is ContactState.WAITING and "music" in call.hears)
    return call


def state(running: Running, call: SimulatedCall) -> ContactState | None:
    found = running.exchange._centres[running.tenant].engine.contact(call.contact)
    return found.state if found is not None else None


async def keyed(call: SimulatedCall, times: int = 1, number: str = KEYED) -> None:
    await until(lambda: call.said.count(ASKS) == times and call.said[-1] == ASKS)
    call.press(f"{number}#")


async def test_number_that_was_keyed_and_confirmed_is_called_and_the_place_is_kept(running: Running) -> None:
    await configure(running)
    call = await waiting(running)
    came = running.exchange._centres[running.tenant].engine.contact(call.contact)
    assert came is not None
    place = came.key
    call.press("5")
    await keyed(call)
    await until(lambda: call.said[-1] == RIGHT)
    assert call.said[-len(KEYED) - 2 :] == [ENTERED, *KEYED, RIGHT], "digit by digit: each is a text of its own"
    call.press("1")
    await until(lambda: not call.alive)
    anna = await running.ready("Анна")
    phone = running.voice.phone(anna)
    await until(lambda: phone.ringing)
    assert came.key == place
    phone.answer()
    await until(lambda: running.voice.dialled(NUMBER))


async def test_another_key_begins_anew_and_silence_leads_on_into_the_queue(running: Running) -> None:
    await configure(running)
    call = await waiting(running)
    call.press("5")
    await keyed(call)
    await until(lambda: call.said[-1] == RIGHT)
    call.press("2")
    for times in (2, 3):
        await keyed(call, times, "12")
    await until(lambda: state(running, call) is ContactState.WAITING)
    assert call.alive


async def test_number_that_may_not_be_called_is_told_of_on_the_line(running: Running) -> None:
    await configure(running, ("+49",))
    call = await waiting(running)
    call.press("5")
    await keyed(call)
    await until(lambda: call.said[-1] == RIGHT)
    call.press("1")
    await until(lambda: any("не получится" in words for words in call.said))
    assert (call.alive, state(running, call)) == (True, ContactState.WAITING)


async def test_keyed_number_stands_beside_the_log_alone_and_a_restart_calls_it(
    database_url: str, running: Running
) -> None:
    await configure(running)
    call = await waiting(running)
    call.press("5")
    await keyed(call)
    await until(lambda: call.said[-1] == RIGHT)
    call.press("1")
    await until(lambda: not call.alive and state(running, call) is ContactState.WAITING)
    centre = running.exchange._centres[running.tenant]
    await centre.decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
        decided = [row[0] for row in await connection.execute(text("select body from decided"))]
        (kept,) = await connection.execute(text("select ani, callback_number from contact_party"))
    assert tuple(kept) == ("+79160000001", NUMBER)
    told = [*facts, *(zlib.decompress(body).decode() for body in decided)]
    assert not any("9031112233" in each for each in told)
    await running.kill()
    after = await open_centre(database_url, running.voice)
    found = after.exchange._centres[after.tenant].engine.contact(call.contact)
    assert found is not None and found.called_number == NUMBER
    await after.stop()


@pytest.mark.parametrize("from_snapshot", [False, True])
async def test_restart_before_it_is_confirmed_asks_for_the_number_again(
    database_url: str, running: Running, from_snapshot: bool
) -> None:
    await configure(running)
    call = await waiting(running)
    call.press("5")
    await keyed(call)
    await until(lambda: call.said[-1] == RIGHT)
    if from_snapshot:
        await snapshot.save(running.exchange._centres[running.tenant])
    await running.kill()
    after = await open_centre(database_url, running.voice)
    await keyed(call, 2)
    await until(lambda: call.said[-1] == RIGHT)
    call.press("1")
    await until(lambda: not call.alive)
    found = after.exchange._centres[after.tenant].engine.contact(call.contact)
    assert found is not None and found.called_number == NUMBER
    await after.stop()
