"""Telephony as a part of the program: find or fetch Asterisk, start it, join the adapter to it; or say what to do.

Everything else runs without it. What failed for want of a network is tried again every half minute. Where several
processes share the work one keeps Asterisk running (`address` tells how to reach it) and others join it (`Joining`).
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from obstore.store import ObjectStore

from otklik.assembly.demo import Demo
from otklik.assembly.late import LateVoice
from otklik.assembly.own_asterisk import ami_address, music_finding
from otklik.assembly.recognisers import recogniser_of
from otklik.assembly.report import Progress, url
from otklik.assembly.voices import program_findings, programs_of, server_of, voice_findings
from otklik.channels.voice.ami import AmiAddress
from otklik.channels.voice.ari import AriAddress
from otklik.channels.voice.asterisk import AsteriskVoice
from otklik.channels.voice.calling_back import Trunk
from otklik.channels.voice.demo import DemoCustomers
from otklik.channels.voice.music import hold_music
from otklik.channels.voice.programs import ProgramSpeech
from otklik.channels.voice.recorded import Recorded
from otklik.channels.voice.served import ServedSpeech
from otklik.channels.voice.speech import EspeakSpeech, forget_unused, join_wavs
from otklik.channels.voice.tunes import CLASSES, tidy_classes
from otklik.contact.configuration import Configuration, Speech
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.ports import Inbox, Recogniser, SpeechRenderer
from otklik.embedded import asterisk, findings, ports
from otklik.embedded.asterisk_plan import TRUNK
from otklik.embedded.child import Command
from otklik.embedded.faults import Unavailable
from otklik.embedded.findings import Finding
from otklik.errors import AppError, PeerError
from otklik.settings import Settings

log = structlog.get_logger()

MUSIC = "music"
"""Beside the texts that are spoken: what queues play."""
RETRY_SECONDS = 30.0
LOOK_SECONDS = 1.0
UNAVAILABLE = (
    Speech(text="Сейчас ответить невозможно. Пожалуйста, перезвоните через несколько минут.", language="ru"),
    Speech(text="We cannot answer at the moment. Please call again in a few minutes.", language="en"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """To an Asterisk that another process keeps. `find`: what that process says of it, None before it does.
    `claim` returns when nobody else uses the switch of this name and we lead somebody whose calls it has: before that
    they would be taken for strangers'. `hold` sees to it that the switch stays ours."""

    find: Callable[[], dict[str, Any] | None]
    claim: Callable[[str], Awaitable[None]]
    hold: Callable[[], Awaitable[None]]


