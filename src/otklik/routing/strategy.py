"""Who of several free agents gets the contact: each strategy is an order, and the id is its last word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from otklik.contact.configuration import Queue
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.classes import RequirementClass
from otklik.routing.contact import LiveContact
from otklik.routing.rules import exclusion, helper, hindrance, occupied

Rank = tuple[float | str, ...]
"""Smallest first; a total order, so that the same facts always lead to the same agent."""

_Ranking = Callable[[Centre, LiveAgent, Queue], Rank]


def level(agent: LiveAgent, queue: Queue) -> int:
    """In a queue of everybody, those not named in it have level 1."""
    return agent.queues.get(queue.id, 1 if queue.everyone else 0)


def _longest_idle(_: Centre, agent: LiveAgent, queue: Queue) -> Rank:
    return (len(agent.hands), agent.idle_since, -level(agent, queue), agent.id)


def _least_occupied(centre: Centre, agent: LiveAgent, _: Queue) -> Rank:
    return (agent.occupancy(centre.now), len(agent.hands), agent.idle_since, agent.id)


def _fewest_handled(_: Centre, agent: LiveAgent, __: Queue) -> Rank:
    return (agent.handled, len(agent.hands), agent.idle_since, agent.id)


def _round_robin(_: Centre, agent: LiveAgent, __: Queue) -> Rank:
    return (agent.offered_at, agent.id)


def _highest_level(_: Centre, agent: LiveAgent, queue: Queue) -> Rank:
    return (-level(agent, queue), len(agent.hands), agent.idle_since, agent.id)


def _hunt(_: Centre, agent: LiveAgent, queue: Queue) -> Rank:
    return (queue.hunt.index(agent.id) if agent.id in queue.hunt else len(queue.hunt), agent.id)


def _by_id(_: Centre, agent: LiveAgent, __: Queue) -> Rank:
    return (agent.id,)


RANKINGS: Final[dict[str, _Ranking]] = {
    "longest_idle": _longest_idle,
    "least_occupied": _least_occupied,
    "fewest_handled": _fewest_handled,
    "round_robin": _round_robin,
    "highest_level": _highest_level,
    "hunt": _hunt,
    "weighted_random": _by_id,
    "ring_all": _longest_idle,
}


def rank(centre: Centre, agent: LiveAgent, queue: Queue) -> Rank:
    return RANKINGS[queue.strategy](centre, agent, queue)


def best_agent(centre: Centre, contact: LiveContact) -> LiveAgent | None:
    """The first by the queue's strategy whom no rule excludes; where there is none, of the queues that help out."""
    kind = centre.classes.standing[contact.id]
    open_to = centre.roster.open_to(contact.channel)
    found = _best(centre, contact, kind, centre.queue(contact.queue)) if kind.able & open_to else None
    if found is None and centre.classes.also:
        for each in centre.classes.also.get(contact.id, ()):
            if each.able & open_to and (found := _best(centre, contact, each, centre.queue(each.key[0]))):
                return found
    return found


def through(centre: Centre, contact: LiveContact, agent: LiveAgent) -> tuple[RequirementClass, Queue]:
    """By which class and queue this agent may take it: its own, or else one that helps out."""
    kind, number = centre.classes.standing[contact.id], centre.roster.numbers[agent.id]
    if centre.classes.also and not kind.able >> number & 1 and (other := helper(centre, agent, contact)) is not None:
        return other, centre.queue(other.key[0])
    return kind, centre.queue(contact.queue)


def _best(centre: Centre, contact: LiveContact, kind: RequirementClass, queue: Queue) -> LiveAgent | None:
    if contact.pinned is not None:
        pinned = centre.agents.get(contact.pinned)
        return pinned if pinned is not None and exclusion(centre, pinned, contact) is None else None
    if queue.strategy in ("longest_idle", "ring_all"):
        return _first_idle(centre, contact, kind, queue)
    able = list(_able(centre, contact, kind))
    if queue.strategy == "weighted_random":
        return _drawn(centre, sorted(able, key=lambda agent: agent.id))
    return min(able, key=lambda agent: rank(centre, agent, queue), default=None)


def _first_idle(centre: Centre, contact: LiveContact, kind: RequirementClass, queue: Queue) -> LiveAgent | None:
    for alike in centre.roster.longest_idle(kind.members(), kind.flags):
        able = [agent for agent in alike if hindrance(centre, agent, contact) is None]
        if able:
            return able[0] if len(able) == 1 else max(able, key=lambda agent: level(agent, queue))
    if not centre.roster.rooms:
        return None
    busy = (a for a in centre.roster.beside(kind.able, contact.channel) if exclusion(centre, a, contact) is None)
    return min(busy, key=lambda agent: _longest_idle(centre, agent, queue), default=None)


def somebody_free(centre: Centre, contact: LiveContact) -> bool:
    """Could the contact be offered to anybody at once? Asked of one who waits; a short while refused does not count."""
    roster, kind = centre.roster, centre.classes.standing.get(contact.id)
    able = (kind or centre.class_of(contact)).able
    if not roster.rooms:
        return bool(able & roster.free)
    if not able & roster.open_to(contact.channel):
        return False
    busy = roster.beside(able, contact.channel)
    return bool(able & roster.free & roster.open_to(contact.channel)) or any(
        occupied(centre, agent, contact.channel) is None for agent in busy
    )


def _able(centre: Centre, contact: LiveContact, kind: RequirementClass) -> Iterator[LiveAgent]:
    roster = centre.roster
    for agent in chain(roster.free_among(kind.able, kind.flags), roster.beside(kind.able, contact.channel)):
        if exclusion(centre, agent, contact) is None:
            yield agent


def all_agents(centre: Centre, contact: LiveContact, kind: RequirementClass, queue: Queue) -> list[LiveAgent]:
    """Those of the queue at whom "ring_all" rings, the first by rank before the others."""
    able = sorted(_able(centre, contact, kind), key=lambda agent: rank(centre, agent, queue))
    return able[: max(1, queue.ring_all_limit)]


# the seeded generator: splitmix64 (Steele, Lea, Flood 2014), its state is a part of the centre

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15


def _drawn(centre: Centre, agents: Sequence[LiveAgent]) -> LiveAgent | None:
    """The same until the dice are thrown again; each as often as its weight says."""
    if not agents:
        return None
    weights = [max(0, centre.set_up[agent.id].weight) if agent.id in centre.set_up else 0 for agent in agents]
    if not any(weights):
        weights = [1] * len(agents)
    left = _mixed(centre.dice) % sum(weights)
    for agent, weight in zip(agents, weights, strict=True):
        left -= weight
        if left < 0:
            return agent
    return None


def _mixed(state: int) -> int:
    state = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ state >> 27) * 0x94D049BB133111EB) & _MASK
    return state ^ state >> 31


def throw(centre: Centre) -> None:
    """After an offer to somebody who was drawn."""
    centre.dice = (centre.dice + _STEP) & _MASK
