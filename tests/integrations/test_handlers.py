"""Handlers in their confined processes: what code may do to itself, and what comes of it. Real processes, real limits."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.handler import Handler, HandlerCall, HandlerFact, HandlerFailed, HandlerStepped
from otklik.contact.ids import ContactId, QueueId, ScenarioId, TenantId
from otklik.integrations.handlers import outside
from otklik.integrations.handlers.confinement import HOLDS
from otklik.integrations.handlers.inside import Told
from otklik.integrations.handlers.outside import ConfinedHandlers, Times, holds
from otklik.scenario.verbs import Known, QueueState

TENANT = TenantId("00000000-0000-0000-0000-000000000001")
CALLER = {"ani": "+79990001122", "dnis": "1000", "channel": "voice", "language": "", "attributes": {"city": "Орёл"}}
ORDER = """
import re

async def scenario(contact):
    pressed = await contact.ask("Номер?", max_digits=8, name="number")
    contact.set(order=pressed.digits)
    state = await contact.queue_state("sales", name="queue")
    if await contact.look_up("shop", "order", {"number": pressed.digits}, into="order", name="shop") == "found":
        await contact.say(f"{contact.attributes['city']}: {contact.attributes['order.state']}, {state.waiting}", name="told")
        await contact.hang_up(name="bye")
    await contact.to_queue("sales")
