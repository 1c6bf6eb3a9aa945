"""A tree of Asterisk from the user's cache (fetched once per machine), and one Asterisk that several tests share."""

from __future__ import annotations

import os
import tempfile
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from otklik.embedded import asterisk
from otklik.embedded.asterisk import AsteriskFound, AsteriskPlan, EmbeddedAsterisk, Phone
from tests.product import free_port

PHONE = Phone(user="101", password="desk-phone-password", name="Иван Петров")


@pytest.fixture(scope="session")
def cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("OTKLIK_CACHE_DIR") or home / "otklik")


@pytest.fixture(scope="session")
async def found(cache: Path) -> AsteriskFound:
    return asterisk.find(cache) or await asterisk.fetch(cache, lambda text, share: None)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """pytest's own folders are so long that sockets move to /tmp; most installations have short ones."""
    with tempfile.TemporaryDirectory(prefix="otklik-test-") as name:
        yield Path(name)


def write_wav(path: Path, seconds: float = 0.2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\x00\x10" * int(8000 * seconds))
    return path


def plan_in(folder: Path) -> AsteriskPlan:
    music = folder / "music"
    music.mkdir()
    write_wav(music / "hold.wav")
    return AsteriskPlan(
        folder=folder / "asterisk",
        sip_port=free_port(),
        rtp_ports=(32000, 32099),
        music=music,
        trunk_addresses=("127.0.0.1",),
        phones=(PHONE,),
        announcement=folder / "announcement.wav",
    )


@pytest.fixture(scope="session")
async def running(found: AsteriskFound, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedAsterisk]:
    server = await asterisk.start(plan_in(tmp_path_factory.mktemp("asterisk")), found)
    try:
        yield server
    finally:
        await server.stop()
