"""What agents may ask an outer database or service about the customer in hand. Decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from otklik.contact.ids import QueueId
from otklik.contact.showing import ShownAttribute

HOLE: Final = re.compile(r"\{([\w-]+(?:\.[\w-]+)*)\}")
"""What is filled in, in the texts of `gives`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLookUp:
    """One question that stands at the desk: a statement of a connection, or a request of a service."""

    id: str
    ru: str
    en: str
    connection: str | None = None
    statement: str = ""
    """Of the connection."""
    service: str | None = None
    request: str = ""
    """Of the service, in place of a statement."""
    gives: dict[str, str] = field(default_factory=dict)
    """Each parameter, as a text: `{number}`, `{mail}`, `{customer}`, `{company}`, `{card.contract}`, `{contact.order}` and
    `{entered}`, what the agent types, are filled in. Where one is not known nothing is asked."""
    asks_ru: str = ""
    """What is to be typed for `{entered}`, in Russian."""
    asks_en: str = ""
    """The same in English."""
    queues: tuple[QueueId, ...] = ()
    """For contacts of these; none named: of all."""
    shown: tuple[ShownAttribute, ...] = ()
    """How the answer is shown: these values first, the others by their names."""
