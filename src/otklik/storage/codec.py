"""Facts to JSON and back. The kind is the class's name in snake_case and stands beside the body, not in it.

The customer's number, and what a customer said, are personal data: they go out apart from the body and are put back when the fact is
read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec
from msgspec.structs import fields, replace

from otklik.contact.facts import CallbackAsked, CallPlaced, ContactArrived, ContactQueued, Fact, VerbFinished
from otklik.contact.hearing import REQUEST_STEP, fields_of_request, one_text
from otklik.contact.outside_number import ContactSentOutside, OutsideConsulted


def kind_of(fact_class: type[Fact]) -> str:
    """`ContactArrived` -> "contact_arrived"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact_class.__name__).lower()


CLASSES: Final[Mapping[str, type[Fact]]] = {kind_of(each): each for each in get_args(Fact)}
KINDS: Final[Mapping[type[Fact], str]] = {each: kind for kind, each in CLASSES.items()}
_SUBJECTS: Final[Mapping[type[Fact], tuple[str, ...]]] = {
    each: tuple(field.name for field in fields(each) if field.name in ("contact", "agent")) for each in KINDS
}
PERSONAL: Final = {
    "contact_arrived": "ani",
    "call_placed": "number",
    "callback_asked": "number",
    "contact_queued": "number",
    "verb_finished": "said",
    "contact_sent_outside": "number",
    "outside_consulted": "number",
}
"""Kinds that bring the customer's number or words, and in which field."""
_encode: Final = msgspec.json.Encoder().encode
# A body may hold any text a caller's equipment sends; PostgreSQL's jsonb takes neither NUL nor half a surrogate pair.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Unstorable(Exception):
    """The database refuses the batch for what is in it: nothing of it was written, and trying again will not help."""


class UnknownKind(Exception):
    """The log holds a fact that this version does not know: a newer version wrote it."""


def dump(fact: Fact) -> bytes:
    """The body as JSON, without personal data."""
    return storable_json(_impersonal(fact))


def load(kind: str, body: object, personal: str | None = None, request: str | None = None) -> Fact:
    """The fact of this kind, with what was kept beside it; raises `UnknownKind`. `request`: by the name of `request_in`."""
    if kind not in CLASSES:
        raise UnknownKind(kind)
    if request is not None and kind == "contact_arrived" and isinstance(body, dict):
        body = {**body, "request": fields_of_request(request)}
    if personal is not None and kind in PERSONAL and isinstance(body, dict):
        body = {**body, PERSONAL[kind]: personal}
    return msgspec.convert(body, CLASSES[kind])


def dump_batch(facts: Iterable[tuple[float, Fact]]) -> tuple[str, str | None]:
    """The two arguments of `append_facts`: the facts, and the personal data beside them (None: there is none)."""
    rows: list[dict[str, object]] = []
    personal: list[dict[str, object]] = []
    for at, fact in facts:
        row: dict[str, object] = {"at": at, "kind": KINDS[type(fact)], "body": _impersonal(fact)}
        for name in _SUBJECTS[type(fact)]:
            row[name] = getattr(fact, name)
        rows.append(row)
        if isinstance(fact, VerbFinished) and fact.said:
            said = _UNSTORABLE.sub("", fact.said)
            personal.append({"contact": row["contact"], "step": fact.step, "said": said})
        elif isinstance(fact, ContactSentOutside | OutsideConsulted):
            if fact.number is not None:
                called = _UNSTORABLE.sub("", fact.number)
                personal.append({"contact": row["contact"], "step": fact.kept, "said": called})
        elif (number := number_in(fact)) is not None:
            kept = "callback_number" if isinstance(fact, ContactQueued) else "ani"
            personal.append({"contact": row["contact"], kept: _UNSTORABLE.sub("", number)})
        if (request := request_in(fact)) is not None:
            personal.append({"contact": row["contact"], "step": REQUEST_STEP, "said": request})
    return storable_json(rows).decode(), json.dumps(personal) if personal else None


def number_in(fact: Fact) -> str | None:
    """The customer's number, or that of somebody outside, where the fact brings one."""
    match fact:
        case ContactArrived():
            return fact.ani
        case CallPlaced() | CallbackAsked() | ContactQueued() | ContactSentOutside() | OutsideConsulted():
            return fact.number
        case _:
            return None


def request_in(fact: Fact) -> str | None:
    """What a written request has brought."""
    told = one_text(fact.request) if isinstance(fact, ContactArrived) else ""
    return _UNSTORABLE.sub("", told) or None


def _impersonal(fact: Fact) -> Fact:
    if isinstance(fact, CallPlaced | CallbackAsked | ContactQueued | ContactSentOutside | OutsideConsulted):
        return replace(fact, number=None) if fact.number is not None else fact
    if isinstance(fact, ContactArrived):
        return replace(fact, ani=None, request={})
    if isinstance(fact, VerbFinished) and (fact.secret or fact.said):
        return replace(fact, secret="", said="")
    return fact


def storable_json(value: object) -> bytes:
    """JSON that PostgreSQL takes, whatever texts there are. Raises `Unstorable` for what is no JSON at all."""
    try:
        try:
            found = _encode(value)
        except UnicodeEncodeError:
            found = b"\\u0000"
        return found if b"\\u0000" not in found else _encode(storable(msgspec.to_builtins(value)))
    except (ValueError, TypeError, OverflowError, RecursionError) as err:
        raise Unstorable(f"{type(err).__name__}: {err}"[:200]) from err


def storable(value: Any) -> Any:
    """The same value with every text rid of what PostgreSQL refuses."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(each) for each in value]
    return value
