"""What goes along with a question to a database or a service: parameters, and whose wrong entries are counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol, TypedDict

from otklik.contact.flow import LockOut
from otklik.scenario.heard import Pressed

CALLERS_NUMBER: Final = "{ani}"
"""Put in by whoever asks, and never written."""
Parameters = Mapping[str, str | Pressed]


class Sent(TypedDict):
    """What `LookUp` and `Fetch` have in common."""

    parameters: dict[str, str]
    of_caller: tuple[str, ...]
    of_keys: dict[str, int]
    counted: tuple[str, ...]
    counted_seconds: float


class Contact(Protocol):
    """For whom it is asked."""

    keys: dict[str, Pressed]

    def filled(self, text: str, language: str = "") -> str: ...


def sent(contact: Contact, parameters: Parameters, counted: tuple[str, ...], lock_out: LockOut | None) -> Sent:
    keys: dict[str, int] = {}
    given: dict[str, str] = {}
    for name, value in parameters.items():
        pressed = contact.keys.get(value[1:-1]) if isinstance(value, str) else value
        if pressed is not None and pressed.masked and (isinstance(value, Pressed) or _is_place(value)):
            keys[name] = pressed.step
        elif isinstance(value, Pressed):
            given[name] = value.digits
        elif value != CALLERS_NUMBER:
            given[name] = contact.filled(value)
    return {
        "parameters": given,
        "of_caller": tuple(name for name, value in parameters.items() if value == CALLERS_NUMBER),
        "of_keys": keys,
        "counted": counted,
        "counted_seconds": lock_out.lock_seconds if lock_out is not None else 0.0,
    }


def entries(contact: Contact, asked: str, lock_out: LockOut | None) -> tuple[str, ...]:
    """By what they are counted. The number stays a place, as it does with parameters."""
    by = lock_out.by if lock_out is not None else ()
    return tuple(f"{asked} {each if each == CALLERS_NUMBER else contact.filled(each)}" for each in by)


def _is_place(value: str) -> bool:
    """Of one attribute, and nothing else."""
    return value.startswith("{") and value.endswith("}")
