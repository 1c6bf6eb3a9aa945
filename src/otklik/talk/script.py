"""A talk script beside a conversation: its texts filled in, and the way that the answers take through it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from otklik.contact.configuration import TalkScript, TalkStep
from otklik.errors import AppError

_HOLE = re.compile(r"\{(\w+(?:\.\w+)*)\}")
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
    return _HOLE.sub(lambda hole: values.get(hole[1], "" if hole[1].startswith("contact.") else hole[0]) or "…", text)


def walk(script: TalkScript, given: Sequence[Given], values: Mapping[str, str]) -> list[Told]:
    """The conversation as it went. Raises `talk_not_on_the_way` for answers that do not follow each other in this
    script, `talk_bad_value` for what does not fit its field."""
    steps = {step.id: step for step in script.steps}
    told: list[Told] = []
    here = script.steps[0].id if script.steps else None
    for number, each in enumerate(given):
        step = steps.get(here) if here is not None else None
        if step is None or each.step != step.id:
            raise AppError("talk_not_on_the_way", 400, field=f"answers.{number}.step")
        answer = next((one for one in step.answers if one.id == each.answer), None)
        if answer is None and (step.answers or each.answer is not None):
            raise AppError("talk_not_on_the_way", 400, field=f"answers.{number}.answer")
        value = _value(step, each.value, f"answers.{number}.value")
        said = filled(step.say, values)
        told.append(Told(step=step.id, said=said, answer=answer.text if answer else None, value=value))
        here = answer.then if answer else step.then
    return told


def _value(step: TalkStep, value: str | None, place: str) -> str | None:
    words = (value or "").strip()
    if not words:
        return None
    if step.field is None:
        raise AppError("talk_not_on_the_way", 400, field=place)
    if not _fits(step.field, words):
        raise AppError("talk_bad_value", 400, field=place)
    return words


def _fits(kind: str, words: str) -> bool:
    try:
        if kind == "number":
            return math.isfinite(float(words.replace(",", ".").replace(" ", "")))
        if kind == "date":
            date.fromisoformat(words)
    except ValueError:
        return False
    return True