"""
ANSWERS: tuple[Told, ...] = (
    VerbFinished(contact=ContactId("c1"), step=1, outcome="digits", digits="4711", block="number"),
    Known(step=3, block="queue", value=QueueState(waiting=2)),
    Answered(contact=ContactId("c1"), step=4, outcome="found", values={"state": "отправлен"}, block="shop"),
    VerbFinished(contact=ContactId("c1"), step=5, outcome="done", block="told"),
)


def handler(code: str) -> Handler:
    return Handler(id=ScenarioId("shop"), otherwise=QueueId("clerks"), code=code)


def call(made: Handler, answers: Sequence[Told] = (), contact: str = "c1") -> HandlerCall:
    step = answers[-1].step if answers else 0
    return HandlerCall(
        tenant=TENANT,
        contact=ContactId(contact),
        handler=made,
        step=step,
        first_step=0,
        caller=CALLER,
        answers=lambda: answers,
    )


def body(lines: str) -> Handler:
    """The lines run at the first step; then the contact goes to the queue for sales."""
    inside = "\n".join(f"    {line}" for line in lines.splitlines())
    return handler(f"async def scenario(contact):\n{inside}\n    await contact.to_queue('sales')\n")


PATIENT = Times(step=20.0, start=60.0, turn=20.0)
"""On a busy machine a sound step takes as long as it takes."""
IMPATIENT = Times(step=1.5, start=60.0, turn=20.0)


@pytest.fixture
async def handlers() -> AsyncIterator[ConfinedHandlers]:
    made = ConfinedHandlers(PATIENT)
    yield made
    await made.close()


async def failed(handlers: ConfinedHandlers, made: Handler) -> HandlerFailed:
    """And whoever comes next is served."""
    found = await handlers.go_on(call(made))
    assert isinstance(found, HandlerFailed), found
    handlers.times = PATIENT
    assert kind(await handlers.go_on(call(body("pass")))) == "enqueue"
    return found


def kind(found: HandlerFact) -> str:
    assert isinstance(found, HandlerStepped), found
    return str(found.verb.get("kind", ""))


async def test_every_confinement_holds_on_the_machine_that_tests_it() -> None:
    assert await holds(Times(start=60.0)) == frozenset(HOLDS)


async def test_code_goes_from_verb_to_verb_by_what_it_is_answered(handlers: ConfinedHandlers) -> None:
    made, found = handler(ORDER), []
    for number in range(len(ANSWERS) + 1):
        went = await handlers.go_on(call(made, ANSWERS[:number]))
        assert isinstance(went, HandlerStepped), went
        found.append(went)
    assert [each.verb["kind"] for each in found] == ["ask", "look", "lookup", "say", "finish"]
    assert found[1].learnt == {"attributes": {"city": "Орёл", "order": "4711"}}
    assert found[2].verb["parameters"] == {"number": "4711"}
    assert found[3].verb["speech"] == [{"text": "Орёл: отправлен, 2", "language": "ru"}]


async def test_process_that_does_not_know_the_contact_is_told_everything_and_stands_there(
    handlers: ConfinedHandlers,
) -> None:
    made = handler(ORDER)
    assert kind(await handlers.go_on(call(made, ANSWERS[:3]))) == "say"
    assert kind(await handlers.go_on(call(made, ANSWERS))) == "finish"


async def test_code_that_decides_by_something_else_than_its_answers_is_told_so(handlers: ConfinedHandlers) -> None:
    changed = handler(ORDER.replace('name="number"', 'name="code"'))
    found = await handlers.go_on(call(changed, ANSWERS[:2]))
    assert isinstance(found, HandlerFailed)
    assert found.cause == "code" and "was “number”" in found.reason


@pytest.mark.parametrize(
    ("lines", "cause", "told"),
    [
        ("while True: pass", "time", "1.5 s"),
        ("import time; time.sleep(600)", "time", "1.5 s"),
        ("while True: print('x' * 1_000_000)", "time", "1.5 s"),
        ("import os; os._exit(3)", "crash", "status 3"),
        ("import ctypes; ctypes.string_at(0)", "crash", "SIGSEGV"),
        ("import os; os.abort()", "crash", "SIG"),
        ("for each in range(3, 2_000):\n    try: __import__('os').write(each, b'x' * 100)\n    except OSError: pass", "crash", "unread"),
        ("found = []\nwhile True: found.append('x' * 1_000_000)", "memory", "MemoryError"),
        ("'x' * 10**10", "memory", "MemoryError"),
        ("raise SystemExit(1)", "code", "SystemExit: 1"),
        ("raise KeyboardInterrupt", "code", "KeyboardInterrupt"),
        ("{}['order']", "code", "KeyError: 'order'"),
        ("def deep(): return deep()\ndeep()", "code", "RecursionError"),
        ("while True: __import__('os').fork()", "code", "PermissionError"),
        ("__import__('os').execv('/bin/true', ['true'])", "code", "PermissionError"),
        ("__import__('os').kill(__import__('os').getppid(), 9)", "code", "PermissionError"),
        ("open('/etc/passwd')", "code", "PermissionError"),
        ("open('/tmp/made', 'w')", "code", "PermissionError"),
        ("__import__('os').listdir('/')", "code", "PermissionError"),
        ("import _socket; _socket.socket()", "code", "PermissionError"),
        ("import _thread; _thread.start_new_thread(print, ())", "code", "RuntimeError"),
        ("while True: __import__('os').write(2, b'x' * 10_000)", "code", "File too large"),
        ("await contact.say('x' * 100_000)", "code", "more than 65536 bytes"),
        ("class Other:\n    def __await__(self): yield 1\nawait Other()", "code", "no verb"),
        ("while True: contact.set(a='b')", "code", "200 steps"),
    ],
)  # fmt: skip
async def test_whatever_code_does_its_contact_goes_on_and_so_do_the_others(
    handlers: ConfinedHandlers, lines: str, cause: str, told: str
) -> None:
    if cause == "time":
        handlers.times = IMPATIENT
    found = await failed(handlers, body(lines))
    assert (found.cause, told in found.reason) == (cause, True), found


WRITES = """
import os, stat
raw = {raw!r}.encode()
for each in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(each).st_mode):
            os.write(each, len(raw).to_bytes(4) + raw)
    except OSError:
        pass
