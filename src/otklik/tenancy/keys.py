"""Which key does what at the desk, and what a person may put in its place. Pure.

A key is written by its place on the keyboard, as the browser's `KeyboardEvent.code` names it, so that it holds in every
layout: `M`, `alt+A`, `ctrl+Enter`, `shift+Slash`. The empty text is no key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from otklik.errors import AppError

Situation = Literal["call", "asking", "written", "wrap_up"]
"""What is on the screen: a call in hand, a colleague being asked, something written, work after the contact. Two actions that
are never there together may have the same key."""
ANYWHERE: Final[frozenset[Situation]] = frozenset({"call", "asking", "written", "wrap_up"})
IN_HAND: Final[frozenset[Situation]] = frozenset({"call", "written"})


@dataclass(frozen=True, slots=True)
class Action:
    """`key`: what it is for whoever has chosen none."""

    key: str
    when: frozenset[Situation] = ANYWHERE


ACTIONS: Final[dict[str, Action]] = {
    "palette": Action("ctrl+K"),
    "shortcuts": Action("shift+Slash"),
    "accept": Action("alt+A"),
    "decline": Action("alt+D"),
    "call": Action("alt+C"),
    "mute": Action("M", frozenset({"call", "asking"})),
    "hold": Action("H", frozenset({"call"})),
    "recording": Action("R", frozenset({"call", "asking"})),
    "keypad": Action("K", frozenset({"call"})),
    "transfer": Action("T", IN_HAND),
    "ask": Action("C", IN_HAND),
    "park": Action("P", frozenset({"written"})),
    "complete": Action("ctrl+Enter", frozenset({"asking"})),
    "back": Action("B", frozenset({"asking"})),
    "swap": Action("H", frozenset({"asking"})),
    "together": Action("G", frozenset({"asking"})),
    "note": Action("alt+N"),
    "knowledge": Action("alt+K"),
    "save": Action("ctrl+Enter", frozenset({"wrap_up"})),
}

_PLACE = r"[A-Z]|Digit[0-9]|F[0-9]{1,2}|Enter|Slash|Backslash|Comma|Period|Semicolon|Quote|BracketLeft|BracketRight|Minus|Equal|Backquote"
_KEY: Final = re.compile(rf"(ctrl\+)?(alt\+)?(shift\+)?({_PLACE})")
MOST_CHARACTERS = 40

_BROWSERS: Final[frozenset[str]] = frozenset(
    [
        f"ctrl+{each}"
        for each in ("A", "C", "F", "L", "N", "P", "R", "T", "V", "W", "X", "Y", "Z", "Minus", "Equal", "Digit0")
    ]
    + [f"ctrl+shift+{each}" for each in ("C", "I", "J", "N", "R", "T", "V", "W", "Z")]
    + ["Enter", "shift+Enter", "F5", "ctrl+F5", "F11", "F12", "alt+F4", "ctrl+F4"]
)
"""What the browser keeps for itself, what belongs to whoever edits a text, and Enter, which presses buttons."""


def keys_of(own: Mapping[str, str]) -> dict[str, str]:
    """What each action is on for a person with these choices; actions that are no more are left out."""
    return {name: own.get(name, action.key) for name, action in ACTIONS.items()}


def chosen(own: Mapping[str, str]) -> dict[str, str]:
    """The choices as they are kept: only what differs from everybody's. Raises `no_such_action`, `key_not_usable`,
    `key_taken`."""
    for name, key in own.items():
        if name not in ACTIONS:
            raise AppError("no_such_action", field=f"keys.{name}", action=name)
        if key and (key in _BROWSERS or not _KEY.fullmatch(key)):
            raise AppError("key_not_usable", field=f"keys.{name}", key=key)
    keys = keys_of(own)
    for name in own:
        for other, key in keys.items():
            if other != name and key and key == keys[name] and ACTIONS[name].when & ACTIONS[other].when:
                raise AppError("key_taken", 409, field=f"keys.{name}", key=key, action=other)
    return {name: key for name, key in own.items() if key != ACTIONS[name].key}
