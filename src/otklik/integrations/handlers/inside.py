"""The inside of a handler's process: reads what a contact was answered, lets its coroutine go on, says what that wants next.

One question at a time, and many contacts in turn. Whoever holds the other end counts the time and ends the process.
"""

from __future__ import annotations

import faulthandler
import importlib
import io
import json
import linecache
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from types import CoroutineType, FrameType, FunctionType
from typing import Any, Final, cast

import msgspec

from otklik.contact.decisions import Enqueue, Finish, TakeMessage
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.ids import ContactId
from otklik.integrations.handlers import frame as frames
from otklik.integrations.handlers import functions
from otklik.integrations.handlers.confinement import confine
from otklik.scenario import spoken
from otklik.scenario.talk import Contact, ScenarioFault
from otklik.scenario.verbs import Answer, Known, Nowhere, Verb, Visitor

PRINTED_KEPT: Final = 1_000
TRACEBACK_KEPT: Final = 3_000
ENTRANCE: Final = "scenario"
Told = VerbFinished | Answered | Known
_ANSWERS: Final[dict[str, Any]] = {each.__name__: each for each in (VerbFinished, Answered, Known)}
_OWN: Final = ("attributes", "choices", "language", "priority", "requires", "vip")
_LEAVES: Final = ("queue", "agent", "agent_seconds", "callback", "number_step", "callback_at")
"""Of an `Enqueue`; what goes with the contact is told as it is learnt."""
_AT_HAND: Final = (
    *(
        "base64",
        "bisect",
        "calendar",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
    ),
    *("functools", "hashlib", "heapq", "hmac", "html", "itertools", "math", "operator", "random", "re", "statistics"),
    *("string", "textwrap", "time", "typing", "unicodedata", "urllib.parse", "uuid", "zoneinfo"),
)
"""Of the standard library. Others are there only where everybody may read Python's own folder."""
Frame = dict[str, Any]


class Printed(io.TextIOBase):
    """What the code prints: the end of it is shown beside a fault."""

    def __init__(self) -> None:
        self.end = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.end = (self.end + str(text)[-PRINTED_KEPT:])[-PRINTED_KEPT:]
        return len(text)


class Before(Nowhere):
    """The world of a contact, as far as it is told in here; all else is asked by verbs."""

    def __init__(self, caller: Visitor) -> None:
        self._caller = caller

    def visitor(self) -> Visitor:
        return self._caller


class Session:
    """A contact in its scenario."""

    def __init__(self, code: Callable[[Contact], Awaitable[object]], begun: Frame) -> None:
        caller = msgspec.convert(begun["caller"], Visitor)
        self.talk = Contact(ContactId(begun["contact"]), Before(caller), begun["first_step"], begun["language"])
        self._told = self._own()
        coroutine = code(self.talk)
        if not isinstance(coroutine, Coroutine):
            raise ScenarioFault("it is no coroutine: write `async def scenario(contact)`")
        self._coroutine: Coroutine[Verb, Answer | None, object] = coroutine
        self._verb: Verb | None = None

    def go_on(self, answers: list[Told]) -> Frame:
        """All answers at once when it is to stand again where it stood."""
        verb = self._send(None) if self._verb is None else self._verb
        for answer in answers:
            if isinstance(verb, Enqueue | Finish) or verb is None:
                raise ScenarioFault(f"step {answer.step} was a step when it was answered, and is none now")
            if verb.step != answer.step or (answer.block and getattr(verb, "block", "") != answer.block):
                raise ScenarioFault(
                    f"step {answer.step} was “{answer.block}” when it was answered, and is now step {verb.step}"
                    f" “{getattr(verb, 'block', '')}”: a handler may not decide by clocks, dice or what it remembers"
                )
            verb = self._send(answer)
        self._verb = verb
        return {"verb": self._written(verb), "learnt": self.learnt()}

    def line(self, file: str) -> int:
        """Where in the code the contact stands; the innermost of its coroutines counts."""
        found, within = 0, cast(object, self._coroutine)
        while isinstance(within, CoroutineType):
            frame = within.cr_frame
            found = frame.f_lineno if frame is not None and _file(frame) == file else found
            within = within.cr_await
        return found

    def learnt(self) -> Frame:
        """What of the contact's own has changed since it was told last."""
        own = self._own()
        changed = {name: own[name] for name in _OWN if own[name] != self._told[name]}
        self._told = own
        return changed

    def close(self) -> None:
        self._coroutine.close()

    def _send(self, answer: Answer | None) -> Verb | None:
        try:
            verb = self._coroutine.send(answer)
        except StopIteration:
            return None
        if not isinstance(verb, msgspec.Struct):
            raise ScenarioFault(f"awaits something that is no verb: {type(verb).__name__}")
        return verb

    def _own(self) -> Frame:
        talk = self.talk
        return {
            "attributes": dict(talk.attributes),
            "choices": list(talk.choices),
            "language": talk.language,
            "priority": talk.priority,
            "requires": talk.requires,
            "vip": talk.vip,
        }

    def _written(self, verb: Verb | None) -> Frame:
        match verb:
            case None:
                return {}
            case Enqueue():
                return {"kind": "enqueue", "block": self.talk.block, **{each: getattr(verb, each) for each in _LEAVES}}
            case _:
                body: Frame = msgspec.to_builtins(verb)
                body.pop("contact", None)
                leaves = {"leave": self.talk.leaves_for} if isinstance(verb, TakeMessage) else {}
                return {"kind": type(verb).__name__.lower(), **body, **leaves}


