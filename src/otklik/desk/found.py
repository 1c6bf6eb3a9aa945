"""What the scenarios of a contact have found out, as people are shown it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from otklik.contact.showing import ShownAttribute


class Found(BaseModel):
    """`value` as it was found; `form` says how it is to be written: text, number, date or phone; null: as it looks like."""

    model_config = ConfigDict(frozen=True)

    name: str
    ru: str
    en: str
    form: Literal["text", "number", "date", "phone"] | None
    value: str


def found(attributes: Mapping[str, str], shown: Sequence[ShownAttribute]) -> list[Found]:
    """Those that the tenant lists first, the others by their names. The log keeps no order of theirs."""
    if not attributes:
        return []
    named = {each.id: each for each in shown}
    rest = (ShownAttribute(id=name) for name in sorted(attributes) if name not in named)
    return [
        Found(
            name=each.id,
            ru=each.ru or each.en or each.id,
            en=each.en or each.ru or each.id,
            form=each.form,
            value=value,
        )
        for each in (*shown, *rest)
        if not each.hidden and (value := attributes.get(each.id, "").strip()) and not masked(value)
    ]


def masked(value: str) -> bool:
    """Asterisks stand in place of digits that nobody may see; how many there were is nobody's business either."""
    return not value.strip("*")


def holes(these: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The same for texts: `{contact.order}` becomes what was found out."""
    return {f"contact.{each['name']}": each["value"] for each in these}
