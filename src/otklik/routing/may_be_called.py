"""Whom we may call: the form of a number, with what it must begin, and why a waiting customer cannot be called back."""

from __future__ import annotations

import re
from typing import Final

from otklik.contact.ids import QueueId
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact

CALLABLE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164, from seven digits on: neither a short number nor anything that a dial plan could read as something else."""


def why_not(centre: Centre, contact: LiveContact, given: str | None = None) -> str | None:
    """The code of the reason why this customer cannot be called back from the queue; None: it can be done. `given`: the number
    to be called, where it is not the one that the customer calls from."""
    return why_nobody(centre, contact) or why_not_at(centre, contact.queue, given or contact.ani or "")


def why_nobody(centre: Centre, contact: LiveContact) -> str | None:
    """Whatever the number is."""
    if contact.callback is not None:
        return "callback_once"
    return None if centre.calls_out else "callback_no_trunk"


def why_not_at(centre: Centre, queue: QueueId | None, number: str) -> str | None:
    """Of this number, by the rules of the queue."""
    if CALLABLE.fullmatch(number) is None:
        return "callback_no_number"
    return None if begins_with(number, centre.queue(queue).callback.prefixes) else "callback_not_allowed"


def begins_with(number: str, prefixes: tuple[str, ...]) -> bool:
    """With one of these, in whatever way they are written; none named: any number does."""
    return not prefixes or number.startswith(tuple(map(_plus, prefixes)))


def _plus(prefix: str) -> str:
    return "+" + re.sub(r"[^0-9]", "", prefix)