class Telephony:
    """`prepare` once, `start` when the switchboard runs, then `run` in the background, `stop` at the end."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        objects: ObjectStore,
        demo: Demo | None,
        show: Progress,
        own_pids: Sequence[int] = (),
        *,
        joining: Joining | None = None,
        before: dict[str, Any] | None = None,
    ) -> None:
        """`before`: the `address` of an earlier run; the same ports are taken again if they are free."""
        self.voice = LateVoice(calls_out=settings.trunk_out is not None)
        self.objects = objects
        self.customers: DemoCustomers | None = None
        self._settings = settings
        self._folder = folder
        self._prompts = settings.asterisk_sounds_dir or folder / "prompts"
        self._demo = demo
        self._show = show
        self._own_pids = own_pids
        self._joining = joining
        self._before = before or {}
        self._address: dict[str, Any] | None = None
        self._asterisk: asterisk.EmbeddedAsterisk | None = None
        self._real: AsteriskVoice | None = None
        self._ws_url: str | None = None
        self._unavailable: tuple[EspeakSpeech, Path] | None = None
        self._served: ServedSpeech | None = None
        self._programs: ProgramSpeech | None = None
        self._recogniser: Recogniser | None = None

    def sip_upstream(self) -> str | None:
        """Where `/sip` leads; None while there is no Asterisk."""
        return self._ws_url

    def hung_up(self, contact: ContactId, offer: OfferNumber) -> None:
        """See `AsteriskVoice.hung_up`."""
        if self._real is not None:
            self._real.hung_up(contact, offer)

    @property
    def recogniser(self) -> Recogniser | None:
        return self._recogniser

    def processes(self) -> dict[str, int | None]:
        return {"asterisk": self._asterisk.pid} if self._asterisk else {}

    async def prepare(self) -> None:
        """Have an Asterisk running, if that is possible now. Raises `AppError` only for a port that is taken."""
        if self._settings.telephony == "off":
            self.voice.advice = _OFF
            return
        if self._settings.asterisk_ari_url:
            await self._join_own(self._settings.asterisk_ari_url, self._settings.asterisk_ami_url or "")
            return
        if self._joining is not None:
            self._join_kept(self._joining.find())
            return
        try:
            await self._start_embedded()
        except Unavailable as missing:
            self._lacks(missing.message("ru"), missing.message("en"))
        except OSError as error:
            unusable = AppError("telephony_folder", 503, folder=str(self._settings.cache_dir), reason=str(error))
            self._lacks(unusable.message("ru"), unusable.message("en"))

    async def start(self, inbox: Inbox) -> None:
        await self.voice.start(inbox)
        if self._real is not None and self._joining is None:
            await self.voice.attach(self._real)

    async def run(self) -> None:
        """Until there is an Asterisk, try again; then nothing more to do (the launcher watches its own child)."""
        if self._joining is not None:
            await self._run_joined(self._joining)
            return
        await self._render_announcement()
        while self._settings.telephony == "auto" and self._real is None:
            await asyncio.sleep(RETRY_SECONDS)
            try:
                await self.prepare()
            except AppError as refused:
                self._lacks(refused.message("ru"), refused.message("en"))
            if self._real is not None:
                await self.voice.attach(self._real)
                self._show.line("Телефония работает / telephony is running")
                await self._render_announcement()

    async def _run_joined(self, joining: Joining) -> None:
        """Raises `PeerError` if Asterisk moves to other ports: the next start of ours finds it there."""
        while self._settings.telephony == "auto" and self._real is None:
            await asyncio.sleep(LOOK_SECONDS)
            await self.prepare()
        if self._real is None or self._address is None:
            return
        self.voice.advice = _STANDING_BY
        await joining.claim(_switch_name(self._address["ari_url"]))
        await self.voice.attach(self._real)
        async with asyncio.TaskGroup() as group:
            group.create_task(_until_done(joining.hold()), name="switch")
            # A file that another process writes tells nobody of itself.
            while self._settings.asterisk_ari_url or (joining.find() or self._address) == self._address:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            raise PeerError("telephony", "Asterisk has other ports now", retryable=True)

    @property
    def found(self) -> bool:
        """Is it known which switch is ours?"""
        return self._address is not None

    def address(self) -> dict[str, Any]:
        """How another process reaches the Asterisk that runs here; or only the advice, if there is none."""
        return self._address or {"advice": self.voice.advice}

    async def stop(self) -> None:
        await self.voice.close()
        if self._served is not None:
            await self._served.close()
        if self._recogniser is not None:
            await self._recogniser.close()
        if self._asterisk is not None:
            await self._asterisk.stop()

    async def findings(self) -> list[findings.Finding]:
        """What this machine has and lacks, telephony and everything else; `doctor` and the System screen show it."""
        settings = self._settings
        listen = "0.0.0.0" if settings.public_address else "127.0.0.1"
        own = [pid for pid in (os.getpid(), *self._own_pids, *self.processes().values()) if pid is not None]
        machine, *voices = await asyncio.gather(
            findings.examine(
                findings.Setup(
                    cache=settings.cache_dir,
                    data=settings.data_dir,
                    url=url(settings),
                    ports=(
                        _wanted(settings.http_host, settings.http_port, "tcp", "HTTP", "OTKLIK_HTTP_PORT"),
                        _wanted(listen, settings.sip_port, "udp", "SIP", "OTKLIK_SIP_PORT"),
                    ),
                    asterisk_is_external=settings.asterisk_ari_url is not None,
                    database_is_external=settings.database_url is not None,
                    own_pids=own,
                )
            ),
            voice_findings(server_of(settings), self._served),
            program_findings(programs_of(settings), self._programs),
        )
        return [*machine, *chain.from_iterable(voices)]

    async def own_findings(self, set_up: Sequence[Configuration]) -> list[Finding]:
        """Of an Asterisk of the installation's own."""
        settings = self._settings
        url = settings.asterisk_ami_url if settings.asterisk_ari_url and settings.telephony != "off" else None
        return [await music_finding(url, self._prompts / MUSIC, set_up)] if url else []

    async def _render_announcement(self) -> None:
        """What callers hear from Asterisk alone while this program is down."""
        if self._unavailable is None:
            return
        speech, file = self._unavailable
        try:
            spoken = [await speech.render(text) for text in UNAVAILABLE]
            await asyncio.to_thread(join_wavs, spoken, file)
        except (PeerError, OSError) as error:
            log.warning("announcement_not_rendered", reason=str(error))

    def _lacks(self, ru: str, en: str) -> None:
        """Told once on the terminal, and on every screen while it lasts."""
        advice = {"ru": ru, "en": en}
        if advice != self.voice.advice:
            log.error("telephony_missing", reason=en)
            self._show.line(f"Телефонии пока нет / no telephony yet:\n  {ru}\n  {en}")
        self.voice.advice = advice

    async def _start_embedded(self) -> None:
        settings = self._settings
        found = asterisk.find(settings.cache_dir)
        if found is None:
            found = await asterisk.fetch(settings.cache_dir, self._show.step)
        self._show.line(f"Asterisk {found.version}…")
        music = self._folder / "music"
        await asyncio.to_thread(hold_music, music)
        classes = self._prompts / MUSIC / CLASSES
        await asyncio.to_thread(tidy_classes, classes.parent, time.time())
        first, last = settings.rtp_range
        plan = asterisk.AsteriskPlan(
            folder=self._folder / "asterisk",
            sip_port=settings.sip_port,
            rtp_ports=(first, last),
            public_address=settings.public_address,
            trunk_addresses=_trunks(settings),
            calls_out=settings.trunk_out is not None,
            stun=_stun_host(settings),
            phones=self._demo.phones if self._demo else (),
            music=music,
            classes=classes,
            announcement=self._folder / "prompts" / "unavailable.wav",
            http_port=_free_again(urlsplit(self._before.get("ari_url", "")).port),
            ami_port=_free_again(self._before.get("ami_port")),
        )
        running = self._asterisk = await asterisk.start(plan, found, lambda text: log.info("asterisk", text=text))
        self._join(
            AriAddress(url=running.ari_url, user=running.ari_user, password=running.ari_password),
            _ami(running.ami_host, running.ami_port, running.ami_user, running.ami_password),
            found.espeak,
            running.recordings,
            running.certificate,
        )
        self._ws_url = running.ws_url
        self._address = {
            "ari_url": running.ari_url,
            "ari_user": running.ari_user,
            "ari_password": running.ari_password,
            "ami_host": running.ami_host,
            "ami_port": running.ami_port,
            "ami_user": running.ami_user,
            "ami_password": running.ami_password,
            "ws_url": running.ws_url,
            "recordings": str(running.recordings),
            "certificate": str(running.certificate),
            "advice": None,
        }

    def _join_kept(self, found: dict[str, Any] | None) -> None:
        """The Asterisk that another process of ours keeps running."""
        if found is None or "ari_url" not in found:
            advice = (found or {}).get("advice") or _NOT_KEPT
            self._lacks(advice["ru"], advice["en"])
            return
        self._join(
            AriAddress(url=found["ari_url"], user=found["ari_user"], password=found["ari_password"]),
            _ami(found["ami_host"], found["ami_port"], found["ami_user"], found["ami_password"]),
            asterisk.find_espeak(self._settings.cache_dir),
            Path(found["recordings"]),
            Path(found["certificate"]),
        )
        self._ws_url, self._address = found["ws_url"], found

    async def _join_own(self, ari_url: str, ami_url: str) -> None:
        """An Asterisk of the installation's own; prompts and recordings go through folders both can reach."""
        ari = urlsplit(ari_url)
        await _tidy(self._prompts / MUSIC)
        address = f"{ari.scheme}://{ari.hostname}:{ari.port or 8088}"
        self._join(
            AriAddress(url=address, user=unquote(ari.username or ""), password=unquote(ari.password or "")),
            ami_address(ami_url),
            asterisk.find_espeak(self._settings.cache_dir),
            self._settings.asterisk_recordings_dir or self._folder / "asterisk" / "recordings",
        )
        self._ws_url = address.replace("http", "ws", 1) + "/ws"
        self._address = {"ari_url": address}

    def _join(
        self,
        ari: AriAddress,
        ami: AmiAddress,
        espeak: Command | None,
        recordings: Path,
        certificate: Path | None = None,
    ) -> None:
        prompts = self._prompts
        for folder in (prompts, prompts / "served", prompts / "programs"):
            forget_unused(folder, time.time())
        speech = EspeakSpeech(espeak.argv if espeak else (), prompts, environment=espeak.env if espeak else None)
        self._unavailable = (speech, prompts / "unavailable.wav")
        out = self._settings.trunk_out
        self._recogniser = recogniser_of(self._settings)
        self._real = AsteriskVoice(
            ari,
            ami,
            recogniser=self._recogniser,
            speech=Recorded(self._voices(speech, prompts), self.objects, prompts / "recorded"),
            recordings=recordings,
            music=prompts / MUSIC,
            objects=self.objects,
            certificate=certificate,
            trunk=Trunk(endpoint=TRUNK, host=out) if out is not None else None,
        )
        self.customers = DemoCustomers(ari, speech)

    def _voices(self, own: EspeakSpeech, prompts: Path) -> SpeechRenderer:
        """A server's, if there is one, before the programs of this machine, and those before our own."""
        programs, server = programs_of(self._settings), server_of(self._settings)
        behind: SpeechRenderer = own
        if programs:
            behind = self._programs = ProgramSpeech(programs, own, prompts / "programs")
        if server is None:
            return behind
        self._served = ServedSpeech(server, behind, prompts / "served")
        return self._served


