"""`contact.ports.Handlers`: each version of a handler in confined processes of its own, one question at a time.

Whoever is asked answers within its time or is ended, and only the contact that was asked about pays for it: the others of the process
stand in a new one where they stood, since all that they were answered is known. So a new version never disturbs who began with an
earlier one: that one's process stays as long as somebody is in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import structlog

from otklik.contact.handler import (
    FunctionCall,
    FunctionCame,
    Handler,
    HandlerCall,
    HandlerFact,
    HandlerStepped,
)
from otklik.contact.ids import ContactId, TenantId
from otklik.integrations.handlers import answered, frame
from otklik.integrations.handlers.answered import Broken
from otklik.integrations.handlers.confinement import HOLDS

log = structlog.get_logger()

Came = TypeVar("Came")
NEEDED: Final = frozenset({"parent", "memory", "user", "network", "files"})
"""Without all of these no foreign code is run."""
MOST_PROCESSES: Final = 2
"""Of one version."""
MOST_QUESTIONS: Final = 20_000
"""After these a process takes nobody new."""
MOST_AHEAD: Final = 10
"""Versions of a tenant whose process is there before anybody calls."""
IDLE_SECONDS: Final = 60.0
BREAKS_IN_A_ROW: Final = 3
REST_SECONDS: Final = 20.0
"""A version whose processes have ended so often in a row is not tried any more for a while: nobody waits for what will not come."""
KEPT_OF_ERRORS: Final = 2_000
LOOKS_AT_ITS_END: Final = 10
_OUR_FILES: Final = re.compile(r'File "[^"\n]*/([^"/\n]+)"')
"""Of where we are installed a tenant is not told: the name of a file is enough."""
_INSIDE: Final = "import sys; sys.path[:0] = {paths!r}; from otklik.integrations.handlers.inside import main; main(int(sys.argv[1]), sys.argv[2])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds: for one step of the code; for a process to be there; for others of the same process to be served before."""

    step: float = 2.0
    start: float = 15.0
    turn: float = 5.0


class Interpreter:
    """One confined interpreter. `ask` by one at a time, with `turn` held."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.contacts: dict[tuple[TenantId, ContactId], int] = {}
        """With how many answers each has been told."""
        self.held: frozenset[str] = frozenset()
        self.questions = 0
        self.idle: asyncio.TimerHandle | None = None
        self.waiting = 0
        self.over = False
        self._errors = os.memfd_create("errors", os.MFD_CLOEXEC)
        ours, theirs = socket.socketpair()
        self._line = ours
        self._line.setblocking(False)
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _INSIDE.format(paths=_paths()), str(theirs.fileno()), _order()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env={},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    async def begin(self, times: Times) -> None:
        self.held = frozenset((await self._answer(times.start)).get("held", ()))

    async def ask(self, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Raises `Broken`; then the process is ended."""
        self.questions += 1
        body = msgspec.json.encode(asked)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_sendall(self._line, len(body).to_bytes(4) + body)
        except TimeoutError as error:
            raise self._late(seconds) from error
        except OSError as error:
            raise await self._ended() from error
        except asyncio.CancelledError:
            self.end()
            raise
        return await self._answer(seconds)

    async def _answer(self, seconds: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(seconds):
                size = int.from_bytes(await self._exactly(4))
                if size > frame.LARGEST:
                    raise ValueError("a frame is too large")
                return frame.read(await self._exactly(size))
        except TimeoutError as error:
            raise self._late(seconds) from error
        except (EOFError, OSError) as error:
            raise await self._ended() from error
        except (ValueError, RecursionError) as error:  # the code wrote into the line itself
            self.end()
            raise Broken("crash", "its process answered with something unreadable") from error
        except asyncio.CancelledError:  # the answer will come, and nobody would know to what
            self.end()
            raise

    async def _exactly(self, size: int) -> bytes:
        loop, found = asyncio.get_running_loop(), bytearray()
        while len(found) < size:
            part = await loop.sock_recv(self._line, size - len(found))
            if not part:
                raise EOFError
            found += part
        return bytes(found)

    def _late(self, seconds: float) -> Broken:
        self.end()
        return Broken("time", f"it has not come to its next step in {seconds:g} s")

    async def _ended(self) -> Broken:
        try:
            for _ in range(LOOKS_AT_ITS_END):  # its end of the line is closed: it is as good as over
                if self._popen.poll() is not None:
                    break
                await asyncio.sleep(0.02)
        finally:
            said = self.end()
        status = self._popen.returncode
        if status is not None and status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
            return Broken("crash", f"its process was ended by {name}", said)
        return Broken("crash", f"its process has ended with status {status}", said)

    def end(self) -> str:
        """What stands in its standard error. Twice is allowed."""
        if self.over:
            return ""
        self.over = True
        self._line.close()
        self._popen.kill()
        self._popen.wait()
        said = os.pread(self._errors, KEPT_OF_ERRORS, 0).decode("utf-8", "replace")
        os.close(self._errors)
        return _OUR_FILES.sub(r'File "\1"', said)


@dataclass(slots=True)
class Version:
    """The processes of one version of one handler."""

    tenant: TenantId
    handler: Handler
    processes: list[Interpreter] = field(default_factory=list)
    breaks: int = 0
    last: Broken | None = None
    resting_until: float = 0.0
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)


