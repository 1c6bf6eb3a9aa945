"""A customer chooses a time: what is read out, which keys lead where, and what becomes of silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from otklik.contact.configuration import Configuration, Queue
from otklik.contact.decisions import Enqueue
from otklik.contact.flow import Block, CallbackBlock, Flow, QueueBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario.audit import faults
from otklik.scenario.choosing import clock, day, sentence
from otklik.scenario.rehearsal import Rehearsal, Stage, rehearse
from otklik.scenario.verbs import Visitor

SALES = QueueId("sales")
BERLIN = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN)


def flow(language: str = "ru", **how: Any) -> Flow:
    block = CallbackBlock(queue=SALES, ask_time=True, **how)
    return Flow(
        id=ScenarioId("call"),
        languages=(language,),
        otherwise=SALES,
        blocks=(
            Block(id="time", callback=block, exits={"impossible": "wait", "otherwise": "wait"}),
            Block(id="wait", queue=QueueBlock(queue=SALES)),
        ),
    )


def told(*presses: str, language: str = "ru", **how: Any) -> Rehearsal:
    stage = Stage(visitor=Visitor(ani="+79161234567", language=language, attributes={}))
    return rehearse(flow(language, **how), list(presses), stage)


@pytest.mark.parametrize(
    ("at", "russian", "english"),
    [
        (NOW.replace(hour=10), "Сегодня в десять часов — 1.", "For today at ten a.m. press 1."),
        (
            NOW + timedelta(days=1, minutes=30),
            "Завтра в девять часов тридцать минут — 1.",
            "For tomorrow at nine thirty a.m. press 1.",
        ),
        (
            datetime(2026, 12, 3, 21, 1, tzinfo=BERLIN),
            "Третьего декабря в двадцать один час одну минуту — 1.",
            "For December third at nine oh one p.m. press 1.",
        ),
    ],
)
def test_time_is_said_as_a_person_says_it(at: datetime, russian: str, english: str) -> None:
    assert sentence(at, NOW, "1", "ru") == russian
    assert sentence(at, NOW, "1", "en") == english
    assert clock(at, "ru") in russian and day(at, NOW, "en") in english


def test_next_times_are_read_out_and_the_key_chooses_one() -> None:
    heard = told("2")
    assert "Сегодня в десять часов — 1." in heard.said[0] and "Другое время — 9, другой день — 0." in heard.said[0]
    assert isinstance(heard.end, Enqueue) and heard.end.callback
    assert heard.end.callback_at == datetime(2026, 12, 1, 10, 30, tzinfo=UTC).timestamp()


def test_other_times_and_another_day_are_asked_for_with_keys() -> None:
    later = told("9", "1").end
    assert isinstance(later, Enqueue)
    assert later.callback_at == datetime(2026, 12, 1, 11, 30, tzinfo=UTC).timestamp()
    tomorrow = told("0", "1")
    assert "Завтра в ноль часов — 1." in tomorrow.said[1]


def test_silence_and_wrong_keys_lead_to_the_queue_after_some_attempts() -> None:
    heard = told("", "8", "", attempts=3)
    assert isinstance(heard.end, Enqueue) and not heard.end.callback
    assert len(heard.said) == 3


def test_number_may_be_asked_after_the_time() -> None:
    how: Any = {"ask_number": True, "text": {"ru": "Номер"}, "entered": {"ru": "Набрано"}, "right": {"ru": "Верно 1"}}
    heard = told("1", "89161234567#", "1", **how)
    assert isinstance(heard.end, Enqueue) and heard.end.callback and heard.end.number_step
    assert heard.end.callback_at is not None


def test_so_many_times_at_once_as_there_are_keys() -> None:
    known = Configuration(queues=(Queue(id=SALES, name=""),), flows=(flow(times=9),))
    assert "config_flow_times" in [fault.code for fault in faults(known)]
