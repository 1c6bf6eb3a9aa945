"""What callers are told of an incident: `{incident}` in a text becomes when it will be over, and what the supervisor has written. A time that
has passed is never said. Pure.
"""

from __future__ import annotations

from typing import Final

from otklik.scenario.choosing import clock, day
from otklik.scenario.spoken import filled
from otklik.scenario.verbs import Trouble

NAME: Final = "incident"
"""In texts."""
_EXPECTED: Final = {
    "ru": "Ожидаем восстановления {day} в {time}",
    "en": "We expect to have it mended {day} at {time}",
}
_LATE: Final = {
    "ru": "Ремонт занимает больше времени, чем мы ожидали.",
    "en": "The repair is taking longer than we expected.",
}


def announced(trouble: Trouble | None, language: str) -> str:
    """In Russian, else in English; empty where there is nothing to be told."""
    if trouble is None:
        return ""
    spoken = "ru" if language == "ru" else "en"
    told = trouble.texts.get(language, trouble.texts.get(spoken, ""))
    return " ".join(each for each in (_time(trouble, spoken), told) if each)


def _time(trouble: Trouble, language: str) -> str:
    if trouble.repaired_by is None:
        return ""
    if (
        trouble.repaired_by.timestamp() <= trouble.now.timestamp()
    ):  # clocks of one place show an hour twice a year twice
        return _LATE[language]
    at = trouble.repaired_by
    said = filled(_EXPECTED[language], {"day": day(at, trouble.now, language), "time": clock(at, language)}, language)
    return said if said.endswith(".") else f"{said}."
