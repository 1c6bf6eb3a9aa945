"""`contact`, as a scenario has it in hand: each word is one verb, and returns when the line or the world has answered.

What is said of a customer here (choices, attributes, priority, language) goes with the contact when it leaves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, Literal, NoReturn, Unpack

from msgspec.structs import replace

from otklik.contact.conditions import Conditions
from otklik.contact.configuration import UNHEARD, Speech
from otklik.contact.decisions import (
    Ask,
    Enqueue,
    Finish,
    LeaveVoicemail,
    Say,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.flow import BySpeech, Case
from otklik.contact.hearing import Hearing
from otklik.contact.ids import AgentId, ContactId, QueueId, ScenarioId
from otklik.contact.outside import Failure
from otklik.contact.outside_number import OutsideNumber
from otklik.contact.voicemail import Voicemail, message_of
from otklik.scenario import calling_back, listening, menu, spoken, trouble
from otklik.scenario.asked import CALLERS_NUMBER as CALLERS_NUMBER
from otklik.scenario.calling_back import HowBack
from otklik.scenario.heard import CameOutside, HowHeard, HowOutside, When
from otklik.scenario.heard import Limits as Limits
from otklik.scenario.heard import Pressed as Pressed
from otklik.scenario.heard import Said as Said
from otklik.scenario.heard import Texts as Texts
from otklik.scenario.menu import Menu, Phrases
from otklik.scenario.outward import Outward
from otklik.scenario.verbs import (
    OPEN,
    OTHERWISE,
    Choose,
    FreeTimes,
    Known,
    Look,
    MayCallBack,
    Pause,
    QueueState,
    World,
    heard,
    perform,
)
from otklik.scenario.words import Words

RIGHT: Final = "1"
STEPS_LIMIT: Final = 2_000
"""Of one pass through a scenario, those of its sub-flows among them."""
STEPS_WITHOUT_WAITING: Final = 200
PATH_KEPT: Final = 100


class ScenarioFault(Exception):
    """The scenario cannot go on; the contact goes to its default queue."""


class Contact(Outward):
    """One contact in its scenario. The words that end it (`to_queue`, `to_agent`, `hang_up`) never return."""

    def __init__(self, contact: ContactId, world: World, first_step: int = 0, language: str = "") -> None:
        """`language`: of whoever has none yet."""
        visitor = world.visitor()
        self.id = contact
        self.world = world
        self.ani, self.dnis, self.channel = visitor.ani, visitor.dnis, visitor.channel
        self.language = self._first_language = visitor.language or language
        self.attributes: dict[str, str] = dict(visitor.attributes)
        self.priority = 0
        self.requires = ""
        self.vip: bool | None = None
        """Set by the scenario; whether the customer is one already is asked by `choose`."""
        self.keys: dict[str, Pressed] = {}
        """Masked ones, by the attribute that holds their asterisks."""
        self.reason: Failure = ""
        """Why the last question outside has failed."""
        self.said = Words(heard=dict(visitor.said))
        self.choices: list[str] = []
        self.path: list[str] = []
        self.step = first_step
        self.first_step = first_step
        self.block = ""
        """The step under way, for whoever looks for a fault."""
        self.leaves_for = ""
        """The queue for which a message is taken now."""
        self._heard = self.channel not in UNHEARD
        self._since_waiting = 0
        self.passed: Callable[[ScenarioId, str, str], None] | None = None
        """Told of each exit that a drawn flow takes."""

    async def say(self, text: Texts, *, interruptible: bool = True, name: str = "say") -> bool:
        """False: it could not be spoken."""
        return await self.speak(self.speech(text), interruptible=interruptible, name=name)

    async def speak(self, speech: tuple[Speech, ...], *, interruptible: bool = True, name: str = "say") -> bool:
        if not speech:
            return True
        step = self._next(name, waits=True)
        verb = Say(contact=self.id, step=step, speech=speech, interruptible=interruptible, block=name)
        return (await heard(verb)).outcome != "failed"

    async def ask(
        self,
        *texts: Texts,
        max_digits: int = 1,
        timeout_seconds: float = 5.0,
        terminator: str = "#",
        interruptible: bool = True,
        masked: bool = False,
        keys_of: Pressed | None = None,
        hearing: Hearing | None = None,
        name: str = "ask",
    ) -> Pressed:
        """Once, without judging what was pressed or said. `keys_of`: masked digits that are read out after the first text."""
        step = self._next(name, waits=True)
        verb = Ask(
            contact=self.id,
            step=step,
            speech=tuple(part for text in texts for part in self.speech(text)),
            max_digits=max_digits,
            timeout_seconds=timeout_seconds,
            interruptible=interruptible,
            terminator=terminator,
            masked=masked,
            keys_of=keys_of.step if keys_of is not None else 0,
            hearing=hearing,
            block=name,
        )
        fact = await heard(verb)
        if fact.outcome == "digits":
            return Pressed(outcome="digits", digits=fact.digits, masked=masked, step=step)
        if fact.outcome == "heard":
            return Pressed(outcome="heard", digits=fact.digits, confidence=fact.confidence, said=fact.said, step=step)
        if fact.outcome == "deaf":
            return Pressed(outcome="deaf", step=step)
        return Pressed(outcome="failed" if fact.outcome == "failed" else "no_input")

    async def menu(
        self,
        text: Texts,
        keys: Mapping[str, str],
        *,
        opening: Texts = "",
        wrong: Texts = "",
        silence: Texts = "",
        attempts: int = 3,
        timeout_seconds: float = 5.0,
        interruptible: bool = True,
        speech: BySpeech | Phrases | None = None,
        name: str = "menu",
    ) -> Pressed:
        """`keys`: each with its label, which becomes a choice of the contact. `speech`: customers may say it, too; of phrases alone
        what is not sure is "unsure"."""
        asked = Menu(
            text=text,
            keys=keys,
            wrong=wrong,
            silence=silence,
            attempts=attempts,
            timeout_seconds=timeout_seconds,
            interruptible=interruptible,
            name=name,
        )
        return await menu.ask(self, asked, opening, speech)

    async def listen(self, text: Texts, *, name: str = "listen", **how: Unpack[HowHeard]) -> Pressed:
        """A few words of the customer's own: "heard", with `said` and `confidence`; "unsure": they may be meant; "digits": one of the
        keys in their place; "no_match", "no_input", "deaf" or "failed"."""
        return await listening.ask(self, listening.Question(text=text, name=name, **how))

    async def collect(
        self,
        text: Texts,
        *,
        min_digits: int = 1,
        max_digits: int = 20,
        terminator: str = "#",
        masked: bool = False,
        wrong: Texts = "",
        silence: Texts = "",
        attempts: int = 3,
        timeout_seconds: float = 5.0,
        interruptible: bool = True,
        name: str = "collect",
    ) -> Pressed:
        """Of masked digits only asterisks are seen, as many as there were."""
        before: Texts = ""
        pressed = Pressed(outcome="no_input")
        for _ in range(attempts):
            pressed = await self.ask(
                *(before, text),
                max_digits=max_digits,
                timeout_seconds=timeout_seconds,
                terminator=terminator,
                interruptible=interruptible,
                masked=masked,
                name=name,
            )
            if pressed.outcome == "failed":
                return pressed
            if pressed.outcome == "digits":
                if len(pressed.digits) >= min_digits and (masked or pressed.digits.isdecimal()):
                    return pressed
                before, pressed = wrong, Pressed(outcome="no_match", digits=pressed.digits)
            else:
                before = silence
        return pressed

    async def record(self, text: Texts = "", *, name: str = "record", **limits: Unpack[Limits]) -> Said:
        """What the customer says is kept with the contact."""
        if not await self.say(text, name=name):
            return Said(outcome="failed")
        verb = TakeMessage(contact=self.id, step=self._next(name, waits=True), block=name, **limits)
        fact = await heard(verb)
        if fact.outcome != "done":
            return Said(outcome="no_input" if fact.outcome == "timeout" else "failed")
        message = message_of(self.id, fact.step)
        return Said(outcome="recorded", message=message, seconds=fact.seconds, step=fact.step, key=fact.key)

    async def voicemail(
        self, queue: str, text: Texts = "", *, name: str = "voicemail", **limits: Unpack[Limits]
    ) -> Said:
        """What the customer says waits in the queue as a contact of its own, with all that is known of this one by now."""
        self.leaves_for = queue
        said = await self.record(text, name=name, **limits)
        self.leaves_for = ""
        if said.outcome == "recorded":
            left = self.message(queue, step=said.step, seconds=said.seconds, key=said.key)
            await perform(LeaveVoicemail(contact=self.id, step=self._next(name), voicemail=left, block=name))
        return said

    def message(self, queue: str, *, step: int, seconds: float, key: str) -> Voicemail:
        """With all that is known of the contact by now."""
        return Voicemail(
            call=self.id,
            step=step,
            queue=QueueId(queue),
            seconds=seconds,
            key=key,
            language=self.language,
            requires=self.requires,
            priority=self.priority,
            vip=self.vip,
            choices=tuple(self.choices),
            attributes=self.found(),
            path=tuple(self.path[:PATH_KEPT]),
        )

    async def transfer_outside(
        self, dial: str, *, name: str = "transfer outside", **how: Unpack[HowOutside]
    ) -> CameOutside:
        """The customer is put through to a number outside, and is back here once the other side has hung up ("done"), or at once if
        nobody answers. "impossible": it must not be called. It must begin as the calls out of the queue `rules_of` may."""
        return await self.outside(OutsideNumber(dial=dial, **how), written=False, name=name)

    async def outside(self, to: OutsideNumber, *, written: bool, name: str) -> CameOutside:
        to = to if written else dataclasses.replace(to, dial=self.filled(to.dial))
        step = self._next(name, waits=True)
        verb = TransferOutside(contact=self.id, step=step, to=to, written=written, block=name)
        came = (await heard(verb)).outcome
        return came if came == "done" or came == "busy" or came == "no_answer" or came == "impossible" else "failed"

    async def wait(self, seconds: float, *, name: str = "wait") -> None:
        """The customer hears music."""
        await heard(Pause(step=self._next(name, waits=True), seconds=max(0.0, seconds), block=name))

    async def choose(self, *cases: Case, name: str = "choose") -> str:
        """The exit of the first case that holds, else "otherwise"."""
        step = self._next(name)
        known = self.said.compared(self.attributes)
        asked = Choose(step=step, cases=cases, attributes=known, language=self.language, block=name)
        answer = await perform(asked)
        return answer.value if isinstance(answer, Known) and isinstance(answer.value, str) else OTHERWISE

    async def meets(self, *, vip: bool | None = None, name: str = "meets", **when: Unpack[When]) -> bool:
        """Do all of these hold now? As the conditions of entry rules and branches."""
        return await self.choose(Case(exit="yes", when=Conditions(**when), vip=vip), name=name) == "yes"

    async def queue_state(self, queue: str, *, name: str = "queue state") -> QueueState:
        answer = await perform(Look(step=self._next(name), queue=QueueId(queue), block=name))
        return answer.value if isinstance(answer, Known) and isinstance(answer.value, QueueState) else QueueState()

    def set(
        self,
        *,
        priority: int | None = None,
        requires: str | None = None,
        language: str | None = None,
        vip: bool | None = None,
        name: str = "set",
        **attributes: str,
    ) -> None:
        self._next(name)
        self.attributes |= attributes
        self.priority = self.priority if priority is None else priority
        self.requires = self.requires if requires is None else requires
        self.language = self.language if language is None else language
        self.vip = self.vip if vip is None else vip

    def enter(self, name: str) -> None:
        """Another flow begins here."""
        self._next(name)

    async def to_queue(self, queue: str, *, name: str = "queue") -> NoReturn:
        await self.to_agent(None, queue, name=name)

    async def to_agent(
        self, agent: str | None, queue: str, *, agent_seconds: float = 30.0, name: str = "agent"
    ) -> NoReturn:
        """The agent is tried alone first, then the queue at large."""
        self.pass_by(name)
        await perform(self.leaving(queue, AgentId(agent) if agent is not None else None, agent_seconds))
        raise ScenarioFault("it has ended already")

    async def confirm(
        self,
        number: Pressed,
        entered: Texts = "",
        right: Texts = "",
        *,
        timeout_seconds: float = 5.0,
        name: str = "confirm",
    ) -> Literal["right", "wrong", "no_input", "failed"]:
        """Masked digits are read back, between the two texts; 1 is right. "failed" also where a restart has lost them."""
        pressed = await self.ask(entered, right, timeout_seconds=timeout_seconds, keys_of=number, name=name)
        if pressed.outcome != "digits":
            return "failed" if pressed.outcome == "failed" else "no_input"
        return "right" if pressed.digits == RIGHT else "wrong"

    async def may_call_back(self, queue: str, *, own: bool = True, name: str = "call back") -> bool:
        """`own`: at the number that the customer calls from."""
        answer = await perform(MayCallBack(step=self._next(name), queue=QueueId(queue), own=own, block=name))
        return isinstance(answer, Known) and answer.value == OPEN

    async def free_times(
        self, queue: str, since: float | None, limit: int, *, name: str = "call back"
    ) -> tuple[datetime, list[datetime]]:
        """What the clock of the place shows, and the next times for which a call may be asked. `since` None: from now on."""
        verb = FreeTimes(step=self._next(name), queue=QueueId(queue), since=since, limit=limit, block=name)
        answer = await perform(verb)
        value = answer.value if isinstance(answer, Known) and isinstance(answer.value, str) else ""
        now, *times = [datetime.fromisoformat(each) for each in value.split()] or [datetime.fromtimestamp(0, UTC)]
        return now, times

    async def call_back(
        self, queue: str, number: Pressed | None = None, *, at: float | None = None, name: str = "call back"
    ) -> NoReturn:
        """The customer keeps the place in the queue, hangs up and is called back. `number`: masked digits; None: the number that
        the customer calls from. `at`: not before. Where it cannot be the customer hears so, and waits in the queue."""
        self.pass_by(name)
        step = number.step if number is not None else 0
        await perform(replace(self.leaving(queue), callback=True, number_step=step, callback_at=at))
        raise ScenarioFault("it has ended already")

    async def offer_callback(self, queue: str, *, name: str = "call back", **how: Unpack[HowBack]) -> str:
        """The number and the time are asked for where `how` says so. Never comes back where the customer will be called; else with
        "impossible", "no_input", "no_match" or "failed"."""
        return await calling_back.offer(self, calling_back.block_of(queue, how, self.language), name)

    async def hang_up(self, *, name: str = "hang up") -> NoReturn:
        self.pass_by(name)
        await perform(self.finishing())
        raise ScenarioFault("it has ended already")

    def finishing(self) -> Finish:
        """Served, with all that is known of the contact by now."""
        return Finish(
            contact=self.id, choices=tuple(self.choices), attributes=self.found(), path=tuple(self.path[:PATH_KEPT])
        )

    def leaving(self, queue: str, agent: AgentId | None = None, agent_seconds: float = 30.0) -> Enqueue:
        """With all that is known of the contact by now."""
        return Enqueue(
            contact=self.id,
            queue=QueueId(queue),
            choices=tuple(self.choices),
            requires=self.requires,
            priority=self.priority,
            agent=agent,
            agent_seconds=agent_seconds,
            language=self.language if self.language != self._first_language else "",
            vip=self.vip,
            attributes=self.found(),
            path=tuple(self.path[:PATH_KEPT]),
        )

    def filled(self, text: str, language: str = "") -> str:
        """With the attributes in their places; one that is not there is left out, and of words only their step is named."""
        if "{" not in text:
            return text
        language, values = language or self.language, self.attributes | self.said.places
        if f"{{{trouble.NAME}}}" in text and trouble.NAME not in values:
            values[trouble.NAME] = trouble.announced(self.world.trouble(), language)
        return spoken.filled(text, values, language)

    def speech(self, text: Texts) -> tuple[Speech, ...]:
        """In the contact's language, else in the first that there is."""
        if isinstance(text, str):
            language, said = self.language, text
        elif self.language in text:
            language, said = self.language, text[self.language]
        else:
            language, said = next(iter(text.items()), ("", ""))
        said = self.filled(said, language)
        return (Speech(text=said, language=language),) if said else ()

    def found(self) -> dict[str, str]:
        known = self.world.visitor().attributes
        return {name: value for name, value in self.attributes.items() if known.get(name) != value}

    def _next(self, name: str, *, waits: bool = False) -> int:
        self.pass_by(name)
        self.step += 1
        self.count(1, waits=waits)
        if self.step - self.first_step > STEPS_LIMIT:
            raise ScenarioFault(f"{STEPS_LIMIT} steps")
        return self.step

    def count(self, steps: int, *, waits: bool) -> None:
        """Nobody listens to what is written: there all steps are counted."""
        self._since_waiting = 0 if waits and self._heard else self._since_waiting + steps
        if self._since_waiting > STEPS_WITHOUT_WAITING:
            raise ScenarioFault(f"{STEPS_WITHOUT_WAITING} steps without waiting for anything")

    def pass_by(self, name: str) -> None:
        self.block = name
        if name and (not self.path or self.path[-1] != name):
            self.path.append(name)
