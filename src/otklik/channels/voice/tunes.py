"""Music of queues in Asterisk: each recording is a class of its own, brought there when it is first wanted and then read by nobody
but Asterisk. It knows the classes by a file that its `musiconhold.conf` includes; where it does not, it plays its usual music.

A class that others hear just now is not touched when another one comes: nobody's music begins anew.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import numpy as np
import obstore
from obstore.store import ObjectStore

from otklik.channels.voice.ari import Ari
from otklik.channels.voice.speech import forget_unused, keep, still_there
from otklik.contact.music import SILENCE, USUAL
from otklik.errors import PeerError
from otklik.prompts.sound import SAMPLE_RATE, wav
from otklik.prompts.texts import OBJECTS

CLASSES: Final = "classes.conf"
FETCH_SECONDS: Final = 3.0
"""Whoever hears it first hears nothing meanwhile."""
SILENCE_SECONDS: Final = 20


class Tunes:
    def __init__(self, ari: Ari, objects: ObjectStore, folder: Path) -> None:
        """`folder`: one that the switch reads, too."""
        self._ari = ari
        self._objects = objects
        self._folder = folder
        self._there: set[str] = {USUAL}
        self._lock = asyncio.Lock()

    def there(self, tune: str) -> bool:
        return tune in self._there

    def doubt(self) -> None:
        """Asterisk may have begun anew, with the classes that were in the file then."""
        self._there = {USUAL}

    async def bring(self, tune: str) -> None:
        """Raises `PeerError`; then it is not there."""
        async with self._lock:
            if tune in self._there:
                return
            await self._fetch(tune)
            await asyncio.to_thread(write_classes, self._folder)
            await self._ari.request("PUT", "asterisk/modules/res_musiconhold.so")
            self._there.add(tune)

    async def _fetch(self, tune: str) -> None:
        path = self._folder / f"{tune}.wav"
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                if await asyncio.to_thread(still_there, path):
                    return
                if tune == SILENCE:
                    sound = wav(np.zeros(SILENCE_SECONDS * SAMPLE_RATE))
                else:
                    found = await obstore.get_async(self._objects, OBJECTS.format(tune))
                    sound = bytes(await found.bytes_async())
                await asyncio.to_thread(keep, path, sound)
        except (OSError, obstore.exceptions.BaseError) as err:
            raise PeerError("object storage", str(err) or type(err).__name__, retryable=True) from err


def class_of(tune: str) -> str:
    """Of any but the usual music."""
    return f"otklik-{tune}"


def write_classes(folder: Path) -> None:
    """Of the sounds that are there."""
    sounds = sorted(folder.glob("*.wav"))
    classes = "".join(f"[{class_of(each.stem)}]\nmode=playlist\nentry={each.with_suffix('')}\n\n" for each in sounds)
    keep(folder / CLASSES, classes.encode())


def tidy_classes(folder: Path, now: float) -> None:
    """Without what nobody has wanted for a month. Before Asterisk reads them. `now`: seconds since 1970."""
    forget_unused(folder, now)
    write_classes(folder)
