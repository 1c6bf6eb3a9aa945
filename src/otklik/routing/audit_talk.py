"""What is wrong with a talk script or a canned reply, with its places below `place`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import CannedReply, Configuration, TalkBranch, TalkScript, TalkStep
from otklik.contact.fault import Fault
from otklik.contact.pattern import readable

Finding = tuple[str, str, bool, str]
"""Place, code, whether it is only a warning, and what was found."""
_HOLES: Final = frozenset({"customer", "company", "number", "agent", "queue"})
_LOOKED_AT: Final = _HOLES | {"vip", "language"}
REPLY_HOLES: Final = frozenset({"customer.name", "customer.company", "customer.number", "agent.name", "queue.name"})
_HOLE: Final = re.compile(r"\{([\w-]+(?:\.[\w-]+)*)\}")


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
    steps = {step.id: step for step in script.steps}
    first = script.steps[0].id if script.steps else None
    reached, ending = _onward(steps, first), _ending(steps)
    seen: set[str] = set()
    for number, step in enumerate(script.steps):
        where = f"{place}.steps[{number}]"
        if step.id in seen:
            yield f"{where}.id", "config_twice", False, step.id
        seen.add(step.id)
        yield from _step(where, step, steps)
        if step.id not in reached:
            yield where, "config_talk_unreached", True, step.id
        elif step.id not in ending:
            yield where, "config_talk_endless", True, step.id


def _step(where: str, step: TalkStep, steps: dict[str, TalkStep]) -> Iterator[Finding]:
    if not step.say.strip():
        yield f"{where}.say", "config_talk_silent", True, step.id
    for part in ("say", "hint", "prefill"):
        for hole in _HOLE.findall(getattr(step, part)):
            if not _known(hole, _HOLES, steps):
                yield f"{where}.{part}", "config_talk_hole", True, hole
    if step.answers and step.then is not None:
        yield f"{where}.then", "config_talk_then", False, step.then
    for place, then in _ways(where, step):
        if then is not None and then not in steps:
            yield place, "config_talk_step", False, then
    seen: set[str] = set()
    for number, each in enumerate(step.answers):
        if each.id in seen:
            yield f"{where}.answers[{number}].id", "config_twice", False, each.id
        seen.add(each.id)
    yield from _field(where, step)
    for number, branch in enumerate(step.branches):
        yield from _branch(f"{where}.branches[{number}]", branch, steps)


def _ways(where: str, step: TalkStep) -> list[tuple[str, str | None]]:
    return [
        (f"{where}.then", step.then),
        *((f"{where}.answers[{number}].then", each.then) for number, each in enumerate(step.answers)),
        *((f"{where}.branches[{number}].then", each.then) for number, each in enumerate(step.branches)),
    ]


def _field(where: str, step: TalkStep) -> Iterator[Finding]:
    needless = {
        "prefill": bool(step.prefill) and step.field is None,
        "required": step.required and step.field is None,
        "pattern": bool(step.pattern) and step.field not in ("text", "long_text"),
        "least": step.least is not None and step.field != "number",
        "most": step.most is not None and step.field != "number",
    }
    for part, said in needless.items():
        if said:
            yield f"{where}.{part}", "config_talk_needless", True, step.field or "–"
    if step.pattern and not readable(step.pattern):
        yield f"{where}.pattern", "config_pattern", False, step.pattern
    if step.least is not None and step.most is not None and step.least > step.most:
        yield f"{where}.most", "config_talk_most", False, f"{step.most:g}"


def _branch(where: str, branch: TalkBranch, steps: dict[str, TalkStep]) -> Iterator[Finding]:
    if not _known(branch.of, _LOOKED_AT, steps):
        yield f"{where}.of", "config_talk_looked_at", False, branch.of
    compares = branch.test not in ("known", "unknown")
    if compares and not branch.value.strip():
        yield f"{where}.value", "config_talk_no_value", False, branch.of
    kind, _, name = branch.of.partition(".")
    chosen = steps.get(name) if kind == "chosen" else None
    if compares and chosen is not None and branch.test in ("is", "is_not"):
        known = {each.id.casefold() for each in chosen.answers}
        if branch.value.strip() and branch.value.casefold() not in known:
            yield f"{where}.value", "config_talk_no_answer", True, branch.value


def _known(name: str, plain: frozenset[str], steps: dict[str, TalkStep]) -> bool:
    """Fields of the card are looked at apart: here the form is not known."""
    kind, _, step = name.partition(".")
    if kind in ("chosen", "written") and step:
        answered = steps.get(step)
        return answered is not None and bool(answered.answers if kind == "chosen" else answered.field)
    return name in plain or kind == "card" or _FOUND.fullmatch(name) is not None


def _onward(steps: dict[str, TalkStep], start: str | None) -> set[str]:
    """All steps that can be come to from this one, and itself."""
    open_ends, found = [start], set[str]()
    while open_ends:
        step = steps.get(open_ends.pop() or "")
        if step is not None and step.id not in found:
            found.add(step.id)
            open_ends += [then for _, then in _ways("", step)]
    return found


def _ending(steps: dict[str, TalkStep]) -> set[str]:
    """Those from which the script can come to its end."""
    before: dict[str | None, list[str]] = {}
    for step in steps.values():
        ends = [each.then for each in step.answers] or [step.then]
        for then in (*ends, *(each.then for each in step.branches)):
            before.setdefault(then if then in steps else None, []).append(step.id)
    found, open_ends = set[str](), list(before.get(None, ()))
    while open_ends:
        step_id = open_ends.pop()
        if step_id not in found:
            found.add(step_id)
            open_ends += before.get(step_id, ())
    return found


def talk_card_fields(configuration: Configuration) -> Iterator[Fault]:
    """Names of fields that the card does not have: they would never be known."""
    own = {each.id for each in configuration.customer_fields}
    for number, script in enumerate(configuration.talk_scripts):
        for place, step in enumerate(script.steps):
            where = f"talk_scripts[{number}].steps[{place}]"
            texts = [(part, hole) for part in ("say", "hint", "prefill") for hole in _HOLE.findall(getattr(step, part))]
            texts += [(f"branches[{n}].of", each.of) for n, each in enumerate(step.branches)]
            for part, name in texts:
                kind, _, field = name.partition(".")
                if kind == "card" and field not in own:
                    yield Fault(place=f"{where}.{part}", code="config_talk_card", warning=True, values={"id": name})