def refuse_taken_sip_port(settings: Settings) -> None:
    """Told before anything is started. Raises `AppError("port_in_use")`."""
    if settings.telephony == "off" or settings.asterisk_ari_url:
        return
    address = "0.0.0.0" if settings.public_address else "127.0.0.1"
    kinds: tuple[ports.Kind, ...] = ("udp", "tcp")
    for kind in kinds:
        if not ports.is_free(address, settings.sip_port, kind):
            purpose = f"SIP, {kind.upper()}"
            raise AppError("port_in_use", 503, port=settings.sip_port, purpose=purpose, setting="OTKLIK_SIP_PORT")


def _trunks(settings: Settings) -> tuple[str, ...]:
    """While only this machine can reach us, its telephones may also call from its other addresses."""
    own = [] if settings.public_address else findings.addresses()
    return tuple(dict.fromkeys((*settings.trunk_addresses, *own)))


def _stun_host(settings: Settings) -> str | None:
    """Asterisk takes one server, without a scheme."""
    return settings.stun_urls[0].partition(":")[2].partition("?")[0] if settings.stun_urls else None


def _ami(host: str, port: int, user: str, password: str) -> AmiAddress:
    return AmiAddress(host=host, port=port, user=user, password=password)


async def _tidy(music: Path) -> None:
    try:
        await asyncio.to_thread(tidy_classes, music, time.time())
    except OSError as error:
        advice = "Otklik must be able to write to this folder, and Asterisk to read it; until then queues have the usual music"
        log.error("music_folder_unusable", folder=str(music), reason=str(error), advice=advice)


