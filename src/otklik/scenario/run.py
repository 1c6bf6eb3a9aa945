"""One contact's way through its scenario: the greeting, the menu with its attempts, then a queue.

All state follows from the replies heard so far: a fresh `Run` that is told the same replies stands at the same step.
"""

from __future__ import annotations

from otklik.contact.configuration import MenuChoice, Scenario, Speech
from otklik.contact.decisions import Ask, Decision, Enqueue, Say
from otklik.contact.facts import VerbFinished
from otklik.contact.ids import ContactId, QueueId


class Run:
    """Each step is answered once; a late or repeated answer changes nothing. Ends with exactly one `Enqueue`."""

    def __init__(self, contact: ContactId, scenario: Scenario, first_step: int = 0) -> None:
        """`first_step`: the steps are numbered from after it."""
        self.contact = contact
        self.scenario = scenario
        self.replies: list[VerbFinished] = []
        """The answers that counted, in order."""
        self._step = first_step
        self._asked = 0
        self._over = False
        self._pending: list[Decision] = []

    @property
    def pending(self) -> list[Decision]:
        """What the customer is being told or asked at this step; to be said again after a restart."""
        return list(self._pending)

    @property
    def over(self) -> bool:
        return self._over

    def start(self) -> list[Decision]:
        """Call once. The greeting is spoken with the menu, so that who knows the key need not hear it out."""
        if not self.scenario.choices or self.scenario.attempts < 1:
            return self._say_and_leave()
        return self._ask(self.scenario.greeting, self.scenario.prompt)

    def handle(self, fact: VerbFinished) -> list[Decision]:
        if self._over or fact.contact != self.contact or fact.step != self._step:
            return []
        self.replies.append(fact)
        if choice := self._choice(fact):
            return self._leave(choice.queue, (choice.label,))
        if fact.outcome == "failed" or self._asked >= max(self.scenario.attempts, 0):
            return self._leave(self.scenario.otherwise, ())
        if fact.outcome == "digits":
            return self._ask(self.scenario.wrong_choice, self.scenario.prompt)
        return self._ask(self.scenario.prompt)

    def _choice(self, fact: VerbFinished) -> MenuChoice | None:
        if fact.outcome != "digits":
            return None
        return next((choice for choice in self.scenario.choices if choice.digit == fact.digits), None)

    def _say_and_leave(self) -> list[Decision]:
        speech = self._speech(self.scenario.greeting)
        if not speech:
            return self._leave(self.scenario.otherwise, ())
        self._step += 1
        self._asked = self.scenario.attempts
        self._pending = [Say(contact=self.contact, step=self._step, speech=speech)]
        return self.pending

    def _ask(self, *texts: str) -> list[Decision]:
        self._step += 1
        self._asked += 1
        self._pending = [
            Ask(
                contact=self.contact,
                step=self._step,
                speech=self._speech(*texts),
                max_digits=max(len(choice.digit) for choice in self.scenario.choices),
                timeout_seconds=self.scenario.timeout_seconds,
            )
        ]
        return self.pending

    def _leave(self, queue: QueueId, choices: tuple[str, ...]) -> list[Decision]:
        self._over = True
        self._pending = []
        return [Enqueue(contact=self.contact, queue=queue, choices=choices)]

    def _speech(self, *texts: str) -> tuple[Speech, ...]:
        return tuple(Speech(text=text, language=self.scenario.language) for text in texts if text)
