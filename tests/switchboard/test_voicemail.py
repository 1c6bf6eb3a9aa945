"""A caller leaves a message in the running centre: the contact it becomes, and what a crash between leaves of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.configuration import Overflow
from otklik.contact.facts import Configured, ContactArrived
from otklik.contact.flow import Block, Flow, HangUpBlock, VoicemailBlock
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.voicemail import Mailbox, message_of
from otklik.switchboard import snapshot
from otklik.switchboard.centre import Centre

SALES = QueueId("sales")
NUMBER = "+79990000000"
STEP = 2
FLOW = Flow(
    id=ScenarioId("night"),
    languages=("ru",),
    otherwise=SALES,
    blocks=(
        Block(
            id="message",
            name="Сообщение",
            voicemail=VoicemailBlock(queue=SALES, text={"ru": "Говорите"}, silence_seconds=0),
            exits={"done": "bye", "otherwise": "message"},
        ),
        Block(id="bye", hang_up=HangUpBlock(text={"ru": "Спасибо"})),
    ),
)


def centre_of(running: Running) -> Centre:
    return running.exchange._centres[running.tenant]


async def speaking(running: Running) -> SimulatedCall:
    """A caller who talks after the tone."""
    configuration = centre_of(running).engine.configuration
    entries = tuple(replace(each, scenario=FLOW.id, rules=()) for each in configuration.entry_points)
    changed = replace(configuration, flows=(FLOW,), entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))
    call = running.voice.arrive("1000", NUMBER)
    assert call is not None
    running.voice.keep_message = lambda contact, step, seconds: f"{contact}.{step}"
    await until(lambda: call.listening)
    await asyncio.sleep(0.01)
    return call


def waits(running: Running, call: ContactId) -> bool:
    found = centre_of(running).engine.contact(message_of(call, STEP))
    return found is not None and found.queue == SALES


@pytest.mark.parametrize("way", ["key", "hang_up"])
async def test_message_waits_with_the_callers_number_and_the_call_is_counted_so(running: Running, way: str) -> None:
    call = await speaking(running)
    call.press("#") if way == "key" else call.hang_up()
    await until(lambda: waits(running, call.contact))
    centre = centre_of(running)
    contact = centre.engine.contact(message_of(call.contact, STEP))
    assert contact is not None
    assert (contact.channel, contact.ani, contact.recording_key) == ("voicemail", NUMBER, f"{call.contact}.{STEP}")
    await until(lambda: not call.alive)
    await until(lambda: (found := centre.engine.record(call.contact)) is not None and found.outcome == "voicemail")
    assert call.said == (["Говорите", "Спасибо"] if way == "key" else ["Говорите"])
    await centre.projector.flush()  # the table takes the outcome
    assert centre.owed == {}


async def test_of_silence_nothing_is_kept_and_the_caller_is_asked_again(running: Running) -> None:
    call = await speaking(running)
    call.talk(False)
    call._message._talked = 0.0  # type: ignore[union-attr]  # it has talked all the time
    call.press("#")
    await until(lambda: call.said == ["Говорите"] * 2)
    assert not waits(running, call.contact)


async def test_caller_is_asked_again_after_a_crash_in_the_middle_of_the_message(database_url: str) -> None:
    before = await open_centre(database_url)
    call = await speaking(before)
    await before.kill()
    taken = call._message
    after = await open_centre(database_url, before.voice)
    await until(lambda: call._message is not None and call._message is not taken)
    call.hang_up()
    await until(lambda: waits(after, call.contact))
    await after.stop()


@pytest.mark.parametrize("with_snapshot", [False, True], ids=["from the log", "from a snapshot"])
async def test_message_whose_contact_was_not_yet_in_the_log_is_there_after_the_crash(
    database_url: str, with_snapshot: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await open_centre(database_url)
    call = await speaking(before)
    centre = centre_of(before)
    come = centre._come
    # It dies before the fact is taken.
    monkeypatch.setattr(centre, "_come", lambda fact: None if isinstance(fact, ContactArrived) else come(fact))
    call.hang_up()
    await until(lambda: centre.owed)
    await until(lambda: (found := centre.engine.record(call.contact)) is not None and found.ended_at is not None)
    if with_snapshot:
        await snapshot.save(centre)
    await before.kill()
    after = await open_centre(database_url, before.voice)
    await until(lambda: waits(after, call.contact))
    engine = centre_of(after).engine
    assert (found := engine.contact(message_of(call.contact, STEP))) is not None and found.ani == NUMBER
    await after.stop()
    again = await open_centre(database_url, before.voice)
    assert waits(again, call.contact)
    assert centre_of(again).owed == {}
    await again.stop()


@pytest.mark.parametrize("killed", [False, True])
async def test_queue_without_anybody_overflows_to_its_mailbox_also_over_a_crash(
    database_url: str, killed: bool
) -> None:
    running = await open_centre(database_url)
    configuration = centre_of(running).engine.configuration
    boxed = Overflow(when="agents", at=100, mailbox=Mailbox(text={"ru": "Говорите"}, thanks={"ru": "Спасибо"}))
    queues = tuple(replace(each, overflow=(boxed,)) if each.id == SALES else each for each in configuration.queues)
    straight = Flow(id=ScenarioId("straight"), languages=("ru",), otherwise=SALES, blocks=())
    entries = tuple(replace(each, scenario=straight.id, rules=()) for each in configuration.entry_points)
    wanted = replace(configuration, queues=queues, flows=(straight,), entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=wanted))
    call = running.voice.arrive("1000", NUMBER)
    assert call is not None
    running.voice.keep_message = lambda contact, step, seconds: f"{contact}.{step}"
    await until(lambda: call.listening)
    if killed:
        taken = call._message
        await running.kill()
        running = await open_centre(database_url, running.voice)
        await until(lambda: call._message is not None and call._message is not taken)
    await asyncio.sleep(0.01)
    call.press("#")
    centre = centre_of(running)
    await until(lambda: (found := centre.engine.record(call.contact)) is not None and found.outcome == "voicemail")
    left = [each for each in centre.engine.contacts() if each.channel == "voicemail"]
    assert [(each.queue, each.ani) for each in left] == [(SALES, NUMBER)]
    assert call.said[-1] == "Спасибо"
    await running.stop()
