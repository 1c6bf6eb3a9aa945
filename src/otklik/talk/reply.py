"""A canned reply made ready for a contact: its holes filled in, and what could not be. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otklik.contact.configuration import CannedReply
from otklik.errors import LANGUAGES, Language

_HOLE = re.compile(r"\{([a-z]+\.\w+(?:\.\w+)*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """`missing`: the holes that nothing is known for; they stay in the text, so that nobody takes it for finished."""

    shortcut: str
    language: Language
    text: str
    missing: tuple[str, ...]


def ready(replies: Sequence[CannedReply], queue: str | None, values: Mapping[str, str]) -> list[Ready]:
    """Those for this queue, in every language they have."""
    return [
        _filled(each.id, language, text, values)
        for each in replies
        if not each.queues or queue in each.queues
        for language in LANGUAGES
        if (text := getattr(each, language).strip())
    ]


def _open(hole: str, values: Mapping[str, str]) -> bool:
    """Whatever a scenario might have found out and has not is open, too."""
    return not values.get(hole, "").strip() and (hole in values or hole.startswith("contact."))


def _filled(shortcut: str, language: Language, text: str, values: Mapping[str, str]) -> Ready:
    missing = tuple(dict.fromkeys(hole for hole in _HOLE.findall(text) if _open(hole, values)))
    filled = _HOLE.sub(lambda hole: values.get(hole[1], "").strip() or hole[0], text)
    return Ready(shortcut=shortcut, language=language, text=filled, missing=missing)
