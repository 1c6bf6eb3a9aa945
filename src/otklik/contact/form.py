"""The form that a tenant lays beside the card of a customer: which fields, what may stand in them, in what order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from otklik.contact.ids import ChoiceListId, FieldGroupId

FieldKind = Literal["text", "long_text", "number", "date", "choice", "choices", "yes_no", "phone", "mail", "link"]
CHOOSING: Final[frozenset[FieldKind]] = frozenset({"choice", "choices"})
WRITTEN: Final[frozenset[FieldKind]] = frozenset({"text", "long_text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of those that a field offers."""

    id: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceList:
    """Choices by a name, for any number of fields: a list of cities, of products."""

    id: ChoiceListId
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """A heading of the form; groups stand in the order of the file."""

    id: FieldGroupId
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerField:
    """A field of the form; fields stand in the order of the file, those without a group first. A field that is taken out of
    the file is no longer shown; what stood in it is kept."""

    id: str
    kind: FieldKind
    ru: str
    en: str
    help_ru: str = ""
    """Said below the field, in Russian."""
    help_en: str = ""
    """The same in English."""
    required: bool = False
    """The form is not saved without it."""
    group: FieldGroupId | None = None
    pattern: str = ""
    """Of text: what the whole must look like, as a regular expression without look-around: `[A-Z]{2}-\\d{4}`."""
    longest: int = 0
    """Of text: how many characters at most; 0: 500, of long text 10,000."""
    least: float | None = None
    """Of a number: it is not less."""
    most: float | None = None
    """Of a number: it is not more."""
    choices: tuple[Choice, ...] = ()
    """What a choice offers; or `choices_from`."""
    choices_from: ChoiceListId | None = None
    """The list with what a choice offers."""
