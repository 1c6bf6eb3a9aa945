"""Flows to begin with: what most centres need first, each with its tests. Pure, but for the file beside this one.

A flow made of one is in the language of whoever makes it, for the queues and the calendar that there are, and complete but for what
only the centre knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from otklik.contact.configuration import Configuration
from otklik.contact.ids import ScenarioId
from otklik.errors import LANGUAGES, Language
from otklik.tenancy import yaml
from otklik.tenancy.document import Plain

_SPOKEN: Final = frozenset({"text", "opening", "wrong", "silence"})
"""Fields that keep a text by its language. Everywhere else one is a name, and stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    id: str
    name: Mapping[Language, str]
    help: Mapping[Language, str]
    blocks: Sequence[Any]
    tests: Sequence[Any] = ()

    def flow(self, current: Configuration, language: Language, id: ScenarioId, name: str = "") -> Plain:
        """For a set-up that may lack a queue or a calendar: then the fields are empty, as in a flow that was drawn."""
        queues = [str(each.id) for each in current.queues] or [""]
        calendars = [str(each.id) for each in current.calendars] or [""]
        places = {"$first": queues[0], "$second": queues[min(1, len(queues) - 1)], "$calendar": calendars[0]}
        drawn = {"blocks": self.blocks, "tests": self.tests} if self.tests else {"blocks": self.blocks}
        made = {part: _filled(what, language, places) for part, what in drawn.items()}
        return {
            "id": id,
            "name": name or self.name[language],
            "languages": [language],
            "otherwise": queues[0],
            **made,
        }


@cache
def templates() -> tuple[Template, ...]:
    """In the order in which they are shown."""
    text = files("otklik.flows").joinpath("templates.yaml").read_text("utf-8")
    return tuple(Template(**each) for each in yaml.read(text).plain)


def _filled(what: Any, language: Language, places: Mapping[str, str], field: str = "") -> Any:
    if isinstance(what, Mapping):
        if set(what) == set(LANGUAGES):
            return {language: what[language]} if field in _SPOKEN else what[language]
        return {name: _filled(each, language, places, name) for name, each in what.items()}
    if isinstance(what, list | tuple):
        return [_filled(each, language, places) for each in what]
    return places.get(what, what) if isinstance(what, str) else what
