"""An instant that a fact names, in words: Russian, English."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC).timestamp()
_LATEST: Final = datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp()


def instant(at: float | None, language: int) -> str:
    if at is None:
        return "as soon as may be" if language else "как можно скорее"
    shown = min(max(at, _EARLIEST), _LATEST)  # of another zone, the last hours of the year 9999 are beyond
    return f"{datetime.fromtimestamp(shown, UTC):%Y-%m-%d %H:%M} UTC"
