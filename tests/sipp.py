"""Callers: real sipp does the signalling by the scenarios in `journeys/sipp`, `rtp.RtpPort` does the sound.

sipp 3.6.1 plays RTP but throws received RTP away, and presses keys only through raw sockets, that is as root. So
the scenario's SDP names a port of ours (key `rtp_port`), where the tone is sent from, keys are pressed by RFC 4733,
and everything heard is kept. To hang up at a chosen moment, the test sends sipp a MESSAGE with the call's Call-ID;
the scenario then says BYE (sipp's own "quit" does not end calls once `-m` is reached: src/sipp.cpp, traffic_thread).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests import peers, tones
from tests.rtp import RtpPort

SCENARIOS = Path(__file__).parent / "journeys" / "sipp"
BEAT_SECONDS = 0.05


async def until(what: str, condition: Callable[[], bool], timeout_seconds: float = 30.0) -> None:
    """Waits for a condition that costs nothing to ask."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_seconds:g} s: {what}")
        await asyncio.sleep(BEAT_SECONDS)


class Callers:
    """One sipp with one or many calls. Leaving `dial` hangs up whatever is left."""

    def __init__(self, sipp: subprocess.Popen[bytes], rtp: RtpPort, folder: Path, line: Signalling) -> None:
        self._sipp = sipp
        self._rtp = rtp
        self._folder = folder
        self._line = line

    def press(self, key: str) -> None:
        self._rtp.press(key)

    def say(self, sound: tones.Samples) -> None:
        """Into every call, then silence."""
        self._rtp.say(sound)

    async def say_until(self, sound: tones.Samples, done: Callable[[], bool], timeout_seconds: float = 80.0) -> None:
        """Says it again every ten seconds, as people do who were not understood."""
        await until("the centre speaks to the caller", lambda: self.lines() > 0)
        deadline = time.monotonic() + timeout_seconds
        while not done():
            assert time.monotonic() < deadline, f"it was not understood for {timeout_seconds:g} s"
            self.say(sound)
            with contextlib.suppress(AssertionError):
                await until("it was understood", done, 10.0)

    def pressed(self) -> str:
        """The keys that came from the other side."""
        return self._rtp.pressed()

    async def press_until(self, key: str, done: Callable[[], bool], timeout_seconds: float = 30.0) -> None:
        """Presses again every second, as people do who were not heard during the greeting."""
        await until("the centre speaks to the caller", lambda: self.lines() > 0)
        deadline = time.monotonic() + timeout_seconds
        while not done():
            assert time.monotonic() < deadline, f"key {key} did nothing for {timeout_seconds:g} s"
            self.press(key)
            with contextlib.suppress(AssertionError):
                await until("the key worked", done, 1.0)

    def lines(self) -> int:
        """How many of the calls hear something."""
        return self._rtp.lines()

    def heard(self, seconds: float = 0.4) -> tones.Samples:
        return self._rtp.heard(seconds)

    def hears(self, frequency: float, seconds: float = 0.4) -> bool:
        """Was it this tone, and all the time?"""
        samples = self._rtp.heard(seconds)
        return samples.size > 0.7 * seconds * tones.TELEPHONE_RATE and tones.is_heard(samples, frequency)

    async def wait_to_hear(self, frequency: float, timeout_seconds: float = 30.0) -> None:
        await until(f"{frequency:g} Hz at the caller", lambda: self.hears(frequency), timeout_seconds)

    async def wait_to_hear_other(self, frequency: float, timeout_seconds: float = 30.0) -> None:
        """Sound, but not of this frequency: speech or music."""

        def other() -> bool:
            samples = self.heard(0.5)
            return tones.loudness(samples) > 0.005 and tones.level(samples, frequency) < tones.AUDIBLE_LEVEL

        await until(f"sound other than {frequency:g} Hz at the caller", other, timeout_seconds)

    async def wait_for_silence_of(self, frequency: float, timeout_seconds: float = 30.0) -> None:
        def gone() -> bool:
            return tones.level(self.heard(0.4), frequency) < tones.AUDIBLE_LEVEL / 2

        await until(f"no {frequency:g} Hz at the caller", gone, timeout_seconds)

    @property
    def over(self) -> bool:
        return self._sipp.poll() is not None

    async def wait_until_over(self, timeout_seconds: float = 30.0) -> None:
        """The other side ended the call (every call), as the scenario expects it."""
        await until("sipp's calls are over", lambda: self.over, timeout_seconds)
        assert self._sipp.returncode == 0, self.errors()

    async def ask(self) -> None:
        """What the scenario does at a MESSAGE."""
        await self._line.ask_to_hang_up()

    async def hang_up(self) -> None:
        """The callers end every call that still goes on."""
        deadline = time.monotonic() + 30
        while not self.over and time.monotonic() < deadline:
            await self._line.ask_to_hang_up()
            with contextlib.suppress(AssertionError):
                await until("sipp is gone", lambda: self.over, 3.0)
        assert self.over, self.errors()

    def vanish(self) -> None:
        """No BYE, as when the power goes: for calls whose other side is no longer there."""
        self._sipp.kill()
        self._sipp.wait()

    def errors(self) -> str:
        texts = [f"sipp ended with {self._sipp.returncode}"]
        for file in (*sorted(self._folder.glob("*.log")), self._folder / "screen.txt"):
            text = file.read_text(errors="replace") if file.exists() else ""
            texts.append(f"--- {file.name}\n{text[:2000]}\n...\n{text[-3000:]}")
        return "\n".join(texts)


