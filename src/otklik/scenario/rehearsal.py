"""A scenario played with a fake caller on a virtual clock: tests of scenarios, in microseconds and without a line."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Final, Literal, get_args

from otklik.contact.configuration import AnyScenario, Configuration
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
    ReportFault,
    Say,
    SendMessage,
    SetTimer,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.fault import Fault
from otklik.contact.flow import Expected, Flow, FlowTest
from otklik.contact.handler import FunctionCame, Handler, HandlerFact, HandlerStepped
from otklik.contact.hearing import Hearing, Recognised, put_all
from otklik.contact.ids import ScenarioId
from otklik.scenario.computed import answer_of
from otklik.scenario.run import Code, Run
from otklik.scenario.stage import CALLER as CALLER
from otklik.scenario.stage import REHEARSED_AT as REHEARSED_AT
from otklik.scenario.stage import Stage as Stage
from otklik.scenario.understood import judged
from otklik.scenario.words import Spoken, worded, words_of
from otklik.scenario.written import visitor_of

_WITH_WORDS: Final = get_args(Spoken)
SPEECH_SECONDS: Final = 2.0
"""What a text takes to speak."""
HANGS_UP: Final = "hang_up"
FAILS: Final = "failed"
DEAF: Final = "deaf"
SAYS: Final = re.compile(r"says(?: (\d{1,3}))?:")
"""What the caller says follows; and at how many percent a recogniser would be sure of it, else of all of it."""
Exit = tuple[ScenarioId, str, str]
"""A flow, a block in it, and one of its exits."""


@dataclass(frozen=True, slots=True)
class Passed:
    """An exit of a block that was taken."""

    flow: ScenarioId
    block: str
    exit: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Of the machine ("said") or of the caller; `spoke`: a message; `heard`: words that were listened to; `silent`: no key or word in time;
    `failed`: nothing could be spoken; `deaf`: nobody could listen; `outside`: a number outside is called; `wrote`: a mail or an SMS, to whom
    and what; `unspoken`: a written request came to a step for calls alone."""

    kind: Literal["said", "pressed", "spoke", "heard", "silent", "failed", "deaf", "outside", "wrote", "unspoken"]
    text: str = ""
    confidence: float | None = None
    """Of what was heard."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """The code of a handler wants this verb, by the name of its step; `line`: where it stands."""

    name: str
    verb: str
    line: int


@dataclass(frozen=True, slots=True)
class Computed:
    """A function of code was called by the block of this label, and this came of it."""

    block: str
    function: str
    answer: Answered


@dataclass(frozen=True, slots=True)
class Asked:
    """The process of a handler is to say what it wants next."""

    call: CallHandler
    run: Run


@dataclass(frozen=True, slots=True)
class Computing:
    """A function of code is to compute; `code` None: it is not there."""

    code: Handler | None
    function: str
    parameters: Mapping[str, str]


@dataclass(slots=True)
class Rehearsal:
    """What came of it. `end` is None for a caller who hung up before."""

    said: list[str] = field(default_factory=list)
    end: Enqueue | Finish | None = None
    fault: ReportFault | None = None
    left: list[LeaveVoicemail] = field(default_factory=list)
    """The messages that wait in queues now."""
    outside: list[str] = field(default_factory=list)
    """The numbers outside that would have been called."""
    written: list[tuple[str, str]] = field(default_factory=list)
    """To whom something would have been written, and what."""
    seconds: float = 0.0
    """On the virtual clock."""
    exits: set[Exit] = field(default_factory=set)
    story: list[Passed | Turn | Stepped | Computed] = field(default_factory=list)
    """All of it, in order."""
    known: dict[str, str] = field(default_factory=dict)
    """The attributes, also of one that has not come to its end."""
    waits: Ask | TakeMessage | None = None
    """At this question the caller has hung up."""
    line: int = 0
    """Where the code of a handler stands."""

    def passed(self, flow: ScenarioId, block: str, came: str) -> None:
        self.exits.add((flow, block, came))
        self.story.append(Passed(flow, block, came))

    def stepped(self, went: HandlerFact) -> None:
        if isinstance(went, HandlerStepped) and went.verb:
            self.line = went.line or self.line
            name, verb = str(went.verb.get("block", "")), str(went.verb.get("kind", ""))
            self.story.append(Stepped(name, verb, went.line))

    def hears(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.said.append(text)
            self.story.append(Turn("said", text))

    def learn(self, run: Run) -> None:
        self.known = dict(put_all(run.found, words_of(run)))

    @property
    def attributes(self) -> dict[str, str]:
        """Those that it came to its end with, with the words of phrases."""
        return self.known if self.end is not None else {}


def rehearse(
    scenario: AnyScenario | Code, caller: Sequence[str] = (), stage: Stage | None = None, *, after: str = ""
) -> Rehearsal:
    """`caller`: at each question in turn the keys, or what `says` makes of words; or the words of a message; then `after`. "" is silence;
    "hang_up", "failed" (nothing could be spoken) and "deaf" (nobody could listen) are what they say. For a `Handler`: `rehearse_handler`."""
    playing = rehearsing(scenario, caller, stage, after=after)
    try:
        next(playing)
    except StopIteration as over:
        found: Rehearsal = over.value
        return found
    raise TypeError("code is asked in its process")


def rehearsing(
    scenario: AnyScenario | Code, caller: Sequence[str] = (), stage: Stage | None = None, *, after: str = ""
) -> Generator[Asked | Computing, HandlerFact | FunctionCame, Rehearsal]:
    """As `rehearse`, of code too: whoever goes through it asks its process each time, and sends what that says: of a handler what it
    wants next, of a function what it gave back."""
    found = Rehearsal()
    stage = stage or Stage()
    run = Run(CALLER, scenario, world=stage)
    run.watch(found.passed)
    keys = chain(caller, repeat(after))
    decisions = run.start()
    while not run.over:
        call = function = None
        for each in decisions:
            if isinstance(each, LeaveVoicemail):
                found.left.append(each)
            elif isinstance(each, CallHandler):
                call = each
            elif isinstance(each, CallFunction) and stage.computes(each):
                function = each
        if call is not None:
            went = yield Asked(call, run)
            assert not isinstance(went, FunctionCame)
            found.stepped(went)
            decisions = run.handle(went, found.seconds)
            continue
        if function is not None:
            came = yield _computing(function, run)
            assert isinstance(came, FunctionCame)
            answer = answer_of(function, came)
            found.story.append(Computed(function.block, function.function, answer))
            decisions = run.handle(answer, found.seconds)
            continue
        fact = _answer([_worded(each, run) for each in decisions], keys, found, stage)
        if fact is None:
            found.learn(run)
            return found
        decisions = run.handle(fact, found.seconds)
    found.left += [each for each in decisions if isinstance(each, LeaveVoicemail)]
    for decision in decisions:
        if isinstance(decision, ReportFault) and decision.scenario == run.id:  # that of a function is an exit
            found.fault = decision
        elif isinstance(decision, Enqueue | Finish):
            found.end = decision
            found.story += [Turn("unspoken", name)] if (name := getattr(decision, "unspoken", "")) else []
    found.learn(run)
    return found


def _computing(verb: CallFunction, run: Run) -> Computing:
    given = {**worded(verb, run).parameters, **dict.fromkeys(verb.of_caller, run.visitor.ani or "")}
    return Computing(run.code.get(verb.code), verb.function, given)


def _worded(decision: Decision, run: Run) -> Decision:
    return worded(decision, run) if isinstance(decision, _WITH_WORDS) else decision


def _answer(
    decisions: list[Decision], keys: Iterator[str], found: Rehearsal, stage: Stage
) -> VerbFinished | Answered | None:
    """None: the caller has hung up."""
    for decision in decisions:
        match decision:
            case Say():
                found.hears(part.text for part in decision.speech)
                found.seconds += SPEECH_SECONDS
                return VerbFinished(contact=CALLER, step=decision.step, outcome="done", block=decision.block)
            case Ask():
                found.hears(part.text for part in decision.speech)
                return _answered(decision, next(keys), found)
            case TakeMessage():
                return _spoken(decision, next(keys), found)
            case LookUp() | Fetch() | CallFunction():
                return stage.answered(decision)
            case SendMessage():
                return _written(decision, stage, found)
            case TransferOutside():
                return _outside(decision, stage, found)
            case SetTimer(fact=VerbFinished() as over):
                found.seconds = decision.at
                return over
            case _:
                pass
    return None


def _answered(ask: Ask, keys: str, found: Rehearsal) -> VerbFinished | None:
    if keys == HANGS_UP:
        found.waits = ask
        return None
    found.seconds += SPEECH_SECONDS
    if keys == FAILS:
        found.story.append(Turn("failed"))
        return VerbFinished(contact=CALLER, step=ask.step, outcome="failed", block=ask.block)
    if ask.hearing is not None and (keys == DEAF or SAYS.match(keys)):
        return _heard(ask, ask.hearing, keys, found)
    keys = "" if keys == DEAF or SAYS.match(keys) else keys
    typed = keys.partition(ask.terminator)[0] if ask.terminator and ask.max_digits > 1 else keys
    digits = typed[: ask.max_digits]
    if not digits:
        found.story.append(Turn("silent"))
        found.seconds += ask.timeout_seconds
        return VerbFinished(contact=CALLER, step=ask.step, outcome="timeout", block=ask.block)
    shown = "*" * len(digits) if ask.masked else digits
    found.story.append(Turn("pressed", shown))
    return VerbFinished(contact=CALLER, step=ask.step, outcome="digits", digits=shown, block=ask.block)


def _outside(verb: TransferOutside, stage: Stage, found: Rehearsal) -> VerbFinished:
    """Nobody is called: there is a conversation, unless the test says otherwise."""
    came = stage.came_outside(verb.block)
    found.outside.append(verb.to.dial)
    found.story.append(Turn("outside", verb.to.dial))
    found.seconds += verb.to.ring_seconds if came == "no_answer" else SPEECH_SECONDS
    return VerbFinished(contact=CALLER, step=verb.step, outcome=came, block=verb.block)


def _written(verb: SendMessage, stage: Stage, found: Rehearsal) -> Answered:
    """Nobody is written to; it is as it would be sent."""
    caller = dict.fromkeys(verb.of_caller, stage.visitor().ani or "")
    sent = {**verb.parameters, **caller}
    to, text = sent.get("to", ""), sent.get("text", "")
    answer = stage.answered(verb)
    if not to or not text:
        return Answered(contact=CALLER, step=verb.step, outcome="failed", reason="refused", block=verb.block)
    found.written.append((to, text))
    found.story.append(Turn("wrote", f"{to}: {text}"))
    return answer


def says(words: str, percent: int | None = None) -> str:
    """A caller of `rehearse` says so. Without a word: a noise that was taken for speech."""
    return f"says: {words}" if percent is None else f"says {percent}: {words}"


def _said(spoken: str) -> Recognised:
    """Without the word before it, too, where a message is taken."""
    before = SAYS.match(spoken)
    sure = int(before[1]) / 100 if before is not None and before[1] else 1.0
    return Recognised(spoken[before.end() if before is not None else 0 :].strip(), min(1.0, sure))


def _heard(ask: Ask, hearing: Hearing, said: str, found: Rehearsal) -> VerbFinished:
    if said == DEAF:
        found.story.append(Turn("deaf"))
        return VerbFinished(contact=CALLER, step=ask.step, outcome="deaf", block=ask.block)
    recognised = _said(said)
    words, came = recognised.words, judged(recognised, hearing)
    found.story.append(Turn("heard", words, came.confidence))
    return VerbFinished(
        contact=CALLER,
        step=ask.step,
        outcome="heard",
        digits=came.key,
        confidence=came.confidence,
        said=words,
        block=ask.block,
    )


def _spoken(take: TakeMessage, words: str, found: Rehearsal) -> VerbFinished | None:
    if words == HANGS_UP:
        found.waits = take
        return None
    if words == FAILS:
        found.story.append(Turn("failed"))
        return VerbFinished(contact=CALLER, step=take.step, outcome="failed", block=take.block)
    words = _said(words).words
    if not words:
        found.story.append(Turn("silent"))
        found.seconds += take.silence_seconds or take.max_seconds
        return VerbFinished(contact=CALLER, step=take.step, outcome="timeout", block=take.block)
    found.story.append(Turn("spoke", words))
    found.seconds += SPEECH_SECONDS
    seconds = min(SPEECH_SECONDS, take.max_seconds)
    return VerbFinished(contact=CALLER, step=take.step, outcome="done", seconds=seconds, block=take.block)


# Tests that stand in the set-up.


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of one test. `wrong` says what was expected and what came instead; nothing: it holds."""

    test: FlowTest
    wrong: tuple[str, ...]
    exits: frozenset[Exit]


