"""What is wrong with a talk script or a canned reply, with its places below `place`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import CannedReply, TalkScript, TalkStep

Finding = tuple[str, str, bool, str]
"""Place, code, whether it is only a warning, and what was found."""
_HOLES: Final = frozenset({"customer", "company", "number", "agent", "queue"})
REPLY_HOLES: Final = frozenset({"customer.name", "customer.company", "customer.number", "agent.name", "queue.name"})


_FOUND: Final = re.compile(r"contact\.\w+(?:\.\w+)*")
"""What a scenario has found out: which attributes there are is known only when it runs."""


def reply_faults(place: str, reply: CannedReply) -> Iterator[Finding]:
    if re.search(r"[\s/]", reply.id):
        yield f"{place}.id", "config_reply_shortcut", False, reply.id
    if not reply.ru.strip() and not reply.en.strip():
        yield place, "config_reply_empty", False, reply.id
    for language in ("ru", "en"):
        for hole in re.findall(r"\{([^{}\s]*)\}", getattr(reply, language)):
            if hole not in REPLY_HOLES and not _FOUND.fullmatch(hole):
                yield f"{place}.{language}", "config_reply_hole", True, hole


def talk_faults(place: str, script: TalkScript) -> Iterator[Finding]:
    if not script.steps:
        yield f"{place}.steps", "config_talk_empty", False, ""
    known = {step.id for step in script.steps}
    reached = _reached(script)
    seen: set[str] = set()
    for number, step in enumerate(script.steps):
        where = f"{place}.steps[{number}]"
        if step.id in seen:
            yield f"{where}.id", "config_twice", False, step.id
        seen.add(step.id)
        yield from _step(where, step, known)
        if step.id not in reached:
            yield where, "config_talk_unreached", True, step.id


def _step(where: str, step: TalkStep, known: set[str]) -> Iterator[Finding]:
    for hole in re.findall(r"\{(\w+(?:\.\w+)*)\}", step.say):
        if hole not in _HOLES and not _FOUND.fullmatch(hole):
            yield f"{where}.say", "config_talk_hole", True, hole
    if step.answers and step.then is not None:
        yield f"{where}.then", "config_talk_then", False, step.then
    onward = [(f"{where}.then", step.then)]
    onward += [(f"{where}.answers[{number}].then", each.then) for number, each in enumerate(step.answers)]
    for place, then in onward:
        if then is not None and then not in known:
            yield place, "config_talk_step", False, then
    seen: set[str] = set()
    for number, each in enumerate(step.answers):
        if each.id in seen:
            yield f"{where}.answers[{number}].id", "config_twice", False, each.id
        seen.add(each.id)


def _reached(script: TalkScript) -> set[str]:
    steps = {step.id: step for step in script.steps}
    open_ends = [script.steps[0].id] if script.steps else []
    found: set[str] = set()
    while open_ends:
        step = steps.get(open_ends.pop())
        if step is not None and step.id not in found:
            found.add(step.id)
            onward = [step.then, *(each.then for each in step.answers)]
            open_ends += [then for then in onward if then is not None]
    return found
