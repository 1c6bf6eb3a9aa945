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
    "ru": "Ожидаем восстановления {day} в {time}.",
    "en": "We expect to have it mended {day} at {time}.",
}
_LATE: Final = {
    "ru": "Ремонт занимает больше времени, чем мы ожидали.",
    "en": "The repair is taking longer than we expected.",
}


def announced(trouble: Trouble | None, language: str) -> str:
    """In Russian, else in English; empty where there is nothing to be told."""
    if trouble is None:
        return ""
    said = _time(trouble, "ru" if language == "ru" else "en")
    return " ".join(each for each in (said, trouble.texts.get(language, "")) if each)


def _time(trouble: Trouble, language: str) -> str:
    if trouble.repaired_by is None:
        return ""
    if trouble.repaired_by <= trouble.now:
        return _LATE[language]
    at = trouble.repaired_by
    return filled(_EXPECTED[language], {"day": day(at, trouble.now, language), "time": clock(at, language)}, language)