class ConfinedHandlers:
    def __init__(
        self, times: Times | None = None, needed: frozenset[str] = NEEDED, *, newest_alone: bool = False
    ) -> None:
        """`newest_alone`: for test calls, where each word that is changed is a version. A tenant's earlier versions keep no idle process,
        and whoever lets go of a call ends its process, since nobody else is in it."""
        self.times = times or Times()
        self._newest_alone = newest_alone
        self._needed = needed
        self._versions: dict[tuple[TenantId, Handler], Version] = {}
        self._where: dict[tuple[TenantId, ContactId], tuple[Version, Interpreter]] = {}
        self._expected: dict[TenantId, tuple[Handler, ...]] = {}
        self._beside: set[asyncio.Task[Any]] = set()

    async def go_on(self, call: HandlerCall) -> HandlerFact:
        """See `Handlers.go_on`."""
        version = self._version(call.tenant, call.handler)
        loop = asyncio.get_running_loop()
        if version.last is not None and loop.time() < version.resting_until:
            return answered.failed(call, version.last)
        try:
            found = await self._ask(version, call)
        except Broken as broken:
            self._broke(version, call, broken)
            return answered.failed(call, broken)
        version.breaks, version.last = 0, None
        if "fault" in found:
            return answered.fault(call, found)
        return HandlerStepped(
            contact=call.contact,
            step=call.step,
            verb=answered.part(found, "verb"),
            learnt=answered.part(found, "learnt"),
            line=line if isinstance(line := found.get("line"), int) else 0,
        )

    async def call(self, call: FunctionCall) -> FunctionCame:
        """See `Handlers.call`. Of real calls, whoever hangs up meanwhile does not end the process, which others are in."""
        if self._newest_alone:
            return await self._called(call)
        task = self._later(self._called(call), f"calls {call.function}")
        return await asyncio.shield(task)

    async def _called(self, call: FunctionCall) -> FunctionCame:
        version = self._version(call.tenant, call.handler)
        if version.last is not None and asyncio.get_running_loop().time() < version.resting_until:
            return answered.broken(version.last)
        try:
            found = await self._ask(version, call)
        except Broken as broken:
            self._broke(version, call, broken)
            return answered.broken(broken)
        version.breaks, version.last = 0, None
        return answered.came(found)

    async def _ask(self, version: Version, call: HandlerCall | FunctionCall) -> dict[str, Any]:
        limit = asyncio.get_running_loop().time() + self.times.turn
        while True:
            process = await self._process(version, call)
            process.waiting += 1
            try:
                async with asyncio.timeout_at(limit):
                    await process.turn.acquire()
            except TimeoutError as error:
                raise Broken("busy", f"its process had others to serve for {self.times.turn:g} s") from error
            finally:
                process.waiting -= 1
            try:
                if not process.over:
                    return await self._told(version, process, call)
            finally:
                process.turn.release()

    async def _told(self, version: Version, process: Interpreter, call: HandlerCall | FunctionCall) -> dict[str, Any]:
        key = (call.tenant, call.contact)
        if isinstance(call, FunctionCall):
            self._settle(key, version, process, 0)
            return await self._answered(
                version, process, key, {"function": call.function, "parameters": call.parameters}
            )
        answers = [{"kind": type(each).__name__, **msgspec.to_builtins(each)} for each in call.answers()]
        asked: dict[str, Any] = {"contact": call.contact}
        if key in process.contacts:
            asked["answers"] = answers[process.contacts[key] :]
        else:
            own = {"caller": call.caller, "first_step": call.first_step, "language": call.handler.language}
            asked |= {**own, "answers": answers}
        self._settle(key, version, process, len(answers))
        return await self._answered(version, process, key, asked)

    async def _answered(
        self, version: Version, process: Interpreter, key: tuple[TenantId, ContactId], asked: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            found = await process.ask(asked, self.times.step)
        except (Broken, asyncio.CancelledError):
            self._forget_process(version, process)
            raise
        if (
            "fault" in found
            or not found.get("verb")
            or answered.part(found, "verb").get("kind") in ("enqueue", "finish")
        ):
            self._leave(key)
        if "fault" in found and answered.part(found, "fault").get("cause") == "memory":
            self._forget_process(version, process)  # what is left of it is not to be trusted
        return found

    async def _process(self, version: Version, call: HandlerCall | FunctionCall) -> Interpreter:
        known = self._where.get((call.tenant, call.contact))
        if known is not None and not known[1].over and isinstance(call, HandlerCall):
            return known[1]
        async with version.starting:
            open_ = [each for each in version.processes if not each.over and each.questions < MOST_QUESTIONS]
            free = min(open_, key=lambda each: (each.turn.locked() + each.waiting, len(each.contacts)), default=None)
            if free is None or (free.turn.locked() and len(open_) < MOST_PROCESSES):
                free = await self._start(version)
            return free

    async def _start(self, version: Version) -> Interpreter:
        if self._newest_alone:
            self._rest_others(version)
        process = Interpreter()
        try:
            await process.begin(self.times)
            if lacking := self._needed - process.held:
                process.end()
                raise Broken("confinement", f"it cannot be confined on this machine: {', '.join(sorted(lacking))}")
            wanted = {"id": version.handler.id, "code": version.handler.code}
            loaded = await process.ask(wanted, self.times.step)
            if "fault" in loaded:
                process.end()
                fault = answered.part(loaded, "fault")
                raise Broken("start", str(fault.get("reason", "")), str(fault.get("traceback", "")))
        except asyncio.CancelledError:
            process.end()
            raise
        version.processes.append(process)
        self._versions.setdefault((version.tenant, version.handler), version)
        return process

    def _broke(self, version: Version, call: HandlerCall | FunctionCall, broken: Broken) -> None:
        log.warning(
            "handler_broke",
            tenant=call.tenant,
            contact=call.contact,
            handler=version.handler.id,
            cause=broken.cause,
            reason=broken.reason,
        )
        if broken.cause == "busy":
            return
        version.breaks += 1
        version.last = broken
        if version.breaks >= BREAKS_IN_A_ROW:
            version.resting_until = asyncio.get_running_loop().time() + REST_SECONDS
            version.breaks = BREAKS_IN_A_ROW - 1  # one more try, then it rests again

    def expect(self, tenant: TenantId, handlers: Iterable[Handler]) -> None:
        """See `Handlers.expect`."""
        before, now = self._expected.get(tenant, ()), tuple(handlers)[:MOST_AHEAD]
        self._expected[tenant] = now
        for handler in now:
            if not self._version(tenant, handler).processes:
                self._later(self._start_ahead(tenant, handler), f"starts {handler.id}")
        for handler in before:
            if handler not in now and (version := self._versions.get((tenant, handler))) is not None:
                for process in tuple(version.processes):
                    self._rest(version, process)

    async def _start_ahead(self, tenant: TenantId, handler: Handler) -> None:
        version = self._version(tenant, handler)
        async with version.starting:
            if version.processes:
                return
            try:
                await self._start(version)
            except Broken as broken:  # whoever calls is told, and it is tried again then
                log.warning("handler_not_started", tenant=tenant, handler=handler.id, reason=broken.reason)

    def forget(self, tenant: TenantId, contact: ContactId) -> None:
        """See `Handlers.forget`."""
        found = self._where.get((tenant, contact))
        if found is None:
            return
        self._leave((tenant, contact))
        if not found[1].over:
            self._later(self._let_go(*found, contact), f"lets go {contact}")

    async def _let_go(self, version: Version, process: Interpreter, contact: ContactId) -> None:
        """What the code does at its end counts for nobody any more."""
        async with process.turn:
            if not process.over:
                try:
                    await process.ask({"over": contact, "contact": contact}, self.times.step)
                except Broken:
                    self._forget_process(version, process)

    def _later(self, work: Coroutine[Any, Any, Came], name: str) -> asyncio.Task[Came]:
        task = asyncio.create_task(work, name=f"handlers: {name}")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task

    def _version(self, tenant: TenantId, handler: Handler) -> Version:
        return self._versions.setdefault((tenant, handler), Version(tenant, handler))

    def _settle(self, key: tuple[TenantId, ContactId], version: Version, process: Interpreter, told: int) -> None:
        process.contacts[key] = told
        self._where[key] = version, process
        if process.idle is not None:
            process.idle.cancel()
            process.idle = None

    def _leave(self, key: tuple[TenantId, ContactId]) -> None:
        found = self._where.pop(key, None)
        if found is None:
            return
        version, process = found
        process.contacts.pop(key, None)
        if not process.contacts and not process.over and process.idle is None:
            process.idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest, version, process)

    def _rest(self, version: Version, process: Interpreter) -> None:
        process.idle = None
        if len(version.processes) == 1 and version.handler in self._expected.get(version.tenant, ()):
            return
        if not process.contacts and not process.turn.locked() and not process.waiting:
            self._forget_process(version, process)

    def _rest_others(self, newest: Version) -> None:
        now = asyncio.get_running_loop().time()
        others = [each for each in self._versions.values() if each.tenant == newest.tenant and each is not newest]
        for other in others:
            for process in tuple(other.processes):
                self._rest(other, process)
        gone = [each for each in others if not each.processes and each.resting_until <= now]
        self._versions = {mark: each for mark, each in self._versions.items() if each not in gone}

    def _forget_process(self, version: Version, process: Interpreter) -> None:
        """Its contacts will stand in another."""
        process.end()
        if process.idle is not None:
            process.idle.cancel()
            process.idle = None
        for key in process.contacts:
            self._where.pop(key, None)
        process.contacts.clear()
        if process in version.processes:
            version.processes.remove(process)
        if not version.processes and version.last is None and not process.waiting:
            self._versions = {mark: each for mark, each in self._versions.items() if each is not version}

    async def close(self) -> None:
        for task in tuple(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        for version in tuple(self._versions.values()):
            for process in tuple(version.processes):
                self._forget_process(version, process)


async def holds(times: Times | None = None) -> frozenset[str]:
    """Which of `HOLDS` hold on this machine; none where no process comes into being."""
    process = Interpreter()
    try:
        await process.begin(times or Times())
    except Broken as broken:
        log.warning("handlers_not_confined", reason=broken.reason, said=broken.said)
    finally:
        process.end()
    return process.held & frozenset(HOLDS)


def _paths() -> list[str]:
    """Where our package is, and the one library that it needs in there."""
    package = Path(__file__).resolve().parents[3]
    return [str(package), str(Path(str(msgspec.__file__)).resolve().parent.parent)]


def _order() -> str:
    return json.dumps({"parent": os.getpid(), "paths": _paths()})