def judge(flow: Flow, flows: Iterable[Flow]) -> list[Verdict]:
    """All tests of the flow."""
    known = tuple(flows)
    return [_judged(flow, known, test) for test in flow.tests]


def play(flow: Flow, flows: tuple[Flow, ...], test: FlowTest, *, after: str = "") -> Rehearsal:
    """The call of this test, whatever is expected of it. `after`: what the caller does when the keys are used up."""
    return rehearse(flow, test.presses, stage_of(flow, flows, test), after=after)


def stage_of(flow: Flow, flows: tuple[Flow, ...], test: FlowTest, code: Iterable[Handler] = ()) -> Stage:
    """Blocks may be named by their id or by what they are called. `flow`: the one that is tried; others have the same ids."""
    labels = {block.id: block.label for each in (*flows, flow) for block in each.blocks}
    branches = {labels.get(name, name): exit_ for name, exit_ in test.branches.items()}
    answers = {labels.get(name, name): given for name, given in test.answers.items()}
    return Stage(flows, visitor=visitor_of(test), vip=test.vip, branches=branches, answers=answers, code=code)


def _judged(flow: Flow, flows: tuple[Flow, ...], test: FlowTest) -> Verdict:
    found = play(flow, flows, test)
    return Verdict(test=test, wrong=tuple(differences(test.expect, found)), exits=frozenset(found.exits))


