"""A telephone on somebody's desk: real baresip, told what to do over its `ctrl_tcp`, saying a tone, keeping what it hears.

baresip 1.0.0: what is heard is written by its module `sndfile`; a sound card is not needed, but some player has to be named.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from tests import peers, tones
from tests.product import free_port
from tests.sipp import until

MODULES = ("stdio", "g711", "account", "menu", "aufile", "aubridge", "sndfile", "ctrl_tcp")
TALKS_SECONDS = 120.0
HEARD_SECONDS = 0.5


class Telephone:
    """Registered, or trying to be. One call at a time."""

    def __init__(self, folder: Path, control: int, program: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self._control = control
        self._program = program

    async def lift(self) -> None:
        """Takes the call that rings."""
        await self._tell("accept")

    async def hang_up(self) -> None:
        await self._tell("hangup")

    def pull_the_plug(self) -> None:
        """It is gone without a word."""
        self._program.kill()
        self._program.wait()

    async def rings(self) -> None:
        await until("the desk telephone rings", lambda: "Incoming call" in self.output(), 20.0)

    def output(self) -> str:
        return (self._folder / "output.txt").read_text(errors="replace")

    def heard(self) -> tones.Samples:
        """The last half second of the latest call; empty before any."""
        dumps = sorted(self._folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        if not dumps:
            return np.zeros(0)
        content = dumps[-1].read_bytes()[44:]
        samples = np.frombuffer(content[: len(content) // 2 * 2], dtype="<i2")
        return samples[-int(HEARD_SECONDS * tones.TELEPHONE_RATE) :].astype(np.float64) / 32768

    async def wait_to_hear(self, frequency: float) -> None:
        def hears() -> bool:
            samples = self.heard()
            return samples.size > 1000 and tones.is_heard(samples, frequency)

        try:
            await until(f"{frequency:g} Hz at the desk telephone", hears)
        except AssertionError as error:
            error.add_note(self.output()[-3000:])
            raise

    async def _tell(self, command: str) -> None:
        """As a netstring of JSON."""
        text = json.dumps({"command": command, "params": "", "token": "t"})
        reader, writer = await asyncio.open_connection("127.0.0.1", self._control)
        writer.write(f"{len(text)}:{text},".encode())
        await writer.drain()
        async with asyncio.timeout(30):
            while b'"response":true' not in (answer := await reader.readuntil(b",")):
                assert answer, self.output()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def telephone(
    folder: Path, sip_port: int, user: str, password: str, frequency: float = tones.AGENT_TONE
) -> AsyncIterator[Telephone]:
    """Registers at 127.0.0.1 by this account; what it says is a tone."""
    folder.mkdir(parents=True, exist_ok=True)
    command, control = peers.baresip(), free_port()
    sound = tones.tone(frequency, TALKS_SECONDS, tones.TELEPHONE_RATE)
    (folder / "says.wav").write_bytes(tones.wav([sound], tones.TELEPHONE_RATE))
    first_rtp = 33_000 + os.getpid() % 100 * 20
    lines = [
        f"module_path {peers.baresip_modules()}", "sip_listen 127.0.0.1:0",
        f"rtp_ports {first_rtp}-{first_rtp + 19}", "audio_srate 8000", "audio_channels 1",
        f"audio_source aufile,{folder / 'says.wav'}", "audio_player aubridge,nobody", f"snd_path {folder}",
        f"ctrl_tcp_listen 127.0.0.1:{control}", *(f"module {name}.so" for name in MODULES),
    ]  # fmt: skip
    (folder / "config").write_text("\n".join(lines) + "\n")
    (folder / "accounts").write_text(f"<sip:{user}@127.0.0.1:{sip_port}>;auth_pass={password};regint=60\n")
    (folder / "contacts").write_text("")
    with (folder / "output.txt").open("wb") as output:
        program = subprocess.Popen(
            [*command.argv, "-f", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **command.env},
        )
    try:
        yield Telephone(folder, control, program)
    finally:
        program.kill()
        program.wait()
