"""The deciding code on a line, without a database: what the scenario of a call wants is done by the switch of the laboratory and by
whatever really answers outside. For contract tests of scenarios."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import cast

from msgspec.structs import replace

from otklik.contact import decisions as do
from otklik.contact.configuration import AnyScenario, Configuration
from otklik.contact.facts import CallsOutChanged, Configured, ContactQueued, Fact, ScenarioFinished
from otklik.contact.ids import ContactId, QueueId
from otklik.contact.ports import Handlers
from otklik.integrations.outside import OuterSystems
from otklik.scenario.run import Run
from otklik.scenario.verbs import Answer, Choose, FreeTimes, Look, MayCallBack, QueueState, Tries
from otklik.scenario.words import worded
from otklik.storage.engine import Database
from otklik.switchboard.deciding import Around, Deciding, followed_by, outside_asked, voicemail_of
from otklik.switchboard.handling import Handling
from otklik.switchboard.outside import Asking
from otklik.switchboard.replies import Replies
from tests.channels.inbox import TENANT
from tests.channels.lab import Lab, until


class _Noting(Around):
    """Notes the questions that are answered at once, which no decision shows."""

    def __init__(self, centre: Centre, contact: ContactId) -> None:
        super().__init__(centre, contact)
        self._wanted = centre.wanted

    def choose(self, verb: Choose) -> str:
        self._wanted.add(Choose)
        return super().choose(verb)

    def queue(self, queue: QueueId) -> QueueState:
        self._wanted.add(Look)
        return super().queue(queue)

    def locked(self, verb: Tries) -> bool:
        self._wanted.add(Tries)
        return super().locked(verb)

    def may_call_back(self, verb: MayCallBack) -> bool:
        self._wanted.add(MayCallBack)
        return super().may_call_back(verb)

    def free_times(self, verb: FreeTimes) -> str:
        self._wanted.add(FreeTimes)
        return super().free_times(verb)


class Centre(Deciding):
    """`wanted`: the kinds of all that the scenarios asked for. `left`: how each call left its scenario, in order."""

    def __init__(
        self, lab: Lab, configuration: Configuration, outside: OuterSystems, handlers: Handlers | None
    ) -> None:
        super().__init__()
        self.wanted = set[type]()
        self.left: list[ContactQueued | ScenarioFinished] = []
        self.faults: list[do.ReportFault] = []
        self._lab = lab
        self._timers: list[asyncio.TimerHandle] = []
        replies = Replies(TENANT, cast(Database, None), outside)  # calls are answered by no letters
        self._asking = Asking(TENANT, outside, lambda: self.engine.configuration, self._ani, self._post, replies)
        self._handling = Handling(TENANT, handlers, self._post)
        self.decide(Configured(configuration=configuration), time.time())
        self.decide(CallsOutChanged(possible=True), time.time())
        self._task = asyncio.create_task(self._follow(), name="centre")

    async def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._asking.close()
        await self._handling.close()

    @property
    def ended(self) -> bool:
        """It should not: it is told what came of it."""
        if self._task.done():
            self._task.result()
        return self._task.done()

    async def leaves(self) -> ContactQueued | ScenarioFinished:
        """How the call has left its scenario, once it has."""
        await until("the scenario is over", lambda: bool(self.left) or self._task.done())
        if self._task.done():
            self._task.result()
        assert self.faults == []
        return self.left[-1]

    async def tell(self, *facts: Fact) -> None:
        for fact in facts:
            await self._handle(fact)

    def _post(self, fact: Fact) -> None:
        self._lab.inbox.told.put_nowait(fact)

    def _ani(self, contact: ContactId) -> str:
        found = self.engine.contact(contact)
        return (found.ani if found is not None else None) or ""

    async def _follow(self) -> None:
        while True:
            await self._handle(await self._lab.inbox.told.get())

    async def _handle(self, fact: Fact) -> None:
        for decision in self.decide(fact, time.time()):
            await self._perform(decision)

    async def _perform(self, decision: do.Decision) -> None:
        self.wanted.add(type(decision))
        run = self.runs.get(decision.contact) if hasattr(decision, "contact") else None
        match decision:
            case do.SetTimer():
                delay = max(0.0, decision.at - time.time())
                self._timers.append(asyncio.get_running_loop().call_later(delay, self._post, decision.fact))
            case do.Enqueue() | do.Finish():
                self.left.append(followed_by(decision))
                self._post(self.left[-1])
            case do.TransferOutside():
                self._post(outside_asked(decision, "RU"))
            case do.LeaveVoicemail():
                arrived = voicemail_of(decision, self.engine)
                assert arrived is not None
                self._post(arrived)
            case do.LookUp() | do.Fetch() | do.SendMessage():
                self._asking.ask(worded(decision, run))
            case do.CallHandler() | do.CallFunction():
                self._handling.call(decision, run, Around(self, decision.contact).visitor())
            case do.ReportFault():
                self.faults.append(decision)
            case do.RunScenario() | do.Refuse() | do.Forwarded():
                pass
            case do.Say() | do.Ask():
                await self._lab.voice.perform(TENANT, worded(decision, run))
            case _:
                await self._lab.voice.perform(TENANT, self._with_number(decision))

    def _with_number(self, decision: do.VoiceDecision) -> do.VoiceDecision:
        """As `switchboard/centre.py` puts them there; the log has none of them."""
        found = self.engine.contact(decision.contact) if not isinstance(decision, do.DropRecording) else None
        if found is None:
            return decision
        if isinstance(decision, do.CallOutside) and found.outside is not None:
            return replace(decision, number=found.outside.number, caller=found.dnis)
        if isinstance(decision, do.Dial):
            return replace(decision, number=found.called_number, caller=found.dnis)
        if isinstance(decision, do.Offer) and decision.away:
            return replace(decision, number=found.called_number)
        return decision

    def _run(self, contact: ContactId, scenario: AnyScenario, first_step: int, recorded: Iterable[Answer] = ()) -> Run:
        return Run(contact, scenario, first_step, _Noting(self, contact), tuple(recorded))
