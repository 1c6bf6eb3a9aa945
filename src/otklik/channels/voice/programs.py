"""Text to speech by programs that are there on the machine: Festival, RHVoice, Piper. One voice for each language that is named, with the
machine's own voice behind it: a text is heard whatever becomes of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from weakref import WeakValueDictionary

import structlog

from otklik.channels.voice import confined_program
from otklik.channels.voice.speech import keep, still_there
from otklik.channels.voice.voice_program import SOUND_FILE, VoiceProgram
from otklik.contact.configuration import Speech
from otklik.contact.ports import SpeechRenderer
from otklik.prompts import sound

log = structlog.get_logger(__name__)

PROGRAM_SECONDS: Final = 8.0
"""A caller hears nothing meanwhile, be it that others are spoken to first; a neural voice reads its model first."""
REST_SECONDS: Final = 30.0
"""After a failure callers are not kept waiting for the next one."""
UNSPEAKABLE_SECONDS: Final = 600.0
"""Of a text of which the program made no sound."""
UNSPEAKABLE: Final = 1_000
"""So many are remembered, the longest known first forgotten."""
AT_ONCE: Final = 2
LONGEST_TEXT: Final = 5_000
"""Characters; a longer one is the own voice's."""
COMPLAINT_BYTES: Final = 4_096


class Unspoken(Exception):
    """The program fails. The text is for the log."""


class Unspeakable(Exception):
    """It made nothing of this text; the next one may do. The text is for the log."""


class Occupied(Exception):
    """It rests, or others are spoken to."""


class ProgramSpeech:
    """`SpeechRenderer`. Rendered once for each text and voice; what the own voice had to speak is tried anew."""

    def __init__(self, programs: Mapping[str, VoiceProgram], own: SpeechRenderer, cache: Path) -> None:
        """By language; any other is left to `own`. `cache`: a folder that the switch reads, too."""
        self._programs = programs
        self._own = own
        self._cache = cache
        self._under_way: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._rests_until: dict[str, float] = {}
        self._unspeakable: dict[Path, float] = {}
        """Until when."""
        self.trouble: dict[str, str] = {}
        """By language: why the last text was not spoken."""

    async def render(self, speech: Speech) -> Path:
        program = self._programs.get(speech.language)
        if program is None or len(speech.text) > LONGEST_TEXT:
            return await self._own.render(speech)
        path = self._path(speech, program)
        try:
            await self._made(speech, program, path)
        except Occupied:
            return await self._own.render(speech)
        except (Unspoken, Unspeakable) as err:
            self._remember(speech, path, err)
            log.error("voice_program_failed", program=program.kind, language=speech.language, reason=str(err))
            return await self._own.render(speech)
        return path

    def _remember(self, speech: Speech, path: Path, err: Unspoken | Unspeakable) -> None:
        self.trouble[speech.language] = str(err)
        if isinstance(err, Unspoken):
            self._rests_until[speech.language] = time.monotonic() + REST_SECONDS
            return
        self._unspeakable[path] = time.monotonic() + UNSPEAKABLE_SECONDS
        if len(self._unspeakable) > UNSPEAKABLE:
            del self._unspeakable[next(iter(self._unspeakable))]

    async def _made(self, speech: Speech, program: VoiceProgram, path: Path) -> None:
        """Within `PROGRAM_SECONDS`, whatever it is that takes long."""
        begun: list[float] = []
        try:
            async with asyncio.timeout(PROGRAM_SECONDS), self._lock(path):
                if await asyncio.to_thread(still_there, path):
                    return
                self._ask_whether_it_rests(speech, path)
                async with self._at_once:
                    self._ask_whether_it_rests(speech, path)
                    begun.append(time.monotonic())
                    await self._speak(speech, program, path)
        except TimeoutError as err:
            if not begun or time.monotonic() - begun[0] < PROGRAM_SECONDS / 2:
                raise Occupied from err  # it hardly had a chance
            raise Unspoken(f"not done in {PROGRAM_SECONDS:g} s") from err
        self.trouble.pop(speech.language, None)

    def _lock(self, path: Path) -> asyncio.Lock:
        lock = self._under_way.get(path)
        if lock is None:
            lock = self._under_way[path] = asyncio.Lock()
        return lock

    def _ask_whether_it_rests(self, speech: Speech, path: Path) -> None:
        until = max(self._rests_until.get(speech.language, 0.0), self._unspeakable.get(path, 0.0))
        if time.monotonic() < until:
            raise Occupied

    def _path(self, speech: Speech, program: VoiceProgram) -> Path:
        key = "\0".join((program.kind, program.path, program.voice, speech.language, speech.text))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()}.wav"

    async def _speak(self, speech: Speech, program: VoiceProgram, path: Path) -> None:
        found = await asyncio.to_thread(program.found)
        if found is None:
            raise Unspoken(program.missing)
        try:
            with TemporaryDirectory(prefix="otklik-voice-") as folder:
                await _run(folder, program.places(found), [found, *program.arguments()], speech.text)
                made = await asyncio.to_thread(_telephone, Path(folder) / SOUND_FILE)
            await asyncio.to_thread(keep, path, made)
        except TimeoutError:
            raise
        except OSError as err:
            raise Unspoken(str(err)) from err
        except (sound.Unreadable, sound.Silent, sound.TooLong) as err:
            raise Unspeakable(f"what it made is no speech: {type(err).__name__}") from err


async def _run(folder: str, places: Sequence[str], words: Sequence[str], text: str) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", confined_program.__file__, folder, os.pathsep.join(places), *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
    )
    try:
        complaint = await _told(program, text.encode())
        status = await program.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):  # also whatever it has started
            os.killpg(program.pid, signal.SIGKILL)
        await program.wait()
    if status != 0:
        raise Unspoken(complaint.decode(errors="replace").strip()[-200:] or f"it ended with {status}")


async def _told(program: asyncio.subprocess.Process, text: bytes) -> bytes:
    """Write the text; the end of what it complains of. One that complains without end is read, and not kept."""
    assert program.stdin is not None and program.stderr is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        program.stdin.write(text)
        await program.stdin.drain()
    program.stdin.close()
    kept = await program.stderr.read(COMPLAINT_BYTES)
    if kept.startswith(confined_program.LACKS):
        lacks, _, kept = kept.removeprefix(confined_program.LACKS).partition(b"\n")
        _warn(lacks.decode())
    while piece := await program.stderr.read(COMPLAINT_BYTES):
        kept = (kept + piece)[-COMPLAINT_BYTES:]
    return kept


@cache
def _warn(lacks: str) -> None:
    """Once."""
    log.warning("voice_program_not_confined", lacks=lacks)


def _telephone(file: Path) -> bytes:
    """What the program left may be anything: a link, a pipe, a device."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as err:
        raise Unspeakable("it has made no sound") from err
    with os.fdopen(opened, "rb") as made:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode) or about.st_size > confined_program.LARGEST_FILE_BYTES:
            raise Unspoken("what it made is no file of sound")
        return sound.telephone(made.read(confined_program.LARGEST_FILE_BYTES))