await contact.say("a")
""".strip()
"""Code that writes a frame of its own into the line."""
RAW = {
    "half a pair": r'{"verb": {"kind": "say", "step": 1}, "learnt": {"attributes": {"\ud800": "x"}}}',
    "nul": r'{"verb": {"kind": "enqueue", "queue": "sales"}, "learnt": {"attributes": {"a\u0000": "x"}}}',
    "deep": '{"verb": {"kind": ' + "[" * 900 + "]" * 900 + "}}",
    "large number": '{"verb": {"kind": "finish"}, "learnt": {"priority": 1' + "0" * 30 + "}}",
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
async def test_frame_that_code_writes_itself_is_refused_where_it_could_not_be_kept(
    handlers: ConfinedHandlers, raw: str
) -> None:
    found = await failed(handlers, body(WRITES.format(raw=raw)))
    assert (found.cause, found.reason) == ("crash", "its process answered with something unreadable")


async def test_frame_of_another_shape_is_an_end_without_a_queue(handlers: ConfinedHandlers) -> None:
    found = await handlers.go_on(call(body(WRITES.format(raw='{"verb": [1], "learnt": [2]}'))))
    assert found == HandlerStepped(contact=ContactId("c1"), step=0)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (r"contact.set(a='\ud800')" + "\nawait contact.say('a')", "UnicodeEncodeError"),
        (r"contact.set(a='\0')" + "\nawait contact.say('a')", "NUL"),
        ("contact.set(a=object())\nawait contact.say('a')", "TypeError"),
        ("contact.set(priority=10**30)\nawait contact.say('a')", "64 bits"),
    ],
)
async def test_step_that_cannot_be_written_is_a_fault_of_the_code_and_of_nobody_else(
    handlers: ConfinedHandlers, lines: str, told: str
) -> None:
    made = body(lines)
    found = await failed(handlers, made)
    assert (found.cause, told in found.reason) == ("code", True), found
    assert len(handlers._versions[TENANT, made].processes) == 1


async def test_traceback_is_of_the_code_and_shows_its_lines_and_what_it_printed(handlers: ConfinedHandlers) -> None:
    found = await failed(handlers, body("print('looking for', 4711)\n{}['order']"))
    assert found.traceback.splitlines() == [
        "Traceback (most recent call last):",
        '  File "shop.py", line 3, in scenario',
        "    {}['order']",
        "KeyError: 'order'",
        "",
        "--- print ---",
        "looking for 4711",
    ]


async def test_crash_tells_where_it_was(handlers: ConfinedHandlers) -> None:
    found = await failed(handlers, body("import ctypes\nctypes.string_at(0)"))
    assert 'File "shop.py", line 3 in scenario' in found.traceback
    assert 'File "inside.py"' in found.traceback and "/" not in found.traceback


async def test_code_that_cannot_be_begun_says_why_and_is_not_tried_over_and_over(handlers: ConfinedHandlers) -> None:
    for code, reason in (("1 / 0", "ZeroDivisionError: division by zero"), ("x = 1", "there is no `async def")):
        made = handler(code)
        for _ in range(outside.BREAKS_IN_A_ROW + 2):
            found = await handlers.go_on(call(made))
            assert isinstance(found, HandlerFailed) and found.cause == "start" and found.reason.startswith(reason)
        version = handlers._version(TENANT, made)
        assert not version.processes and version.resting_until > 0


async def test_others_of_the_process_that_one_has_ended_stand_where_they_stood(handlers: ConfinedHandlers) -> None:
    made = handler(
        ORDER.replace("import re", "import os").replace(
            "    state =", "    if pressed.digits == '6': os._exit(1)\n    state ="
        )
    )
    assert kind(await handlers.go_on(call(made))) == "ask"
    assert kind(await handlers.go_on(call(made, contact="c2"))) == "ask"
    six = (VerbFinished(contact=ContactId("c2"), step=1, outcome="digits", digits="6", block="number"),)
    assert isinstance(await handlers.go_on(call(made, six, "c2")), HandlerFailed)
    assert kind(await handlers.go_on(call(made, ANSWERS[:1]))) == "look"


async def test_new_version_runs_beside_the_one_that_somebody_is_still_in(
    handlers: ConfinedHandlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "IDLE_SECONDS", 0.01)
    old = handler("async def scenario(contact):\n    await contact.say('a')\n    await contact.to_queue('old')\n")
    new = replace(old, code=old.code.replace("'old'", "'new'"))
    said = (VerbFinished(contact=ContactId("c1"), step=1, outcome="done", block="say"),)
    assert kind(await handlers.go_on(call(old))) == "say"
    for made, contact, queue in ((new, "c2", "new"), (old, "c1", "old")):
        await handlers.go_on(call(made, (), contact)) if made is new else None
        found = await handlers.go_on(call(made, [replace_contact(each, contact) for each in said], contact))
        assert isinstance(found, HandlerStepped) and found.verb["queue"] == queue
    async with asyncio.timeout(30):
        while handlers._versions:
            await asyncio.sleep(0.01)


def replace_contact(answer: Any, contact: str) -> VerbFinished:
    return VerbFinished(contact=ContactId(contact), step=answer.step, outcome=answer.outcome, block=answer.block)


async def test_process_of_what_counts_is_there_before_anybody_calls_and_goes_when_it_counts_no_more(
    handlers: ConfinedHandlers,
) -> None:
    made, broken = handler(ORDER), handler("1 / 0")
    handlers.expect(TENANT, [made, broken])
    async with asyncio.timeout(60):
        while handlers._beside:
            await asyncio.sleep(0.01)
    assert [len(each.processes) for each in handlers._versions.values()] == [1, 0]
    assert kind(await handlers.go_on(call(made))) == "ask"
    handlers.expect(TENANT, [])
    assert kind(await handlers.go_on(call(made, ANSWERS[:1]))) == "look"
    handlers.forget(TENANT, ContactId("c1"))
    async with asyncio.timeout(60):
        while handlers._beside:
            await asyncio.sleep(0.01)
    handlers.expect(TENANT, [made])
    handlers.expect(TENANT, [])
    assert not any(each.processes for each in handlers._versions.values())


async def test_who_waits_behind_an_endless_step_for_too_long_goes_on_without(handlers: ConfinedHandlers) -> None:
    handlers.times = Times(step=1.5, start=60.0, turn=0.2)
    made = body("if contact.attributes: \n    while True: pass")
    found = await asyncio.gather(*(handlers.go_on(call(made, contact=f"c{number}")) for number in range(4)))
    causes = [each.cause for each in found if isinstance(each, HandlerFailed)]
    assert len(causes) == 4 and set(causes) == {"time", "busy"}


async def test_caller_who_hangs_up_is_forgotten_and_what_code_does_then_disturbs_nobody(
    handlers: ConfinedHandlers,
) -> None:
    made = body("try:\n    await contact.say('a')\nfinally:\n    while contact.id == 'c1': pass")
    assert kind(await handlers.go_on(call(made))) == "say"
    assert kind(await handlers.go_on(call(made, contact="c2"))) == "say"
    handlers.forget(TENANT, ContactId("c1"))
    said = (VerbFinished(contact=ContactId("c2"), step=1, outcome="done", block="say"),)
    assert kind(await handlers.go_on(call(made, said, "c2"))) == "enqueue"


async def test_no_process_is_left_when_the_program_ends_them(handlers: ConfinedHandlers) -> None:
    assert kind(await handlers.go_on(call(handler(ORDER)))) == "ask"
    (version,) = handlers._versions.values()
    pids = [each.pid for each in version.processes]
    await handlers.close()
    assert pids and not any(os.path.exists(f"/proc/{pid}") for pid in pids)


async def test_code_is_not_run_where_it_cannot_be_confined() -> None:
    strict = ConfinedHandlers(Times(start=60.0), needed=frozenset({"moon"}))
    found = await strict.go_on(call(body("pass")))
    assert isinstance(found, HandlerFailed)
    assert (found.cause, found.reason) == ("confinement", "it cannot be confined on this machine: moon")
    await strict.close()