class Called(Callers):
    """Somebody outside who is called; rings until told to answer."""

    def invite(self) -> str:
        """The first INVITE as it came; empty before it has."""
        log = self._folder / "messages.log"
        _, _, invite = (log.read_text(errors="replace") if log.exists() else "").partition("INVITE sip:")
        return invite

    async def rings(self) -> None:
        await until("the customer's phone rings", lambda: "Call-ID: " in self.invite())

    async def answer(self) -> None:
        self._line.ask(self.invite().partition("Call-ID: ")[2].splitlines()[0].strip())

    async def hang_up(self) -> None:
        """Only the other side does; at the end of a test sipp is killed."""


class Signalling:
    """Where sipp listens, and how its calls are called."""

    def __init__(self, calls: int, port: int = 0) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", port))
            self.port: int = probe.getsockname()[1]
        self._calls = calls
        self._token = secrets.token_hex(8)

    @property
    def call_ids(self) -> str:
        """For sipp's `-cid_str`."""
        return f"%u-{self._token}"

    async def ask_to_hang_up(self) -> None:
        """Every call, at a pace that sipp's socket can take."""
        for number in range(1, self._calls + 1):
            self.ask(f"{number}-{self._token}")
            if number % 20 == 0:
                await asyncio.sleep(BEAT_SECONDS)

    def ask(self, call_id: str) -> None:
        """A MESSAGE with this Call-ID: what it means is for the scenario to say."""
        message = (
            f"MESSAGE sip:caller@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{secrets.token_hex(4)}\r\n"
            f"From: <sip:test@127.0.0.1>;tag=t\r\nTo: <sip:caller@127.0.0.1>\r\n"
            f"Call-ID: {call_id}\r\nCSeq: 9 MESSAGE\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(message.encode(), ("127.0.0.1", self.port))


def caller_header(ani: str | None) -> tuple[str, str]:
    """The From address and the Privacy of a caller; None: the number is withheld (RFC 3323)."""
    if ani is None:
        return '"Anonymous" <sip:anonymous@anonymous.invalid>', "id"
    return f"<sip:{ani}@127.0.0.1>", "none"


@asynccontextmanager
async def dial(
    sip_port: int,
    number: str,
    *,
    ani: str | None = "+79160000000",
    tone: float | None = tones.CUSTOMER_TONE,
    scenario: str = "call",
    calls: int = 1,
    calls_per_second: int = 50,
    words: Mapping[str, str] | None = None,
) -> AsyncIterator[Callers]:
    """Calls `number` at 127.0.0.1, all calls from the same `ani`; None withholds it. `words`: what else the scenario has in brackets."""
    caller, privacy = caller_header(ani)
    line = Signalling(calls)
    options = [
        f"127.0.0.1:{sip_port}", "-s", number, "-cid_str", line.call_ids, "-l", str(calls), "-r", str(calls_per_second),
        "-key", "caller", caller, "-key", "privacy", privacy,
        *(part for name, word in (words or {}).items() for part in ("-key", name, word)),
    ]  # fmt: skip
    with _sipp(scenario, line, tone, options, calls=calls) as (sipp, rtp, folder):
        callers = Callers(sipp, rtp, folder, line)
        try:
            yield callers
        finally:
            await callers.hang_up()


@contextmanager
def called(port: int, tone: float = tones.CUSTOMER_TONE, *, scenario: str = "answer") -> Iterator[Called]:
    """Whoever is called at this port of the loopback, once: "answer" waits to be told so, "busy" is on another call."""
    line = Signalling(1, port)
    with _sipp(scenario, line, tone, [], calls=1) as (sipp, rtp, folder):
        customer = Called(sipp, rtp, folder, line)
        deadline = time.monotonic() + 30.0
        while not _is_taken(port):  # who calls before is told that nobody is there
            assert not customer.over and time.monotonic() < deadline, customer.errors()
            time.sleep(0.01)
        yield customer


def _is_taken(port: int) -> bool:
    """Looked up, as a trial would take the UDP port from whoever is about to."""
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return any(int(line.split()[1].rpartition(":")[2], 16) == port for line in lines)


@contextmanager
def _sipp(
    scenario: str, line: Signalling, tone: float | None, options: Sequence[str], *, calls: int
) -> Iterator[tuple[subprocess.Popen[bytes], RtpPort, Path]]:
    with tempfile.TemporaryDirectory(prefix="otklik-sipp-") as name, RtpPort(tone) as rtp:
        folder = Path(name)
        command = [
            *peers.sipp(), *options, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-m", str(calls),
            "-i", "127.0.0.1", "-p", str(line.port), "-key", "rtp_port", str(rtp.port), "-nostdin", "-aa",
            "-trace_err", "-error_file", str(folder / "errors.log"),
            "-trace_msg", "-message_file", str(folder / "messages.log"), "-timeout", "180", "-timeout_error",
        ]  # fmt: skip
        with (folder / "screen.txt").open("wb") as screen:
            sipp = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=screen, stderr=subprocess.STDOUT,
                env={**os.environ, "TERM": "dumb"},
            )  # fmt: skip
        try:
            yield sipp, rtp, folder
        finally:
            sipp.kill()
            sipp.wait()