async def _until_done(work: Awaitable[None]) -> None:
    await work


def _free_again(port: int | None) -> int | None:
    return port if port and ports.is_free("127.0.0.1", port, "tcp") else None


def _switch_name(ari_url: str) -> str:
    """The same for all who mean the same Asterisk: a loopback address means another one on each machine."""
    host = urlsplit(ari_url).hostname or ""
    here = f"{socket.gethostname()} " if host in ("localhost", "::1") or host.startswith("127.") else ""
    return f"otklik switch {here}{ari_url}"


def _wanted(address: str, port: int, kind: ports.Kind, purpose: str, setting: str) -> findings.WantedPort:
    return findings.WantedPort(address=address, port=port, kind=kind, purpose=purpose, setting=setting)


_NOT_KEPT = {
    "ru": "Телефонной станции пока нет: запустите `otklik run --role peers` с той же папкой данных или укажите свою"
    " в OTKLIK_ASTERISK_ARI_URL.",
    "en": "There is no telephone switch yet: start `otklik run --role peers` on the same data folder, or name your own"
    " in OTKLIK_ASTERISK_ARI_URL.",
}
_STANDING_BY = {
    "ru": "С телефонной станцией работает другой процесс; этот ждёт.",
    "en": "Another process works with the telephone switch; this one waits.",
}
_OFF = {
    "ru": "Телефония выключена настройкой OTKLIK_TELEPHONY=off. Уберите её и запустите программу снова.",
    "en": "Telephony is switched off by OTKLIK_TELEPHONY=off. Remove the setting and start the program again.",
}
