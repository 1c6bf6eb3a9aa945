"""Functions of handlers in their confined processes: what they are given, what they may give back, and how they fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from tests.integrations.test_handlers import TENANT, call, handler, kind

from otklik.contact.handler import FunctionCall, FunctionCame, Handler
from otklik.contact.ids import ContactId
from otklik.integrations.handlers.outside import ConfinedHandlers, Times

CODE = """
import datetime, decimal, re

def level(number, order=""):
    digits = re.sub(r"[^0-9]", "", number)
    return "ours" if digits.startswith("7916") else "others", {
        "digits": len(digits), "order": order, "sum": decimal.Decimal("10.50"), "share": 0.5, "known": True, "note": None,
        "on": datetime.date(2026, 12, 1),
    }

async def named(way):
    return way

def values():
    return {"a": "б"}

def nothing():
    pass

async def scenario(contact):
    await contact.to_queue("sales")
"""


@pytest.fixture
async def handlers(request: pytest.FixtureRequest) -> AsyncIterator[ConfinedHandlers]:
    """As long a step as a busy machine may need, unless the test has its own."""
    made = ConfinedHandlers(Times(step=getattr(request, "param", 20.0), start=60.0, turn=20.0))
    yield made
    await made.close()


async def came(
    handlers: ConfinedHandlers, function: str, code: str | Handler = CODE, /, **parameters: str
) -> FunctionCame:
    made = handler(code) if isinstance(code, str) else code
    given: Mapping[str, str] = parameters
    wanted = FunctionCall(tenant=TENANT, contact=ContactId("c9"), handler=made, function=function, parameters=given)
    return await handlers.call(wanted)


async def test_function_gives_back_values_and_the_way_to_go_on(handlers: ConfinedHandlers) -> None:
    assert await came(handlers, "level", number="+7 (916) 123-45-67") == FunctionCame(
        exit="ours",
        values={"digits": "11", "order": "", "sum": "10.50", "share": "0.5", "known": "true", "note": "", "on": "2026-12-01"},
    )  # fmt: skip
    assert await came(handlers, "named", way="later") == FunctionCame(exit="later")
    assert await came(handlers, "values") == FunctionCame(values={"a": "б"})
    assert await came(handlers, "nothing") == FunctionCame()


async def test_code_of_functions_alone_is_called_and_is_no_scenario(handlers: ConfinedHandlers) -> None:
    made = handler("def double(x):\n    return {'twice': 2 * int(x)}\n")
    assert (await came(handlers, "double", made, x="21")).values == {"twice": "42"}
    found = await handlers.go_on(call(made))
    assert "there is no `async def scenario(contact)`" in getattr(found, "reason", "")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("def f(): return 1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(): raise SystemExit(3)", "SystemExit: 3"),
        ("def f(x): pass", "TypeError: f() missing 1 required positional argument: 'x'"),
        ("def g(): pass", "there is no function “f”"),
        ("f = 3\ndef g(): pass", "there is no function “f”"),
        ("def f(): return [1]", "a function gives back named values"),
        ("def f(): return {'a b': 1}", "the name of a value is a word"),
        ("def f(): return {'a': object()}", "“a” is a text, a number, a date or None, and not object"),
        ("def f(): return {'a': 'x' * 2001}", "“a” has 2000 characters at most"),
        ("def f(): return {'a': '\\x00'}", "a text with NUL"),
        ("def f(): open('/etc/passwd')", "PermissionError"),
        ("class Never:\n    def __await__(self): yield\nasync def f(): await Never()", "a function waits for nobody"),
    ],
)
async def test_what_a_function_may_not_do_is_a_fault_with_its_reason(
    handlers: ConfinedHandlers, function: str, reason: str
) -> None:
    found = await came(handlers, "f", function)
    assert found.cause == "code" and reason in found.reason, found
    assert (found.exit, found.values) == ("", {})


async def test_traceback_of_a_function_is_of_its_code(handlers: ConfinedHandlers) -> None:
    found = await came(handlers, "f", "def f():\n    return {}['x']\n")
    assert 'File "shop.py", line 2, in f' in found.traceback


@pytest.mark.parametrize(
    ("handlers", "function", "cause"),
    [(3.0, "def f():\n    while True: pass", "time"), (20.0, "import os\ndef f(): os._exit(3)", "crash")],
    indirect=["handlers"],
)
async def test_process_that_ends_takes_nobody_else_with_it(
    handlers: ConfinedHandlers, function: str, cause: str
) -> None:
    code = f"{function}\ndef well():\n    return 'well'\n"
    one, other = await asyncio.gather(came(handlers, "f", code), came(handlers, "well", code))
    assert one.cause == cause and other.exit == "well"
    assert (await came(handlers, "well", code)).exit == "well"


async def test_whoever_hangs_up_meanwhile_leaves_the_process_to_the_others(handlers: ConfinedHandlers) -> None:
    assert kind(await handlers.go_on(call(handler(CODE)))) == "enqueue"
    slow = handler(CODE + "\ndef slow():\n    sum(range(1_000_000))\n    return 'slow'\n")
    assert (await came(handlers, "nothing", slow)) == FunctionCame()
    (process,) = handlers._version(TENANT, slow).processes
    asked = asyncio.create_task(came(handlers, "slow", slow))
    while not process.turn.locked() and not asked.done():  # noqa: ASYNC110  the process is asked now
        await asyncio.sleep(0)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    assert await came(handlers, "named", slow, way="on") == FunctionCame(exit="on")
    assert not process.over
