"""A customer, and how a number is written so that it can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from otklik.contact.ids import CustomerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Phones are E.164, mails are in lower case; empty text means not known. `language` is ISO 639-1."""

    id: CustomerId
    name: str
    company: str = ""
    vip: bool = False
    language: str = ""
    about: str = ""
    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


def e164(number: str, region: str = "RU") -> str | None:
    """The number in E.164 as dialled in `region` (ISO 3166); None for an extension, a short code or no number."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
