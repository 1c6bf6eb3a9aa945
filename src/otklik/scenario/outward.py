"""The words of a scenario that reach outside: databases, services, functions, mail and SMS. `talk.Contact` has them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from otklik.contact.configuration import Speech
from otklik.contact.decisions import CallFunction, Fetch, LookUp, SendMessage
from otklik.contact.facts import Answered
from otklik.contact.flow import LockOut
from otklik.contact.ids import ContactId, ScenarioId
from otklik.contact.outside import Failure, Outcome, Written
from otklik.scenario.asked import CALLERS_NUMBER, Parameters, entries, sent
from otklik.scenario.heard import Pressed, Texts
from otklik.scenario.verbs import LOCKED, Answer, Known, Tries, perform
from otklik.scenario.words import OF_REQUEST, Words

DONE: Final = "done"
FAULT: Final = "fault"


class Outward:
    """Part of `Contact`."""

    id: ContactId
    attributes: dict[str, str]
    keys: dict[str, Pressed]
    reason: Failure
    said: Words

    if TYPE_CHECKING:

        def _next(self, name: str, *, waits: bool = False) -> int: ...
        def filled(self, text: str, language: str = "") -> str: ...
        def speech(self, text: Texts) -> tuple[Speech, ...]: ...

    async def look_up(
        self,
        connection: str,
        statement: str,
        parameters: Parameters,
        *,
        into: str = "",
        lock_out: LockOut | None = None,
        name: str = "look up",
    ) -> Outcome | Literal["locked"]:
        """A database's first row becomes attributes, those of an earlier one of the same `into` go. A parameter "{ani}" is the
        caller's number; masked keys are sent as they were pressed."""
        counted = entries(self, f"{connection}.{statement}", lock_out)
        if lock_out is not None and await self._locked(counted, lock_out.wrong, name):
            return LOCKED
        verb = LookUp(
            contact=self.id,
            step=self._next(name),
            connection=connection,
            statement=statement,
            block=name,
            **sent(self, parameters, counted, lock_out),
        )
        return self._learn(into, await perform(verb))

    async def fetch(
        self,
        service: str,
        request: str,
        parameters: Parameters,
        *,
        into: str = "",
        lock_out: LockOut | None = None,
        name: str = "fetch",
    ) -> Outcome | Literal["locked"]:
        """As `look_up`, of a service's answer over HTTP."""
        counted = entries(self, f"{service}.{request}", lock_out)
        if lock_out is not None and await self._locked(counted, lock_out.wrong, name):
            return LOCKED
        verb = Fetch(
            contact=self.id,
            step=self._next(name),
            service=service,
            request=request,
            block=name,
            **sent(self, parameters, counted, lock_out),
        )
        return self._learn(into, await perform(verb))

    async def call(
        self,
        code: str,
        function: str,
        parameters: Mapping[str, str],
        *,
        into: str = "",
        branches: tuple[str, ...] = (),
        name: str = "function",
    ) -> str:
        """A function of the tenant's code computes; what it gives back becomes attributes, as with `look_up`. The way that it names,
        else "done"; "fault": it failed. Masked keys are the asterisks that they are everywhere."""
        verb = CallFunction(
            contact=self.id,
            step=self._next(name),
            code=ScenarioId(code),
            function=function,
            branches=branches,
            parameters={name: self.filled(value) for name, value in parameters.items() if value != CALLERS_NUMBER},
            of_caller=tuple(name for name, value in parameters.items() if value == CALLERS_NUMBER),
            block=name,
        )
        answer = await perform(verb)
        assert isinstance(answer, Answered)
        return FAULT if self._learn(into, answer) == "failed" else answer.exit or DONE

    async def _locked(self, counted: tuple[str, ...], wrong: int, name: str) -> bool:
        answer = await perform(Tries(step=self._next(name), counted=counted, wrong=wrong, block=name))
        return isinstance(answer, Known) and answer.value == LOCKED

    def _learn(self, into: str, answer: Answer) -> Outcome:
        assert isinstance(answer, Answered)
        self.reason = answer.reason
        before = f"{into}." if into else ""
        if into:
            self.attributes = {name: value for name, value in self.attributes.items() if not name.startswith(before)}
        self.attributes |= {f"{before}{name}": value for name, value in answer.values.items()}
        return answer.outcome

    async def send_mail(self, to: str, subject: Texts, text: Texts, *, name: str = "mail") -> Literal["done", "failed"]:
        """By the server of the set-up. "done": it has been handed over."""
        return await self._send("mail", to, {"subject": self._words(subject), "text": self._words(text)}, name)

    async def send_sms(self, text: Texts, to: str = CALLERS_NUMBER, *, name: str = "sms") -> Literal["done", "failed"]:
        """By the service of the set-up, usually to the number that the customer calls from."""
        return await self._send("sms", to, {"text": self._words(text)}, name)

    def _words(self, text: Texts) -> str:
        """As it would be said."""
        return " ".join(part.text for part in self.speech(text))

    def reply(self, text: str, name: str) -> SendMessage:
        """To whoever wrote, about what was written; performed by the run as the contact leaves. `name`: of the scenario."""
        step = self._next("")
        subject = f"Re: {self.filled('{request.subject}')}" if f"{OF_REQUEST}subject" in self.said.places else ""
        parameters = {"to": self.filled("{request.mail}"), "subject": subject, "text": text}
        return SendMessage(contact=self.id, step=step, by="mail", parameters=parameters, reply=True, block=name)

    async def _send(self, by: Written, to: str, what: dict[str, str], name: str) -> Literal["done", "failed"]:
        own = to == CALLERS_NUMBER
        verb = SendMessage(
            contact=self.id,
            step=self._next(name),
            by=by,
            parameters=what if own else {**what, "to": self.filled(to)},
            of_caller=("to",) if own else (),
            block=name,
        )
        answer = await perform(verb)
        assert isinstance(answer, Answered)
        self.reason = answer.reason
        return "done" if answer.outcome == "found" else "failed"
