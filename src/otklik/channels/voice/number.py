"""Calling numbers as the rest of the program wants them: E.164 where that can be told."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

ANONYMOUS: Final = frozenset({"", "anonymous", "unknown", "restricted", "unavailable", "private", "none", "s"})
SHORTEST_PUBLIC: Final = 7
"""Fewer digits are an internal number or a short code and stay as they are."""
LONGEST_KEPT: Final = 40


def normal_number(caller: str | None, region: str = "RU") -> str | None:
    """+79161234567 from any way of writing it; an internal number as it is; None for a caller without a number."""
    number = (caller or "").strip()
    if number.lower() in ANONYMOUS:
        return None
    digits = re.sub(r"[\s().\-]", "", number)
    if not re.fullmatch(r"\+?\d+", digits):
        return re.sub(r"[^\w.@+*#-]", "", number)[:LONGEST_KEPT] or None
    if len(digits.lstrip("+")) < SHORTEST_PUBLIC:
        return digits
    if digits.startswith("+"):
        # As nearly every trunk writes it. Whether it is in use changes nothing, and is the dearest question of all.
        return _e164(digits, None, in_use=False) or digits[:LONGEST_KEPT]
    return _e164(digits, region) or _e164("+" + digits, None) or digits[:LONGEST_KEPT]


def _e164(digits: str, region: str | None, *, in_use: bool = True) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if in_use and not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
