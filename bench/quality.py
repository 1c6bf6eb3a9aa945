"""How good the routing is, not how fast: centres of the literature, simulated with the product's own engine.

Each figure stands beside the exact answer of queueing theory; its standard error comes from independent stretches.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, stdev

from tests.routing import models
from tests.routing.centres import PatienceModel, SkillModel
from tests.routing.simulation import SimulatedDay, Tally

from bench._figures import report

STRETCHES = 20
PATIENCE_STRETCH_SECONDS = 12_000.0
SKILL_STRETCH_SECONDS = 60_000.0
DAY_SECONDS = 8 * 3600.0
ERRORS = 3.0
GAIN = 0.85


def stretches(day: SimulatedDay, seconds: float) -> list[Tally]:
    """The first is only for the centre to fill."""
    day.run(seconds)
    return [day.run(seconds) for _ in range(STRETCHES)]


def estimate(tallies: list[Tally], figure: Callable[[Tally], float]) -> tuple[float, float]:
    """Mean and standard error."""
    values = [figure(tally) for tally in tallies]
    return fmean(values), stdev(values) / len(values) ** 0.5


def patience() -> tuple[dict[str, float], dict[str, float], list[float]]:
    model = PatienceModel()
    exact = models.erlang_a(model.per_second, model.talk_seconds, model.agents, model.patience_seconds)
    tallies = stretches(model.day(seed=1), PATIENCE_STRETCH_SECONDS)
    abandoned, abandoned_error = estimate(tallies, lambda t: t.abandoned / t.offered)
    wait, wait_error = estimate(tallies, lambda t: t.waited / (t.answered + t.abandoned))
    figures = {"erlang_a_abandoned_percent": abandoned * 100, "erlang_a_wait_s": wait}
    peer = {"erlang_a_abandoned_percent": exact.abandoned * 100, "erlang_a_wait_s": exact.mean_wait}
    return figures, peer, [(abandoned - exact.abandoned) / abandoned_error, (wait - exact.mean_wait) / wait_error]


MEASURES: dict[str, Callable[[Tally], float]] = {
    "within_30_s": lambda tally: tally.answered_within / tally.offered,
    "wait": lambda tally: tally.waited / tally.answered,
    "blocked": lambda tally: tally.blocked / tally.offered,
}


def skills() -> tuple[dict[str, float], dict[str, float], list[float], dict[str, float]]:
    """The same calls for all; the gain is what two skills give of what all six give over one."""
    found = dict[int, dict[str, float]]()
    figures = dict[str, float]()
    for number in (1, 2, 3, 6):
        model = SkillModel(skills=number)
        tallies = stretches(model.day(seed=3), SKILL_STRETCH_SECONDS)
        found[number] = {name: estimate(tallies, measure)[0] for name, measure in MEASURES.items()}
        figures[f"skills_{number}_within_30_s_percent"] = found[number]["within_30_s"] * 100
        figures[f"skills_{number}_wait_s"] = found[number]["wait"]
        figures[f"skills_{number}_blocked_percent"] = found[number]["blocked"] * 100
    exact = models.limited(model.per_second, model.talk_seconds, model.agents, model.places)
    errors = [
        (found[6]["blocked"] - exact.blocked) / estimate(tallies, MEASURES["blocked"])[1],
        (found[6]["wait"] - exact.mean_wait) / estimate(tallies, MEASURES["wait"])[1],
    ]
    one, two, all_six = found[1], found[2], found[6]
    gains = {f"gain_of_two_{name}": (two[name] - one[name]) / (all_six[name] - one[name]) for name in MEASURES}
    peer = {"skills_6_blocked_percent": exact.blocked * 100, "skills_6_wait_s": exact.mean_wait}
    return figures, peer, errors, gains


def evenness() -> dict[str, float]:
    """Occupancy of fifty equal agents over one day."""
    day = PatienceModel().day(seed=2)
    day.run(DAY_SECONDS)
    busy = sorted(seconds / DAY_SECONDS for seconds in day.run(DAY_SECONDS).busy.values())
    steps = sum((2 * n - len(busy) - 1) * value for n, value in enumerate(busy, start=1))
    return {
        "occupancy_least_percent": busy[0] * 100,
        "occupancy_most_percent": busy[-1] * 100,
        "occupancy_gini": steps / (len(busy) * sum(busy)),
    }


def main() -> int:
    patient, patient_peer, patient_errors = patience()
    skilled, skilled_peer, skilled_errors, gains = skills()
    furthest = max(abs(error) for error in (*patient_errors, *skilled_errors))
    return report(
        "quality",
        patient | skilled | gains | {"furthest_standard_errors": furthest} | evenness(),
        peer=patient_peer | skilled_peer,
        ratio=gains["gain_of_two_wait"],
        goal=f"within {ERRORS:g} standard errors of the exact answers; two skills give {GAIN:.0%} of the gain of all six in wait and in calls blocked",
        holds=furthest <= ERRORS and min(gains["gain_of_two_wait"], gains["gain_of_two_blocked"]) >= GAIN,
    )


if __name__ == "__main__":
    raise SystemExit(main())
