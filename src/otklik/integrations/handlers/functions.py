"""Functions of a handler's code that flows call: what they may give back. Runs in the handler's process."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from otklik.scenario.talk import ScenarioFault

MOST_VALUES: Final = 100
LONGEST_VALUE: Final = 2_000
_NAME: Final = re.compile(r"\w{1,64}")
_WHAT: Final = "a function gives back named values, or the name of an exit, or both in this turn: (exit, values)"


def called(function: Callable[..., object], parameters: dict[str, str]) -> dict[str, Any]:
    """`exit` and `values`. Raises what the code does, and `ScenarioFault` where it gives back what it may not."""
    found = function(**parameters)
    if isinstance(found, Coroutine):
        found = _to_its_end(found)
    exit_, values = found if isinstance(found, tuple) and len(found) == 2 else ("", found)
    if isinstance(values, str) and not isinstance(found, tuple):
        exit_, values = values, None
    values = {} if values is None else values
    if not isinstance(exit_, str) or not isinstance(values, dict):
        raise ScenarioFault(f"{_WHAT}, and not {type(found).__name__}")
    if len(values) > MOST_VALUES:
        raise ScenarioFault(f"a function gives back {MOST_VALUES} values at most, and not {len(values)}")
    return {"exit": exit_, "values": {_named(name): _text(name, value) for name, value in values.items()}}


def _to_its_end(coroutine: Coroutine[object, None, object]) -> object:
    try:
        coroutine.send(None)
    except StopIteration as over:
        return over.value
    coroutine.close()
    raise ScenarioFault("a function waits for nobody: it only computes")


def _named(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ScenarioFault(f"the name of a value is a word, and not {str(name)[:100]!r}")
    return name


def _text(name: object, value: object) -> str:
    """As a database's values are; none is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            found = value
        case float():
            found = f"{value:.15g}"
        case int():
            found = str(value)
        case Decimal():
            found = f"{value:f}"
        case datetime() | date() | time():
            found = value.isoformat()
        case _:
            raise ScenarioFault(f"“{name}” is a text, a number, a date or None, and not {type(value).__name__}")
    if len(found) > LONGEST_VALUE:
        raise ScenarioFault(f"“{name}” has {LONGEST_VALUE} characters at most, and not {len(found)}")
    return found
