"""An entry point's rules out of a table in CSV: a rule a row, several values of a cell apart by spaces or "|"."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from otklik.contact.configuration import EntryRule
from otklik.routing.audit import Fault
from otklik.tenancy.document import Unfit

SEVERAL: Final = ("dialled", "caller", "caller_prefix", "caller_list", "channel", "days", "hours")
YES_OR_NO: Final = ("hidden", "incident")
SINGLE: Final = ("open", "closed")
DESTINATIONS: Final = ("scenario", "queue", "reject", "entry_point", "outside")
COLUMNS: Final = ("rule", *SEVERAL, *YES_OR_NO, *SINGLE, "to", "target", "priority", "requires", "language")
NEEDED: Final = ("rule", "to", "target")
MOST_ROWS: Final = 5_000
_RULE: Final = TypeAdapter(EntryRule)
_YES: Final = {"yes": True, "true": True, "1": True, "да": True, "no": False, "false": False, "0": False, "нет": False}


def rules(content: bytes) -> list[EntryRule]:
    """UTF-8; comma or semicolon, as the first line has it. Raises `Unfit` with every wrong cell: "line 3, days"."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unfit([Fault(place="", code="csv_encoding")]) from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check(header)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unfit([Fault(place=f"line {reader.line_num}", code="csv_unreadable")]) from error
    if len(rows) > MOST_ROWS:
        raise Unfit([Fault(place="", code="csv_too_many", values={"most": MOST_ROWS})])
    made: list[EntryRule] = []
    wrong: list[Fault] = []
    for line, row in rows:
        try:
            made.append(
                _rule(dict(zip(header, (cell.strip() for cell in row), strict=False)), line, len(row) > len(header))
            )
        except Unfit as unfit:
            wrong += unfit.faults
    if wrong:
        raise Unfit(wrong)
    return made


def _check(header: list[str]) -> None:
    wrong = [
        Fault(place="line 1", code="csv_column", values={"found": name, "known": ", ".join(COLUMNS)})
        for name in header
        if name not in COLUMNS
    ]
    wrong += [
        Fault(place="line 1", code="csv_no_column", values={"name": name}) for name in NEEDED if name not in header
    ]
    wrong += [
        Fault(place="line 1", code="config_twice", values={"found": name})
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if wrong:
        raise Unfit(wrong)


def _rule(cells: Mapping[str, str], line: int, too_long: bool) -> EntryRule:
    wrong = [Fault(place=f"line {line}", code="csv_cells")] if too_long else []
    wrong += [
        Fault(place=f"line {line}, {name}", code="config_missing")
        for name in NEEDED
        if not cells.get(name) and not (name == "target" and cells.get("to") == "reject")
    ]
    if cells.get("to") and cells["to"] not in DESTINATIONS:
        expected = ", ".join(DESTINATIONS)
        wrong.append(Fault(place=f"line {line}, to", code="config_choice", values={"expected": expected}))
    for name in YES_OR_NO:
        if cells.get(name) and cells[name].lower() not in _YES:
            wrong.append(Fault(place=f"line {line}, {name}", code="config_true_false"))
    if wrong:
        raise Unfit(wrong)
    try:
        return _RULE.validate_python({"id": cells["rule"], "when": dict(_when(cells)), "to": dict(_to(cells))})
    except ValidationError as error:
        raise Unfit([_fault(each, line) for each in error.errors()]) from error


def _when(cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name in SEVERAL:
        if found := cells.get(name):
            yield name, found.replace("|", " ").split()
    for name in YES_OR_NO:
        if found := cells.get(name):
            yield name, _YES[found.lower()]
    for name in SINGLE:
        if found := cells.get(name):
            yield name, found


def _to(cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    kind, target = cells["to"], cells.get("target", "")
    bodies = {"reject": {"text": target, "language": cells.get("language") or "ru"}, "outside": {"dial": target}}
    yield kind, bodies.get(kind, target)
    for name in ("priority", "requires"):
        if found := cells.get(name):
            yield name, found


def _fault(error: Any, line: int) -> Fault:
    names = [part for part in error["loc"] if isinstance(part, str) and part not in ("when", "to")]
    place = f"line {line}, {names[0]}" if names else f"line {line}"
    if error["type"] == "literal_error":
        return Fault(
            place=place, code="config_choice", values={"expected": error["ctx"]["expected"].replace(" or ", ", ")}
        )
    return Fault(place=place, code="config_value", values={"reason": error["msg"]})
