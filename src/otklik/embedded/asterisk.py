"""The embedded Asterisk: find or fetch it, write its configuration, start it, watch it, stop it.

It listens for SIP where the plan says; everything that controls it (ARI, AMI, the browsers' WebSocket) is on loopback
with long random secrets kept in its folder. If it dies it is started again with the same ports and secrets.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import json
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from otklik.embedded import asterisk_config as config
from otklik.embedded import child, ports, priority
from otklik.embedded.asterisk_plan import PROXY_ADDRESS, AsteriskPlan, Phone
from otklik.embedded.asterisk_tree import AsteriskFound, fetch, find, find_espeak
from otklik.embedded.certificate import write_certificate
from otklik.embedded.faults import Unavailable
from otklik.embedded.sockets import leave, socket_folder
from otklik.errors import AppError

__all__ = (
    "PROXY_ADDRESS",
    "AsteriskFound",
    "AsteriskPlan",
    "EmbeddedAsterisk",
    "Phone",
    "fetch",
    "find",
    "find_espeak",
    "start",
)

PEER: Final = "asterisk"
CONTROL_SOCKET: Final = "asterisk.ctl"
LOOPBACK: Final = "127.0.0.1"
READY_SECONDS: Final = 30.0
STOP_SECONDS: Final = 8.0
LEFTOVER_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.01
PORT_TRIES: Final = 3
SWEEP_SECONDS = 60.0
MESSAGES_LOG: Final = "messages.log"
OUTPUT_LOG: Final = "output.log"
"""What it writes past its own logs: why it ended before it had any."""


class EmbeddedAsterisk:
    """A running Asterisk. Its addresses and secrets stay the same while this object lives."""

    def __init__(self, plan: AsteriskPlan, found: AsteriskFound, log: Callable[[str], None]) -> None:
        self.plan = plan
        self.found = found
        folder = plan.folder.absolute()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._places = config.Places(folder=folder, run=socket_folder(folder / "run", CONTROL_SOCKET))
        for place in self._places.all():
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._secrets = _secrets(folder / "secrets.json")
        self._ports = config.Ports(http=plan.http_port or 0, ami=plan.ami_port or 0)
        self._kept = child.Kept(PEER, self._begin, log)
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def ari_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ports.http}"

    @property
    def ws_url(self) -> str:
        """SIP over WebSocket for browsers. Connect to it from `PROXY_ADDRESS` only."""
        return f"ws://{LOOPBACK}:{self._ports.http}/ws"

    @property
    def ari_user(self) -> str:
        return config.APP

    @property
    def ari_password(self) -> str:
        return self._secrets.ari_password

    @property
    def ami_host(self) -> str:
        return LOOPBACK

    @property
    def ami_port(self) -> int:
        return self._ports.ami

    @property
    def ami_user(self) -> str:
        return config.APP

    @property
    def ami_password(self) -> str:
        return self._secrets.ami_password

    @property
    def recordings(self) -> Path:
        return self._places.recordings

    @property
    def certificate(self) -> Path:
        """For the encryption towards browsers."""
        return self._places.folder / "keys" / "browsers.pem"

    @property
    def pid(self) -> int | None:
        """None while it is down."""
        return self._kept.pid

    @property
    def restarts(self) -> int:
        return self._kept.restarts

    async def start(self) -> None:
        await self._end_leftover()
        self._check_sip_ports()
        for tries in range(PORT_TRIES):
            self._choose_ports()
            self._write()
            try:
                await self._kept.start()
                self._sweeper = asyncio.get_running_loop().create_task(self._sweep(), name="asterisk's logs")
                return
            except Unavailable:
                # The ports were free when we looked: somebody may have been quicker.
                if tries + 1 == PORT_TRIES or all(ports.is_free(LOOPBACK, port, "tcp") for port in self._chosen()):
                    raise

    async def stop(self) -> None:
        """Calls in progress end; recordings are closed."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
            self._sweeper = None
        await self._kept.stop(STOP_SECONDS)
        leave(self._places.run)

    def _chosen(self) -> list[int]:
        given = (self.plan.http_port, self.plan.ami_port)
        return [port for port, asked in zip((self._ports.http, self._ports.ami), given, strict=True) if asked is None]

    def _choose_ports(self) -> None:
        http, ami = ports.free_ports(LOOPBACK, 2)
        self._ports = config.Ports(http=self.plan.http_port or http, ami=self.plan.ami_port or ami)

    def _check_sip_ports(self) -> None:
        kinds: tuple[ports.Kind, ...] = ("udp", "tcp")
        for kind in kinds:
            if not ports.is_free(self.plan.bind_address, self.plan.sip_port, kind):
                purpose = f"SIP, {kind.upper()}"
                raise AppError("port_in_use", 503, port=self.plan.sip_port, purpose=purpose, setting="OTKLIK_SIP_PORT")

    def _write(self) -> None:
        texts = config.files(self.plan, self.found, self._places, self._secrets, self._ports, _nat(self.plan))
        for name, text in texts.items():
            path = self._places.etc / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
        write_certificate(self.certificate, datetime.datetime.now(datetime.UTC))

    async def _end_leftover(self) -> None:
        """An Asterisk of this folder that outlived its parent (it could not obey) holds our ports: end it. Until it is
        gone the next one would find its control socket answered and end itself."""
        pid = self._leftover()
        if pid is not None:
            with contextlib.suppress(OSError):
                await child.end_stranger(pid, LEFTOVER_SECONDS)

    def _leftover(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            pid = int((self._places.run / "asterisk.pid").read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return pid if os.fsencode(self._places.etc / "asterisk.conf") in words else None
        return None

    async def _sweep(self) -> None:
        """Whoever tries passwords from outside must not fill the disk with what Asterisk writes about it."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            if child.put_aside(self._places.log / MESSAGES_LOG):
                await self._ask(f"asterisk/logging/{MESSAGES_LOG}/rotate", method="PUT")

    async def _begin(self) -> child.Child:
        for log in self._places.log.glob("*.log"):
            child.put_aside(log)
        command = self.found.command
        running = child.start(
            child.Program(
                argv=(*command.argv, "-f", "-n", "-C", str(self._places.etc / "asterisk.conf")),
                env={"PATH": os.defpath, "HOME": str(self._places.folder), "LC_ALL": "C.UTF-8", **command.env},
                log=self._places.log / OUTPUT_LOG,
                cwd=self._places.folder,
                open_files=config.OPEN_FILES,
                nice=priority.NICE,
            )
        )
        try:
            await self._ready(running)
        except BaseException:
            running.kill()
            raise
        return running

    async def _ready(self, running: child.Child) -> None:
        """Wait until ARI answers, then see that every module that calls need is running."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                while await self._ask("asterisk/ping") is None:
                    if running.status is not None:
                        raise self._failed()
                    await asyncio.sleep(POLL_SECONDS)
                modules = await self._ask("asterisk/modules") or []
        except TimeoutError as err:
            raise self._failed() from err
        runs = {module["name"].removesuffix(".so") for module in modules if module["status"] == "Running"}
        lacking = [name for name in config.NEEDED if name not in runs]
        if lacking:
            raise Unavailable(PEER, "asterisk_modules", retryable=False, modules=", ".join(lacking))

    async def _ask(self, path: str, method: str = "GET") -> Any:
        """One question to ARI; None if it does not answer (yet)."""
        token = base64.b64encode(f"{self.ari_user}:{self.ari_password}".encode()).decode()
        request = f"{method} /ari/{path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nAuthorization: Basic {token}\r\nConnection: close\r\n\r\n"
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, self._ports.http)
        except OSError:
            return None
        try:
            writer.write(request.encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            return json.loads(body) if head.split(b" ", 2)[1:2] == [b"200"] else None
        except (OSError, ValueError):
            return None
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _failed(self) -> Unavailable:
        logs = (MESSAGES_LOG, OUTPUT_LOG)
        said = [lines for name in logs if (lines := child.last_lines(self._places.log / name))]
        reason = "\n".join(said) or "-"
        return Unavailable(PEER, "asterisk_failed", retryable=True, reason=reason, log=str(self._places.log))


async def start(
    plan: AsteriskPlan, found: AsteriskFound, log: Callable[[str], None] = lambda _: None
) -> EmbeddedAsterisk:
    """Start it and wait until it takes calls. Call from the main thread.

    Raises `AppError` if the SIP port is taken, `Unavailable` if it does not run or lacks modules.
    """
    running = EmbeddedAsterisk(plan, found, log)
    await running.start()
    return running


def _secrets(path: Path) -> config.Secrets:
    with contextlib.suppress(OSError, ValueError, TypeError):
        return config.Secrets(**json.loads(path.read_text()))
    fresh = config.Secrets(ari_password=secrets.token_hex(24), ami_password=secrets.token_hex(24))
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "w") as file:
        json.dump(asdict(fresh), file)
    return fresh


def _nat(plan: AsteriskPlan) -> config.Nat | None:
    """Our own address towards the world and the public one, if that is not among ours."""
    if plan.public_address is None:
        return None
    try:
        outside = socket.getaddrinfo(plan.public_address, None, socket.AF_INET)[0][4][0]
        if ports.is_ours(str(outside)):
            return None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # Chooses the route and our side's address; nothing is sent.
            probe.connect((outside, plan.sip_port))
            return config.Nat(inside=str(probe.getsockname()[0]), outside=str(outside))
    except OSError as err:
        reason = f"OTKLIK_PUBLIC_ADDRESS={plan.public_address}: {err}"
        raise Unavailable(PEER, "asterisk_failed", retryable=True, reason=reason, log="-") from err
