"""The deciding state of one tenant: the engine and the scenarios under way. Pure: a fact and an instant in, decisions out.

The loop, recovery, the replay of a day and the question why all decide with this same code.
"""

from __future__ import annotations

from collections.abc import Callable

from otklik.contact.decisions import Decision, End, RunScenario
from otklik.contact.facts import ContactQueued, CustomerLeft, Fact, VerbFinished
from otklik.contact.ids import ContactId
from otklik.routing.engine import Engine
from otklik.scenario import Run


class Deciding:
    def __init__(self) -> None:
        self.engine = Engine()
        self.runs: dict[ContactId, Run] = {}

    def decide(self, fact: Fact, now: float, before_match: Callable[[], None] | None = None) -> list[Decision]:
        """`before_match` is called when the fact has taken effect and nobody has yet been offered because of it."""
        decisions = self.engine.handle(fact, now, before_match)
        if isinstance(fact, VerbFinished) and (run := self.runs.get(fact.contact)):
            decisions = [*decisions, *run.handle(fact)]
        elif isinstance(fact, ContactQueued | CustomerLeft):
            self.runs.pop(fact.contact, None)
        out: list[Decision] = []
        for decision in decisions:
            out.append(decision)
            if isinstance(decision, RunScenario):
                out.extend(self._start_scenario(decision))
        return out

    def _start_scenario(self, decision: RunScenario) -> list[Decision]:
        scenario = self.engine.scenario(decision.scenario)
        if scenario is None:
            return [End(contact=decision.contact)]
        run = self.runs[decision.contact] = Run(decision.contact, scenario, decision.first_step)
        return run.start()
