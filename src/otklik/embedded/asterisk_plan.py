"""What the caller wants of an Asterisk: ports, addresses, phones. Everything that goes into its configuration is
checked here, so that no value can break out of its line."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otklik.errors import AppError

PROXY_ADDRESS: Final = "127.0.0.9"
"""Where the browsers' SIP comes from, by way of our web server. It must never be taken for a trunk: whoever opened
the page could then call without a password."""
TRUNK: Final = "trunk"
_USER: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9_.-]{8,80}")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_SERVER: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A desk phone's account; its calls show `user` as the number they come from."""

    user: str
    password: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskPlan:
    """`folder` is Asterisk's own: configuration, logs, recordings, secrets. Raises `AppError` for impossible values."""

    folder: Path
    sip_port: int
    rtp_ports: tuple[int, int]
    music: Path
    """A folder with 8 kHz WAV files for waiting customers; read when Asterisk starts."""
    classes: Path | None = None
    """A file with further classes of music, read again when it is told to."""
    public_address: str | None = None
    """Where phones and trunks reach us. None: this machine only. If no interface has it, it is taken for the outer
    side of a NAT and written into SIP and SDP for peers outside the private networks."""
    trunk_addresses: tuple[str, ...] = ()
    """Addresses, networks or names of those whose calls need no password."""
    calls_out: bool = False
    """The trunk is needed even if nobody may call from it."""
    phones: tuple[Phone, ...] = ()
    stun: str | None = None
    """host:port, only for an Asterisk behind a NAT."""
    announcement: Path | None = None
    """A WAV for callers while our program is down; it may appear later."""
    http_port: int | None = None
    ami_port: int | None = None
    """On loopback; None: a free one."""

    def __post_init__(self) -> None:
        for address in self.trunk_addresses:
            _check_trunk(address)
        if self.public_address is not None and not _HOST.fullmatch(self.public_address.strip("[]").replace(":", ".")):
            raise _invalid("OTKLIK_PUBLIC_ADDRESS", self.public_address)
        if self.stun is not None and not _SERVER.fullmatch(self.stun):
            raise _invalid("OTKLIK_STUN_URLS", self.stun)
        for phone in self.phones:
            _check_phone(phone)
        for path in (self.folder, self.music, self.classes or self.music, self.announcement or self.music):
            if re.search(r"[\n\r;]", str(path)):
                raise _invalid("OTKLIK_DATA_DIR", str(path))

    @property
    def bind_address(self) -> str:
        return "127.0.0.1" if self.public_address is None else "0.0.0.0"  # noqa: S104  asked for by the setting


def _check_trunk(address: str) -> None:
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError as err:
        if not _HOST.fullmatch(address) or re.fullmatch(r"[\d.]+", address):
            raise _invalid("OTKLIK_TRUNK_ADDRESSES", address) from err
        return
    if ipaddress.ip_address(PROXY_ADDRESS) in network:
        raise _invalid("OTKLIK_TRUNK_ADDRESSES", address)


def _check_phone(phone: Phone) -> None:
    if not _USER.fullmatch(phone.user) or phone.user == TRUNK or not _PASSWORD.fullmatch(phone.password):
        raise _invalid("phone", phone.user)
    if not re.fullmatch(r"[^\n\r;<>\"\\]{1,80}", phone.name):
        raise _invalid("phone", phone.name)


def _invalid(name: str, value: str) -> AppError:
    return AppError("invalid_input", 422, field=name, name=name, reason=f"{value!r} ?")
