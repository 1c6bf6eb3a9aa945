"""One contact's way through its scenario: a coroutine over the verbs, driven by what the customer and the world answer.

All state follows from the answers: a fresh `Run` that is told the same ones stands at the same step. One that asks for something
else than it did then has been changed meanwhile, and its contact goes to the default queue, as that of one that fails.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final, assert_never

from msgspec.structs import replace

from otklik.contact.configuration import AnyScenario, Scenario
from otklik.contact.decisions import (
    Ask,
    CallFunction,
    CallHandler,
    Decision,
    Enqueue,
    Fetch,
    Finish,
    LeaveVoicemail,
    LookUp,
    PlayMusic,
    ReportFault,
    Say,
    SendMessage,
    SetTimer,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import Flow
from otklik.contact.handler import Handler, HandlerFact, HandlerFailed, HandlerStepped
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario import drawn, handled
from otklik.scenario.talk import Contact, ScenarioFault
from otklik.scenario.verbs import (
    IMPOSSIBLE,
    LOCKED,
    OPEN,
    Answer,
    Asking,
    Choose,
    FreeTimes,
    Known,
    Look,
    MayCallBack,
    Nowhere,
    Pause,
    Tries,
    Verb,
    Visitor,
    World,
)
from otklik.scenario.written import Letter, is_written, of_calls

Code = Callable[[Contact], Awaitable[object]]
"""`async def scenario(contact)`, run here and now: for tests, and in the process of a `Handler`. What it does not end itself goes to the
default queue."""
TRACEBACK_KEPT: Final = 4_000
_AT_ONCE: Final = (Choose, Look, Tries, MayCallBack, FreeTimes, LeaveVoicemail)
_ASKED_OUTSIDE: Final = (LookUp, Fetch, CallFunction, SendMessage)
_ANSWERS: Final[dict[type, type]] = dict.fromkeys(_AT_ONCE, Known) | dict.fromkeys(_ASKED_OUTSIDE, Answered)
"""What answers a verb, where it is not `VerbFinished`."""
_OF_HANDLER: Final = (HandlerStepped, HandlerFailed)
_OF_QUESTIONS: Final = ("digits", "heard", "deaf")
_LEAVING: Final = (Enqueue, Finish)


class Run:
    """Each step is answered once; a late or repeated answer changes nothing. Ends with exactly one `Enqueue` or `Finish`."""

    def __init__(
        self,
        contact: ContactId,
        scenario: AnyScenario | Code,
        first_step: int = 0,
        world: World | None = None,
        recorded: Sequence[Answer] = (),
        default_queue: QueueId = QueueId(""),  # noqa: B008  a plain text
    ) -> None:
        """`first_step`: the steps are numbered from after it. `recorded`: what it was answered before, by `replies`,
        `answers` and `known` of another. `default_queue`: of a scenario that does not name one."""
        self.contact = contact
        self.scenario = scenario
        self.first_step = first_step
        self.replies: list[VerbFinished] = []
        """The answers of the line that counted, in order."""
        self.answers: list[Answered] = []
        """Those of databases and services."""
        self.known: list[Known] = []
        """What was answered at once."""
        self.stepped: list[HandlerFact] = []
        """What the process of a handler said."""
        self._world = world or Nowhere()
        self._flow = drawn.of_menu(scenario) if isinstance(scenario, Scenario) else scenario
        self._talk = Contact(contact, self._world, first_step, getattr(scenario, "language", ""))
        self._queue = self._flow.otherwise if isinstance(self._flow, Flow | Handler) else default_queue
        self.code = drawn.code_of(self._flow, self._world.scenario) if isinstance(self._flow, Flow) else {}
        """Whose functions it calls, in the version that it has begun with; of a flow that came within it only later, in that of its first
        call."""
        self._recorded = {(_of_handler(answer), answer.step): answer for answer in recorded}
        self._letter = Letter(once=self.flow is not None) if is_written(self._talk.channel) else None
        """None: it is a call."""
        self._coroutine: Coroutine[Verb, Answer | None, object] | None = None
        self._verb: Asking | None = None
        self._over = False
        self._pending: list[Decision] = []
        self._beside: list[Decision] = []
        """Decided on the way to the next step, which does not wait for it."""

    @property
    def id(self) -> ScenarioId:
        """A handler's is its name."""
        return ScenarioId(str(getattr(self.scenario, "id", "") or getattr(self.scenario, "__name__", "")))

    @property
    def name(self) -> str:
        """What people call it, who do not know its id."""
        return str(getattr(self._flow, "name", "") or self.id)

    @property
    def flow(self) -> Flow | None:
        """None: it is a handler."""
        return self._flow if isinstance(self._flow, Flow) else None

    @property
    def handler(self) -> Handler | None:
        return self._flow if isinstance(self._flow, Handler) else None

    @property
    def answered(self) -> list[VerbFinished | Answered | Known]:
        """What the process of a handler has to be told, in order."""
        return sorted((*self.replies, *self.answers, *self.known), key=lambda answer: answer.step)

    @property
    def pending(self) -> list[Decision]:
        """What the customer is being told or asked at this step, or a database for the customer; to be said again after a
        restart."""
        return list(self._pending)

    def watch(self, passed: Callable[[ScenarioId, str, str], None]) -> None:
        """Be told of each flow, block and exit that is passed. Call before `start`."""
        self._talk.passed = passed

    @property
    def found(self) -> dict[str, str]:
        """The attributes that the scenario has found out so far."""
        return self._talk.found()

    @property
    def visitor(self) -> Visitor:
        return self._world.visitor()

    @property
    def over(self) -> bool:
        return self._over

    def start(self, now: float = 0.0) -> list[Decision]:
        """Call once."""
        if self._letter is not None and not getattr(self._flow, "written", False):
            return self._end(self._talk.leaving(self._queue))
        self._coroutine = self._whole()
        return self._decided(self._go_on(None, now))

    def handle(self, fact: VerbFinished | Answered | HandlerFact, now: float = 0.0) -> list[Decision]:
        verb = self._verb
        if self._over or verb is None or fact.contact != self.contact or fact.step != verb.step:
            return []
        if isinstance(verb, CallHandler) is not _of_handler(fact):
            return []
        self._pending = []
        if (otherwise := _differs(verb, fact)) is not None:
            return self._fail(otherwise)
        self._keep(fact)
        if isinstance(fact, Answered) and fact.fault:
            self._beside.append(self._of_function(verb, fact))
        return self._decided(self._go_on(fact, now))

    def _decided(self, decisions: list[Decision]) -> list[Decision]:
        beside, self._beside = self._beside, []
        return [*beside, *decisions]

    async def _whole(self) -> object:
        if isinstance(self._flow, Flow):
            return await drawn.run(self._talk, self._flow, named=self._flow is self.scenario)
        if isinstance(self._flow, Handler):
            await handled.run(self._talk, self._flow)
            return None
        return await self._flow(self._talk)

    def _go_on(self, answer: Answer | None, now: float) -> list[Decision]:
        while True:
            try:
                verb = self._next_verb(answer)
            except Exception as error:  # noqa: BLE001  a scenario is foreign code: whatever it raises, the contact goes on
                return self._fail(str(error) or type(error).__name__, error)
            if isinstance(verb, _LEAVING):
                return self._end(verb)
            if not isinstance(verb, Asking):
                return self._fail(f"awaits something that is no verb: {type(verb).__name__}")
            self._begin_with(verb)
            of_handler = isinstance(verb, CallHandler)
            recorded = self._recorded.pop((of_handler, verb.step), None) if self._recorded else None
            try:
                at_once = isinstance(verb, _AT_ONCE) or self._letter is not None
                answer = recorded or (self._at_once(verb) if at_once else None)
            except (ValueError, TypeError, KeyError, OverflowError) as error:  # conditions that code has made up
                return self._fail(str(error) or type(error).__name__, error)
            if answer is None:
                self._verb = verb
                self._pending = self._decisions(verb, now)
                return self.pending
            if (otherwise := _differs(verb, answer)) is not None:
                return self._fail(otherwise)
            self._keep(answer)

    def _next_verb(self, answer: Answer | None) -> Verb:
        assert self._coroutine is not None
        if self._letter is not None and self._letter.left is not None:
            return self._letter.left  # the mail is answered
        try:
            verb = self._coroutine.send(answer)
        except StopIteration:
            verb = self._talk.leaving(self._queue)
        return self._in_writing(self._letter, verb) if self._letter is not None else verb

    def _in_writing(self, letter: Letter, verb: Verb) -> Verb:
        if name := of_calls(verb):
            return replace(self._talk.leaving(self._queue), unspoken=name)
        if isinstance(verb, Say):
            letter.gather(verb)
        elif isinstance(verb, Pause):
            letter.wait(verb.seconds)
        elif isinstance(verb, Enqueue | Finish):
            return letter.before(verb, self._talk, self.name) or verb
        return verb

    def _decisions(self, verb: Asking, now: float) -> list[Decision]:
        match verb:
            case Say() | Ask() | TakeMessage() | TransferOutside() | LookUp() | Fetch() | CallFunction():
                return [verb]
            case SendMessage() | CallHandler():
                return [verb]
            case Pause():
                over = VerbFinished(contact=self.contact, step=verb.step, outcome="done", block=verb.block)
                music: list[Decision] = [PlayMusic(contact=self.contact)] if self._letter is None else []
                return [*music, SetTimer(at=now + verb.seconds, fact=over)]
            case _:
                return []

    def _begin_with(self, verb: Asking) -> None:
        if isinstance(verb, CallFunction) and isinstance(code := self._world.scenario(verb.code), Handler):
            self.code.setdefault(code.id, code)

    def _at_once(self, verb: Asking) -> Answer | None:
        match verb:
            case Say() if self._letter is not None:
                return VerbFinished(contact=self.contact, step=verb.step, outcome="done", block=verb.block)
            case Choose():
                return Known(step=verb.step, block=verb.block, value=self._world.choose(verb))
            case Look():
                return Known(step=verb.step, block=verb.block, value=self._world.queue(verb.queue))
            case Tries():
                return Known(step=verb.step, block=verb.block, value=LOCKED if self._world.locked(verb) else OPEN)
            case MayCallBack():
                came = OPEN if self._world.may_call_back(verb) else IMPOSSIBLE
                return Known(step=verb.step, block=verb.block, value=came)
            case FreeTimes():
                return Known(step=verb.step, block=verb.block, value=self._world.free_times(verb))
            case LeaveVoicemail():
                self._beside.append(verb)
                return Known(step=verb.step, block=verb.block, value="left")
            case _:
                return None

    def _keep(self, answer: Answer) -> None:
        match answer:
            case VerbFinished():
                self.replies.append(answer)
            case Answered():
                self.answers.append(answer)
            case Known():
                self.known.append(answer)
            case HandlerStepped() | HandlerFailed():
                self.stepped.append(answer)
            case _:
                assert_never(answer)

    def _end(self, verb: Enqueue | Finish) -> list[Decision]:
        self._over, self._verb, self._pending = True, None, []
        self._close()
        return [verb]

    def _fail(self, reason: str, error: Exception | None = None) -> list[Decision]:
        told = "".join(traceback.format_exception(error)) if error and not isinstance(error, ScenarioFault) else ""
        told = error.traceback if isinstance(error, handled.HandlerFault) else told
        report = ReportFault(
            contact=self.contact,
            scenario=self.id,
            block=self._talk.block,
            reason=reason,
            traceback=told[-TRACEBACK_KEPT:],
        )
        return [report, *self._end(self._talk.leaving(self._queue))]

    def _of_function(self, verb: Asking, answer: Answered) -> ReportFault:
        """The contact goes on by its exit; whoever looks after the code is told."""
        return ReportFault(
            contact=self.contact,
            scenario=verb.code if isinstance(verb, CallFunction) else self.id,
            block=answer.block,
            reason=answer.fault,
            traceback=answer.traceback[-TRACEBACK_KEPT:],
        )

    def _close(self) -> None:
        """A handler that goes on after it has left its contact is heard no more."""
        try:
            if self._coroutine is not None:
                self._coroutine.close()
        except Exception:  # noqa: BLE001, S110  the contact has left already, and this is what it was left for
            pass


def _of_handler(answer: Answer) -> bool:
    return isinstance(answer, _OF_HANDLER)


def _differs(verb: Asking, answer: Answer) -> str | None:
    """Why the answer of then is none to what is asked now."""
    if isinstance(verb, CallHandler) or isinstance(answer, _OF_HANDLER):
        return None
    if not isinstance(answer, _ANSWERS.get(type(verb), VerbFinished)):
        return f"step {verb.step} was another kind of step when it was answered"
    if answer.block and verb.block and answer.block != verb.block:
        return f"step {verb.step} was “{answer.block}” when it was answered, and is “{verb.block}” now"
    if not isinstance(answer, VerbFinished):
        return None
    if answer.outcome in _OF_QUESTIONS and not isinstance(verb, Ask):
        return f"step {verb.step} asks for nothing, and was answered with keys"
    if answer.seconds and not isinstance(verb, TakeMessage):
        return f"step {verb.step} takes no message, and was answered with one"
    return None
