"""The card of a customer: what it shows, how it is changed, and what two people who change it at once are told.

These are the bodies of the HTTP API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from otklik.contact.configuration import Channel
from otklik.customer.identity import LONGEST, Kind

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL's text takes no NUL."""
Source = Literal["agent", "contact", "import"]
"""Typed in by a person; the address of a contact in hand; from a file or another program."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


Line = Annotated[str, Field(max_length=200, pattern=NO_NUL), AfterValidator(_one_line)]
Name = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"), AfterValidator(_one_line)
]
Prose = Annotated[str, Field(max_length=10_000, pattern=NO_NUL)]
LanguageCode = Annotated[str, Field(pattern=r"^([a-z]{2})?$")]
"""ISO 639-1; empty: not known."""


class Named(BaseModel):
    id: str
    name: str


class Colleague(Named):
    """`agent`: takes contacts, and so may be a customer's own manager."""

    agent: bool


class People(BaseModel):
    people: list[Colleague]


class Identity(BaseModel):
    """One number, mail or handle, in the form in which it is compared. `shared`: so many other customers have it too."""

    id: str
    kind: Kind
    value: str
    label: str
    source: Source
    confirmed_at: datetime | None
    added_at: datetime
    shared: int = 0


class CustomerRow(BaseModel):
    """One line of the list of customers."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    company: str
    vip: bool
    language: str
    phones: list[str]
    mails: list[str]
    changed_at: datetime


class CustomerPage(BaseModel):
    """`next` is the cursor of the following page; null on the last one."""

    customers: list[CustomerRow]
    next: str | None


class Merge(BaseModel):
    """Another card was taken into this one. `undoable`: it was the last; `added_to` says where what was added meanwhile went."""

    id: str
    gone: Named
    at: datetime
    by: str | None
    why: str
    undone_at: datetime | None
    added_to: Literal["kept", "other"] | None
    undoable: bool


class CustomerCard(BaseModel):
    """`id` may be another than was asked for: a card that was merged leads to the one that is meant today."""

    id: str
    version: int
    name: str
    company: str
    vip: bool
    language: str
    about: str
    manager: Named | None
    preferred_channel: str
    preferred_time: str
    fields: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    identities: list[Identity]
    merges: list[Merge]


class CardChange(BaseModel):
    """What stood in a field and what stands there now, since when and by whom. `by` is null for a program."""

    field: str
    before: Any
    after: Any
    at: datetime
    by: str | None


class SavedCard(BaseModel):
    """`meanwhile`: what others changed in other fields since the version that was looked at."""

    card: CustomerCard
    meanwhile: list[CardChange]


class NewIdentity(BaseModel):
    kind: Kind
    value: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    label: Line = ""
    source: Source = "agent"
    confirmed: bool = False


class IdentityChange(BaseModel):
    """What is left out stays as it is."""

    label: Line | None = None
    confirmed: bool | None = None


class NewCustomer(BaseModel):
    """A card and by what the customer is to be known."""

    name: Name
    company: Line = ""
    language: LanguageCode = ""
    vip: bool = False
    about: Prose = ""
    identities: Annotated[list[NewIdentity], Field(max_length=20)] = []


class CardEdit(BaseModel):
    """`version` is the one that was looked at. What is left out stays as it is; an empty text or null takes it away."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    name: Name | None = None
    company: Line | None = None
    language: LanguageCode | None = None
    vip: bool | None = None
    about: Prose | None = None
    manager: UUID | None = None
    preferred_channel: Channel | Literal[""] | None = None
    preferred_time: Line | None = None
    fields: Annotated[dict[str, Any], Field(max_length=200)] = {}
    """Of the tenant's form, by the field's id; null or an empty text takes a value away."""

    def wanted(self) -> dict[str, Any]:
        """By the name of the field; only what was said. Only the manager can be null."""
        said: dict[str, Any] = {}
        for name in self.model_fields_set - {"version", "fields"}:
            value = getattr(self, name)
            if name == "manager":
                said[name] = str(value) if value is not None else None
            elif value is not None:
                said[name] = value
        return said


COLUMNS: Final[Mapping[str, str]] = {
    "name": "name",
    "company": "company",
    "language": "language",
    "vip": "vip",
    "about": "about",
    "manager": "manager_id",
    "preferred_channel": "preferred_channel",
    "preferred_time": "preferred_time",
}
"""Fields of the card that may be changed, and where they stand."""
OWN: Final = "fields."
"""Before the id of a field of the tenant's form."""


def differing(stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of the wanted is not so already."""
    return {field: value for field, value in wanted.items() if stands.get(field) != value}


def clashes(since: Sequence[CardChange], stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[CardChange]:
    """Of what others changed meanwhile, the newest word on each field where something else is wanted now."""
    newest = {change.field: change for change in since}
    different = differing(stands, wanted)
    return [change for field, change in newest.items() if field in different]
