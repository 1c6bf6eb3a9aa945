"""Two cards of one person: what speaks for it, what one card of both would hold, and what undoing it gives back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from otklik.customer.card import CustomerCard, CustomerRow, Line, Named

Side = Literal["kept", "other"]
Fields = Mapping[str, Any]


class Reason(BaseModel):
    """What speaks for it: an identity that both have (`value`), or names that are alike (`likeness`, 0 to 1)."""

    kind: Literal["identity", "name"]
    value: str
    likeness: float = 1.0


class Duplicate(BaseModel):
    customer: CustomerRow
    reasons: list[Reason]


class Duplicates(BaseModel):
    """The likeliest first; those of whom somebody said that they are not the same are left out."""

    duplicates: list[Duplicate]


class FieldOfBoth(BaseModel):
    """`suggested`: the side whose value would win."""

    field: str
    kept: Any
    other: Any
    suggested: Side


class MergePreview(BaseModel):
    """Both cards, and each field in which they differ. `contacts`: how many each has."""

    kept: CustomerCard
    other: CustomerCard
    fields: list[FieldOfBoth]
    reasons: list[Reason]
    contacts: dict[Side, int]


class NewMerge(BaseModel):
    """`take`: the fields whose value comes from the other card. Both versions are those that were looked at."""

    other: UUID
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    other_version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    take: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=300)] = []
    why: Line = ""


class Undoing(BaseModel):
    """`added_to`: whose becomes what was added or changed since the merge; contacts stay with the kept card."""

    merge: UUID
    added_to: Side = "kept"


class Apart(BaseModel):
    """The two cards after a merge was undone."""

    kept: CustomerCard
    other: Named


class NotTheSame(BaseModel):
    other: UUID


def side_by_side(kept: Fields, other: Fields) -> list[FieldOfBoth]:
    """What both have in common needs no word. An empty place takes the other's value; a VIP remains one."""
    names = [*kept, *(name for name in other if name not in kept)]
    return [
        FieldOfBoth(
            field=name,
            kept=kept.get(name),
            other=other.get(name),
            suggested=_suggested(kept.get(name), other.get(name)),
        )
        for name in names
        if kept.get(name) != other.get(name) and not (_empty(kept.get(name)) and _empty(other.get(name)))
    ]


def _suggested(kept: Any, other: Any) -> Side:
    return "other" if _empty(kept) and not _empty(other) else "kept"


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def taken(kept: Fields, other: Fields, take: Sequence[str]) -> dict[str, Any]:
    """What the kept card gets."""
    return {
        name: other.get(name) for name in take if (name in kept or name in other) and kept.get(name) != other.get(name)
    }


def taken_apart(before: Fields, after: Fields, now: Fields, added_to: Side) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the kept card and the other one get when a merge is undone. `before` and `after`: the kept card around the merge.

    A field nobody has touched since stands again as it stood. One that was changed since goes to the side that was said.
    """
    names = {*before, *after, *now}
    since = {name for name in names if now.get(name) != after.get(name)}
    kept = {
        name: before.get(name)
        for name in names
        if now.get(name) != before.get(name) and (name not in since or added_to == "other")
    }
    other = {name: now.get(name) for name in since} if added_to == "other" else {}
    return kept, other
