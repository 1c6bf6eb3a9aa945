"""Music of queues in Asterisk: each recording is a class of its own, brought there when it is first wanted and then read by nobody
but Asterisk. It knows the classes by a file that its `musiconhold.conf` includes; where it does not, it plays its usual music.

A class that others hear just now is not touched when another one comes: nobody's music begins anew.
"""

from __future__ import annotations

import asyncio
import math
import time
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import numpy as np
import obstore
import structlog
from obstore.store import ObjectStore

from otklik.channels.voice.ami import AmiAddress, ask_once
from otklik.channels.voice.ari import Ari
from otklik.channels.voice.speech import forget_unused, keep, still_there
from otklik.contact.music import SILENCE, USUAL
from otklik.errors import PeerError
from otklik.prompts.sound import SAMPLE_RATE, wav
from otklik.prompts.texts import OBJECTS

log = structlog.get_logger(__name__)

CLASSES: Final = "classes.conf"
SETUP_FILE: Final = "musiconhold.conf"
BRING_SECONDS: Final = 3.0
"""Whoever hears it first hears nothing meanwhile."""
MISSING_SECONDS: Final = 60.0
"""So long nobody waits for one that could not be had."""
MARK_SECONDS: Final = 86_400.0
SILENCE_SECONDS: Final = 20


class Tunes:
    def __init__(self, ari: Ari, objects: ObjectStore, folder: Path) -> None:
        """`folder`: one that the switch reads, too."""
        self._ari = ari
        self._objects = objects
        self._folder = folder
        self._there: set[str] = {USUAL}
        self._missing: dict[str, float] = {}
        """Until when nobody asks for it again."""
        self._marked: dict[str, float] = {}
        self._coming: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._classes = asyncio.Lock()

    def there(self, tune: str) -> bool:
        return tune in self._there

    def doubt(self) -> None:
        """Asterisk may have begun anew, with the classes that were in the file then."""
        self._there = {USUAL}
        self._missing.clear()

    def unmarked(self, tune: str) -> bool:
        """It has not been marked for a day."""
        return tune != USUAL and time.monotonic() - self._marked.get(tune, -math.inf) >= MARK_SECONDS

    async def mark(self, tune: str) -> None:
        """It is in use: `tidy_classes` leaves it alone."""
        self._marked[tune] = time.monotonic()
        try:
            if not await asyncio.to_thread(still_there, self._path(tune)):
                self._there.discard(tune)
        except OSError as err:
            log.warning("music_not_marked", music=tune, reason=str(err))

    async def bring(self, tune: str) -> bool:
        """Is it there? Known within `BRING_SECONDS`, and at once of one that has just failed: who wants the same one meanwhile waits
        for the same attempt."""
        lock = self._coming.get(tune)
        if lock is None:
            lock = self._coming[tune] = asyncio.Lock()
        async with lock:
            if tune not in self._there and time.monotonic() >= self._missing.get(tune, -math.inf):
                await self._try(tune)
        return tune in self._there

    async def _try(self, tune: str) -> None:
        try:
            async with asyncio.timeout(BRING_SECONDS):
                await self._fetch(tune)
                async with self._classes:
                    await asyncio.to_thread(write_classes, self._folder)
                    await self._ari.request("PUT", "asterisk/modules/res_musiconhold.so")
        except (OSError, obstore.exceptions.BaseError, PeerError) as err:
            log.error("music_missing", music=tune, reason=str(err) or type(err).__name__)
            self._missing[tune] = time.monotonic() + MISSING_SECONDS
        else:
            self._missing.pop(tune, None)
            self._marked[tune] = time.monotonic()
            self._there.add(tune)

    async def _fetch(self, tune: str) -> None:
        path = self._path(tune)
        if await asyncio.to_thread(still_there, path):
            return
        if tune == SILENCE:
            sound = _silence()
        else:
            found = await obstore.get_async(self._objects, OBJECTS.format(tune))
            sound = bytes(await found.bytes_async())
        await asyncio.to_thread(keep, path, sound)

    def _path(self, tune: str) -> Path:
        return self._folder / f"{tune}.wav"


def class_of(tune: str) -> str:
    """Of any but the usual music."""
    return f"otklik-{tune}"


async def knows_classes(address: AmiAddress) -> bool:
    """Does its `SETUP_FILE` include our classes? There is always one of them. Raises `PeerError`."""
    told = await ask_once(address, "GetConfig", Filename=SETUP_FILE)
    names = {value for key, value in told.items() if key.startswith("Category-")}
    return class_of(SILENCE) in names


def write_classes(folder: Path) -> None:
    """Of the sounds that are there."""
    sounds = sorted(folder.glob("*.wav"))
    classes = "".join(f"[{class_of(each.stem)}]\nmode=playlist\nentry={each.with_suffix('')}\n\n" for each in sounds)
    keep(folder / CLASSES, classes.encode())


def tidy_classes(folder: Path, now: float) -> None:
    """Without what nobody has wanted for a month. Before Asterisk reads them. `now`: seconds since 1970."""
    forget_unused(folder, now)
    keep(folder / f"{SILENCE}.wav", _silence())
    write_classes(folder)


def _silence() -> bytes:
    return wav(np.zeros(SILENCE_SECONDS * SAMPLE_RATE))