def differences(expected: Expected, found: Rehearsal) -> Iterable[str]:
    end = found.end
    if found.fault is not None:
        yield f"{found.fault.block}: {found.fault.reason}"
    queue = end.queue if isinstance(end, Enqueue) else None
    if expected.queue is not None and expected.queue != queue:
        yield f"queue: {expected.queue} ≠ {queue or '–'}"
    back = isinstance(end, Enqueue) and end.callback
    if expected.callback is not None and expected.callback != back:
        yield f"callback: {expected.callback} ≠ {back}"
    if expected.served is not None and expected.served != isinstance(end, Finish):
        yield f"served: {expected.served} ≠ {isinstance(end, Finish)}"
    if expected.choices is not None and expected.choices != (end.choices if end else ()):
        yield f"choices: {expected.choices} ≠ {end.choices if end else ()}"
    for name, value in expected.attributes.items():
        if found.attributes.get(name) != value:
            yield f"{name}: {value} ≠ {found.attributes.get(name, '–')}"
    left = ", ".join(each.voicemail.queue for each in found.left)
    if expected.voicemail is not None and expected.voicemail not in left.split(", "):
        yield f"voicemail: {expected.voicemail} ≠ {left or '–'}"
    if expected.outside is not None and expected.outside not in found.outside:
        yield f"outside: {expected.outside} ≠ {', '.join(found.outside) or '–'}"
    yield from _wrong_words(expected, found)


def _wrong_words(expected: Expected, found: Rehearsal) -> Iterable[str]:
    written = [f"{to}: {text}" for to, text in found.written]
    if expected.written is not None and not any(expected.written in each for each in written):
        yield f"written: {expected.written} ≠ {'; '.join(written) or '–'}"
    said = iter(found.said)
    for words in expected.said:
        if not any(words in text for text in said):
            yield f"said: “{words}” not in {found.said}"


def tested(configuration: Configuration) -> list[Fault]:
    """The tests that do not hold. Only for a set-up that is sound otherwise."""
    if configuration.scenario_tests == "never":
        return []
    return [
        failing(configuration, f"flows[{number}].tests[{n}]", verdict)
        for number, flow in enumerate(configuration.flows)
        for n, verdict in enumerate(judge(flow, configuration.flows))
        if verdict.wrong
    ]


def failing(configuration: Configuration, place: str, verdict: Verdict) -> Fault:
    warning = configuration.scenario_tests == "warn"
    return Fault(place=place, code="config_flow_test", warning=warning, values={"reason": "; ".join(verdict.wrong)})
