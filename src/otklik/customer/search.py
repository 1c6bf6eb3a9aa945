"""What is asked of the list of customers: a number, a mail, a handle, or words of the name. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from otklik.customer.identity import comparable, keys
from otklik.errors import AppError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MOST_WORDS: Final = 6
LONGEST_WORD: Final = 40
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """At most one of `keys`, `part` and `words` is set; none of them: all customers."""

    keys: tuple[str, ...] = ()
    """Exactly these identities."""
    part: str | None = None
    """Stands in an identity; free of the signs that LIKE knows."""
    words: tuple[str, ...] = ()
    """Each begins a word of name or company."""
    before: Place | None = None
    limit: int = 50


def asked(q: str | None, before: Place | None = None, limit: int = 50) -> Question:
    """A whole number or address is looked up; part of one is looked for; all else are words."""
    typed = (q or "").strip()
    if not typed:
        return Question(before=before, limit=limit)
    if re.fullmatch(r"[\d\s()+.-]+", typed) and re.search(r"\d", typed):
        digits = re.sub(r"\D", "", typed)
        whole = tuple(keys(typed)) if len(digits) >= 10 else ()
        return Question(keys=whole, part=None if whole else digits, before=before, limit=limit)
    if "@" in typed and not typed.startswith("@") and (mail := comparable("mail", typed)):
        return Question(keys=(f"mail:{mail}",), before=before, limit=limit)
    if "@" in typed:
        part = re.sub(r"[%_\\]", "", typed.removeprefix("@").lower())
        return Question(part=part, before=before, limit=limit)
    words = re.findall(r"[^\W_]+", typed.lower().replace("ё", "е"))[:MOST_WORDS] or [typed]
    return Question(words=tuple(word[:LONGEST_WORD] for word in words), before=before, limit=limit)


def cursor(at: datetime, identity: str) -> str:
    """Names a place in a list that goes back in time: what follows is older."""
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros}.{identity}".encode()).decode().rstrip("=")


def place(text: str) -> Place:
    """Undoes `cursor`; raises `invalid_cursor` for anything else."""
    try:
        micros, _, identity = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(".")
        return _EPOCH + timedelta(microseconds=int(micros)), str(UUID(identity))
    except (ValueError, OverflowError, binascii.Error) as err:
        raise AppError("invalid_cursor", field="before") from err
