"""What is wrong with a handler's code as far as it can be told without running it, and with what flows call of it. Its queues are seen
when it asks for them.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import FunctionBlock
from otklik.contact.handler import CODE_LIMIT, Handler

ENTRANCE: Final = "scenario"
_NAME: Final = re.compile(r"\w+")
_WAYS: Final = frozenset({"fault", "otherwise", "done"})
"""These are there anyway."""


@dataclass(frozen=True, slots=True)
class Function:
    """Of a handler's code, for flows to call. `parameters`: all that can be named; `needed`: those without a value of their own."""

    name: str
    parameters: tuple[str, ...]
    needed: frozenset[str]
    any_more: bool
    """It takes whatever is named."""


def faults(configuration: Configuration) -> Iterator[Fault]:
    """Code of functions alone is for flows to call, and no scenario."""
    led = {rule.to.scenario for entry in configuration.entry_points for rule in entry.rules}
    led |= {entry.scenario for entry in configuration.entry_points}
    for number, handler in enumerate(configuration.handlers):
        yield from _code(f"handlers[{number}].code", handler.code, led=handler.id in led)


def _code(place: str, code: str, *, led: bool) -> Iterator[Fault]:
    if len(code) > CODE_LIMIT:
        yield Fault(place=place, code="config_handler_long", values={"most": CODE_LIMIT})
        return
    try:
        tree = _parsed(code)
    except SyntaxError as error:
        reason = f"{error.msg} ({error.lineno})" if error.lineno else error.msg
        yield Fault(place=place, code="config_handler_syntax", values={"reason": reason})
        return
    except (RecursionError, MemoryError, ValueError) as error:
        yield Fault(place=place, code="config_handler_syntax", values={"reason": type(error).__name__})
        return
    entrance = any(isinstance(each, ast.AsyncFunctionDef) and each.name == ENTRANCE for each in tree.body)
    if not entrance and (led or not functions_of(code)):
        yield Fault(place=place, code="config_handler_entrance")


def _parsed(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


# What flows call.


@lru_cache(maxsize=64)
def functions_of(code: str) -> tuple[Function, ...]:
    """None of code that cannot be read."""
    try:
        tree = _parsed(code)
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return ()
    found = [each for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return tuple(_function(each) for each in found if each.name != ENTRANCE and not each.name.startswith("_"))


def _function(found: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    arguments = found.args
    plain, alone = [each.arg for each in arguments.args], [each.arg for each in arguments.kwonlyargs]
    usual = set(plain[len(plain) - len(arguments.defaults) :]) if arguments.defaults else set()
    usual |= {name for name, value in zip(alone, arguments.kw_defaults, strict=True) if value is not None}
    parameters = (*plain, *alone)
    return Function(found.name, parameters, frozenset(parameters) - usual, arguments.kwarg is not None)


def functions_called(configuration: Configuration) -> Iterator[Fault]:
    codes = {each.id: each for each in configuration.handlers}
    for number, flow in enumerate(configuration.flows):
        for n, block in enumerate(flow.blocks):
            if block.function is not None:
                place = f"flows[{number}].blocks[{n}].function"
                yield from _called(place, block.function, codes.get(block.function.code))


def _called(place: str, block: FunctionBlock, handler: Handler | None) -> Iterator[Fault]:
    if block.into and _NAME.fullmatch(block.into) is None:
        yield Fault(place=f"{place}.into", code="config_flow_name", values={"found": block.into})
    for number, branch in enumerate(block.branches):
        if branch in _WAYS or _NAME.fullmatch(branch) is None:
            yield Fault(place=f"{place}.branches[{number}]", code="config_function_way", values={"found": branch})
    if handler is None:
        yield Fault(place=f"{place}.code", code="config_no_code", values={"id": block.code})
        return
    function = next((each for each in functions_of(handler.code) if each.name == block.function), None)
    if function is None:
        known = ", ".join(each.name for each in functions_of(handler.code)) or "–"
        yield Fault(
            place=f"{place}.function", code="config_no_function", values={"id": block.function, "expected": known}
        )
        return
    for name in sorted(function.needed - block.parameters.keys()):
        yield Fault(place=f"{place}.parameters", code="config_parameter_missing", values={"id": name})
    for name in block.parameters:
        if name not in function.parameters and not function.any_more:
            expected = ", ".join(function.parameters) or "–"
            yield Fault(place=f"{place}.parameters.{name}", code="config_parameter", values={"expected": expected})
