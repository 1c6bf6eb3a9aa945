"""The world of a fake caller: what a scenario may ask of it, and what it is answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, get_args

from otklik.contact.conditions import Conditions
from otklik.contact.configuration import AnyScenario
from otklik.contact.decisions import CallFunction, Fetch, LookUp, SendMessage
from otklik.contact.facts import Answered
from otklik.contact.flow import Flow, GivenAnswer
from otklik.contact.handler import Handler
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario.heard import CameOutside
from otklik.scenario.verbs import (
    IMPOSSIBLE,
    LOCKED,
    Choose,
    FreeTimes,
    MayCallBack,
    Nowhere,
    QueueState,
    Tries,
    Visitor,
    chosen,
)
from otklik.scenario.written import known_to_hold

CALLER: Final = ContactId("caller")
REHEARSED_AT: Final = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""When calls of tests are planned: a Tuesday."""


class Stage(Nowhere):
    """The world of a rehearsal. `branches`: which exit the branch of this name takes, where its conditions are about
    more than the caller."""

    def __init__(
        self,
        flows: Iterable[Flow] = (),
        *,
        visitor: Visitor | None = None,
        vip: bool = False,
        branches: Mapping[str, str] | None = None,
        queues: Mapping[str, QueueState] | None = None,
        answers: Mapping[str, Sequence[GivenAnswer]] | None = None,
        code: Iterable[Handler] = (),
    ) -> None:
        """`answers`: what the step of this name is answered by a database or a service, each time in turn. `code`: whose functions
        are called where no answer is given for their step; without any none is."""
        self._flows = {flow.id: flow for flow in flows}
        self._code = {each.id: each for each in code}
        self._visitor = visitor or Visitor(attributes={})
        self._vip = vip
        self._branches = branches or {}
        self._queues = queues or {}
        self._answers = {name: list(given) for name, given in (answers or {}).items()}

    def visitor(self) -> Visitor:
        return self._visitor

    def meets(self, when: Conditions) -> bool:
        return super().meets(known_to_hold(when, self._visitor))

    def vip(self) -> bool:
        return self._vip

    def queue(self, queue: QueueId) -> QueueState:
        return self._queues.get(queue, QueueState())

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return self._flows.get(scenario) or self._code.get(scenario)

    def computes(self, asked: CallFunction) -> bool:
        return bool(self._code) and asked.block not in self._answers

    def choose(self, verb: Choose) -> str:
        return self._branches.get(verb.block) or chosen(verb, self)

    def locked(self, verb: Tries) -> bool:
        return self._branches.get(verb.block) == LOCKED

    def may_call_back(self, verb: MayCallBack) -> bool:
        """Of a caller whose number is withheld only at another one."""
        impossible = self._branches.get(verb.block) == IMPOSSIBLE
        return not impossible and not (verb.own and not self._visitor.ani)

    def came_outside(self, block: str) -> CameOutside:
        """What comes of a call to somebody outside."""
        said = self._branches.get(block)
        return next((each for each in get_args(CameOutside) if each == said), "done")

    def free_times(self, verb: FreeTimes) -> str:
        """Of a test: every half-hour from ten on, on a Tuesday at nine."""
        first = max(REHEARSED_AT.timestamp() + 3600, verb.since or 0.0)
        start = -(-first // 1800) * 1800
        times = [datetime.fromtimestamp(start + 1800 * each, UTC) for each in range(verb.limit)]
        return " ".join(each.isoformat() for each in (REHEARSED_AT, *times))

    def answered(self, asked: LookUp | Fetch | CallFunction | SendMessage) -> Answered:
        """Nobody is asked. What no answer is given for has failed, and what is written has gone."""
        usual = GivenAnswer(outcome="found" if isinstance(asked, SendMessage) else "failed")
        given = self._answers.get(asked.block) or [usual]
        answer = given.pop(0) if len(given) > 1 else given[0]
        lost = answer.outcome == "forgotten"
        return Answered(
            contact=CALLER,
            step=asked.step,
            outcome="failed" if answer.outcome == "forgotten" else answer.outcome,
            values=answer.values,
            reason="forgotten" if lost else "",
            block=asked.block,
            exit=self._branches.get(asked.block, "") if isinstance(asked, CallFunction) else "",
        )
