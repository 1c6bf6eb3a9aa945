"""A message that a caller has left: a contact of its own, which waits in a queue in the caller's place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct

from otklik.contact.ids import ContactId, QueueId

LINE: Final = "voicemail"
"""In place of the name of a line: whoever left it has hung up."""
_MESSAGES: Final = UUID("7a3f2f0e-51a6-4c1e-9d5e-0d1f8c2b6a34")


def message_of(call: ContactId, step: int) -> ContactId:
    """What the message of this step of a call is called, however often it is asked for: also as a contact."""
    return ContactId(str(uuid5(_MESSAGES, f"{call} {step}")))


class Voicemail(Struct, frozen=True, kw_only=True):
    """For which queue, and what goes along of the call it was left in."""

    call: ContactId
    step: int
    queue: QueueId
    seconds: float
    key: str = ""
    """As in `VerbFinished`."""
    language: str = ""
    requires: str = ""
    priority: int = 0
    vip: bool | None = None
    choices: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The customer leaves a message, which waits in a queue in the customer's place, and is hung up. Who says nothing waits on."""

    queue: QueueId | None = None
    """None: the one that the customer waits in."""
    text: dict[str, str] = field(default_factory=dict)
    """By language, said before the tone; without any, words of the program."""
    thanks: dict[str, str] = field(default_factory=dict)
    """Said after the message."""
    max_seconds: float = 120.0
