"""A caller speaks to a menu of the running centre: where it leads, what is kept of the words, and what a crash leaves of it."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured, VerbFinished
from otklik.contact.flow import AskBlock, Block, BySpeech, Flow, ListenBlock, QueueBlock, SayBlock, VoicemailBlock
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.desk import view
from otklik.switchboard import snapshot
from otklik.switchboard.centre import Centre

FLOW = Flow(
    id=ScenarioId("spoken"),
    languages=("ru",),
    otherwise=QueueId("sales"),
    blocks=(
        Block(
            id="menu",
            ask=AskBlock(
                text={"ru": "Что вам нужно?"},
                keys={"1": "Продажи", "2": "Поддержка"},
                into="topic",
                speech=BySpeech(
                    phrases={"1": {"ru": ("продажи",)}, "2": {"ru": ("техподдержка",)}},
                    confirm={"ru": "Вам нужно: {heard}?"},
                    keys_only={"ru": "Нажмите 1 или 2"},
                ),
            ),
            exits={"1": "sales", "2": "support"},
        ),
        Block(id="sales", queue=QueueBlock(queue=QueueId("sales"))),
        Block(id="support", queue=QueueBlock(queue=QueueId("support"))),
    ),
)


def centre_of(running: Running) -> Centre:
    return running.exchange._centres[running.tenant]


async def asked(running: Running, flow: Flow = FLOW) -> SimulatedCall:
    configuration = centre_of(running).engine.configuration
    entries = tuple(replace(each, scenario=FLOW.id, rules=()) for each in configuration.entry_points)
    changed = replace(configuration, flows=(flow,), entry_points=entries)
    await running.exchange.submit(running.tenant, Configured(configuration=changed))
    call = running.voice.arrive("1000", "+79990000000")
    assert call is not None
    await until(lambda: bool(call.said))
    return call


def waits_in(running: Running, call: SimulatedCall, queue: str) -> bool:
    found = centre_of(running).engine.contact(call.contact)
    return found is not None and found.queue == queue


async def test_what_is_said_leads_to_its_queue_and_the_words_are_nowhere_but_beside_the_log(running: Running) -> None:
    call = await asked(running)
    call.say("ну мне бы техподдержка")
    await until(lambda: waits_in(running, call, "support"))
    found = centre_of(running).engine.contact(call.contact)
    assert found is not None
    assert found.attributes == {"topic": "2", "topic.confidence": "95"}
    told = await _told(running)
    async with running.database.transaction(running.tenant) as connection:
        (kept,) = await connection.execute(text("select step, said from contact_said"))
    assert not [each for each in told if "мне бы" in each]
    assert kept.said == "ну мне бы техподдержка"


SAYS_BACK = replace(
    FLOW,
    blocks=(
        replace(FLOW.blocks[0], exits={"1": "sales", "2": "back"}),
        Block(id="back", say=SayBlock(text={"ru": "Вы сказали: {topic.said}"}), exits={"done": "more"}),
        Block(
            id="more",
            ask=AskBlock(text={"ru": "{topic.said}: это верно?"}, keys={"1": "Да"}),
            exits={"1": "support", "otherwise": "sales"},
        ),
        *FLOW.blocks[1:],
    ),
)


@pytest.mark.parametrize("with_snapshot", [False, True], ids=["from the log", "from a snapshot"])
async def test_words_that_are_said_again_are_nowhere_but_beside_the_log_and_are_there_after_a_crash(
    database_url: str, with_snapshot: bool
) -> None:
    before = await open_centre(database_url)
    call = await asked(before, SAYS_BACK)
    call.say("ну мне бы техподдержка")
    await until(lambda: call.said[-2:] == ["Вы сказали: ну мне бы техподдержка", "ну мне бы техподдержка: это верно?"])
    await centre_of(before).decided.flush()
    if with_snapshot:
        await snapshot.save(centre_of(before))
    await before.kill()
    after = await open_centre(database_url, before.voice)
    await until(lambda: call.said[-2:] == ["ну мне бы техподдержка: это верно?"] * 2)
    call.press("1")
    await until(lambda: waits_in(after, call, "support"))
    told = await _told(after)
    assert not [each for each in told if "мне бы" in each]
    assert any("Вы сказали: {said " in each for each in told)
    await after.stop()


async def _told(running: Running) -> list[str]:
    """Facts and decisions, as they are kept."""
    await centre_of(running).decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
        decided = [bytes(row[0]) for row in await connection.execute(text("select body from decided"))]
    return [*facts, *(zlib.decompress(body).decode() for body in decided)]


@pytest.mark.parametrize("with_snapshot", [False, True], ids=["from the log", "from a snapshot"])
async def test_caller_who_was_asked_back_is_asked_back_again_after_a_crash(
    database_url: str, with_snapshot: bool
) -> None:
    before = await open_centre(database_url)
    call = await asked(before)
    call.say("тех задержка")
    await until(lambda: call.said[-1] == "Вам нужно: техподдержка?")
    if with_snapshot:
        await snapshot.save(centre_of(before))
    await before.kill()
    after = await open_centre(database_url, before.voice)
    await until(lambda: call.said[-2:] == ["Вам нужно: техподдержка?"] * 2)
    await until(lambda: call.hearing.wanted)
    call.say("да")
    await until(lambda: waits_in(after, call, "support"))
    (heard, _) = [reply for reply in await _replies(after) if reply.outcome == "heard"]
    assert (heard.said, heard.confidence) == ("тех задержка", 0.75)
    await after.stop()


async def test_words_are_in_no_snapshot_and_are_said_again_after_a_crash(database_url: str) -> None:
    before = await open_centre(database_url)
    call = await asked(before, SAYS_BACK)
    call.say("ну мне бы техподдержка")
    asks = "ну мне бы техподдержка: это верно?"
    await until(lambda: call.said[-1] == asks)
    await snapshot.save(centre_of(before))
    found = await centre_of(before).event_log.last_snapshot()
    assert found is not None and b'"outcome":"heard"' in (body := zlib.decompress(found[1]))
    assert "мне бы" not in body.decode()
    await before.kill()
    after = await open_centre(database_url, before.voice)
    await until(lambda: call.said[-2:] == [asks, asks])
    call.press("1")
    await until(lambda: waits_in(after, call, "support"))
    await after.stop()


PHRASE = replace(
    FLOW,
    blocks=(
        Block(
            id="why",
            listen=ListenBlock(text={"ru": "Что случилось?"}, into="reason"),
            exits={"done": "support", "unsure": "mailbox", "otherwise": "sales"},
        ),
        Block(id="mailbox", voicemail=VoicemailBlock(queue=QueueId("support")), exits={"otherwise": "sales"}),
        *FLOW.blocks[1:],
    ),
)


def shown(running: Running, contact: ContactId) -> dict[str, str]:
    """As at the desk."""
    engine = centre_of(running).engine
    known = engine.known(contact)
    assert known is not None
    return {str(each["name"]): str(each["value"]) for each in view._found(engine, known)}


@pytest.mark.parametrize("with_snapshot", [False, True], ids=["from the log", "from a snapshot"])
async def test_a_phrase_is_shown_at_the_desk_and_stands_nowhere_but_beside_the_log(
    database_url: str, with_snapshot: bool
) -> None:
    before = await open_centre(database_url)
    call = await asked(before, PHRASE)
    call.say("сломался лифт", 0.87)
    await until(lambda: waits_in(before, call, "support"))
    found = centre_of(before).engine.contact(call.contact)
    assert found is not None
    assert found.attributes == {"reason": "{said 1}", "reason.confidence": "87"}
    told = {"reason": "сломался лифт", "reason.confidence": "87"}
    assert shown(before, call.contact) == told
    await centre_of(before).decided.flush()
    if with_snapshot:
        await snapshot.save(centre_of(before))
        kept = await centre_of(before).event_log.last_snapshot()
        assert kept is not None and "лифт" not in zlib.decompress(kept[1]).decode()
    await before.kill()
    after = await open_centre(database_url, before.voice)
    assert shown(after, call.contact) == told
    assert not [each for each in await _told(after) if "лифт" in each]
    await after.stop()


async def test_a_phrase_that_was_erased_leaves_the_contact_where_it_was(database_url: str) -> None:
    before = await open_centre(database_url)
    call = await asked(before, PHRASE)
    call.say("сломался лифт", 0.87)
    await until(lambda: waits_in(before, call, "support"))
    await before.kill()
    async with before.database.transaction(before.tenant) as connection:
        await connection.execute(text("delete from contact_said"))
    after = await open_centre(database_url, before.voice)
    assert waits_in(after, call, "support")
    assert shown(after, call.contact) == {"reason.confidence": "87"}
    await after.stop()


@pytest.mark.parametrize("with_snapshot", [False, True], ids=["from the log", "from a snapshot"])
async def test_a_message_has_the_phrase_of_its_call(database_url: str, with_snapshot: bool) -> None:
    before = await open_centre(database_url)
    call = await asked(before, PHRASE)
    call.say("лифт", 0.4)
    await until(lambda: call.listening)
    call.press("#")
    await until(lambda: waits_in(before, call, "sales"))
    (message,) = [each for each in centre_of(before).engine.contacts() if each.channel == "voicemail"]
    assert shown(before, message.id) == {"reason": "лифт", "reason.confidence": "40"}
    if with_snapshot:
        await snapshot.save(centre_of(before))
    await before.kill()
    after = await open_centre(database_url, before.voice)
    assert shown(after, message.id) == {"reason": "лифт", "reason.confidence": "40"}
    await after.stop()


async def _replies(running: Running) -> list[VerbFinished]:
    log = centre_of(running).event_log
    return [fact async for _, _, fact in log.read(0) if isinstance(fact, VerbFinished)]


async def test_where_nobody_listens_keys_are_asked_for_at_once(running: Running) -> None:
    running.voice.listens = "never"
    call = await asked(running)
    await until(lambda: call.said == ["Нажмите 1 или 2"])
    call.press("2")
    await until(lambda: waits_in(running, call, "support"))


async def test_a_recogniser_that_fails_leaves_the_keys(running: Running) -> None:
    running.voice.listens = "until_spoken_to"
    call = await asked(running)
    call.say("техподдержка")
    await until(lambda: call.said == ["Что вам нужно?", "Нажмите 1 или 2"])
    call.press("1")
    await until(lambda: waits_in(running, call, "sales"))


async def test_who_hangs_up_while_it_is_recognised_has_left(running: Running) -> None:
    call = await asked(running)
    call.say("техподдержка")
    call.hang_up()
    await until(
        lambda: (found := centre_of(running).engine.record(call.contact)) is not None and found.ended_at is not None
    )
    record = centre_of(running).engine.record(call.contact)
    assert record is not None
    assert record.outcome == "abandoned"
