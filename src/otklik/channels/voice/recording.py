"""The recording of a contact: MixMonitor writes each side while it lasts; afterwards one stereo file is stored.

Left is the customer, right is all the customer heard (prompts, music, agents). The raw files are named
`<tenant>/<contact>-in.wav` and `-out.wav`, so that what a crash left behind can be finished at the next start.
"""

from __future__ import annotations

import asyncio
import json
import time
import wave
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import numpy as np
import obstore
import structlog
from numpy.typing import NDArray
from obstore.store import ObjectStore

from otklik.channels.voice.ami import Ami
from otklik.channels.voice.measures import RECORDINGS
from otklik.contact.facts import RecordingStored
from otklik.contact.ids import ContactId, TenantId
from otklik.errors import AppError, PeerError

log = structlog.get_logger(__name__)

SAMPLE_RATE: Final = 8000
PEAKS: Final = 800
HEADER_BYTES: Final = 44
BLOCK: Final = SAMPLE_RATE * 60
CLOSING_SECONDS: Final = 5.0
"""MixMonitor's own thread closes the files a moment after the line is gone."""
ABANDONED_SECONDS: Final = 1.0
"""A file that nobody has written to for so long is not written any more: its switch died."""


@dataclass(frozen=True, slots=True)
class RawRecording:
    """The two files of one contact, as MixMonitor writes them."""

    folder: Path
    tenant: TenantId
    contact: ContactId
    attempt: int = 0
    """Of a customer who was called back: each line has a recording of its own."""
    step: int = 0
    """Of a message that the customer left at this step; `heard` is empty then."""

    @property
    def name(self) -> str:
        if self.step:
            return f"{self.contact}.{self.step}"
        return f"{self.contact}_{self.attempt}" if self.attempt else self.contact

    @property
    def customer(self) -> Path:
        return self.folder / self.tenant / f"{self.name}-in.wav"

    @property
    def heard(self) -> Path:
        return self.folder / self.tenant / f"{self.name}-out.wav"

    def exists(self) -> bool:
        return self.customer.exists() or self.heard.exists()

    def wait_closed(self) -> None:
        """Blocks for `CLOSING_SECONDS` at most: files of a switch that died are never closed."""
        deadline = time.monotonic() + CLOSING_SECONDS
        while not (_is_whole(self.customer) and (self.step or _is_whole(self.heard))) and time.monotonic() < deadline:
            time.sleep(0.03)

    def delete(self) -> None:
        self.customer.unlink(missing_ok=True)
        self.heard.unlink(missing_ok=True)


class RecordedLine(Protocol):
    """What the recorder needs of a call."""

    channel: str
    alive: bool
    taped: bool
    silent: bool


class Recorder:
    """Starts recordings and stores the finished ones, a few at a time, off the event loop."""

    def __init__(
        self,
        ami: Ami,
        folder: Path,
        objects: ObjectStore,
        submit: Callable[[TenantId, RecordingStored], Awaitable[object]],
    ) -> None:
        self._ami = ami
        self._folder = folder
        self.objects = objects
        self._submit = submit
        self._places = asyncio.Semaphore(2)
        self._finishing: set[str] = set()

    def raw(self, tenant: TenantId, contact: ContactId, attempt: int = 0, *, step: int = 0) -> RawRecording:
        return RawRecording(self._folder, tenant, contact, attempt, step)

    async def start(self, raw: RawRecording, line: RecordedLine) -> None:
        """Record from now to the line's end. Tried again while the line is up: a call is never lost for it."""
        await asyncio.to_thread(raw.customer.parent.mkdir, parents=True, exist_ok=True)
        options = f"r({raw.customer})t({raw.heard})"
        while line.alive:
            try:
                if not line.taped:
                    await self._ami.action("MixMonitor", Channel=line.channel, Options=options)
                    line.taped = True
                if line.silent:
                    await self.silence(line.channel, True)
                return
            except PeerError as err:
                if not line.alive:
                    return
                RECORDINGS.labels("start_failed").inc()
                log.warning("recording_not_started", contact=raw.contact, reason=str(err))
                if not err.retryable:
                    return
            await asyncio.sleep(1)

    async def silence(self, channel: str, silent: bool) -> None:
        """Both sides; Asterisk goes on writing, and writes zeros. Twice is once."""
        await self._ami.action("MixMonitorMute", Channel=channel, Direction="both", State=str(int(silent)))

    async def drop(self, key: str) -> None:
        try:
            await obstore.delete_async(self.objects, [key, waveform_key(key)])
        except FileNotFoundError:
            pass
        except (OSError, obstore.exceptions.BaseError) as err:
            raise PeerError("objects", str(err), retryable=True) from err

    async def finish(self, raw: RawRecording) -> None:
        """After the line is gone: store the stereo file and say so; the raw files go when the fact is committed.
        What fails here is tried at the next start."""
        if raw.name in self._finishing:
            return
        self._finishing.add(raw.name)
        try:
            if await asyncio.to_thread(raw.exists):
                await self._store(raw)
        finally:
            self._finishing.discard(raw.name)

    async def _store(self, raw: RawRecording) -> None:
        async with self._places:
            try:
                await asyncio.to_thread(raw.wait_closed)
                key, seconds = await asyncio.to_thread(store_recording, raw, self.objects)
            except (OSError, ValueError, obstore.exceptions.BaseError) as err:
                RECORDINGS.labels("store_failed").inc()
                log.error("recording_not_stored", contact=raw.contact, reason=str(err))
                return
        try:
            stored = RecordingStored(contact=raw.contact, key=key, seconds=seconds, attempt=raw.attempt, step=raw.step)
            await self._submit(raw.tenant, stored)
        except AppError as err:
            log.warning("recording_not_told", contact=raw.contact, reason=str(err))
            return
        RECORDINGS.labels("stored").inc()
        await asyncio.to_thread(raw.delete)

    async def finish_leftovers(self, tenant: TenantId, running: Container[ContactId]) -> None:
        """Store what a crash of ours left behind, except of contacts that are still on the line."""
        found = await asyncio.to_thread(_contacts_in, self._folder / tenant)
        for contact, attempt, step in found:
            if contact not in running or step:
                await self.finish(self.raw(tenant, contact, attempt, step=step))


