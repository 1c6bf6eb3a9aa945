"""Writes `configuration.md` from the words in the code: `python docs/reference/write_configuration.py`. A test compares."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from otklik.contact import (
    conditions,
    configuration,
    disposition,
    division,
    flow,
    form,
    forwarding,
    handler,
    hours,
    look_up,
    menu,
    music,
    outside,
    outside_number,
    showing,
    talk_script,
    voicemail,
    watching,
)
from otklik.tenancy.decision_table import COLUMNS
from otklik.tenancy.document import FORMAT

TARGET = Path(__file__).with_name("configuration.md")

OPENING = f"""\
# The configuration file

The whole set-up of a contact centre as YAML 1.2. How to use it: [configuration as code](../how-to/configuration-as-code.md).

- The first line is `format: {FORMAT}`. A field that is left out has its usual value; an unknown field is a fault, not ignored.
- Ids are 1 to 64 letters, digits, dots, hyphens and underscores.
- Numbers of telephones stand in quotes: `'1000'`, `'+74951234567'`.
- Agents stand by their `login`: accounts and names are not part of the file. Agents who are left out take no contacts.
- Anchors, aliases and tags of YAML are refused. A file has at most 512 KiB.

A fault is told with its place (`queues[2].ring_seconds`) and line; [errors](errors.md) lists all of them (`config_…`).

This page is written by `python docs/reference/write_configuration.py` from `configuration.py`, `conditions.py`, `disposition.py`, `flow.py`, `form.py`, `forwarding.py`, `handler.py`, `hours.py`, `look_up.py`, `menu.py`, `music.py`, `outside.py`, `showing.py`, `talk_script.py` and `watching.py` in `src/otklik/contact/`.
"""
CLOSING = f"""
## Decision table in CSV

`otklik convert rules FILE` prints the rules of such a table. The first line names the columns, in any order, of these:
{", ".join(f"`{name}`" for name in COLUMNS)}. `rule` is the rule's id, `to` one of `scenario`, `queue`, `reject` and `entry_point`,
`target` its id or the text that is spoken. Several values of a cell stand apart by spaces or `|`. UTF-8; comma or semicolon.
"""
MODULES = (
    configuration,
    conditions,
    disposition,
    division,
    flow,
    form,
    forwarding,
    handler,
    hours,
    look_up,
    menu,
    music,
    outside,
    outside_number,
    showing,
    talk_script,
    voicemail,
    watching,
)


def page() -> str:
    parts = [OPENING]
    for kind in _kinds():
        name = "The file" if kind is configuration.Configuration else kind.__name__
        said = " ".join((inspect.getdoc(kind) or "").split())
        rows = [_row(kind, field) for field in _fields(kind)]
        table = "\n".join(["| Field | Value | Usual | Meaning |", "|---|---|---|---|", *rows])
        parts.append(f"\n## {name}\n\n{said}\n\n{table}\n")
    return "".join([*parts, CLOSING])


def _kinds() -> list[Any]:
    """The whole file, then what it is made of, in the order of its fields."""
    found: list[Any] = []

    def add(kind: Any) -> None:
        if is_dataclass(kind) and kind not in found:
            found.append(kind)
            for inner in get_type_hints(kind).values():
                add(inner)
        for inner in get_args(kind):
            add(inner)

    add(configuration.Configuration)
    return found


def _fields(kind: Any) -> list[Field[Any]]:
    return [each for each in fields(kind) if not (kind is configuration.Agent and each.name == "name")]


def _row(kind: Any, field: Field[Any]) -> str:
    name = "login" if kind is configuration.Agent and field.name == "id" else field.name
    meaning = _told(kind).get(field.name, "")
    return f"| `{name}` | {_type(get_type_hints(kind)[field.name])} | {_usual(field)} | {_cell(meaning)} |"


def _usual(field: Field[Any]) -> str:
    if field.default is not MISSING:
        empty = field.default in ((), "", None)
        return "" if empty else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
    return "" if field.default_factory is not MISSING else "required"


def _type(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _type(next(each for each in inner if each is not type(None)))
    if origin is Literal:
        return " ".join(f"`{each}`" for each in inner)
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"{_type(inner[0])} → {_type(inner[1])}"
    if is_dataclass(kind):
        name = getattr(kind, "__name__", "")
        return f"[{name}](#{name.lower()})"
    plain = {str: "text", int: "whole number", float: "number", bool: "`true` `false`"}
    if kind in plain:
        return plain[kind]
    name = kind.__name__
    return "login" if name == "AgentId" else f"{_words(name.removesuffix('Id'))} id" if name.endswith("Id") else "hours"


def _words(name: str) -> str:
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()


def _told(kind: Any) -> dict[str, str]:
    """What stands below each field in the source."""
    tree = ast.parse(inspect.getsource(_module(kind)))
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    return dict(_below(found.body))


def _module(kind: Any) -> ModuleType:
    return next(module for module in MODULES if module.__name__ == kind.__module__)


def _below(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node, after in zip(body, body[1:], strict=False):
        text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(text, str):
            yield node.target.id, " ".join(line.strip() for line in text.splitlines())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(page())
