"""The customer's side of a simulated call back: a line that rings at the customer's, in a test's hands."""

from __future__ import annotations

from abc import ABC, abstractmethod

from otklik.channels.voice.simulated_leg import Heard
from otklik.contact.decisions import CallOutside, Dial
from otklik.contact.facts import CallAnswered, CallFailed, CallFailure, CustomerLeft, Fact
from otklik.contact.ids import ContactId
from otklik.contact.outside_number import OutsideAnswered, OutsideEnd, OutsideEnded
from otklik.contact.ports import KnownLine


class SimulatedOutside:
    """Somebody outside, in a test's hands: they are called, and may answer."""

    def __init__(self, call: CalledBack, decision: CallOutside) -> None:
        self.call = call
        self.attempt, self.number, self.caller = decision.attempt, decision.number, decision.caller
        self.music = decision.music
        self.answered = False
        self.beside = decision.beside
        self.room: ContactId | None = None
        self.waits = False
        """With music, while the agent talks to the customer."""

    def answer(self) -> None:
        if self.call.outside is self and not self.answered:
            self.answered = True
            if self.beside is None:
                self.call.put_through()
            self.call.post(OutsideAnswered(contact=self.call.contact, attempt=self.attempt))

    def hears(self) -> frozenset[Heard]:
        return self.call.heard_outside()

    def hang_up(self) -> None:
        self.end("hung_up")

    def end(self, cause: OutsideEnd) -> None:
        """ "hung_up" only of a conversation."""
        if self.call.outside is self:
            self.call.outside = None
            told: OutsideEnd = "hung_up" if self.answered else "rejected" if cause == "hung_up" else cause
            self.call.post(OutsideEnded(contact=self.call.contact, attempt=self.attempt, cause=told))


class CalledBack(ABC):
    """`alive`: the customer is on the line; `dialling`: it rings there. Never both, and each attempt only once."""

    def __init__(self, contact: ContactId, *, alive: bool) -> None:
        self.contact = contact
        self.alive = alive
        self.attempt = 0
        self.dialling = False
        self.outside: SimulatedOutside | None = None
        self.number = self.caller = ""
        """Who is called back, and what number is shown there."""

    @abstractmethod
    def post(self, fact: Fact) -> None: ...
    @abstractmethod
    def tidy(self) -> None:
        """Forget the call if nobody is left in it."""

    @abstractmethod
    def heard_outside(self) -> frozenset[Heard]:
        """By whoever was called there and has answered."""

    @abstractmethod
    def put_through(self) -> None:
        """To somebody outside."""

    def call_outside(self, decision: CallOutside, *, trunk: bool) -> None:
        if not trunk:
            self.post(OutsideEnded(contact=self.contact, attempt=decision.attempt, cause="failed"))
        elif self.outside is None or self.outside.attempt != decision.attempt:
            self.outside = SimulatedOutside(self, decision)

    def end_outside(self, attempt: int) -> None:
        if self.outside is not None and self.outside.attempt == attempt:
            self.outside.end("no_answer")

    def pass_outside(self, attempt: int) -> bool:
        """Whom an agent has asked is the customer's now."""
        if self.outside is None or self.outside.attempt != attempt or self.outside.beside is None:
            return False
        self.outside.beside = None
        self.outside.waits = False
        return True

    def adopt_outside(self, known: KnownLine) -> None:
        """Found after a restart of ours."""
        if self.outside is not None and known.outside_beside is None and self.pass_outside(known.outside):
            if self.outside.answered:
                self.put_through()
        if self.outside is not None and self.outside.attempt != known.outside:
            self.outside = None
        if known.outside and self.outside is None:
            self.post(OutsideEnded(contact=self.contact, attempt=known.outside, cause="lost"))
        elif self.outside is not None and self.outside.answered:
            self.post(OutsideAnswered(contact=self.contact, attempt=known.outside))

    def dial(self, decision: Dial, *, trunk: bool = True) -> None:
        if not trunk:
            self.post(CallFailed(contact=self.contact, attempt=decision.attempt, cause="failed"))
        elif not (self.alive or self.dialling):
            self.attempt, self.number, self.caller = decision.attempt, decision.number, decision.caller
            self.dialling = True

    def answer(self) -> None:
        if self.dialling:
            self.dialling, self.alive = False, True
            self.post(CallAnswered(contact=self.contact, attempt=self.attempt))

    def fail(self, cause: CallFailure) -> None:
        """The line that rings at the customer's ends without an answer."""
        if self.dialling:
            self.dialling = False
            self.post(CallFailed(contact=self.contact, attempt=self.attempt, cause=cause))
        self.tidy()

    def adopt_customer(self, known: KnownLine) -> None:
        """Found after a restart of ours."""
        here = (self.alive or self.dialling) and self.attempt == known.attempt and not known.away
        if not here and (self.alive or self.dialling):
            self.alive = self.dialling = False  # a line that should not be is hung up
        if not here and known.dialling:
            self.post(CallFailed(contact=self.contact, attempt=known.attempt, cause="lost"))
        elif not here and not known.away:
            self.post(CustomerLeft(contact=self.contact, cause="node_lost", attempt=known.attempt))
        elif here and known.dialling and self.alive:
            self.post(CallAnswered(contact=self.contact, attempt=self.attempt))
        self.tidy()
