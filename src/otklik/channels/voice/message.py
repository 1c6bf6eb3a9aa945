"""What customers say for keeping: fetched out of Asterisk when it is said, and stored as recordings are.

In Asterisk a message is called `<contact>.<step>`, so that a process that knows only the open contacts finds what was said
while it was away.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

import httpx
import numpy as np
import obstore
import structlog
from numpy.typing import NDArray

from otklik.channels.voice.ari import Ari, AriAddress
from otklik.channels.voice.measures import RECORDINGS
from otklik.channels.voice.recording import SAMPLE_RATE, Recorder, store_recording
from otklik.channels.voice.speech import keep, write_wav
from otklik.contact.decisions import TakeMessage
from otklik.contact.facts import VerbFinished
from otklik.contact.ids import ContactId, TenantId
from otklik.errors import PeerError
from otklik.prompts.sound import wav

log = structlog.get_logger(__name__)

BEEP_HERTZ, BEEP_SECONDS = 1400.0, 0.35
FETCH_SECONDS: Final = 5.0
STORE_SECONDS: Final = 5.0
"""The customer hears nothing meanwhile; what is not stored by then is stored at the next start."""
FRAME: Final = SAMPLE_RATE // 50
LOUD: Final = 0.006
"""The RMS of 20 ms, -44 dBFS: above the noise of a line, below a whisper."""
LEAST_SPOKEN_SECONDS: Final = 0.25
PAUSE_SECONDS: Final = 0.3
"""Left of the silence before the first word and after the last."""
LONGEST_SECONDS: Final = 600.0


def name_of(contact: ContactId, step: int) -> str:
    return f"{contact}.{step}"


class Messages:
    """`folder`: one that Asterisk reads, for the tone."""

    def __init__(self, address: AriAddress, ari: Ari, recorder: Recorder, folder: Path) -> None:
        self.beep = folder / "beep.wav"
        self._address = address
        self._ari = ari
        self._recorder = recorder
        self._client: httpx.AsyncClient | None = None

    def make_beep(self) -> None:
        if not self.beep.exists():
            time = np.arange(round(BEEP_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
            edges = np.minimum(1.0, np.minimum(time, BEEP_SECONDS - time) / 0.01)
            write_wav(self.beep, 0.2 * edges * np.sin(2 * np.pi * BEEP_HERTZ * time))

    async def take(self, tenant: TenantId, message: TakeMessage) -> tuple[float, str]:
        """How long it is, 0 if nothing was said, and where it is kept; empty: not yet. Asterisk has it no more. Raises `PeerError`."""
        contact, step = message.contact, message.step
        name = name_of(contact, step)
        spoken = await asyncio.to_thread(spoken_part, await self._fetch(name))
        spoken = spoken[: round(message.max_seconds * SAMPLE_RATE)]  # Asterisk counts whole seconds, and one more
        seconds, key = round(spoken.size / SAMPLE_RATE, 3), ""
        if spoken.size:
            key = await self._store(tenant, contact, step, spoken)
        await self._ari.request("DELETE", f"recordings/stored/{name}", accept=(404,))
        return seconds, key

    async def left_behind(self, tenant: TenantId, contact: ContactId) -> VerbFinished | None:
        """What a customer said who is gone, while we were away."""
        stored = (await self._ari.request("GET", "recordings/stored")).json()
        steps = [int(last) for name in stored if (last := _step(name["name"], contact)).isdigit()]
        if not steps:
            return None
        message = TakeMessage(contact=contact, step=max(steps), max_seconds=LONGEST_SECONDS)
        seconds, key = await self.take(tenant, message)
        outcome: Literal["done", "timeout"] = "done" if seconds else "timeout"
        return VerbFinished(contact=contact, step=max(steps), outcome=outcome, seconds=seconds, key=key)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _fetch(self, name: str) -> bytes:
        if self._client is None:
            auth = (self._address.user, self._address.password)
            self._client = httpx.AsyncClient(auth=auth, timeout=FETCH_SECONDS, trust_env=False)
        url = f"{self._address.url.rstrip('/')}/ari/recordings/stored/{quote(name)}/file"
        try:
            found = await self._client.get(url)
        except httpx.HTTPError as err:
            raise PeerError("asterisk", str(err) or type(err).__name__, retryable=True) from err
        if found.status_code != 200:
            raise PeerError("asterisk", f"the message {name} is not there: {found.status_code}", retryable=False)
        return found.content

    async def _store(self, tenant: TenantId, contact: ContactId, step: int, spoken: NDArray[np.float64]) -> str:
        raw = self._recorder.raw(tenant, contact, step=step)
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await asyncio.to_thread(keep, raw.customer, wav(spoken))
                key, _ = await asyncio.to_thread(store_recording, raw, self._recorder.objects)
        except (OSError, ValueError, obstore.exceptions.BaseError) as err:  # a TimeoutError is an OSError
            RECORDINGS.labels("store_failed").inc()
            log.error("message_not_stored", contact=contact, reason=str(err) or type(err).__name__)
            return ""
        await asyncio.to_thread(raw.delete)
        return key


def _step(name: str, contact: ContactId) -> str:
    whose, _, step = name.rpartition(".")
    return step if whose == contact else ""


def spoken_part(sound: bytes) -> NDArray[np.float64]:
    """From the first word to the last. By the file's length: a switch that died has not written the header's. Empty: none was said."""
    start = sound.find(b"data") + 8
    whole = (len(sound) - start) // (2 * FRAME) * FRAME if start >= 8 else 0
    if whole <= 0:
        return np.zeros(0)
    samples = np.frombuffer(sound, "<i2", whole, start).astype(np.float64) / 32768
    loud = np.flatnonzero(np.sqrt(np.mean(samples.reshape(-1, FRAME) ** 2, axis=1)) > LOUD)
    if loud.size * FRAME < LEAST_SPOKEN_SECONDS * SAMPLE_RATE:
        return np.zeros(0)
    pause = round(PAUSE_SECONDS * SAMPLE_RATE)
    return samples[max(0, loud[0] * FRAME - pause) : (loud[-1] + 1) * FRAME + pause]
