"""Where the contacts of a flow went, and where they are now: a fold over what the log says of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from otklik.contact.flow import Block, Flow, ListenBlock
from otklik.scenario.listening import YES_FROM
from otklik.scenario.verbs import OTHERWISE

End = Literal["queued", "served", "left", "under_way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one step of a contact ended in, as `VerbFinished` has it."""

    block: str
    outcome: str
    digits: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One contact. `path`: the blocks it went through, by their labels; empty for one that did not come to the end."""

    end: End
    path: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    stands: str | None = None
    """The step that code wanted last; None: it was in no code."""


@dataclass(slots=True)
class Step:
    """Of a block: how many contacts came to it, how many hung up there, how many are there now."""

    came: int = 0
    left: int = 0
    now: int = 0


@dataclass(slots=True)
class Course:
    """`contained`: the share of those who ended in the flow (served, or led to a queue) whom it served without an agent;
    None: nobody has yet."""

    contacts: int = 0
    served: int = 0
    queued: int = 0
    left: int = 0
    now: int = 0
    steps: dict[str, Step] = field(default_factory=dict)

    @property
    def contained(self) -> float | None:
        ended = self.served + self.queued
        return self.served / ended if ended else None


def course(flow: Flow, traces: Iterable[Trace]) -> Course:
    """Of contacts that went through this flow; one whose path knows none of its blocks was in another."""
    found = Course(steps={block.id: Step() for block in flow.blocks})
    labels = {block.label: block for block in flow.blocks}
    for trace in traces:
        at = _standing(flow, labels, trace.answers) if trace.end in ("left", "under_way") else None
        came = [labels[label].id for label in dict.fromkeys(trace.path) if label in labels]
        if not trace.path:
            came = list(dict.fromkeys([labels[each.block].id for each in trace.answers if each.block in labels]))
            came += [at.id] if at is not None and at.id not in came else []
        if not came:
            continue
        _count(found, trace.end, came, at)
    return found


def course_of_code(traces: Iterable[Trace]) -> Course:
    """Of contacts that went through a scenario in Python: its steps by their names, in the order in which the first came to them."""
    found = Course()
    for trace in sorted(traces, key=lambda each: -len(each.path)):
        under_way = trace.end in ("left", "under_way")
        if under_way and trace.stands is None:
            continue  # it was in another scenario, or the first step was never told
        came = [*trace.path, *(each.block for each in trace.answers), *([trace.stands] if trace.stands else [])]
        names = [name for name in dict.fromkeys(came) if name]
        found.contacts += 1
        found.served += trace.end == "served"
        found.queued += trace.end == "queued"
        found.left += trace.end == "left"
        found.now += trace.end == "under_way"
        for name in names:
            found.steps.setdefault(name, Step()).came += 1
        if under_way and trace.stands:
            found.steps[trace.stands].left += trace.end == "left"
            found.steps[trace.stands].now += trace.end == "under_way"
    return found


def _count(found: Course, end: End, came: Sequence[str], at: Block | None) -> None:
    found.contacts += 1
    found.served += end == "served"
    found.queued += end == "queued"
    found.left += end == "left"
    found.now += end == "under_way"
    for block in came:
        found.steps[block].came += 1
    if at is not None:
        found.steps[at.id].left += end == "left"
        found.steps[at.id].now += end == "under_way"


def _standing(flow: Flow, labels: dict[str, Block], answers: Sequence[Answer]) -> Block | None:
    """Where a contact with these answers stands, as far as they tell: behind a condition it may be anywhere."""
    if not answers:
        return flow.blocks[0] if flow.blocks else None
    last = labels.get(answers[-1].block)
    if last is None:
        return None
    came = _asked_back(last, answers) if len(answers) > 1 else None
    came = _exit(last, answers[-1]) if came is None else came or None
    blocks = {block.id: block for block in flow.blocks}
    at = last if came is None else blocks.get(last.exits.get(came) or last.exits.get(OTHERWISE, ""))
    seen: set[str] = set()
    while at is not None and at.set is not None and at.id not in seen:
        seen.add(at.id)
        at = blocks.get(at.exits.get("done") or at.exits.get(OTHERWISE, ""))
    return at or last


def _asked_back(block: Block, answers: Sequence[Answer]) -> str | None:
    """The last answer is to whether the one before it was meant: that exit, or nothing, since it is asked again. None: it is none."""
    meant, answer = answers[-2:]
    speech = block.listen or (block.ask.speech if block.ask is not None else None)
    if speech is None or not speech.confirm or meant.block != answer.block or meant.outcome != "heard":
        return None
    if not speech.unsure <= meant.confidence < speech.sure:
        return None
    if answer.outcome == "heard" and answer.confidence < (YES_FROM if block.listen is not None else speech.unsure):
        return ""
    if answer.digits in ("1", f"={meant.digits}"):
        return meant.digits or "done"
    return answer.digits.removeprefix("=") if answer.confidence >= speech.sure and answer.digits[:1] == "=" else ""


def _exit(block: Block, answer: Answer) -> str | None:
    """None: asked again there, for all that is known."""
    if answer.outcome == "failed" or block.outside is not None:
        return answer.outcome
    if block.ask is not None:
        if answer.outcome == "heard" and (block.ask.speech is None or answer.confidence < block.ask.speech.sure):
            return None
        return answer.digits if answer.digits in block.ask.keys else None
    if block.listen is not None:
        return _exit_of_phrase(block.listen, answer)
    if block.collect is not None:
        enough = answer.outcome == "digits" and len(answer.digits) >= block.collect.min_digits
        return "done" if enough else None
    return "done"


def _exit_of_phrase(listen: ListenBlock, answer: Answer) -> str | None:
    if answer.outcome == "heard" and answer.confidence >= listen.sure:
        return "done"
    if answer.outcome == "heard" and answer.confidence >= listen.unsure:
        return None if listen.confirm else "unsure"
    if answer.outcome == "deaf":
        return None if listen.keys else "deaf"
    return answer.digits if answer.outcome == "digits" and answer.digits in listen.keys else None
