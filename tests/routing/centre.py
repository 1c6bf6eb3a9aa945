"""A small contact centre to arrange tests with: facts by plain calls, decisions collected, a clock that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from otklik.contact.configuration import (
    Agent,
    Calling,
    Configuration,
    Disposition,
    EntryPoint,
    MenuChoice,
    Queue,
    Reason,
    Scenario,
)
from otklik.contact.decisions import Decision, Offer, SetTimer
from otklik.contact.facts import (
    AgentReachable,
    Configured,
    ContactArrived,
    ContactQueued,
    Fact,
    OfferAnswered,
    ShiftStarted,
    StatusChosen,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, QueueId, ScenarioId
from otklik.contact.record import ContactRecord
from otklik.routing import Engine, LiveAgent, LiveContact

SALES, SUPPORT = QueueId("sales"), QueueId("support")
ANNA, BORIS, KATE = AgentId("anna"), AgentId("boris"), AgentId("kate")
RUSSIAN, ENGLISH = EntryPointId("1000"), EntryPointId("2000")
LUNCH, TEA = "lunch", "tea"
SOLD = "sold"

T = TypeVar("T")


def scenario(language: str) -> Scenario:
    return Scenario(
        id=ScenarioId(f"menu-{language}"),
        language=language,
        greeting="Здравствуйте.",
        prompt="Нажмите 1 или 2.",
        choices=(
            MenuChoice(digit="1", label="Продажи", queue=SALES),
            MenuChoice(digit="2", label="Поддержка", queue=SUPPORT),
        ),
        otherwise=SUPPORT,
        wrong_choice="Такого пункта нет.",
    )


CONFIGURATION = Configuration(
    queues=(
        Queue(id=SALES, name="Продажи", calling=Calling(callers=(RUSSIAN,), prefixes=("+7",))),
        Queue(id=SUPPORT, name="Поддержка"),
    ),
    agents=(
        Agent(id=ANNA, name="Анна", queues={SALES: 5, SUPPORT: 5}),
        Agent(id=BORIS, name="Борис", queues={SALES: 9}),
        Agent(id=KATE, name="Kate", queues={SUPPORT: 7}),
    ),
    scenarios=(scenario("ru"), scenario("en")),
    entry_points=(
        EntryPoint(id=RUSSIAN, number="1000", scenario=ScenarioId("menu-ru")),
        EntryPoint(id=ENGLISH, number="2000", scenario=ScenarioId("menu-en")),
    ),
    reasons=(Reason(id=LUNCH, ru="Обед", en="Lunch"), Reason(id=TEA, ru="Чай", en="Tea")),
    dispositions=(Disposition(id=SOLD, ru="Продано", en="Sold"),),
    short_numbers=("112",),
)


class Office:
    """An engine with a clock that stands until it is moved; timers fire only in `wait`."""

    def __init__(self, configuration: Configuration = CONFIGURATION, *ready: AgentId) -> None:
        self.engine = Engine()
        self.now = 1000.0
        self.timers: list[SetTimer] = []
        self.do(Configured(configuration=configuration))
        for agent in ready:
            self.come(agent)

    def do(self, fact: Fact) -> list[Decision]:
        decisions = self.engine.handle(fact, self.now)
        self.timers += [decision for decision in decisions if isinstance(decision, SetTimer)]
        return decisions

    def wait(self, seconds: float) -> list[Decision]:
        """Let time pass; due timers fire in their order. What was decided meanwhile, in one list."""
        end, decisions = self.now + seconds, []
        while due := [timer for timer in self.timers if timer.at <= end]:
            timer = min(due, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            decisions += self.do(timer.fact)
        self.now = end
        return decisions

    def come(self, agent: AgentId) -> list[Decision]:
        self.do(ShiftStarted(agent=agent))
        self.do(AgentReachable(agent=agent))
        return self.do(StatusChosen(agent=agent, status="ready"))

    def arrive(self, name: str, entry_point: EntryPointId = RUSSIAN) -> list[Decision]:
        return self.do(
            ContactArrived(
                contact=ContactId(name),
                channel="voice",
                entry_point=entry_point,
                dnis="1000",
                leg=f"leg-{name}",
                ani="+79161234567",
            )
        )

    def queue(self, name: str, queue: QueueId = SALES, entry_point: EntryPointId = RUSSIAN) -> list[Decision]:
        self.arrive(name, entry_point)
        return self.do(ContactQueued(contact=ContactId(name), queue=queue, choices=("Продажи",)))

    def answer(self, name: str) -> list[Decision]:
        contact = self.contact(name)
        assert contact.agent is not None
        return self.do(OfferAnswered(contact=contact.id, agent=contact.agent, offer=contact.offer))

    def talk(self, name: str, queue: QueueId = SALES) -> list[Decision]:
        self.queue(name, queue)
        return self.answer(name)

    def contact(self, name: str) -> LiveContact:
        contact = self.engine.contact(ContactId(name))
        assert contact is not None, f"{name} is not there"
        return contact

    def agent(self, agent: AgentId) -> LiveAgent:
        found = self.engine.agent(agent)
        assert found is not None
        return found

    def record(self, name: str) -> ContactRecord:
        record = self.engine.record(ContactId(name))
        assert record is not None
        return record


def only(kind: type[T], decisions: Sequence[Decision]) -> T:
    """The one decision of this kind."""
    (found,) = of(kind, decisions)
    return found


def of(kind: type[T], decisions: Sequence[Decision]) -> list[T]:
    return [decision for decision in decisions if isinstance(decision, kind)]


def offer(name: str, agent: AgentId, number: int = 1, ring_seconds: float = 20.0) -> Offer:
    return Offer(contact=ContactId(name), agent=agent, offer=OfferNumber(number), ring_seconds=ring_seconds)


def with_queue(
    *,
    ring_seconds: float = 20.0,
    wrap_up_seconds: float = 60.0,
    announce_every_seconds: float = 30.0,
    decline_pause_seconds: float = 20.0,
) -> Configuration:
    """The usual set-up with both queues changed alike."""
    queues = tuple(
        replace(
            queue,
            ring_seconds=ring_seconds,
            wrap_up_seconds=wrap_up_seconds,
            announce_every_seconds=announce_every_seconds,
            decline_pause_seconds=decline_pause_seconds,
        )
        for queue in CONFIGURATION.queues
    )
    return replace(CONFIGURATION, queues=queues)
