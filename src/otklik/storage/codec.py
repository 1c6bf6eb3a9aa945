"""Facts to JSON and back. The kind is the class's name in snake_case and stands beside the body, not in it.

The calling number is personal data: it goes out apart from the body and is put back when the fact is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, get_args

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from otklik.contact.facts import ContactArrived, Fact


def kind_of(fact_class: type[Fact]) -> str:
    """`ContactArrived` -> "contact_arrived"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact_class.__name__).lower()


CLASSES: Final[Mapping[str, type[Fact]]] = {kind_of(each): each for each in get_args(Fact)}
KINDS: Final[Mapping[type[Fact], str]] = {each: kind for kind, each in CLASSES.items()}
_ADAPTERS: Final[Mapping[str, TypeAdapter[Fact]]] = {kind: TypeAdapter(each) for kind, each in CLASSES.items()}
_EXCLUDED: Final = {"ani"}
# A body may hold any text a caller's equipment sends; PostgreSQL's jsonb takes neither NUL nor half a surrogate pair.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class UnknownKind(Exception):
    """The log holds a fact that this version does not know: a newer version wrote it."""


def dump(fact: Fact) -> bytes:
    """The body as JSON, without personal data."""
    adapter = _ADAPTERS[KINDS[type(fact)]]
    try:
        body = adapter.dump_json(fact, exclude=_EXCLUDED)
    except PydanticSerializationError:
        body = b"\\u0000"
    if b"\\u0000" not in body:
        return body
    plain = adapter.dump_python(fact, exclude=_EXCLUDED)
    return json.dumps(storable(plain)).encode()


def load(kind: str, body: object, ani: str | None = None) -> Fact:
    """The fact of this kind; raises `UnknownKind`."""
    if kind not in _ADAPTERS:
        raise UnknownKind(kind)
    if ani is not None and kind == "contact_arrived" and isinstance(body, dict):
        body = {**body, "ani": ani}
    return _ADAPTERS[kind].validate_python(body)


def dump_batch(facts: Iterable[tuple[float, Fact]]) -> tuple[str, str | None]:
    """The two arguments of `append_facts`: the facts, and the personal data beside them (None: there is none)."""
    rows: list[bytes] = []
    personal: list[dict[str, str]] = []
    for at, fact in facts:
        head = {"at": at, "kind": KINDS[type(fact)]} | {n: getattr(fact, n) for n in _SUBJECTS[type(fact)]}
        rows.append(json.dumps(head).encode()[:-1] + b', "body": ' + dump(fact) + b"}")
        if isinstance(fact, ContactArrived) and fact.ani is not None:
            personal.append({"contact": fact.contact, "ani": _UNSTORABLE.sub("", fact.ani)})
    return (b"[" + b",".join(rows) + b"]").decode(), json.dumps(personal) if personal else None


_SUBJECTS: Final[Mapping[type[Fact], tuple[str, ...]]] = {
    each: tuple(field.name for field in fields(each) if field.name in ("contact", "agent")) for each in KINDS
}


def storable(value: Any) -> Any:
    """The same value with every text rid of what PostgreSQL refuses."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {key: storable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(each) for each in value]
    return value
