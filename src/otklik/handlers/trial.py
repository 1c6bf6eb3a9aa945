"""What came of a test call of a scenario in Python. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from otklik.contact.decisions import Ask, Enqueue, Finish, TakeMessage
from otklik.scenario import rehearsal
from otklik.scenario.rehearsal import Computed, Passed, Rehearsal, Stepped

_LINE: Final = re.compile(r"\bline (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """As `HandlerTurn`."""

    kind: Literal[
        "said", "pressed", "spoke", "heard", "silent", "failed", "deaf", "outside", "wrote", "unspoken", "step"
    ]
    text: str
    confidence: float | None = None
    verb: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """As `HandlerTrial`."""

    turns: list[Turn]
    asks: Literal["", "keys", "words", "message"]
    line: int
    queue: str | None
    agent: str | None
    served: bool
    callback: bool
    voicemail: str | None
    choices: tuple[str, ...]
    attributes: dict[str, str]
    priority: int
    fault: str | None
    traceback: str
    seconds: float


def trial_of(found: Rehearsal) -> Trial:
    end, fault = found.end, found.fault
    return Trial(
        turns=[_turn(each) for each in found.story if not isinstance(each, Passed | Computed)],
        asks=_asks(found.waits),
        line=(_line_of(fault.traceback or fault.reason) if fault is not None else 0) or found.line,
        queue=end.queue if isinstance(end, Enqueue) else None,
        agent=end.agent if isinstance(end, Enqueue) else None,
        served=isinstance(end, Finish),
        callback=isinstance(end, Enqueue) and end.callback,
        voicemail=found.left[-1].voicemail.queue if found.left else None,
        choices=end.choices if end is not None else (),
        attributes=found.known,
        priority=end.priority if isinstance(end, Enqueue) else 0,
        fault=fault.reason if fault is not None else None,
        traceback=fault.traceback if fault is not None else "",
        seconds=found.seconds,
    )


def _turn(each: rehearsal.Turn | Stepped) -> Turn:
    if isinstance(each, Stepped):
        return Turn(kind="step", text=each.name, verb=each.verb, line=each.line)
    return Turn(kind=each.kind, text=each.text, confidence=each.confidence)


def _asks(waits: Ask | TakeMessage | None) -> Literal["", "keys", "words", "message"]:
    if waits is None:
        return ""
    if isinstance(waits, TakeMessage):
        return "message"
    return "words" if waits.hearing is not None else "keys"


def _line_of(told: str) -> int:
    """The innermost that is named; a traceback is of the code alone as far as it goes."""
    lines = _LINE.findall(told)
    return int(lines[-1]) if lines else 0
