"""A talk script beside a conversation: its texts filled in, and the way that the answers take through it. Pure.

Which branch holds is decided once, in the page, from what is known at that moment. Here stands only which ways there are: what
is known may have changed since.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from otklik.contact.configuration import TalkScript, TalkStep
from otklik.contact.form import CustomerField
from otklik.contact.pattern import fits
from otklik.customer.form import choices_of
from otklik.customer.identity import comparable
from otklik.errors import AppError, Language

_HOLE = re.compile(r"\{([\w-]+(?:\.[\w-]+)*)\}")
_LATER = ("chosen.", "written.")
"""What is answered on the way: filled in as it is known."""
_EMPTY = ("contact.", "card.")
NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2_000, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]
MOST_STEPS = 200
"""Of one conversation: a script may lead in a circle."""


class Given(BaseModel):
    """What was answered at one step: one of its answers, or what was written into its field, or neither."""

    step: Name
    answer: Name | None = None
    value: Text | None = None


class Told(BaseModel):
    """One step as it was: the words that were read, and what came of it."""

    step: str
    said: str
    answer: str | None
    value: str | None


def filled(text: str, values: Mapping[str, str]) -> str:
    """With what is known in place of `{customer}` and the like; what is not known leaves a line to fill in."""
    return _HOLE.sub(lambda hole: values.get(hole[1], "" if hole[1].startswith(_EMPTY) else hole[0]) or "…", text)


def prefilled(step: TalkStep, values: Mapping[str, str]) -> str:
    """What stands in the field at first; nothing, if a name in it is not known. What is answered on the way is left."""
    names = [name for name in _HOLE.findall(step.prefill) if not name.startswith(_LATER)]
    if not all(values.get(name, "").strip() for name in names):
        return ""
    return filled(step.prefill, values)


def looked_at(script: TalkScript) -> frozenset[str]:
    """The names that branches look at, but for what is answered on the way."""
    return frozenset(branch.of for step in script.steps for branch in step.branches if not branch.of.startswith(_LATER))


def card_values(
    form: Sequence[CustomerField], lists: Mapping[Any, Any], own: Mapping[str, Any], language: Language
) -> tuple[dict[str, str], dict[str, str]]:
    """The own fields of a card as people read them, and as conditions look at them: choices by their ids."""
    read: dict[str, str] = {}
    bare: dict[str, str] = {}
    for field in form:
        value = own.get(field.id)
        several = value if isinstance(value, list) else [] if value is None else [value]
        names = {each.id: each.ru if language == "ru" else each.en for each in choices_of(field, lists)}
        words = {"ru": ("да", "нет"), "en": ("yes", "no")}[language]
        said = [words[not each] if isinstance(each, bool) else names.get(str(each), str(each)) for each in several]
        read[f"card.{field.id}"] = ", ".join(said)
        bare[f"card.{field.id}"] = ", ".join(
            str(each).lower() if isinstance(each, bool) else str(each) for each in several
        )
    return read, bare


def walk(script: TalkScript, given: Sequence[Given], values: Mapping[str, str]) -> list[Told]:
    """The conversation as it went. Raises `talk_not_on_the_way` for answers that do not follow each other in this
    script, `talk_bad_value` for what does not fit its field, `talk_required` for one left empty that may not be."""
    steps = {step.id: step for step in script.steps}
    known, told = dict(values), list[Told]()
    ways: set[str | None] = {script.steps[0].id if script.steps else None}
    for number, each in enumerate(given):
        step = steps.get(each.step) if each.step in ways else None
        if step is None:
            raise AppError("talk_not_on_the_way", 400, field=f"answers.{number}.step")
        answer = next((one for one in step.answers if one.id == each.answer), None)
        if answer is None and (step.answers or each.answer is not None):
            raise AppError("talk_not_on_the_way", 400, field=f"answers.{number}.answer")
        value = _value(step, each.value, f"answers.{number}.value")
        said = filled(step.say, known)
        told.append(Told(step=step.id, said=said, answer=answer.text if answer else None, value=value))
        known |= {f"chosen.{step.id}": answer.text if answer else "", f"written.{step.id}": value or ""}
        ways = {*(branch.then for branch in step.branches), answer.then if answer else step.then}
    return told


def _value(step: TalkStep, value: str | None, place: str) -> str | None:
    words = (value or "").strip()
    if not words:
        if step.required and step.field is not None:
            raise AppError("talk_required", 400, field=place, label=step.label)
        return None
    if step.field is None:
        raise AppError("talk_not_on_the_way", 400, field=place)
    if not _fits(step, words):
        raise AppError("talk_bad_value", 400, field=place, label=step.label)
    return words


def _fits(step: TalkStep, words: str) -> bool:
    match step.field:
        case "number":
            return _within(step, words)
        case "date":
            return _is_date(words)
        case "phone" | "mail" as kind:
            return comparable(kind, words) is not None
        case _:
            return not step.pattern or fits(step.pattern, words)


def _within(step: TalkStep, words: str) -> bool:
    try:
        number = float(re.sub(r"\s", "", words).replace(",", "."))
    except ValueError:
        return False
    least = -math.inf if step.least is None else step.least
    most = math.inf if step.most is None else step.most
    return math.isfinite(number) and least <= number <= most


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
