"""Text to speech by a server that understands `POST /audio/speech` (OpenAI's form; Piper, RHVoice and others have such servers),
with the machine's own voice behind it: a text is heard even when the server is not there.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import httpx
import structlog

from otklik.channels.voice.speech import keep, still_there
from otklik.contact.configuration import Speech
from otklik.contact.ports import SpeechRenderer
from otklik.prompts import sound

log = structlog.get_logger(__name__)

SERVER_SECONDS: Final = 4.0
"""A caller hears nothing meanwhile."""
REST_SECONDS: Final = 30.0
"""After a failure callers are not kept waiting for the next one."""
AT_ONCE: Final = 4
LARGEST_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`url` up to and with the version: `https://voice.example.com/v1`. `voices`: by language; a language that is not there is
    left to the machine's own voice."""

    url: str
    voices: Mapping[str, str]
    model: str = "tts-1"
    key: str = ""


class _Unserved(Exception):
    """The text is for the log."""


class ServedSpeech:
    """`SpeechRenderer`. Rendered once for each text, voice and model; what the own voice had to speak is asked for anew."""

    def __init__(self, server: Server, own: SpeechRenderer, cache: Path) -> None:
        """`cache`: a folder that the switch reads, too."""
        self._server = server
        self._own = own
        self._cache = cache
        self._under_way: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        self._asked = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None
        self._rests_until = 0.0
        self.trouble = ""
        """Why the last text was not served."""

    async def render(self, speech: Speech) -> Path:
        voice = self._server.voices.get(speech.language)
        if voice is None:
            return await self._own.render(speech)
        path = self._path(speech, voice)
        lock = self._under_way.get(path)
        if lock is None:
            lock = self._under_way[path] = asyncio.Lock()
        async with lock:
            if await asyncio.to_thread(still_there, path):
                return path
            if time.monotonic() < self._rests_until:
                return await self._own.render(speech)
            try:
                await self._fetch(speech, voice, path)
            except _Unserved as err:
                self._rests_until, self.trouble = time.monotonic() + REST_SECONDS, str(err)
                log.error("voice_server_failed", url=self._server.url, reason=str(err))
                return await self._own.render(speech)
            self.trouble = ""
        return path

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _path(self, speech: Speech, voice: str) -> Path:
        key = "\0".join((self._server.url, self._server.model, voice, speech.language, speech.text))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()}.wav"

    async def _fetch(self, speech: Speech, voice: str, path: Path) -> None:
        wanted = {"model": self._server.model, "input": speech.text, "voice": voice, "response_format": "wav"}
        try:
            async with self._asked, asyncio.timeout(SERVER_SECONDS):
                spoken = await self._ask(wanted)
                made = await asyncio.to_thread(sound.telephone, spoken)
                await asyncio.to_thread(keep, path, made)
        except TimeoutError as err:
            raise _Unserved(f"no answer in {SERVER_SECONDS:g} s") from err
        except (httpx.HTTPError, OSError) as err:
            raise _Unserved(str(err) or type(err).__name__) from err
        except (sound.Unreadable, sound.Silent, sound.TooLong) as err:
            raise _Unserved(f"the answer is no speech: {type(err).__name__}") from err

    async def _ask(self, wanted: Mapping[str, str]) -> bytes:
        if self._client is None:
            headers = {"Authorization": f"Bearer {self._server.key}"} if self._server.key else {}
            self._client = httpx.AsyncClient(headers=headers, timeout=SERVER_SECONDS, trust_env=False)
        address = f"{self._server.url.rstrip('/')}/audio/speech"
        async with self._client.stream("POST", address, json=wanted) as answer:
            if answer.status_code != 200:
                raise _Unserved(f"HTTP {answer.status_code}")
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BYTES:
                    raise _Unserved("the answer is too large")
            return bytes(body)
