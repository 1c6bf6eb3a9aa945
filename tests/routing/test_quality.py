"""The engine's choices give what theory says they must: short runs here, long ones in `bench/quality.py`."""

from __future__ import annotations

from statistics import fmean, stdev

from tests.routing import models
from tests.routing.centres import PatienceModel, SkillModel

STRETCHES = 8


def test_chains_give_the_published_figures() -> None:
    erlang = models.erlang_a(0.8, 60.0, 50, 120.0)
    assert (round(erlang.abandoned * 100, 4), round(erlang.mean_wait, 3)) == (3.0912, 3.709)
    pooled = models.limited(0.14, 600.0, 90, 30)
    assert (round(pooled.blocked, 5), round(pooled.mean_wait / 60, 3)) == (0.00364, 0.450)


def test_impatient_customers_leave_as_often_as_erlang_a_says() -> None:
    model = PatienceModel(per_second=0.2, talk_seconds=60.0, patience_seconds=60.0, agents=12)
    exact = models.erlang_a(model.per_second, model.talk_seconds, model.agents, model.patience_seconds)
    day = model.day(seed=1)
    day.run(3_000)
    shares = [(tally.abandoned / tally.offered) for tally in (day.run(5_000) for _ in range(STRETCHES))]
    assert abs(fmean(shares) - exact.abandoned) < 3 * stdev(shares) / STRETCHES**0.5


def test_two_skills_do_most_of_what_all_can_do() -> None:
    waits = {}
    for number in (1, 2, 6):
        day = SkillModel(skills=number).day(seed=3)
        day.run(10_000)
        tally = day.run(60_000)
        waits[number] = tally.waited / tally.answered
    assert (waits[1] - waits[2]) / (waits[1] - waits[6]) > 0.85


def test_equal_agents_work_equally_much() -> None:
    day = PatienceModel(per_second=0.2, agents=12).day(seed=2)
    busy = sorted(day.run(8 * 3600).busy.values())
    assert busy[-1] < 1.1 * busy[0]
