"""What is wrong with a handler's code as far as it can be told without running it. Its queues are seen when it asks for them."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.handler import CODE_LIMIT

ENTRANCE: Final = "scenario"


def faults(configuration: Configuration) -> Iterator[Fault]:
    for number, handler in enumerate(configuration.handlers):
        yield from _code(f"handlers[{number}].code", handler.code)


def _code(place: str, code: str) -> Iterator[Fault]:
    if len(code) > CODE_LIMIT:
        yield Fault(place=place, code="config_handler_long", values={"most": CODE_LIMIT})
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except SyntaxError as error:
        reason = f"{error.msg} ({error.lineno})" if error.lineno else error.msg
        yield Fault(place=place, code="config_handler_syntax", values={"reason": reason})
        return
    except (RecursionError, MemoryError, ValueError) as error:
        yield Fault(place=place, code="config_handler_syntax", values={"reason": type(error).__name__})
        return
    if not any(isinstance(each, ast.AsyncFunctionDef) and each.name == ENTRANCE for each in tree.body):
        yield Fault(place=place, code="config_handler_entrance")
