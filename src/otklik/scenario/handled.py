"""A Python handler as its contact's run sees it: after each step its process says what it wants next, and that is performed here.

What comes from there is foreign: it is judged before anything is done with it, and what goes with the contact is kept here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from otklik.contact.decisions import Ask, CallHandler, Enqueue, Fetch, LookUp, Say, SendMessage, TransferOutside
from otklik.contact.handler import Handler, HandlerFailed, HandlerStepped
from otklik.contact.hearing import LONGEST_PHRASE, LONGEST_UTTERANCE_SECONDS, MOST_PHRASES, Hearing
from otklik.contact.ids import AgentId, QueueId
from otklik.scenario.talk import CALLERS_NUMBER, STEPS_LIMIT, Contact, ScenarioFault
from otklik.scenario.verbs import Choose, Look, Pause, Tries, Verb, perform

LONGEST_SECONDS: Final = 3_600.0
MOST_DIGITS: Final = 40
TEXT_LIMIT: Final = 5_000
_KINDS: Final[dict[str, type[Struct]]] = {
    each.__name__.lower(): each
    for each in (Say, Ask, Pause, Choose, Look, Tries, LookUp, Fetch, SendMessage, TransferOutside)
}
Wanted = Say | Ask | Pause | Choose | Look | Tries | LookUp | Fetch | SendMessage | TransferOutside


class HandlerFault(ScenarioFault):
    """With the traceback of the process."""

    def __init__(self, reason: str, traceback: str) -> None:
        super().__init__(reason)
        self.traceback = traceback


class Learnt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the contact's own has changed."""

    attributes: dict[str, str] | None = None
    choices: tuple[str, ...] | None = None
    language: str | None = None
    priority: int | None = None
    requires: str | None = None
    vip: bool | None = None


class Left(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The handler gives the contact to a queue."""

    queue: str
    agent: str | None = None
    agent_seconds: float = 30.0
    block: str = ""


async def run(talk: Contact, handler: Handler) -> None:
    """Returns where the handler's code comes to its end without having led the contact anywhere."""
    while True:
        went = await perform(CallHandler(contact=talk.id, scenario=handler.id, step=talk.step))
        assert isinstance(went, HandlerStepped | HandlerFailed)
        _learn(talk, went.learnt)
        if isinstance(went, HandlerFailed):
            raise HandlerFault(went.reason, went.traceback)
        if not went.verb:
            return
        await perform(_verb(talk, went.verb))


def _learn(talk: Contact, told: Mapping[str, Any]) -> None:
    if not told:
        return
    learnt = _read(told, Learnt)
    talk.attributes = talk.attributes if learnt.attributes is None else dict(learnt.attributes)
    talk.choices = talk.choices if learnt.choices is None else list(learnt.choices)
    talk.language = talk.language if learnt.language is None else learnt.language
    talk.priority = talk.priority if learnt.priority is None else learnt.priority
    talk.requires = talk.requires if learnt.requires is None else learnt.requires
    talk.vip = talk.vip if learnt.vip is None else learnt.vip


def _verb(talk: Contact, told: Mapping[str, Any]) -> Verb:
    body = dict(told)
    kind = str(body.pop("kind", ""))
    if kind == "enqueue":
        return _enqueue(talk, _read(body, Left))
    if kind == "finish":
        talk.pass_by(str(body.get("block", "")))
        return talk.finishing()
    if kind not in _KINDS:
        raise ScenarioFault(f"no such verb: “{kind[:40]}”")
    if "contact" in _KINDS[kind].__struct_fields__:
        body["contact"] = talk.id
    verb: Wanted = _read(_of_caller(body), _KINDS[kind])
    talk.pass_by(verb.block)
    if not talk.step < verb.step <= talk.first_step + STEPS_LIMIT:
        raise ScenarioFault(f"step {verb.step} cannot follow step {talk.step}")
    talk.step = verb.step
    _judge(talk, verb)
    return verb


def _of_caller(body: dict[str, Any]) -> dict[str, Any]:
    """A parameter that was the caller's number is put there by whoever sends it."""
    given = body.get("parameters")
    if not isinstance(given, dict) or CALLERS_NUMBER not in given.values():
        return body
    named = [name for name, value in given.items() if value == CALLERS_NUMBER]
    rest = {name: value for name, value in given.items() if value != CALLERS_NUMBER}
    return {**body, "parameters": rest, "of_caller": [*body.get("of_caller", ()), *named]}


def _enqueue(talk: Contact, left: Left) -> Enqueue:
    talk.pass_by(left.block)
    _queue(talk, left.queue)
    _within("agent_seconds", left.agent_seconds, LONGEST_SECONDS)
    return talk.leaving(left.queue, AgentId(left.agent) if left.agent else None, left.agent_seconds)


def _judge(talk: Contact, verb: Wanted) -> None:
    """What a channel or the centre takes from drawn flows, which are looked at before they count."""
    match verb:
        case Say() | Ask() if sum(len(part.text) for part in verb.speech) > TEXT_LIMIT:
            raise ScenarioFault(f"more than {TEXT_LIMIT} characters to be said at once")
        case Ask():
            _within("timeout_seconds", verb.timeout_seconds, LONGEST_SECONDS)
            if verb.hearing is not None:
                _hearing(verb.hearing)
            if not 1 <= verb.max_digits <= MOST_DIGITS or len(verb.terminator) > 1:
                raise ScenarioFault(f"1 to {MOST_DIGITS} digits and one terminator can be asked for")
        case Pause():
            _within("wait", verb.seconds, LONGEST_SECONDS)
        case Look():
            _queue(talk, verb.queue)
        case TransferOutside():
            _within("ring_seconds", verb.to.ring_seconds, LONGEST_SECONDS)
            _within("longest_seconds", verb.to.longest_seconds, 24 * LONGEST_SECONDS)
            if verb.written:
                raise ScenarioFault("a number that code says is none that the set-up has")
        case SendMessage() if sum(len(each) for each in verb.parameters.values()) > TEXT_LIMIT:
            raise ScenarioFault(f"more than {TEXT_LIMIT} characters to be written at once")
        case LookUp() | Fetch():
            _within("lock_seconds", verb.counted_seconds, 24 * LONGEST_SECONDS)
        case _:
            pass


def _hearing(hearing: Hearing) -> None:
    _within("longest_seconds", hearing.longest_seconds, LONGEST_UTTERANCE_SECONDS)
    _within("silence_seconds", hearing.silence_seconds, LONGEST_UTTERANCE_SECONDS)
    phrases = [phrase for each in hearing.phrases.values() for phrase in each]
    if len(phrases) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
        raise ScenarioFault(f"at most {MOST_PHRASES} phrases, of {LONGEST_PHRASE} characters each, can be listened for")


def _queue(talk: Contact, queue: str) -> None:
    if not talk.world.has_queue(QueueId(queue)):
        raise ScenarioFault(f"there is no queue “{queue[:100]}”")


def _within(name: str, seconds: float, most: float) -> None:
    if not math.isfinite(seconds) or not 0 <= seconds <= most:
        raise ScenarioFault(f"{name}: 0 to {most:g} seconds, and not {seconds}")


def _read(told: Mapping[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise ScenarioFault(f"{kind.__name__}: {error}") from error
