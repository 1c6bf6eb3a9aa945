"""Which questions stand at a contact, and what each is asked with. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from otklik.contact.form import CustomerField
from otklik.contact.look_up import HOLE, DeskLookUp
from otklik.contact.showing import ShownAttribute
from otklik.errors import AppError

REASONS: Final = {
    "late": "look_up_late",
    "unreachable": "look_up_unreachable",
    "secret": "look_up_not_set_up",
    "unknown": "look_up_not_set_up",
}


def standing(look_ups: Sequence[DeskLookUp], queue: str | None) -> list[DeskLookUp]:
    """Those for contacts of this queue, in the order of the file."""
    return [each for each in look_ups if not each.queues or queue in each.queues]


def lacking(look_up: DeskLookUp, values: Mapping[str, str]) -> str | None:
    """The first name that is not known; None: it can be asked."""
    names = (name for text in look_up.gives.values() for name in HOLE.findall(text))
    return next((name for name in names if not values.get(name, "").strip()), None)


CALLED: Final = {
    "number": ("номер", "number"),
    "mail": ("почта", "mail"),
    "customer": ("клиент", "customer"),
    "company": ("компания", "company"),
}


def called(name: str, fields: Sequence[CustomerField], shown: Sequence[ShownAttribute]) -> tuple[str, str]:
    """What people call it, in Russian and in English."""
    if name in CALLED:
        return CALLED[name]
    kind, _, of = name.partition(".")
    known: Sequence[CustomerField | ShownAttribute] = fields if kind == "card" else shown
    found = next((each for each in known if each.id == of), None)
    return (found.ru or found.en or of, found.en or found.ru or of) if found is not None else (of, of)


def asks(look_up: DeskLookUp) -> bool:
    """Has the agent to type something?"""
    return any("{entered}" in text for text in look_up.gives.values())


def parameters(look_up: DeskLookUp, values: Mapping[str, str]) -> dict[str, str]:
    """Raises `look_up_lacks`: with a part missing, something else would be asked."""
    lacks = lacking(look_up, values)
    if lacks is not None:
        raise AppError("look_up_lacks", 409, field="entered" if lacks == "entered" else None, name=lacks)
    return {name: HOLE.sub(lambda hole: values[hole[1]].strip(), text) for name, text in look_up.gives.items()}


def told(reason: str) -> str:
    """The code of what is said of a failure."""
    return REASONS.get(reason, "look_up_refused")
