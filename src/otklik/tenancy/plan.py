"""What a new document would change, place by place, for people to read before it is applied. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["+", "-", "~"]
NAMES: Final = ("id", "login", "digit", "date", "entry_point")
"""The fields by which the things of a list are told apart; one without a value stands for all: `*`."""
LONGEST_VALUE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`place` names things by their id: "queues.sales.ring_seconds". A changed order is told as such."""

    kind: Kind
    place: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        match self.kind:
            case "+":
                return f"+ {self.place}: {_shown(self.after)}"
            case "-":
                return f"- {self.place}: {_shown(self.before)}"
            case "~":
                return f"~ {self.place}: {_shown(self.before)} → {_shown(self.after)}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Between two documents with all their values."""
    return list(_between(before, after, ""))


def _between(before: Any, after: Any, place: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _mappings(before, after, place)
        return
    named = _by_name(before), _by_name(after)
    if named[0] is None or named[1] is None:
        yield Change(kind="~", place=place, before=before, after=after)
        return
    yield from _mappings(named[0], named[1], place)
    kept = [name for name in named[0] if name in named[1]], [name for name in named[1] if name in named[0]]
    if kept[0] != kept[1]:
        yield Change(kind="~", place=place, before=kept[0], after=kept[1])


def _mappings(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        inside = f"{place}.{name}" if place else name
        if name not in after:
            yield Change(kind="-", place=inside, before=before[name])
        elif name not in before:
            yield Change(kind="+", place=inside, after=after[name])
        else:
            yield from _between(before[name], after[name], inside)


def _by_name(things: Any) -> dict[str, Any] | None:
    """None: not a list of things, or some are not told apart."""
    if not isinstance(things, Sequence) or isinstance(things, str):
        return None
    for name in NAMES:
        if all(isinstance(thing, dict) and name in thing for thing in things):
            found = {"*" if thing[name] is None else str(thing[name]): thing for thing in things}
            return found if len(found) == len(things) else None
    return None


def _shown(value: Any) -> str:
    text = json.dumps(_said(value), ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _said(value: Any) -> Any:
    """Without the fields that have no value: a person has written none of them."""
    if isinstance(value, Mapping):
        return {name: _said(inner) for name, inner in value.items() if inner not in (None, "", [], {})}
    return [_said(inner) for inner in value] if isinstance(value, list) else value
