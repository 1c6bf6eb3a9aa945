"""A test call: a flow, as it stands in the editor, and a fake caller who presses keys. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from otklik.contact.decisions import Enqueue, Finish
from otklik.contact.flow import Flow, FlowTest
from otklik.contact.ids import ScenarioId
from otklik.scenario import rehearsal
from otklik.scenario.rehearsal import HANGS_UP, Computed, Passed, Rehearsal, Stepped
from otklik.scenario.verbs import OTHERWISE

Kind = Literal[
    "said",
    "pressed",
    "spoke",
    "heard",
    "silent",
    "failed",
    "deaf",
    "outside",
    "wrote",
    "unspoken",
    "passed",
    "computed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One step of the conversation. `flow` and `block` where it took place; `exit` of what was passed."""

    kind: Kind
    text: str = ""
    confidence: float | None = None
    """Of words that were heard, 0 to 1."""
    flow: ScenarioId | None = None
    block: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    """What a function gave back: `text` is what it is called; `exit` what it named."""
    exit: str = ""
    fault: str = ""
    """Why it failed."""
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`asks`: a question is open, and waits for a key. `at`: the block where it stands or ended. `seconds`: on the virtual
    clock, a text taken for two."""

    turns: list[Turn]
    asks: bool
    at: str | None
    queue: str | None
    agent: str | None
    served: bool
    callback: bool
    """In the queue, to be called back."""
    voicemail: str | None
    """Of the last message that was left: its queue."""
    choices: tuple[str, ...]
    attributes: dict[str, str]
    priority: int
    fault: str | None
    seconds: float


def trial_of(flow: Flow, found: Rehearsal, call: FlowTest) -> Trial:
    """Of a call after whose keys the caller hangs up: until the first question that they have no answer for."""
    end = found.end
    left_by_caller = HANGS_UP in call.presses
    return Trial(
        turns=_turns(flow, found),
        asks=end is None and found.fault is None and not left_by_caller,
        at=_at(flow, found),
        queue=end.queue if isinstance(end, Enqueue) else None,
        agent=end.agent if isinstance(end, Enqueue) else None,
        served=isinstance(end, Finish),
        callback=isinstance(end, Enqueue) and end.callback,
        voicemail=found.left[-1].voicemail.queue if found.left else None,
        choices=end.choices if end is not None else (),
        attributes=found.attributes,
        priority=end.priority if isinstance(end, Enqueue) else 0,
        fault=f"{found.fault.block}: {found.fault.reason}" if found.fault is not None else None,
        seconds=found.seconds,
    )


def _turns(flow: Flow, found: Rehearsal) -> list[Turn]:
    ids = {block.label: block.id for block in reversed(flow.blocks)}
    return [_turn(each, ids) for each in found.story if not isinstance(each, Stepped)]


def _turn(each: Passed | rehearsal.Turn | Computed, ids: dict[str, str]) -> Turn:
    match each:
        case Passed():
            return Turn(kind="passed", text=each.exit, flow=each.flow, block=each.block)
        case Computed(block, function, answer):
            return Turn(
                kind="computed",
                text=function,
                block=ids.get(block, block),
                values=answer.values,
                exit=answer.exit,
                fault=answer.fault,
                traceback=answer.traceback,
            )
        case rehearsal.Turn():
            return Turn(kind=each.kind, text=each.text, confidence=each.confidence)


def _at(flow: Flow, found: Rehearsal) -> str | None:
    """The block after the last exit that was taken in this very flow. None: no exit leads to one."""
    passed = [each for each in found.story if isinstance(each, Passed) and each.flow == flow.id]
    if not passed:
        return flow.blocks[0].id if flow.blocks else None
    last = next((each for each in flow.blocks if each.id == passed[-1].block), None)
    following = (last.exits.get(passed[-1].exit) or last.exits.get(OTHERWISE)) if last is not None else None
    return following if any(each.id == following for each in flow.blocks) else None
