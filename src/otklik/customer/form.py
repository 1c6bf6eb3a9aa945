"""What was written into the tenant's own fields, held against the form. Pure; the texts are in `errors`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from otklik.contact.configuration import Configuration
from otklik.contact.form import Choice, CustomerField, FieldKind
from otklik.contact.pattern import fits
from otklik.customer.identity import comparable
from otklik.errors import MESSAGES, Language
from otklik.routing.audit_form import LONGEST

LONGEST_LINK: Final = 2_000
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}([.,]\d{1,9})?")


class FormChoice(BaseModel):
    id: str
    ru: str
    en: str


class FormField(BaseModel):
    """As the page draws it; `choices` are those of the list where the field takes them from one."""

    id: str
    kind: FieldKind
    ru: str
    en: str
    help_ru: str
    help_en: str
    required: bool
    group: str | None
    longest: int
    least: float | None
    most: float | None
    choices: list[FormChoice]


class Form(BaseModel):
    """Fields in their order; `groups` are the headings, those without fields left out."""

    groups: list[FormChoice]
    fields: list[FormField]


class Wrong(Exception):
    """One value that does not do."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = values or {}

    def reason(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.values)


def form_of(configuration: Configuration) -> Form:
    lists = {each.id: each.choices for each in configuration.choice_lists}
    fields = [_drawn(each, _choices(each, lists)) for each in configuration.customer_fields]
    used = {each.group for each in fields}
    groups = [FormChoice(id=each.id, ru=each.ru, en=each.en) for each in configuration.field_groups if each.id in used]
    return Form(groups=groups, fields=fields)


def choices_of(of: CustomerField, lists: Mapping[Any, Sequence[Choice]]) -> Sequence[Choice]:
    """Its own, or those of the list it takes them from; `lists` by their ids."""
    return of.choices or (lists.get(of.choices_from, ()) if of.choices_from is not None else ())


def _choices(of: CustomerField, lists: Mapping[Any, Sequence[Choice]]) -> list[FormChoice]:
    return [FormChoice(id=each.id, ru=each.ru, en=each.en) for each in choices_of(of, lists)]


def _drawn(of: CustomerField, choices: list[FormChoice]) -> FormField:
    return FormField(
        id=of.id,
        kind=of.kind,
        ru=of.ru,
        en=of.en,
        help_ru=of.help_ru,
        help_en=of.help_en,
        required=of.required,
        group=of.group,
        longest=of.longest or LONGEST.get(of.kind, 0),
        least=of.least,
        most=of.most,
        choices=choices,
    )


def checked(
    configuration: Configuration, stands: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Wrong]]:
    """What is to stand in the fields that were written to (None: nothing), and what is wrong, by field. A choice that has
    gone from the form may stay where it stands."""
    form, patterns = form_of(configuration), {each.id: each.pattern for each in configuration.customer_fields}
    known = {each.id: each for each in form.fields}
    right: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for name, value in wanted.items():
        if name not in known:
            wrong[name] = Wrong("form_no_field")
            continue
        try:
            right[name] = value if value == stands.get(name) else _value(known[name], value, patterns[name])
        except Wrong as error:
            wrong[name] = error
    after = {**stands, **right}
    for each in form.fields:
        if each.required and after.get(each.id) is None and each.id not in wrong:
            wrong[each.id] = Wrong("form_required")
    return right, wrong


def _value(of: FormField, value: Any, pattern: str) -> Any:
    if value is None or value in ("", []) or (isinstance(value, str) and not value.strip()):
        return None
    if of.kind == "yes_no":
        return _expect(value, isinstance(value, bool), "form_yes_no")
    if of.kind == "number":
        return _number(of, value)
    known = {each.id for each in of.choices}
    if of.kind == "choices":
        several = isinstance(value, list) and all(isinstance(each, str) and each in known for each in value)
        return list(dict.fromkeys(_expect(value, several, "form_choice")))
    written: str = _expect(value, isinstance(value, str), "form_text")
    _expect(written, "\x00" not in written, "form_text")
    match of.kind:
        case "choice":
            return _expect(written, written in known, "form_choice")
        case "date":
            return _date(written)
        case "phone" | "mail" as kind:
            found = comparable(kind, written)
            return _expect(found, found is not None, f"form_{kind}")
        case "link":
            return _expect(written.strip(), _is_link(written.strip()), "form_link")
        case _:
            return _text(of, written, pattern)


def _expect(value: Any, holds: bool, code: str) -> Any:
    if not holds:
        raise Wrong(code)
    return value


def _text(of: FormField, written: str, pattern: str) -> str:
    text = written.strip() if of.kind == "long_text" else " ".join(written.split())
    if len(text) > of.longest:
        raise Wrong("form_long", {"most": of.longest})
    return str(_expect(text, not pattern or fits(pattern, text), "form_pattern"))


def _number(of: FormField, value: Any) -> float | int:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e15:
        raise Wrong("form_number")
    if of.least is not None and value < of.least:
        raise Wrong("form_least", {"least": f"{of.least:g}"})
    if of.most is not None and value > of.most:
        raise Wrong("form_most", {"most": f"{of.most:g}"})
    return int(value) if value == int(value) else value


def _date(written: str) -> str:
    try:
        return date.fromisoformat(written.strip()).isoformat()
    except ValueError as err:
        raise Wrong("form_date") from err


def _is_link(text: str) -> bool:
    if len(text) > LONGEST_LINK or re.search(r"[\s<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
