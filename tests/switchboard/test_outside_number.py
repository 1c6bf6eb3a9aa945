"""A customer put through to somebody outside in the running centre: numbers, the account, the telling of it, and a crash between."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulated_callback import SimulatedOutside
from otklik.channels.voice.simulator import SimulatedCall, SimulatedVoice
from otklik.contact.configuration import Calling, Configuration
from otklik.contact.decisions import CallOutside
from otklik.contact.facts import Configured
from otklik.contact.flow import Block, CollectBlock, Flow, HangUpBlock, QueueBlock, SayBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.contact.outside_number import OutsideNumber
from otklik.routing import ContactState
from otklik.switchboard import snapshot
from otklik.switchboard.centre import Centre

SALES = QueueId("sales")
CALLER = "+79990000000"
DOCTOR = "+78005553535"
FLOW = Flow(
    id=ScenarioId("night"),
    languages=("ru",),
    otherwise=SALES,
    blocks=(
        Block(
            id="doctor",
            name="Врач",
            outside=OutsideNumber(dial="+7 (800) 555-35-35"),
            exits={"done": "bye", "otherwise": "sorry"},
        ),
        Block(id="sorry", say=SayBlock(text={"ru": "Не отвечают"}), exits={"done": "person"}),
        Block(id="person", queue=QueueBlock(queue=SALES)),
        Block(id="bye", hang_up=HangUpBlock(text={"ru": "Спасибо"})),
    ),
)
KEYED = replace(
    FLOW,
    blocks=(
        Block(id="number", collect=CollectBlock(text={"ru": "Номер"}, into="phone"), exits={"done": "doctor"}),
        replace(FLOW.blocks[0], outside=OutsideNumber(dial="{phone}", rules_of=SALES)),
        *FLOW.blocks[1:],
    ),
)


def centre_of(running: Running) -> Centre:
    return running.exchange._centres[running.tenant]


def with_flow(before: Configuration, flow: Flow) -> Configuration:
    entries = tuple(replace(each, scenario=flow.id, rules=()) for each in before.entry_points)
    calling = Calling(prefixes=("+7",))
    queues = tuple(replace(each, calling=calling) if each.id == SALES else each for each in before.queues)
    return replace(before, flows=(flow,), entry_points=entries, queues=queues)


async def arriving(running: Running, flow: Flow = FLOW) -> SimulatedCall:
    changed = with_flow(centre_of(running).engine.configuration, flow)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))
    call = running.voice.arrive("1000", CALLER)
    assert call is not None
    return call


async def called(running: Running, number: str = DOCTOR) -> SimulatedOutside:
    await until(lambda: running.voice.outside(number))
    line = running.voice.outside(number)
    assert line is not None
    return line


async def test_customer_is_put_through_by_a_flow_and_the_flow_goes_on(running: Running) -> None:
    call = await arriving(running)
    line = await called(running)
    assert (line.number, line.caller) == (DOCTOR, "1000")
    assert call.hears == {"ringing"}
    assert call.recorded and not call.silent
    line.answer()
    await until(lambda: call.hears == {"outside"})
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.talked_outside)
    line.hang_up()
    await until(lambda: not call.alive)
    assert call.said == ["Спасибо"]
    await until(lambda: (found := centre.engine.record(call.contact)) is not None and found.outcome == "outside")
    await centre.projector.flush()  # the tables take the outcome and the stretches
    assert centre.projector.behind == 0


@pytest.mark.parametrize("cause", ["busy", "no_answer", "failed"])
async def test_whom_nobody_answers_hears_so_and_waits(running: Running, cause: str) -> None:
    call = await arriving(running)
    line = await called(running)
    line.end(cause)  # type: ignore[arg-type]  # one of three
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.queue == SALES)
    assert call.said[0] == "Не отвечают"


async def test_a_keyed_number_is_read_as_people_write_it_and_no_log_of_decisions_has_one(running: Running) -> None:
    call = await arriving(running, KEYED)
    await until(lambda: call.said)
    call.press("89161112233#")
    line = await called(running, "+79161112233")
    line.answer()
    await until(lambda: call.hears == {"outside"})
    decided = CallOutside(contact=call.contact, attempt=1, ring_seconds=30)
    assert centre_of(running)._with_numbers(decided) == CallOutside(
        contact=call.contact, attempt=1, ring_seconds=30, number="+79161112233", caller="1000"
    )
    assert (decided.number, decided.caller) == ("", "")


@pytest.mark.parametrize("keys", ["8101900555#", "112#", "1900#", "00441234567890#", "+#", "*7916*#"])
async def test_what_may_not_be_called_is_not_whatever_is_keyed(running: Running, keys: str) -> None:
    number = replace(KEYED.blocks[0], collect=CollectBlock(text={"ru": "Номер"}, into="phone", timeout_seconds=1.0))
    call = await arriving(running, replace(KEYED, blocks=(number, *KEYED.blocks[1:])))
    await until(lambda: call.said)
    call.press(keys)
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.queue == SALES, 30)
    assert call.outside is None and centre.engine._centre.numbers_outside == {}


@pytest.mark.parametrize("saved", [True, False], ids=["snapshot", "log"])
async def test_a_conversation_outlives_a_kill_and_the_flow_goes_on_after_it(
    running: Running, database_url: str, saved: bool
) -> None:
    call = await arriving(running)
    line = await called(running)
    line.answer()
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.talked_outside)
    if saved:
        await snapshot.save(centre)
    voice: SimulatedVoice = running.voice
    await running.kill()
    again = await open_centre(database_url, voice)
    try:
        found = centre_of(again).engine.contact(call.contact)
        assert found is not None and found.state is ContactState.OUTSIDE
        assert call.outside is line and call.hears == {"outside"}
        line.hang_up()
        await until(lambda: not call.alive)
        assert call.said == ["Спасибо"]
    finally:
        await again.stop()


async def test_a_call_that_was_lost_with_our_process_goes_on_by_its_exit(running: Running, database_url: str) -> None:
    call = await arriving(running)
    await called(running)
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.outside is not None)
    await running.kill()
    call.outside = None
    again = await open_centre(database_url, running.voice)
    try:
        await until(lambda: "Не отвечают" in call.said)
        assert call.outside is None, "nobody is called twice"
    finally:
        await again.stop()
