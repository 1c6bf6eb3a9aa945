"""Text to speech by programs that are there on the machine: Festival, RHVoice, Piper. One voice for each language that is named, with the
machine's own voice behind it: a text is heard whatever becomes of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
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
"""A caller hears nothing meanwhile; a neural voice reads its model first."""
REST_SECONDS: Final = 30.0
"""After a failure callers are not kept waiting for the next one."""
AT_ONCE: Final = 2
LONGEST_TEXT: Final = 5_000
"""Characters; a longer one is the own voice's."""
COMPLAINT_BYTES: Final = 4_096


class Unspoken(Exception):
    """The text is for the log."""


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
        self.trouble: dict[str, str] = {}
        """By language: why the last text was not spoken."""

    async def render(self, speech: Speech) -> Path:
        program = self._programs.get(speech.language)
        if program is None or len(speech.text) > LONGEST_TEXT:
            return await self._own.render(speech)
        path = self._path(speech, program)
        lock = self._under_way.get(path)
        if lock is None:
            lock = self._under_way[path] = asyncio.Lock()
        async with lock:
            if await asyncio.to_thread(still_there, path):
                return path
            if time.monotonic() < self._rests_until.get(speech.language, 0.0):
                return await self._own.render(speech)
            try:
                await self._speak(speech, program, path)
            except Unspoken as err:
                self._rests_until[speech.language] = time.monotonic() + REST_SECONDS
                self.trouble[speech.language] = str(err)
                log.error("voice_program_failed", program=program.kind, language=speech.language, reason=str(err))
                return await self._own.render(speech)
            self.trouble.pop(speech.language, None)
        return path

    def _path(self, speech: Speech, program: VoiceProgram) -> Path:
        key = "\0".join((program.kind, program.path, program.voice, speech.language, speech.text))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()}.wav"

    async def _speak(self, speech: Speech, program: VoiceProgram, path: Path) -> None:
        found = await asyncio.to_thread(program.found)
        if found is None:
            raise Unspoken(program.missing)
        try:
            async with self._at_once:
                with TemporaryDirectory(prefix="otklik-voice-") as folder:
                    await _run(folder, [found, *program.arguments()], speech.text)
                    made = await asyncio.to_thread(_telephone, Path(folder) / SOUND_FILE)
                await asyncio.to_thread(keep, path, made)
        except OSError as err:
            raise Unspoken(str(err)) from err
        except (sound.Unreadable, sound.Silent, sound.TooLong) as err:
            raise Unspoken(f"what it made is no speech: {type(err).__name__}") from err


async def _run(folder: str, words: Sequence[str], text: str) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", confined_program.__file__, folder, *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(PROGRAM_SECONDS):
            complaint = await _told(program, text.encode())
            status = await program.wait()
    except TimeoutError as err:
        raise Unspoken(f"not done in {PROGRAM_SECONDS:g} s") from err
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
    kept = b""
    while piece := await program.stderr.read(COMPLAINT_BYTES):
        kept = (kept + piece)[-COMPLAINT_BYTES:]
    return kept


def _telephone(file: Path) -> bytes:
    if not file.exists():
        raise Unspoken("it has made no sound")
    return sound.telephone(file.read_bytes())
