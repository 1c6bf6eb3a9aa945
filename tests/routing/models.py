"""Exact answers of queueing theory, for the simulated centre to be held against; each a birth-and-death chain.

Garnett, Mandelbaum and Reiman 2002 for Erlang-A; M/M/s/K as in any text on queues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steady:
    """A centre in equilibrium: shares of the calls offered, and seconds."""

    blocked: float
    abandoned: float
    mean_wait: float
    """Of the calls that were let in."""


def stationary(states: int, up: Callable[[int], float], down: Callable[[int], float]) -> list[float]:
    """Probabilities of 0..states-1. Scaled as it goes, so that thousands of agents do not overflow."""
    weights = [1.0]
    for n in range(states - 1):
        weights.append(weights[-1] * up(n) / down(n + 1))
        if weights[-1] > 1e200:
            weights = [weight / 1e200 for weight in weights]
    total = sum(weights)
    return [weight / total for weight in weights]


def erlang_a(per_second: float, talk_seconds: float, agents: int, patience_seconds: float) -> Steady:
    def ends(n: int) -> float:
        return min(n, agents) / talk_seconds + max(0, n - agents) / patience_seconds

    shares = stationary(agents + 2_000, lambda _: per_second, ends)
    waiting = sum(share * max(0, n - agents) for n, share in enumerate(shares))
    return Steady(0.0, waiting / patience_seconds / per_second, waiting / per_second)


def limited(per_second: float, talk_seconds: float, agents: int, places: int) -> Steady:
    """M/M/s/K with K = agents + places."""
    shares = stationary(agents + places + 1, lambda _: per_second, lambda n: min(n, agents) / talk_seconds)
    waiting = sum(share * max(0, n - agents) for n, share in enumerate(shares))
    return Steady(shares[-1], 0.0, waiting / (per_second * (1 - shares[-1])))