class Inside:
    def __init__(self, printed: Printed) -> None:
        self._printed = printed
        self._file = "handler.py"
        self._code: Callable[[Contact], Awaitable[object]] | None = None
        self._names: dict[str, Any] = {}
        """Of the code."""
        self._sessions: dict[str, Session] = {}

    def answer(self, asked: Frame) -> Frame:
        session = None
        self._printed.end = ""
        try:
            if "code" in asked:
                self._load(asked["id"], asked["code"])
                return {}
            if "over" in asked:
                if over := self._sessions.pop(asked["over"], None):
                    over.close()
                return {}
            if "function" in asked:
                return self._call(asked["function"], asked["parameters"])
            session = self._session(asked)
            found = session.go_on([_answer(each) for each in asked["answers"]])
            found["line"] = session.line(self._file)
            if not found["verb"] or found["verb"]["kind"] in ("enqueue", "finish"):
                self._sessions.pop(asked["contact"]).close()
            return found
        except BaseException as error:  # noqa: BLE001  foreign code: SystemExit is no more than any other fault
            self._sessions.pop(asked.get("contact", ""), None)
            return self._fault(error, session)

    def _session(self, asked: Frame) -> Session:
        if "caller" in asked:
            if not callable(self._code):
                raise ScenarioFault("there is no `async def scenario(contact)`")
            self._sessions[asked["contact"]] = Session(self._code, asked)
        return self._sessions[asked["contact"]]

    def _load(self, id: str, code: str) -> None:
        self._file = f"{id}.py"
        linecache.cache[self._file] = (len(code), None, code.splitlines(keepends=True), self._file)
        space: dict[str, Any] = {"__name__": "handler", "__file__": self._file}
        exec(compile(code, self._file, "exec", dont_inherit=True), space)
        self._code, self._names = space.get(ENTRANCE), space
        if not any(isinstance(each, FunctionType) for each in space.values()):
            raise ScenarioFault("there is no `async def scenario(contact)`, and no function")

    def _call(self, name: str, parameters: dict[str, str]) -> Frame:
        function = self._names.get(name)
        if not callable(function):
            raise ScenarioFault(f"there is no function “{name}”")
        return functions.called(function, parameters)

    def _fault(self, error: BaseException, session: Session | None) -> Frame:
        out_of_memory = isinstance(error, MemoryError)
        reason = str(error) if isinstance(error, ScenarioFault) else ""
        told = ""
        try:
            reason = reason or "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
            told = "" if isinstance(error, ScenarioFault) and not _in_code(error, self._file) else self._told(error)
            if self._printed.end:
                told += f"\n--- print ---\n{self._printed.end}"
        except BaseException:  # noqa: BLE001  the text of a foreign exception is foreign code, too
            reason = reason or type(error).__name__
        learnt = session.learnt() if session is not None else {}
        fault = {"reason": reason[:500], "traceback": told[-TRACEBACK_KEPT:]}
        return {"fault": fault | {"cause": "memory" if out_of_memory else "code"}, "learnt": learnt}

    def _told(self, error: BaseException) -> str:
        """From the handler's own first line on; of our files the name alone."""
        found = traceback.TracebackException.from_exception(error)
        for each in _chain(found):
            frames = list(each.stack)
            first = next((n for n, frame in enumerate(frames) if frame.filename == self._file), 0)
            each.stack = traceback.StackSummary.from_list(
                [
                    (os.path.basename(frame.filename), frame.lineno or 0, frame.name, frame.line)
                    for frame in frames[first:]
                ]
            )
        return "".join(found.format())


def _chain(found: traceback.TracebackException | None) -> Iterator[traceback.TracebackException]:
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _in_code(error: BaseException, file: str) -> bool:
    return any(_file(frame) == file for frame, _ in traceback.walk_tb(error.__traceback__))


def _file(frame: FrameType) -> str:
    return frame.f_code.co_filename


def _answer(told: Frame) -> Told:
    body = dict(told)
    found: Told = msgspec.convert(body, _ANSWERS[body.pop("kind")])
    return found


def read(source: int) -> bytes | None:
    """None: nobody is there any more."""
    head = _exactly(source, 4)
    return _exactly(source, int.from_bytes(head)) if head is not None else None


def _exactly(source: int, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = os.read(source, size - len(found))
        if not part:
            return None
        found += part
    return bytes(found)


def write(sink: int, frame: Frame) -> None:
    body, wrong = _written(frame)
    if wrong is not None:
        body, _ = _written({"fault": {"cause": "code", "reason": wrong, "traceback": ""}, "learnt": {}})
    rest = memoryview(len(body).to_bytes(4) + body)
    while rest:
        rest = rest[os.write(sink, rest) :]


def _written(frame: Frame) -> tuple[bytes, str | None]:
    """And why it cannot be sent."""
    try:
        body = msgspec.json.encode(frame)
        if len(body) > frames.LARGEST:
            return body, f"more than {frames.LARGEST} bytes in one step"
        return body, frames.fault(json.loads(body))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return b"", f"a step that cannot be written: {type(error).__name__}"


def main(line: int, order: str) -> None:
    """`line`: our end of the socket. Standard error is a file that is read when the process has ended."""
    wanted = json.loads(order)
    printed = Printed()
    spoken.said("2026-12-01", "date", "ru")  # imports what spells numbers and reads dates, while it can be found
    sys.path[:] = [each for each in sys.path if each not in wanted["paths"]]
    faulthandler.enable(2, all_threads=False)
    _warm(printed)
    write(line, {"held": confine(wanted["parent"])})
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), printed, printed
    inside = Inside(printed)
    while (body := read(line)) is not None:
        if os.fstat(2).st_size:
            os.ftruncate(2, 0)
        write(line, inside.answer(json.loads(body)))
    os._exit(0)


def _warm(printed: Printed) -> None:
    """What is imported only when it is first needed is needed before the files are out of reach."""
    Inside(printed)._fault(ScenarioFault("x"), None)
    for name in _AT_HAND:
        importlib.import_module(name)
