"""What callers are told of an incident: when it will be over, said as people say it, and never a time that has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from otklik.contact.flow import Block, Flow, HangUpBlock, SayBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario.rehearsal import Stage, rehearse
from otklik.scenario.trouble import announced
from otklik.scenario.verbs import Trouble

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
TEXTS = {"ru": "Чиним кабель.", "en": "A cable is being mended."}
FLOW = Flow(
    id=ScenarioId("incident"),
    languages=("ru", "en"),
    otherwise=QueueId("support"),
    blocks=(
        Block(
            id="say",
            say=SayBlock(text={"ru": "Авария. {incident}", "en": "A fault. {incident}"}),
            exits={"done": "bye"},
        ),
        Block(id="bye", hang_up=HangUpBlock()),
    ),
)


def trouble(repaired_by: datetime | None, texts: dict[str, str] | None = None, now: datetime = NOW) -> Trouble:
    return Trouble(now=now, repaired_by=repaired_by, texts=TEXTS if texts is None else texts)


@pytest.mark.parametrize(
    ("at", "ru", "en"),
    [
        ((29, 15, 5), "сегодня в пятнадцать часов пять минут", "today at three oh five p.m."),
        ((29, 21, 0), "сегодня в двадцать один час", "today at nine p.m."),
        ((30, 9, 30), "завтра в девять часов тридцать минут", "tomorrow at nine thirty a.m."),
    ],
)
def test_the_time_is_said_as_people_say_it(at: tuple[int, int, int], ru: str, en: str) -> None:
    ends = NOW.replace(day=at[0], hour=at[1], minute=at[2])
    assert announced(trouble(ends), "ru") == f"Ожидаем восстановления {ru}. Чиним кабель."
    assert announced(trouble(ends, {}), "en") == f"We expect to have it mended {en}"
    assert announced(trouble(ends), "de") == f"We expect to have it mended {en} A cable is being mended."


def test_a_later_day_is_said_by_its_date() -> None:
    ends = datetime(2026, 12, 3, 10, 0, tzinfo=NOW.tzinfo)
    assert announced(trouble(ends, {}), "ru") == "Ожидаем восстановления третьего декабря в десять часов."
    assert "December third" in announced(trouble(ends, {}), "en")


def test_once_the_time_has_passed_it_is_said_that_it_takes_longer_and_no_time() -> None:
    ends = NOW + timedelta(hours=3)
    just_before = announced(trouble(ends, {}, ends - timedelta(seconds=1)), "ru")
    assert just_before == "Ожидаем восстановления сегодня в пятнадцать часов."
    for now in (ends, ends + timedelta(days=2)):
        assert announced(trouble(ends, now=now), "ru") == (
            "Ремонт занимает больше времени, чем мы ожидали. Чиним кабель."
        )
        assert announced(trouble(ends, {}, now), "en") == "The repair is taking longer than we expected."


def test_in_the_hour_that_comes_twice_it_is_known_which_one_it_is() -> None:
    first = datetime(2026, 10, 25, 2, 45, tzinfo=ZoneInfo("Europe/Berlin"))
    second = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert "is taking longer" in announced(trouble(first, {}, second), "en")
    assert "two thirty a.m." in announced(trouble(second, {}, first), "en")


def test_without_a_time_the_text_alone_is_said_and_without_either_nothing() -> None:
    assert announced(trouble(None), "en") == "A cable is being mended."
    assert announced(trouble(None, {}), "ru") == announced(None, "ru") == ""


class Place(Stage):
    """Where something is broken until noon and a bit."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW

    def trouble(self) -> Trouble | None:
        return trouble(NOW + timedelta(minutes=1), now=self.now)


def test_a_flow_says_it_where_the_text_has_its_place() -> None:
    place = Place()
    assert rehearse(FLOW, (), place).said == [
        "Авария. Ожидаем восстановления сегодня в двенадцать часов одну минуту. Чиним кабель."
    ]
    place.now += timedelta(minutes=2)
    assert rehearse(FLOW, (), place).said == ["Авария. Ремонт занимает больше времени, чем мы ожидали. Чиним кабель."]
    assert [text.strip() for text in rehearse(FLOW).said] == ["Авария."]
