"""What people at the desk are shown of a contact beside what the contact is. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAttribute:
    """How an attribute is shown that a scenario has found out. Those listed come first, in this order; the others follow by
    their names. Masked digits are never shown."""

    id: str
    """The attribute's name, as it stands in texts: `order`, `order.state`."""
    ru: str = ""
    en: str = ""
    """What it is called; without either, its name."""
    form: Literal["text", "number", "date", "phone"] | None = None
    """How the value is written, in the language of the page; none: as it looks like."""
    hidden: bool = False
    """Not shown, nor put into texts."""
