"""Conditions on a contact and on the hour, as entry rules and flows ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from otklik.contact.hours import CalendarId, Hours, Weekday
from otklik.contact.ids import NumberListId

Channel = Literal["voice", "chat", "message", "email", "fax", "video", "web", "device", "voicemail"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All that is said must hold; of several values in one field, one is enough, and so it is among the three fields
    about the caller's number. Nothing said: always.

    Numbers are compared by their digits. `days` and `hours` are of the wall clock in the entry point's time zone.
    """

    dialled: tuple[str, ...] = ()
    caller: tuple[str, ...] = ()
    caller_prefix: tuple[str, ...] = ()
    caller_list: tuple[NumberListId, ...] = ()
    hidden: bool | None = None
    """True: only callers without a number; False: only those with one."""
    channel: tuple[Channel, ...] = ()
    open: CalendarId | None = None
    closed: CalendarId | None = None
    days: tuple[Weekday, ...] = ()
    hours: tuple[Hours, ...] = ()
    incident: bool | None = None
    """Whether the incident switch of the tenant or of this entry point is on."""
