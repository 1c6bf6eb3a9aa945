"""The deciding state of one tenant: the engine and the scenarios under way. Pure: a fact and an instant in, decisions out.

The loop, recovery, the replay of a day and the question why all decide with this same code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import asdict

from otklik.calling.number import dialled, found
from otklik.contact.conditions import Conditions
from otklik.contact.configuration import AnyScenario, Speech
from otklik.contact.decisions import (
    Decision,
    End,
    Enqueue,
    Fetch,
    Finish,
    LeaveVoicemail,
    LookUp,
    RunScenario,
    Say,
    TransferOutside,
)
from otklik.contact.facts import (
    Answered,
    CallPlaced,
    ContactArrived,
    ContactQueued,
    CustomerLeft,
    Fact,
    ScenarioFinished,
    VerbFinished,
)
from otklik.contact.handler import Handler, HandlerFailed, HandlerStepped
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside_number import ContactSentOutside, OutsideAsked, OutsideConsulted
from otklik.contact.voicemail import LINE, message_of
from otklik.routing.engine import Engine
from otklik.routing.hours import wall
from otklik.scenario import QueueState, Run, Visitor, trouble
from otklik.scenario.lock_out import LockOuts
from otklik.scenario.talk import CALLERS_NUMBER
from otklik.scenario.verbs import Answer, Choose, FreeTimes, MayCallBack, Tries, Trouble, chosen


class Deciding:
    def __init__(self) -> None:
        self.engine = Engine()
        self.runs: dict[ContactId, Run] = {}
        self.lock_outs = LockOuts()
        self.now = 0.0

    def decide(self, fact: Fact, now: float, before_match: Callable[[], None] | None = None) -> list[Decision]:
        """`before_match` is called when the fact has taken effect and nobody has yet been offered because of it."""
        decisions = self.engine.handle(fact, now, before_match)
        self.now = max(self.now, now)
        if isinstance(fact, VerbFinished | Answered | HandlerStepped | HandlerFailed) and (
            run := self.runs.get(fact.contact)
        ):
            if isinstance(fact, Answered):
                self._tried(run, fact)
            decisions = [*decisions, *run.handle(fact, now)]
        elif isinstance(fact, ContactQueued | ScenarioFinished | CustomerLeft):
            self.runs.pop(fact.contact, None)
        out: list[Decision] = []
        for decision in decisions:
            out.append(self.told_of_incident(decision))
            if isinstance(decision, RunScenario):
                out.extend(self._start_scenario(decision, now))
        for decision in out:
            if isinstance(decision, LookUp | Fetch) and decision.counted:
                keys = self.counted_by(decision.contact, decision.counted)
                self.lock_outs.count(keys, decision.counted_seconds, self.now)
        return out

    def to_be_written(self, fact: Fact) -> Fact:
        """With what is known of its number before it is written beside the log, whence it may be erased."""
        if isinstance(fact, ContactArrived) and fact.ani is not None and self.engine.identity_first:
            return msgspec.structs.replace(fact, identity_follows=True)
        if isinstance(fact, CallPlaced | ContactSentOutside | OutsideConsulted):
            return msgspec.structs.replace(fact, against=self.engine.number_against(fact))
        return fact

    def told_of_incident(self, decision: Decision) -> Decision:
        """What an entry rule or an incident switch says itself has a place for the incident, too."""
        place = f"{{{trouble.NAME}}}"
        if not isinstance(decision, Say) or not any(place in each.text for each in decision.speech):
            return decision
        on = Around(self, decision.contact).trouble()
        speech = tuple(
            Speech(text=each.text.replace(place, trouble.announced(on, each.language)).strip(), language=each.language)
            for each in decision.speech
        )
        return msgspec.structs.replace(decision, speech=speech)

    def is_over(self, contact: ContactId) -> bool:
        """It has ended by a decision: that its customer's line is then taken down changes nothing, and is worth no commit."""
        found = self.engine.known(contact)
        return found is not None and not found.open and contact not in self.runs

    def _tried(self, run: Run, fact: Answered) -> None:
        """What was counted when it was sent turns out to be right, or nobody knows."""
        for asked in run.pending:
            if isinstance(asked, LookUp | Fetch) and asked.step == fact.step:
                keys = self.counted_by(fact.contact, asked.counted)
                if fact.outcome == "found":
                    self.lock_outs.right(keys)
                elif fact.outcome == "failed":
                    self.lock_outs.unanswered(keys)

    def counted_by(self, contact: ContactId, counted: Iterable[str]) -> list[str]:
        """With the caller's number in its place; one that is withheld is not counted by."""
        found = self.engine.contact(contact)
        number = found.ani if found is not None else None
        return [each.replace(CALLERS_NUMBER, number or "") for each in counted if number or CALLERS_NUMBER not in each]

    def _start_scenario(self, decision: RunScenario, now: float) -> list[Decision]:
        scenario = self.engine.scenario(decision.scenario)
        if scenario is None:
            return [End(contact=decision.contact)]
        run = self.runs[decision.contact] = self._run(decision.contact, scenario, decision.first_step)
        return run.start(now)

    def _run(
        self,
        contact: ContactId,
        scenario: AnyScenario,
        first_step: int,
        recorded: Iterable[Answer] = (),
    ) -> Run:
        return Run(contact, scenario, first_step, Around(self, contact), tuple(recorded))

    def resume_run(
        self, contact: ContactId, scenario: AnyScenario, recorded: Iterable[Answer], code: Iterable[Handler] = ()
    ) -> list[Decision]:
        """A fresh run that is told what an earlier one was; what it decides then. `code`: whose functions it calls, where it is another
        by now."""
        known = self.engine.contact(contact)
        steps = known.scenario_steps if known is not None else 0
        run = self.runs[contact] = self._run(contact, scenario, steps, recorded)
        run.code |= {each.id: each for each in code}
        return run.start(known.since if known is not None else 0.0)


