"""Whom we may call: the form of a number, with what it must begin, and why a waiting customer cannot be called back."""

from __future__ import annotations

import re
from typing import Final

from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact

CALLABLE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164, from seven digits on: neither a short number nor anything that a dial plan could read as something else."""


def why_not(centre: Centre, contact: LiveContact) -> str | None:
    """The code of the reason why this customer cannot be called back; None: it can be done."""
    if contact.callback is not None:
        return "callback_once"
    if not centre.calls_out:
        return "callback_no_trunk"
    if CALLABLE.fullmatch(contact.ani or "") is None:
        return "callback_no_number"
    allowed = begins_with(contact.ani or "", centre.queue(contact.queue).callback.prefixes)
    return None if allowed else "callback_not_allowed"


def begins_with(number: str, prefixes: tuple[str, ...]) -> bool:
    """With one of these, in whatever way they are written; none named: any number does."""
    return not prefixes or number.startswith(tuple(map(_plus, prefixes)))


def _plus(prefix: str) -> str:
    return "+" + re.sub(r"[^0-9]", "", prefix)
