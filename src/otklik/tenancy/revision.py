"""From a text to a new set-up: what would change, what is wrong and on which line. Pure; used by the API and the CLI."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from pydantic import TypeAdapter

from otklik.contact.configuration import Configuration, EntryRule
from otklik.contact.fault import Fault, Lack
from otklik.contact.hours import SpecialDay
from otklik.errors import AppError, Language
from otklik.routing.audit import without_trunk
from otklik.scenario.audit_speech import unheard
from otklik.tenancy import yaml
from otklik.tenancy.document import Accounts, Unfit, faults, from_plain, present, to_plain
from otklik.tenancy.plan import Change, changes

_DAYS: Final[TypeAdapter[Any]] = TypeAdapter(list[SpecialDay])
_RULES: Final[TypeAdapter[Any]] = TypeAdapter(list[EntryRule])
LONGEST_TEXT = 512 * 1024
"""Reading YAML with all its lines takes some 25 s a megabyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fault with its line in the text, if it has one, in the reader's language."""

    place: str
    line: int | None
    code: str
    warning: bool
    message: str

    def __str__(self) -> str:
        line = f"{self.line}: " if self.line is not None else ""
        return f"{line}{self.place}: {self.message}" if self.place else f"{line}{self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """`wanted` is None when the text is unfit; `told` holds warnings too."""

    wanted: Configuration | None
    changes: list[Change] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def fit(self) -> Configuration:
        """Raises `config_rejected`, with everything that is wrong beside."""
        if self.wanted is None:
            wrong = [told for told in self.told if not told.warning]
            raise AppError(
                "config_rejected",
                400,
                place=_where(wrong[0]),
                reason=wrong[0].message,
                faults=[asdict(each) for each in self.told],
            )
        return self.wanted


def text_of(configuration: Configuration, accounts: Accounts) -> str:
    return yaml.write(to_plain(configuration, accounts))


def fragment(*, holidays: Sequence[SpecialDay] = (), rules: Sequence[EntryRule] = ()) -> str:
    """A part of the file, to be put into a calendar or an entry point."""
    parts = {"holidays": (_DAYS, holidays), "rules": (_RULES, rules)}
    return yaml.write(
        {
            name: adapter.dump_python(list(found), mode="json", exclude_defaults=True)
            for name, (adapter, found) in parts.items()
            if found
        }
    )


def revise(
    text: str,
    current: Configuration,
    accounts: Accounts,
    language: Language,
    *,
    lacks: Collection[Lack] = (),
) -> Revision:
    """`lacks`: of the installation."""
    try:
        document = yaml.read(text)
    except Unfit as unfit:
        return Revision(wanted=None, told=told(unfit.faults, yaml.Text(None, {}), language))
    return revise_plain(document, current, accounts, language, lacks=lacks)


def revise_plain(
    document: yaml.Text,
    current: Configuration,
    accounts: Accounts,
    language: Language,
    *,
    lacks: Collection[Lack] = (),
) -> Revision:
    """Of a document that has been read."""
    try:
        wanted, warnings = from_plain(document.plain, accounts)
    except Unfit as unfit:
        return Revision(wanted=None, told=told(unfit.faults, document, language))
    warnings += _of_installation(wanted, lacks)
    return Revision(wanted=wanted, changes=between(current, wanted, accounts), told=told(warnings, document, language))


def beside(revision: Revision, found: list[Fault], language: Language) -> Revision:
    """With what was found out otherwise."""
    wanted = revision.wanted if all(each.warning for each in found) else None
    return replace(revision, wanted=wanted, told=[*revision.told, *told(found, yaml.Text(None, {}), language)])


def _of_installation(wanted: Configuration, lacks: Collection[Lack]) -> list[Fault]:
    trunk = without_trunk(wanted) if "trunk" in lacks else []
    return trunk + (unheard(wanted) if "recogniser" in lacks else [])


def back_to(
    earlier: Configuration,
    current: Configuration,
    accounts: Accounts,
    language: Language,
    *,
    lacks: Collection[Lack] = (),
) -> Revision:
    """An earlier version, held against the rules and the accounts of today."""
    wanted = present(earlier, accounts)
    found = told([*faults(wanted), *_of_installation(wanted, lacks)], yaml.Text(None, {}), language)
    fit = all(each.warning for each in found)
    return Revision(wanted=wanted if fit else None, changes=between(current, wanted, accounts), told=found)


def between(before: Configuration, after: Configuration, accounts: Accounts) -> list[Change]:
    return changes(_whole(before, accounts), _whole(after, accounts))


def _whole(configuration: Configuration, accounts: Accounts) -> dict[str, Any]:
    return to_plain(configuration, accounts, whole=True)


def told(found: list[Fault], document: yaml.Text, language: Language) -> list[Told]:
    return [
        Told(
            place=fault.place,
            line=document.line(fault.place),
            code=fault.code,
            warning=fault.warning,
            message=fault.message(language),
        )
        for fault in found
    ]


def _where(told: Told) -> str:
    return f"{told.place or '—'} ({told.line})" if told.line is not None else told.place or "—"
