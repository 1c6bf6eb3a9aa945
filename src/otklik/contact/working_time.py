"""An agent's time as an account of stretches: what the engine knows of a shift, laid flat, exact to the microsecond.

From the beginning of a shift to its end one stretch begins in the instant in which the one before has ended, so that
their sum is the length of the shift.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.configuration import Channel
from otklik.contact.ids import AgentId, ContactId

Activity = Literal["offered", "dialling", "talking", "held", "rejoining", "wrap_up"]
"""With the most pressing of the contacts in hand. offered: it rings; rejoining: the agent's line is lost and awaited."""


class Stretch(Struct, frozen=True, kw_only=True, gc=False):
    """While nothing of this changes. Instants are engine seconds (Unix, UTC)."""

    agent: AgentId
    shift_at: float
    """When the shift began that it is of."""
    began_at: float
    ended_at: float | None
    """None: it goes on. As long as it had begun: something else came in the same instant."""
    status: Literal["not_ready", "ready"]
    """What the agent has chosen, whatever is in hand."""
    reason: str | None
    """Of the status, as in `StatusChosen`; also "missed" and "shift", see `routing.agent`."""
    activity: Activity | None
    """None: nothing is in hand."""
    contact: ContactId | None
    """Of a consultation, the customer's contact that it is about."""
    channel: Channel | None
