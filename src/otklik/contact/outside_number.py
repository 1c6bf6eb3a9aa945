"""Somebody outside to whom a customer is passed on by the trunk: what a set-up says of it, and what happens meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from otklik.contact.calling import CallFailure
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId

OutsideEnd = CallFailure | Literal["hung_up"]
"""hung_up: there was a conversation; the others as with any call out, before there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideNumber:
    """The customer is put through to a number outside, and stays with us: on the floor, in the account, in the recording.

    In flows an exit each: `done` once the other side has hung up, `busy`, `no_answer`, `failed`, and `impossible` where the
    number must not be called. Elsewhere: who was talked to outside is served; who was not waits in the queue as before, or by
    an entry rule hears the entry point's scenario.
    """

    dial: str
    """In the international form, or one of the tenant's short numbers. In flows `{name}` is the attribute of this name."""
    rules_of: QueueId | None = None
    """In flows: a number that is not written here, but was keyed or found, must begin as this queue's calls out may."""
    entry_point: EntryPointId | None = None
    """Whose number is shown there; None: the one that the customer has called."""
    shows_customer: bool = False
    """The customer's own number is shown in place of ours, where it is known. Not every trunk lets it through."""
    ring_seconds: float = 30.0
    longest_seconds: float = 3600.0
    """A conversation is ended then."""
    music: bool = False
    """While it rings the customer hears music in place of ringing."""


class OutsideAsked(Struct, frozen=True, kw_only=True):
    """A scenario wants the contact put through to somebody outside. Asked again at the same step it changes nothing."""

    contact: ContactId
    step: int
    to: OutsideNumber
    """`dial` is the number itself by now, in the international form where it can be told."""
    written: bool = False
    """It stands in the set-up as it is; otherwise it was keyed or found, or code has said it."""
    block: str = ""


class OutsideAnswered(Struct, frozen=True, kw_only=True):
    """Somebody outside has answered, and the customer hears them. Told again after a restart; late: it changes nothing."""

    contact: ContactId
    attempt: int


class OutsideEnded(Struct, frozen=True, kw_only=True):
    """There is no line to the outside any more. The customer's own is there."""

    contact: ContactId
    attempt: int
    cause: OutsideEnd


class OutsideExpired(Struct, frozen=True, kw_only=True):
    """It has rung, or a conversation has lasted, for as long as it may. A timer."""

    contact: ContactId
    attempt: int
    talking: bool = False


class ContactSentOutside(Struct, frozen=True, kw_only=True):
    """The agent passed the contact on to somebody outside without asking them; refused if the queue or the number does not allow it.
    Where nobody answers, the customer comes back to this agent."""

    contact: ContactId
    agent: AgentId
    kept: int
    """Under which the number stands beside the log: negative, so that no step of a scenario has it."""
    number: str | None = None
    """Both as in `CallPlaced`."""
    against: str = ""


class OutsideConsulted(Struct, frozen=True, kw_only=True):
    """The agent asks somebody outside before passing the contact on: the customer hears music. What follows is told by the facts of
    any consultation; `consultation` names the talk, and is no contact. `conference` as in `ConsultationAsked`."""

    contact: ContactId
    agent: AgentId
    consultation: ContactId
    kept: int
    """As `ContactSentOutside.kept`."""
    number: str | None = None
    conference: bool = False
    against: str = ""


OutsideFact = OutsideAsked | OutsideAnswered | OutsideEnded | OutsideExpired
ByAgentOutside = ContactSentOutside | OutsideConsulted