def followed_by(decision: Enqueue | Finish, number: str | None = None) -> ContactQueued | ScenarioFinished:
    """The fact by which the end of a scenario is told. `number`: of the keys of `number_step`; without it a customer who would
    be called back there waits on the line."""
    if isinstance(decision, Finish):
        return ScenarioFinished(**asdict(decision))
    said = asdict(decision)
    known = not said.pop("number_step") or number is not None
    return ContactQueued(**{**said, "callback": decision.callback and known, "number": number})


def outside_asked(decision: TransferOutside, region: str, caller: str = "") -> OutsideAsked:
    """The fact by which a scenario asks for somebody outside: with the number in the international form where it can be told.
    `caller`: the customer's own number, where a handler's has a place for it."""
    to, written = decision.to, decision.written
    dial = (dialled(to.dial, region) or to.dial) if written else found(to.dial.replace(CALLERS_NUMBER, caller), region)
    return OutsideAsked(
        contact=decision.contact,
        step=decision.step,
        to=dataclasses.replace(to, dial=dial),
        written=written,
        block=decision.block,
    )


def voicemail_of(decision: LeaveVoicemail, engine: Engine) -> ContactArrived | None:
    """The fact by which a message becomes a contact. None: nobody knows any more whose it was."""
    call = engine.record(decision.contact)
    if call is None:
        return None
    return ContactArrived(
        contact=message_of(call.contact, decision.voicemail.step),
        channel="voicemail",
        entry_point=call.entry_point,
        dnis=call.dnis,
        leg=LINE,
        ani=call.ani,
        voicemail=decision.voicemail,
    )


class Around:
    """The world of one contact's scenario, as the engine knows it at this moment."""

    def __init__(self, deciding: Deciding, contact: ContactId) -> None:
        self._deciding = deciding
        self._contact = contact

    def visitor(self) -> Visitor:
        found = self._deciding.engine.contact(self._contact)
        if found is None:
            return Visitor(attributes={})
        return Visitor(
            ani=found.ani,
            dnis=found.dnis,
            channel=found.channel,
            language=found.language,
            attributes=dict(found.attributes),
            said=dict(found.words),
        )

    def meets(self, when: Conditions) -> bool:
        return when == Conditions() or self._deciding.engine.meets(self._contact, when)

    def vip(self) -> bool:
        found = self._deciding.engine.contact(self._contact)
        return found is not None and found.vip

    def queue(self, queue: QueueId) -> QueueState:
        found = self._deciding.engine.queue(queue)
        if found is None:
            return QueueState()
        return QueueState(
            waiting=found.waiting,
            ready=found.agents_ready,
            working=found.agents_working,
            wait_seconds=found.expected_wait_seconds,
        )

    def has_queue(self, queue: QueueId) -> bool:
        return self._deciding.engine.queue(queue) is not None

    def choose(self, verb: Choose) -> str:
        return chosen(verb, self)

    def locked(self, verb: Tries) -> bool:
        keys = self._deciding.counted_by(self._contact, verb.counted)
        return self._deciding.lock_outs.locked(keys, verb.wrong, self._deciding.now)

    def may_call_back(self, verb: MayCallBack) -> bool:
        return self._deciding.engine.may_call_back(self._contact, verb.queue, own=verb.own)

    def free_times(self, verb: FreeTimes) -> str:
        """On the clock of the place; the first is now."""
        now, times = self._deciding.engine.call_times(self._contact, verb.queue, verb.since, verb.limit)
        return " ".join(each.isoformat() for each in (now, *times))

    def trouble(self) -> Trouble | None:
        found = self._deciding.engine.incident_of(self._contact)
        if found is None:
            return None
        incident, zone = found
        ends = wall(incident.repaired_by, zone) if incident.repaired_by is not None else None
        return Trouble(now=wall(self._deciding.now, zone), repaired_by=ends, texts=incident.texts)

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return self._deciding.engine.scenario(scenario)
