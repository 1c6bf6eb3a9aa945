"""A Python handler as its contact's run sees it: after each step its process says what it wants next, and that is performed here.

What comes from there is foreign: it is judged before anything is done with it, and what goes with the contact is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from otklik.contact.decisions import Ask, CallHandler, Enqueue, LeaveVoicemail, Say, TakeMessage, TransferOutside
from otklik.contact.facts import VerbFinished
from otklik.contact.handler import Handler, HandlerFailed, HandlerStepped
from otklik.contact.ids import AgentId
from otklik.scenario.judged import LONGEST_SECONDS, Wanted, judge, known_queue, may_be, within
from otklik.scenario.talk import CALLERS_NUMBER, STEPS_LIMIT, Contact, ScenarioFault
from otklik.scenario.verbs import Pause, Verb, perform

MOST_KEPT: Final = 1_000_000
"""Bytes of all steps of a contact: they stay in the log, and in memory while it is there."""
MOST_LEARNT: Final = 16_384
"""Bytes."""
LONGEST_NAME: Final = 100
_KINDS: Final[dict[str, type[Struct]]] = {each.__name__.lower(): each for each in get_args(Wanted)}


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
    callback: bool = False
    number_step: int = 0
    callback_at: float | None = None


async def run(talk: Contact, handler: Handler) -> None:
    """Returns where the handler's code comes to its end without having led the contact anywhere."""
    kept = 0
    while True:
        went = await perform(CallHandler(contact=talk.id, scenario=handler.id, step=talk.step))
        assert isinstance(went, HandlerStepped | HandlerFailed)
        kept += _size(went)
        if kept > MOST_KEPT:
            raise ScenarioFault(f"more than {MOST_KEPT} bytes are wanted and learnt of one contact")
        _learn(talk, went.learnt)
        if isinstance(went, HandlerFailed):
            raise HandlerFault(went.reason, went.traceback)
        if not went.verb:
            return
        told = dict(went.verb)
        leave = str(told.pop("leave", ""))
        verb = _verb(talk, told)
        if leave:
            known_queue(talk.world, leave)
        answer = await perform(verb)
        if leave and isinstance(verb, TakeMessage) and isinstance(answer, VerbFinished) and answer.outcome == "done":
            await perform(_voicemail(talk, leave, answer))


def _size(went: HandlerStepped | HandlerFailed) -> int:
    wanted = went.verb if isinstance(went, HandlerStepped) else went.traceback
    return len(msgspec.json.encode((wanted, went.learnt)))


def _voicemail(talk: Contact, queue: str, taken: VerbFinished) -> LeaveVoicemail:
    """At once, since who hangs up after speaking has left a message, too: the code is told of both steps together."""
    talk.step += 1
    left = talk.message(queue, step=taken.step, seconds=taken.seconds, key=taken.key)
    return LeaveVoicemail(contact=talk.id, step=talk.step, voicemail=left, block=taken.block)


def _learn(talk: Contact, told: Mapping[str, Any]) -> None:
    if not told:
        return
    learnt = _read(told, Learnt)
    if len(msgspec.json.encode(told)) > MOST_LEARNT:
        raise ScenarioFault(f"more than {MOST_LEARNT} bytes of attributes and choices")
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
        _pass_by(talk, str(body.get("block", "")))
        return talk.finishing()
    if kind not in _KINDS:
        raise ScenarioFault(f"no such verb: “{kind[:40]}”")
    if "contact" in _KINDS[kind].__struct_fields__:
        body["contact"] = talk.id
    verb: Wanted = _read(_of_caller(body), _KINDS[kind])
    _step(talk, verb)
    judge(talk.world, verb)
    return verb


def _step(talk: Contact, verb: Wanted) -> None:
    _pass_by(talk, verb.block)
    if not talk.step < verb.step <= talk.first_step + STEPS_LIMIT:
        raise ScenarioFault(f"step {verb.step} cannot follow step {talk.step}")
    talk.count(verb.step - talk.step, waits=isinstance(verb, Say | Ask | TakeMessage | TransferOutside | Pause))
    talk.step = verb.step


def _pass_by(talk: Contact, block: str) -> None:
    if len(block) > LONGEST_NAME:
        raise ScenarioFault(f"the name of a step has {LONGEST_NAME} characters at most, and not {len(block)}")
    talk.pass_by(block)


def _of_caller(body: dict[str, Any]) -> dict[str, Any]:
    """A parameter that was the caller's number is put there by whoever sends it."""
    given = body.get("parameters")
    if not isinstance(given, dict) or CALLERS_NUMBER not in given.values():
        return body
    named = [name for name, value in given.items() if value == CALLERS_NUMBER]
    rest = {name: value for name, value in given.items() if value != CALLERS_NUMBER}
    return {**body, "parameters": rest, "of_caller": [*body.get("of_caller", ()), *named]}


def _enqueue(talk: Contact, left: Left) -> Enqueue:
    _pass_by(talk, left.block)
    known_queue(talk.world, left.queue)
    within("agent_seconds", left.agent_seconds, LONGEST_SECONDS)
    gone = talk.leaving(left.queue, AgentId(left.agent) if left.agent else None, left.agent_seconds)
    if not left.callback:
        return gone
    if left.callback_at is not None and not may_be(left.callback_at):
        raise ScenarioFault(f"nobody can be called at {left.callback_at}")
    return replace(gone, callback=True, number_step=left.number_step, callback_at=left.callback_at)


def _read(told: Mapping[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise ScenarioFault(f"{kind.__name__}: {error}") from error
