"""The wait that is expected: how it is found, what is promised and said, and how near it comes."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, SALES, Office, of
from tests.routing.centres import PatienceModel

from otklik.contact.decisions import Announce
from otklik.contact.facts import Configured, ContactFinished, CustomerLeft, StatusChosen
from otklik.contact.ids import ContactId
from otklik.routing import Engine
from otklik.routing.announcement import wait_speech
from otklik.routing.wait import ENOUGH

QUICK = replace(
    CONFIGURATION,
    queues=(replace(CONFIGURATION.queues[0], wrap_up_seconds=0, announce_wait=True), CONFIGURATION.queues[1]),
    reasons=(),
)


def served(office: Office, answers: int, seconds: float) -> None:
    """Boris answers so many calls that waited, each after so many seconds; four more wait then."""
    for n in range(answers + 5):
        office.queue(f"s{n}")
    for n in range(answers):
        office.answer(f"s{n}")
        office.now += seconds
        office.do(ContactFinished(contact=ContactId(f"s{n}"), agent=BORIS))
    office.answer(f"s{answers}")


def expected(office: Office) -> float | None:
    return next(queue.expected_wait_seconds for queue in office.engine.queues() if queue.id == SALES)


def test_nothing_is_promised_before_enough_answers_are_known() -> None:
    office = Office(QUICK, BORIS)
    served(office, ENOUGH - 1, 30.0)
    office.queue("late")
    assert office.record("late").promised_seconds is None
    assert expected(office) is None


def test_wait_is_the_place_times_the_interval_between_answers() -> None:
    office = Office(QUICK, BORIS)
    served(office, ENOUGH, 30.0)
    office.queue("late")
    assert office.record("late").promised_seconds == 5 * 30.0
    assert expected(office) == 6 * 30.0


def test_twice_as_many_agents_halve_the_wait_and_nobody_at_work_leaves_it_open() -> None:
    office = Office(QUICK, BORIS)
    served(office, ENOUGH, 30.0)
    assert expected(office) == 5 * 30.0
    office.come(ANNA)
    assert expected(office) == 5 * 30.0 / 2
    office.do(StatusChosen(agent=ANNA, status="not_ready"))
    for n in range(20):
        office.do(CustomerLeft(contact=ContactId(f"s{n}"), cause="hung_up"))
    for agent in (ANNA, BORIS):
        office.do(StatusChosen(agent=agent, status="not_ready"))
    assert expected(office) is None


def test_idle_hours_do_not_make_the_wait_longer() -> None:
    office = Office(QUICK, BORIS)
    served(office, ENOUGH, 30.0)
    before = office.engine.snapshot().paces[0].spent
    for n in range(20):
        office.do(CustomerLeft(contact=ContactId(f"s{n}"), cause="hung_up"))
    for n in range(10):
        office.now += 600.0
        office.talk(f"seldom{n}")
        office.do(ContactFinished(contact=ContactId(f"seldom{n}"), agent=BORIS))
    assert office.engine.snapshot().paces[0].spent == before


def test_whoever_finds_a_free_agent_is_promised_no_wait() -> None:
    office = Office(QUICK, BORIS)
    office.queue("c1")
    assert office.record("c1").promised_seconds == 0.0


def test_wait_is_said_after_the_place_where_the_queue_wants_it() -> None:
    office = Office(QUICK, BORIS)
    served(office, ENOUGH, 30.0)
    (announced,) = of(Announce, office.queue("late"))
    assert [speech.text for speech in announced.speech] == [
        "Вы в очереди под номером 5. Оставайтесь на линии.",
        "Ожидание: около трёх минут.",
    ]
    silent = replace(QUICK, queues=(replace(QUICK.queues[0], announce_wait=False), QUICK.queues[1]))
    office.do(Configured(configuration=silent))
    (announced,) = of(Announce, office.queue("later"))
    assert len(announced.speech) == 1


@pytest.mark.parametrize(
    ("seconds", "russian", "english"),
    [
        (0.0, "Ожидание: меньше минуты.", "The wait is less than a minute."),
        (59.9, "Ожидание: меньше минуты.", "The wait is less than a minute."),
        (200.0, "Ожидание: около пяти минут.", "The wait is about five minutes."),
        (7200.0, "Ожидание: больше получаса.", "The wait is more than half an hour."),
    ],
)
def test_wait_is_said_in_steps(seconds: float, russian: str, english: str) -> None:
    assert (wait_speech(seconds, "ru").text, wait_speech(seconds, "en").text) == (russian, english)


@settings(max_examples=30, deadline=None)
@given(
    intervals=st.lists(st.floats(0.1, 1000.0), min_size=ENOUGH, max_size=12),
    late=st.integers(1, 5),
)
def test_wait_is_never_negative_grows_with_the_place_and_outlives_a_restart(intervals: list[float], late: int) -> None:
    office = Office(QUICK, BORIS)
    for n in range(len(intervals) + 2):
        office.queue(f"s{n:02}")
    for n, seconds in enumerate(intervals):
        office.answer(f"s{n:02}")
        office.now += seconds
        office.do(ContactFinished(contact=ContactId(f"s{n:02}"), agent=BORIS))
    office.answer(f"s{len(intervals):02}")
    office.engine = Engine.restore(office.engine.snapshot())
    for n in range(late):
        office.queue(f"late{n}")
    promised = [office.record(f"late{n}").promised_seconds or 0.0 for n in range(late)]
    mean = fmean(intervals)
    assert promised == pytest.approx([(n + 2) * mean for n in range(late)])


def test_on_a_busy_day_the_promises_hold_on_the_average_and_miss_by_less_than_a_third() -> None:
    """20 agents at 98 in 100: what is said against what came, in seconds."""
    day = PatienceModel(agents=20, per_second=19.6 / 60, patience_seconds=1e9).day(seed=7)
    told = [(said, was) for said, was in day.run(40_000).promised if said > 0]
    waited = fmean(was for _, was in told)
    assert len(told) > 5_000
    assert abs(fmean(said for said, _ in told) - waited) < 0.1 * waited
    assert fmean(abs(said - was) for said, was in told) < waited / 3
