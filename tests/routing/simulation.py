"""A centre in which only chance is invented: arrivals, patience and talk are drawn, everything else the engine decides.

No clock: an event list drives `Engine.handle` with the model's own time, as the telephone and the desks do in life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Decision, Offer
from otklik.contact.facts import (
    AgentReachable,
    Configured,
    ContactArrived,
    ContactQueued,
    CustomerLeft,
    OfferAnswered,
    ShiftStarted,
    StatusChosen,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId
from otklik.routing import Engine

TAKE_EVERY = 256
"""The engine keeps what was touched until it is taken."""

Draw = Callable[[Random], float]
"""Seconds."""


def exponential(mean_seconds: float) -> Draw:
    return lambda dice: dice.expovariate(1 / mean_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Calls to one queue. `entry_point` must lead to a scenario: the call is then queued at once."""

    queue: QueueId
    entry_point: EntryPointId
    per_second: float
    talk: Draw
    patience: Draw | None = None


@dataclass(slots=True)
class Tally:
    """What became of the calls of one stretch. Seconds."""

    offered: int = 0
    blocked: int = 0
    abandoned: int = 0
    answered: int = 0
    waited: float = 0.0
    answered_waited: float = 0.0
    answered_within: int = 0
    busy: dict[AgentId, float] = field(default_factory=dict)
    promised: list[tuple[float, float]] = field(default_factory=list)
    """Of those who were answered and had been told a wait: what they were told, and how long it was."""


class SimulatedDay:
    """`places`: how many may wait at once; a call over that is turned away before it becomes a contact."""

    def __init__(
        self,
        configuration: Configuration,
        flows: Iterable[Flow],
        *,
        seed: int,
        places: int | None = None,
        within_seconds: float = 20.0,
    ) -> None:
        self.engine = Engine()
        self.now = 0.0
        self.tally = Tally()
        self._flows = tuple(flows)
        self._dice = Random(seed)
        self._places = places
        self._within = within_seconds
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._queued: dict[ContactId, tuple[float, float]] = {}
        """When it came, and how long the talk will be: drawn with the arrival, so that centres can be compared call by call."""
        self._served: dict[ContactId, tuple[float, AgentId]] = {}
        self._open(configuration)
        for flow in self._flows:
            self._after(self._dice.expovariate(flow.per_second), partial(self._arrives, flow))

    def run(self, seconds: float) -> Tally:
        """Go on for so long; the tally of this stretch alone."""
        self.tally = Tally(busy=dict.fromkeys((agent.id for agent in self.engine.agents()), 0.0))
        end, begun = self.now + seconds, self.now
        while self._events[0][0] <= end:
            self.now, number, happens = heappop(self._events)
            happens()
            if number % TAKE_EVERY == 0:
                self.engine.take_touched()
        self.now = end
        for since, agent in self._served.values():
            self.tally.busy[agent] += end - max(since, begun)
        self._served = {contact: (max(since, end), agent) for contact, (since, agent) in self._served.items()}
        return self.tally

    def _open(self, configuration: Configuration) -> None:
        self.engine.handle(Configured(configuration=configuration), 0.0)
        for agent in configuration.agents:
            for fact in (
                ShiftStarted(agent=agent.id),
                AgentReachable(agent=agent.id),
                StatusChosen(agent=agent.id, status="ready"),
            ):
                self._perform(self.engine.handle(fact, 0.0))

    def _after(self, seconds: float, happens: Callable[[], None]) -> None:
        heappush(self._events, (self.now + seconds, next(self._order), happens))

    def _arrives(self, flow: Flow) -> None:
        self._after(self._dice.expovariate(flow.per_second), lambda: self._arrives(flow))
        talk_seconds = flow.talk(self._dice)
        patience_seconds = flow.patience(self._dice) if flow.patience is not None else None
        self.tally.offered += 1
        if self._places is not None and len(self._queued) >= self._places:
            self.tally.blocked += 1
            return
        contact = ContactId(f"c{next(self._order)}")
        self._queued[contact] = (self.now, talk_seconds)
        arrived = ContactArrived(
            contact=contact, channel="voice", entry_point=flow.entry_point, dnis="", leg=contact, ani=None
        )
        self._tell(arrived)
        self._tell(ContactQueued(contact=contact, queue=flow.queue))
        if patience_seconds is not None and contact in self._queued:
            self._after(patience_seconds, lambda: self._gives_up(contact))

    def _gives_up(self, contact: ContactId) -> None:
        if contact in self._queued:
            since, _ = self._queued.pop(contact)
            self.tally.abandoned += 1
            self.tally.waited += self.now - since
            self._tell(CustomerLeft(contact=contact, cause="hung_up"))

    def _tell(self, fact: ContactArrived | ContactQueued | CustomerLeft | OfferAnswered) -> None:
        self._perform(self.engine.handle(fact, self.now))

    def _perform(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, Offer):
                self._answer(decision)

    def _answer(self, offer: Offer) -> None:
        """At once: ringing is no part of the models that this is held against."""
        since, talk_seconds = self._queued.pop(offer.contact)
        wait = self.now - since
        self.tally.answered += 1
        self.tally.waited += wait
        self.tally.answered_waited += wait
        self.tally.answered_within += wait <= self._within
        contact = self.engine.contact(offer.contact)
        if contact is not None and contact.promised_seconds is not None:
            self.tally.promised.append((contact.promised_seconds, wait))
        self._served[offer.contact] = (self.now, offer.agent)
        self._tell(OfferAnswered(contact=offer.contact, agent=offer.agent, offer=offer.offer))
        self._after(talk_seconds, lambda: self._leaves(offer.contact))

    def _leaves(self, contact: ContactId) -> None:
        since, agent = self._served.pop(contact)
        self.tally.busy[agent] += self.now - since
        self._tell(CustomerLeft(contact=contact, cause="hung_up"))