def store_recording(raw: RawRecording, objects: ObjectStore) -> tuple[str, float]:
    """One stereo WAV and its waveform into the store; (key, seconds). The waveform has the key with `.json`."""
    customer, heard = _samples(raw.customer), _samples(raw.heard)
    length = max(customer.size, heard.size)
    seconds = round(length / SAMPLE_RATE, 3)
    key = recording_key(raw, seconds)
    stereo = raw.customer.with_name(f"{raw.name}-stereo.part")
    try:
        _write_stereo(stereo, customer, heard, length)
        obstore.put(objects, key, stereo)
    finally:
        stereo.unlink(missing_ok=True)
    waveform = {"seconds": seconds, "customer": peaks(customer, length), "agent": peaks(heard, length)}
    obstore.put(objects, waveform_key(key), json.dumps(waveform).encode())
    return key, seconds


def recording_key(raw: RawRecording, seconds: float) -> str:
    day = _began(raw, seconds).strftime("%Y/%m/%d")
    return f"recordings/{raw.tenant}/{day}/{raw.name}.wav"


def waveform_key(key: str) -> str:
    return key.removesuffix(".wav") + ".json"


def _began(raw: RawRecording, seconds: float) -> datetime:
    """When the contact arrived: in its id (UUIDv7, RFC 9562), else from the file."""
    try:
        number = UUID(raw.contact)
    except ValueError:
        number = None
    if number is not None and number.version == 7:
        return datetime.fromtimestamp((number.int >> 80) / 1000, UTC)
    present = raw.customer if raw.customer.exists() else raw.heard
    return datetime.fromtimestamp(present.stat().st_mtime - seconds, UTC)


def peaks(samples: NDArray[np.int16], length: int) -> list[float]:
    """At most `PEAKS` values 0..1, each the loudest of its share of `length` samples."""
    count = min(PEAKS, length)
    starts = np.linspace(0, length, count + 1).astype(int)[:-1]
    starts = starts[starts < samples.size]
    if not starts.size:
        return [0.0] * count
    # One pass over the map; slicing it share by share cost more than all else here.
    part = np.asarray(samples[:length])
    high, low = np.maximum.reduceat(part, starts), np.minimum.reduceat(part, starts)
    loudest = np.maximum(high.astype(np.int32), -low.astype(np.int32)) / 32768
    return [round(value, 3) for value in loudest.tolist()] + [0.0] * (count - starts.size)


def _write_stereo(path: Path, left: NDArray[np.int16], right: NDArray[np.int16], length: int) -> None:
    """A minute at a time, so that a long call costs no memory."""
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE)
        for start in range(0, length, BLOCK):
            block = np.zeros((min(BLOCK, length - start), 2), dtype="<i2")
            for side, samples in enumerate((left, right)):
                part = samples[start : start + BLOCK]
                block[: part.size, side] = part
            wav.writeframes(block.tobytes())


def _samples(path: Path) -> NDArray[np.int16]:
    """Mapped, not read. By the file's length, not its header's: a crash leaves the header unfinished."""
    if not path.exists():
        return np.zeros(0, dtype="<i2")
    with path.open("rb") as wav:
        start = wav.read(256).find(b"data") + 8
    count = (path.stat().st_size - start) // 2
    if start < 8 or count <= 0:
        return np.zeros(0, dtype="<i2")
    return np.memmap(path, dtype="<i2", mode="r", offset=start, shape=(count,))


def _is_whole(path: Path) -> bool:
    """Asterisk writes the lengths into the header when it closes the file."""
    try:
        about = path.stat()
        with path.open("rb") as wav:
            header = wav.read(8)
    except OSError:
        return False
    closed = int.from_bytes(header[4:8], "little") + 8 >= about.st_size > HEADER_BYTES
    return closed or time.time() - about.st_mtime > ABANDONED_SECONDS


def _contacts_in(folder: Path) -> list[tuple[ContactId, int, int]]:
    """With the attempt to call back that was recorded, or 0, and the step of a message, or 0."""
    if not folder.is_dir():
        return []
    names = sorted({path.name.rsplit("-", 1)[0] for path in folder.glob("*.wav")})
    return [_recorded_as(name) for name in names]


def _recorded_as(name: str) -> tuple[ContactId, int, int]:
    whose, _, step = name.partition(".")
    contact, _, attempt = whose.partition("_")
    return ContactId(contact), int(attempt) if attempt.isdigit() else 0, int(step) if step.isdigit() else 0
