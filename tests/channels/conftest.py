"""A real Asterisk for these tests, started once: hold music and speech are steady tones, so that an ear can tell them."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import obstore
import pytest
from obstore.store import LocalStore

from otklik.channels.voice.ami import AmiAddress
from otklik.channels.voice.ari import AriAddress
from otklik.channels.voice.asterisk import AsteriskVoice
from otklik.channels.voice.calling_back import Trunk
from otklik.channels.voice.simulator import SimulatedVoice
from otklik.channels.voice.speech import write_wav
from otklik.channels.voice.tunes import CLASSES
from otklik.contact.configuration import Speech
from otklik.embedded import asterisk as embedded
from otklik.embedded.asterisk_plan import TRUNK
from otklik.prompts.texts import OBJECTS
from tests import tones
from tests.channels.inbox import Inbox
from tests.channels.lab import (
    CUSTOMER_TONE,
    MUSIC_TONE,
    OWN_MUSIC,
    OWN_TONE,
    SPEECH_SECONDS,
    SPEECH_TONE,
    AsteriskLab,
    Lab,
    SimulatedLab,
    Understands,
)
from tests.product import free_port
from tests.sip_phone import SipPhone

RTP_PORTS = 400
TUNES = "tunes"
LOOPBACK = "127.0.0.1"


class ToneSpeech:
    """`SpeechRenderer`: every text is the same tone, that of "long" lasts 12 s. The text "missing" has no file behind it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        write_wav(folder / "tone.wav", tones.tone(SPEECH_TONE, SPEECH_SECONDS, tones.TELEPHONE_RATE, amplitude=0.2))
        write_wav(folder / "long.wav", tones.tone(SPEECH_TONE, 12, tones.TELEPHONE_RATE, amplitude=0.2))

    async def render(self, speech: Speech) -> Path:
        return self._folder / f"{speech.text if speech.text in ('missing', 'long') else 'tone'}.wav"


@pytest.fixture(scope="session")
def cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("OTKLIK_CACHE_DIR") or home / "otklik")


@pytest.fixture(scope="session")
async def found(cache: Path) -> embedded.AsteriskFound:
    return embedded.find(cache) or await embedded.fetch(cache, lambda _stage, _share: None)


@pytest.fixture(scope="session")
async def asterisk(
    found: embedded.AsteriskFound, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[embedded.EmbeddedAsterisk]:
    folder = tmp_path_factory.mktemp("asterisk")
    music = folder / "music"
    write_wav(music / "tone.wav", tones.tone(MUSIC_TONE, 10, tones.TELEPHONE_RATE, amplitude=0.2))
    first_rtp = 20_000 + secrets.randbelow(80) * RTP_PORTS // 2 * 2
    sip_port = free_port()
    plan = embedded.AsteriskPlan(
        folder=folder / "run",
        sip_port=sip_port,
        rtp_ports=(first_rtp, first_rtp + RTP_PORTS),
        music=music,
        classes=folder / TUNES / CLASSES,
        trunk_addresses=("127.0.0.1",),
    )
    running = await embedded.start(plan, found)
    yield running
    await running.stop()


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> ToneSpeech:
    return ToneSpeech(tmp_path_factory.mktemp("speech"))


@pytest.fixture
async def asterisk_lab(
    asterisk: embedded.EmbeddedAsterisk, speech: ToneSpeech, tmp_path: Path
) -> AsyncIterator[AsteriskLab]:
    objects = LocalStore(tmp_path / "objects", mkdir=True)
    recogniser = Understands()

    def voice() -> AsteriskVoice:
        return AsteriskVoice(
            AriAddress(url=asterisk.ari_url, user=asterisk.ari_user, password=asterisk.ari_password),
            AmiAddress(
                host=asterisk.ami_host, port=asterisk.ami_port, user=asterisk.ami_user, password=asterisk.ami_password
            ),
            speech=speech,
            recogniser=recogniser,
            recordings=asterisk.recordings,
            music=asterisk.plan.music.parent / TUNES,
            objects=objects,
            phone="sip",
            trunk=trunk,
        )

    own = tones.wav([tones.tone(OWN_TONE, 2, tones.TELEPHONE_RATE, amplitude=0.2)], tones.TELEPHONE_RATE)
    await obstore.put_async(objects, OBJECTS.format(OWN_MUSIC), own)
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(
            SipPhone("outside", (LOOPBACK, asterisk.plan.sip_port), tone=CUSTOMER_TONE)
        )
        trunk = Trunk(endpoint=TRUNK, host=f"{LOOPBACK}:{outside.port}")
        lab = AsteriskLab(asterisk, voice, Inbox(), objects, stack, outside, recogniser)
        await lab.start()
        yield lab
        await lab.finish()


@pytest.fixture
async def simulated_lab() -> AsyncIterator[SimulatedLab]:
    lab = SimulatedLab(SimulatedVoice(speech_seconds=SPEECH_SECONDS), Inbox())
    await lab.voice.start(lab.inbox)
    yield lab
    await lab.voice.close()


@pytest.fixture(params=["simulator", "asterisk"])
def lab(request: pytest.FixtureRequest) -> Lab:
    """Both switches, one after the other."""
    name = {"simulator": "simulated_lab", "asterisk": "asterisk_lab"}[request.param]
    found: Lab = request.getfixturevalue(name)
    return found
