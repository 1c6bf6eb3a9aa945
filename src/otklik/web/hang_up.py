"""Who hangs up, read from the SIP messages of one page as they pass through `/sip`. Pure.

The switch says so too, a millisecond later and after the next ring could have been on its way. Only the BYE of a
call that came through this very connection counts, so a page can end no line but its own.
"""

from __future__ import annotations

import re
from typing import Final

from otklik.contact.ids import ContactId, OfferNumber

Line = tuple[ContactId, OfferNumber]

REMEMBERED: Final = 8
"""Calls of one page at a time, those that were never ended by it included."""
_CALL: Final = re.compile(r"^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_CONTACT: Final = re.compile(r"^X-Otklik-Contact[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_OFFER: Final = re.compile(r"^X-Otklik-Offer[ \t]*:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)


class HangUps:
    """Give it every message, each way."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def to_page(self, message: str | bytes) -> None:
        text = _begins(message, "INVITE ")
        if text is None:
            return
        call, contact, offer = _CALL.search(text), _CONTACT.search(text), _OFFER.search(text)
        if call and contact and offer:
            self._lines[call[1]] = ContactId(contact[1]), OfferNumber(int(offer[1]))
            if len(self._lines) > REMEMBERED:
                del self._lines[next(iter(self._lines))]

    def from_page(self, message: str | bytes) -> Line | None:
        """The line that ends with this message."""
        text = _begins(message, "BYE ")
        call = _CALL.search(text) if text is not None else None
        return self._lines.pop(call[1], None) if call else None


def _begins(message: str | bytes, method: str) -> str | None:
    if isinstance(message, str):
        return message if message.startswith(method) else None
    return message.decode("utf-8", "replace") if message.startswith(method.encode()) else None
