"""A customer on the line chooses when to be called: the next free times are read out, each with its key, and more of them are asked
for with others. How a day and a time are said stands here, too. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from otklik.contact.flow import CallbackBlock
from otklik.scenario.heard import Pressed, Texts
from otklik.scenario.spoken import filled, said
from otklik.scenario.verbs import IMPOSSIBLE

LATER: Final = "9"
ANOTHER_DAY: Final = "0"
PAGES: Final = 20
"""So often at most other times are asked for."""

_EACH: Final = {
    "ru": "{day} в {time} — {key}.",
    "en": "For {day} at {time} press {key}.",
}
_MORE: Final = {
    "ru": "Другое время — 9, другой день — 0.",
    "en": "For other times press 9, for another day press 0.",
}


class Contact(Protocol):
    """Who chooses."""

    language: str

    async def ask(self, *texts: Texts, timeout_seconds: float = 5.0, name: str = "ask") -> Pressed: ...

    async def free_times(
        self, queue: str, since: float | None, limit: int, *, name: str = "call back"
    ) -> tuple[datetime, list[datetime]]: ...


async def choose_time(contact: Contact, block: CallbackBlock, name: str) -> float | str:
    """The instant, or the exit where none was chosen."""
    since, came, attempts = None, "no_input", block.attempts
    for _ in range(PAGES):
        now, times = await contact.free_times(block.queue, since, block.times, name=name)
        if not times and since is None:
            return IMPOSSIBLE
        if not times:
            since = None  # beyond the last that there is: from the beginning
            continue
        pressed = await contact.ask(
            block.time, _offered(times, now, contact), timeout_seconds=block.timeout_seconds, name=name
        )
        if pressed.outcome == "failed":
            return pressed.outcome
        if pressed.digits == LATER:
            since = times[-1].timestamp() + 1
        elif pressed.digits == ANOTHER_DAY:
            midnight = times[-1].replace(hour=0, minute=0, second=0, microsecond=0)
            since = (midnight + timedelta(days=1)).timestamp()
        elif pressed.digits in "123456789"[: len(times)] and pressed.digits:
            return times[int(pressed.digits) - 1].timestamp()
        else:
            came = "no_match" if pressed.outcome == "digits" else "no_input"
            attempts -= 1
        if attempts <= 0:
            break
    return came


def _offered(times: Sequence[datetime], now: datetime, contact: Contact) -> str:
    language = "ru" if contact.language == "ru" else "en"
    each = [sentence(at, now, str(number), language) for number, at in enumerate(times, 1)]
    return " ".join([*each, _MORE[language]])


def sentence(at: datetime, now: datetime, key: str, language: str) -> str:
    text = filled(_EACH[language], {"day": day(at, now, language), "time": clock(at, language), "key": key}, language)
    return text[:1].upper() + text[1:]


def day(at: datetime, now: datetime, language: str) -> str:
    """Today, tomorrow, or the date: "первого декабря"."""
    ahead = (at.date() - now.date()).days
    if ahead in (0, 1):
        return (("сегодня", "завтра") if language == "ru" else ("today", "tomorrow"))[ahead]
    return said(at.date().isoformat(), "date:genitive" if language == "ru" else "date", language)


def clock(at: datetime, language: str) -> str:
    """ "десять часов", "девять часов тридцать минут", after "в"."""
    return said(f"{at:%H:%M}", "time:accusative" if language == "ru" else "time", language)
