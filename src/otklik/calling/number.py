"""What a person types to call, as the deciding code wants it: E.164, or a short number as it is."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from otklik.contact.ids import AgentId, TenantId
from otklik.contact.ports import Live
from otklik.customer.identity import e164

LONGEST: Final = 40
SHORT: Final = re.compile(r"[0-9]{2,6}")
_WRITTEN: Final = re.compile(r"\+?[0-9\s().\u2010-\u2015-]+")
_BETWEEN: Final = re.compile(r"[\s().\u2010-\u2015-]")


def found(said: str, region: str = "RU") -> str:
    """A number that was keyed, found or said by code: as `dialled`, and only one that can be in use by the plans of the world; else
    empty. What a country's plan does not have may be read by a trunk as it likes."""
    number = dialled(said, region)
    if number is None or SHORT.fullmatch(number):
        return number or ""
    return number if phonenumbers.is_valid_number(phonenumbers.parse(number)) else ""


def dialled(written: str, region: str = "RU") -> str | None:
    """ "8 (916) 123-45-67" -> "+79161234567", "112" -> "112"; None for what is no number. `region`: ISO 3166. An extension is
    not part of a number that can be dialled, and letters are none of it."""
    text = written.strip().removeprefix("tel:").strip()
    if len(text) > LONGEST or _WRITTEN.fullmatch(text) is None:
        return None
    digits = _BETWEEN.sub("", text)
    return digits if SHORT.fullmatch(digits) else e164(digits, region)


def numbered(live: Live, tenant: TenantId, agent: AgentId, number: str | None) -> tuple[AgentId, str] | None:
    """Whose internal number this is, of those whom this agent may call."""
    book = live.phone_book(tenant, agent) if number is not None and number.isdigit() else []
    return next(((AgentId(each["id"]), each["number"]) for each in book if each["number"] == number), None)
