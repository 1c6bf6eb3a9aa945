"""Texts that a person has recorded: fetched once from the objects, then a file beside those of the voice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import obstore
import structlog
from obstore.store import ObjectStore

from otklik.channels.voice.speech import keep
from otklik.contact.configuration import RecordedSpeech, Speech
from otklik.contact.ports import SpeechRenderer
from otklik.prompts.texts import OBJECTS

log = structlog.get_logger(__name__)

FETCH_SECONDS = 3.0
"""A caller waits no longer for the objects; the voice is quicker."""


class Recorded:
    """`SpeechRenderer`: the recording, if there is one that can be had, else whatever `voice` makes of the text."""

    def __init__(self, voice: SpeechRenderer, objects: ObjectStore, cache: Path) -> None:
        """`cache`: a folder that the switch reads, too."""
        self._voice = voice
        self._objects = objects
        self._cache = cache
        self._there: set[Path] = set()

    async def render(self, speech: Speech) -> Path:
        if isinstance(speech, RecordedSpeech):
            path = self._cache / f"{speech.recording}.wav"
            if path in self._there or await self._have(speech.recording, path):
                self._there.add(path)
                return path
            speech = Speech(text=speech.text, language=speech.language)
        return await self._voice.render(speech)

    async def _have(self, recording: str, path: Path) -> bool:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                if await asyncio.to_thread(path.exists):
                    return True
                found = await obstore.get_async(self._objects, OBJECTS.format(recording))
                await asyncio.to_thread(keep, path, bytes(await found.bytes_async()))
        except (OSError, obstore.exceptions.BaseError) as err:
            log.error("prompt_missing", recording=recording, reason=str(err) or type(err).__name__)
            return False
        return True
