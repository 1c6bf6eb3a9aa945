"""`Recogniser` by Whisper base on this machine: in processes of its own, so that half a second of work stands in nobody's way, and one
that hangs or dies is replaced.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import structlog

from otklik.contact.hearing import Recognised
from otklik.errors import PeerError
from otklik.integrations.recognisers import weights

log = structlog.get_logger(__name__)

START_SECONDS: Final = 20.0
RECOGNISE_SECONDS: Final = 8.0
"""Usually half a second; whoever waits hears nothing meanwhile."""
COMMAND: Final[tuple[str, ...]] = ("-m", "otklik.integrations.recognisers.inside")
WAITING: Final = 8
"""For each process. Whoever comes then is asked for keys."""
REST_SECONDS: Final = 30.0
"""After a process could not be started."""
_QUIET: Final = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


class _Worker:
    """A process at work, or waiting for it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    async def ask(self, sound: bytes, language: str) -> Recognised:
        self._in.write(json.dumps({"language": language, "bytes": len(sound)}).encode() + b"\n" + sound)
        await self._in.drain()
        came = await self.answer()
        return Recognised(str(came["words"]), float(came.get("confidence", 1.0)))

    async def answer(self) -> dict[str, Any]:
        line = await self._out.readline()
        if not line:
            raise PeerError("recogniser", "its process has ended", retryable=True)
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def end(self) -> None:
        if self.alive:
            self._process.kill()
        await self._process.wait()


class WhisperRecogniser:
    """`at_once`: so many processes, each about 350 MB. They are started when the first customer is asked to speak."""

    def __init__(self, cache: Path, *, at_once: int = 1) -> None:
        self._cache = cache
        self._at_once = at_once
        self._slots = asyncio.Semaphore(at_once)
        self._free: list[_Worker] = []
        self._waiting = 0
        self._work: set[asyncio.Task[Any]] = set()
        self._warmed = False
        self._rests_until = 0.0
        self.trouble = ""
        """Why the last utterance was not recognised."""

    def ready(self) -> bool:
        """While the question is being asked the first process starts."""
        if asyncio.get_running_loop().time() < self._rests_until:
            return False
        if not self._warmed:
            self._warmed = True
            self._begin(self._warm())
        return True

    async def recognise(self, sound: bytes, language: str) -> Recognised:
        if self._waiting >= WAITING * self._at_once:
            raise PeerError("recogniser", "too many wait", retryable=True)
        # Whoever does not want the words any more leaves the process to end its work: it is quicker than a new one.
        return await asyncio.shield(self._begin(self._recognise(sound, language)))

    async def close(self) -> None:
        for task in list(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        while self._free:
            await self._free.pop().end()

    def _begin(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name="recogniser")
        self._work.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.trouble = str(error)

    async def _warm(self) -> None:
        async with self._slots:
            self._free.append(await self._worker())

    async def _recognise(self, sound: bytes, language: str) -> Recognised:
        self._waiting += 1
        try:
            async with self._slots:
                worker = await self._worker()
                try:
                    async with asyncio.timeout(RECOGNISE_SECONDS):
                        words = await worker.ask(sound, language)
                except BaseException:
                    await worker.end()
                    raise
                self._free.append(worker)
                self.trouble = ""
                return words
        except TimeoutError as err:
            raise PeerError("recogniser", f"no words within {RECOGNISE_SECONDS:g} s", retryable=True) from err
        except (OSError, ValueError) as err:
            raise PeerError("recogniser", str(err), retryable=True) from err
        finally:
            self._waiting -= 1

    async def _worker(self) -> _Worker:
        while self._free:
            worker = self._free.pop()
            if worker.alive:
                return worker
        try:
            return await self._start()
        except PeerError as err:
            self._rests_until = asyncio.get_running_loop().time() + REST_SECONDS
            log.error("recogniser_not_started", reason=str(err))
            raise

    async def _start(self) -> _Worker:
        folder = await asyncio.to_thread(weights.assembled, self._cache)
        try:
            started = await asyncio.create_subprocess_exec(
                *(sys.executable, *COMMAND, str(folder)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={**os.environ, **_QUIET},
            )
        except OSError as err:
            raise PeerError("recogniser", str(err), retryable=True) from err
        worker = _Worker(started)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker.answer()
        except BaseException as err:
            await worker.end()
            if isinstance(err, TimeoutError):
                raise PeerError("recogniser", f"not started within {START_SECONDS:g} s", retryable=True) from err
            raise
        return worker
