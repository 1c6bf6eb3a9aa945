"""Model centres of the literature, as configurations of the product."""

from __future__ import annotations

from dataclasses import dataclass

from tests.routing.simulation import Draw, Flow, SimulatedDay, exponential

from otklik.contact.configuration import Agent, Configuration, EntryPoint, Queue, Scenario
from otklik.contact.ids import AgentId, EntryPointId, QueueId, ScenarioId

LEVEL, SECOND_LEVEL = 10, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PatienceModel:
    """One queue, customers who give up: M/M/n+M. The defaults are the worked example with a known answer."""

    per_second: float = 48 / 60
    talk_seconds: float = 60.0
    patience_seconds: float = 120.0
    agents: int = 50

    def day(self, seed: int) -> SimulatedDay:
        names = [_queue("all")]
        agents = tuple(_agent(n, {"all": LEVEL}) for n in range(self.agents))
        flow = _flow("all", self.per_second, exponential(self.talk_seconds), exponential(self.patience_seconds))
        return SimulatedDay(_configuration(names, agents), [flow], seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillModel:
    """Six types of calls, 14 erlangs each, 90 agents with `skills` of the six each, 30 may wait (Wallace, Whitt 2005)."""

    skills: int
    types: int = 6
    agents: int = 90
    places: int = 30
    erlangs: float = 14.0
    talk_seconds: float = 600.0
    within_seconds: float = 30.0

    @property
    def per_second(self) -> float:
        return self.types * self.erlangs / self.talk_seconds

    def day(self, seed: int) -> SimulatedDay:
        names = [f"type{n}" for n in range(self.types)]
        agents = tuple(_agent(n, self._skills(n)) for n in range(self.agents))
        flows = [_flow(name, self.erlangs / self.talk_seconds, exponential(self.talk_seconds)) for name in names]
        return SimulatedDay(
            _configuration([_queue(name) for name in names], agents),
            flows,
            seed=seed,
            places=self.places,
            within_seconds=self.within_seconds,
        )

    def _skills(self, number: int) -> dict[str, int]:
        """The first skill in turn, the others spread so that every pair of types shares as many agents as any other."""
        first, step = number % self.types, 1 + (number // self.types) % (self.types - 1)
        others = [(first + step + more) % self.types for more in range(self.types)]
        rest = [other for other in dict.fromkeys(others) if other != first][: self.skills - 1]
        return {f"type{first}": LEVEL} | {f"type{other}": SECOND_LEVEL for other in rest}


def _queue(name: str) -> Queue:
    return Queue(id=QueueId(name), name=name, wrap_up_seconds=0, announce_every_seconds=0)


def _agent(number: int, queues: dict[str, int]) -> Agent:
    return Agent(id=AgentId(f"a{number:03}"), name="", queues={QueueId(name): level for name, level in queues.items()})


def _flow(name: str, per_second: float, talk: Draw, patience: Draw | None = None) -> Flow:
    return Flow(
        queue=QueueId(name), entry_point=EntryPointId(name), per_second=per_second, talk=talk, patience=patience
    )


def _configuration(queues: list[Queue], agents: tuple[Agent, ...]) -> Configuration:
    menus = tuple(
        Scenario(
            id=ScenarioId(queue.id),
            language="en",
            greeting="",
            prompt="",
            choices=(),
            otherwise=queue.id,
            wrong_choice="",
        )
        for queue in queues
    )
    entries = tuple(EntryPoint(id=EntryPointId(menu.id), number=menu.id, scenario=menu.id) for menu in menus)
    return Configuration(queues=tuple(queues), agents=agents, scenarios=menus, entry_points=entries)
