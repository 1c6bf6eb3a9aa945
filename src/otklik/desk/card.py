"""What the agent sees about the contact before the ring: the customer, the earlier contacts, the draft of the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import AgentId, ContactId, CustomerId


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCustomer:
    """The customer as found by number, mail or handle. `language` is ISO 639-1; `about` is free text of the card;
    `manager`: the agent who looks after this customer."""

    id: CustomerId
    name: str
    company: str | None = None
    vip: bool = False
    language: str | None = None
    about: str | None = None
    manager: AgentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierContact:
    """One line of the customer's history, newest first on the card. `queue` and `agent` are names, `at` Unix seconds."""

    id: ContactId
    at: float
    queue: str | None = None
    agent: str | None = None
    outcome: str
    disposition: str | None = None
    note: str = ""
    talk_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything known about the other side; both empty for a caller nobody knows."""

    customer: CardCustomer | None = None
    earlier: tuple[EarlierContact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The outcome as far as the agent has filled it in; saved as it is typed, from the first second of the call."""

    disposition: str | None = None
    note: str = ""
