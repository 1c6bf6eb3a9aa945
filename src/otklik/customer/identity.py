"""How a number, an address or a handle is written so that it can be compared, and by what a customer is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

import phonenumbers

from otklik.contact.ids import CustomerId

Kind = Literal["phone", "mail", "whatsapp", "viber", "telegram", "max", "vk", "other"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
BY_NUMBER: Final[frozenset[Kind]] = frozenset({"phone", "whatsapp", "viber"})
"""Whoever calls from a number is the one who writes from it."""
LONGEST: Final = 254
_MAIL: Final = re.compile(r"[^@\s\"<>(),:;]+@[^@\s\"<>(),:;.]+(\.[^@\s\"<>(),:;.]+)+")
_HANDLE: Final = re.compile(r"[\w.-]{2,64}")
_LINK: Final = re.compile(r"(https?://)?(t\.me|vk\.com|max\.ru)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One who is written down at once. Phones are E.164, mails are in lower case; empty text means not known.
    `language` is ISO 639-1."""

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


def comparable(kind: Kind, written: str, region: str = "RU") -> str | None:
    """What a person wrote, in the one form of its kind; None if it is no such thing."""
    text = written.strip()
    if not text or len(text) > LONGEST:
        return None
    if kind in BY_NUMBER:
        return e164(text, region)
    if kind == "mail":
        return text.lower() if _MAIL.fullmatch(text) else None
    if kind == "other":
        return text
    handle = _LINK.sub("", text).removeprefix("@").lower()
    return handle if _HANDLE.fullmatch(handle) else None


def keys(address: str, region: str = "RU") -> list[str]:
    """Under which identities (`kind:value`) whoever is at this address may be known. An address is a number, a mail, or
    a handle with its kind before it: "telegram:ivan"."""
    kind, colon, rest = address.partition(":")
    if colon and kind in KINDS:
        known: Kind = next(each for each in KINDS if each == kind)
        value = comparable(known, rest, region)
        if value is None:
            return []
        return _by_number(value) if known in BY_NUMBER else [f"{known}:{value}"]
    if "@" in address:
        mail = comparable("mail", address)
        return [f"mail:{mail}"] if mail else []
    number = e164(address, region)
    return _by_number(number) if number else []


def _by_number(number: str) -> list[str]:
    return [f"{kind}:{number}" for kind in KINDS if kind in BY_NUMBER]
