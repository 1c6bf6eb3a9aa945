"""All settings of an installation, from the environment (prefix `OTKLIK_`). What a tenant may change is in the database.

Only `assembly` reads them. Every default makes `otklik run` work with nothing installed; all faults are reported at once.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from otklik.channels.voice.voice_program import voice_program

SHORTEST_LOG_DAYS = 31


def _state_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "otklik"


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otklik"


class Settings(BaseSettings):
    """Documented one by one in `docs/reference/settings.md`; a test holds the two together."""

    model_config = SettingsConfigDict(env_prefix="OTKLIK_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(default_factory=_state_home)
    cache_dir: Path = Field(default_factory=_cache_home)
    objects_dir: Path | None = None
    secrets_dir: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8800, ge=1, le=65535)
    health_port: int = Field(default=8801, ge=1, le=65533)
    sip_port: int = Field(default=5060, ge=1, le=65535)
    rtp_ports: str = "20000-20999"
    public_address: str | None = None
    public_url: str | None = None
    trunk_addresses: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1",)
    trunk_out: str | None = None
    database_url: str | None = None
    asterisk_ari_url: str | None = None
    asterisk_ami_url: str | None = None
    asterisk_recordings_dir: Path | None = None
    asterisk_sounds_dir: Path | None = None
    stun_urls: Annotated[tuple[str, ...], NoDecode] = ()
    turn_urls: Annotated[tuple[str, ...], NoDecode] = ()
    turn_user: str | None = None
    turn_password: str | None = None
    telephony: Literal["auto", "off"] = "auto"
    voice_programs: Annotated[tuple[str, ...], NoDecode] = ()
    voice_url: str | None = None
    voice_names: Annotated[tuple[str, ...], NoDecode] = ()
    voice_model: str = "tts-1"
    voice_key: str = ""
    recogniser_url: str | None = None
    recogniser_model: str = "whisper-1"
    recogniser_key: str = ""
    recogniser_at_once: int = Field(default=1, ge=0, le=64)
    log_keep_days: int | None = None
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_public: bool = False

    @field_validator("trunk_addresses", "stun_urls", "turn_urls", "voice_names", "voice_programs", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("public_url", "voice_url", "recogniser_url")
    @classmethod
    def _web(cls, value: str | None) -> str | None:
        if value is not None and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname):
            raise ValueError("must look like https://cc.example.com")
        return value.rstrip("/") if value is not None else None

    @field_validator("voice_names")
    @classmethod
    def _voices(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pair in value:
            if not re.fullmatch(r"[a-z]{2}=.+", pair):
                raise ValueError(f"{pair}: must look like ru=irina,en=amy")
        return value

    @field_validator("voice_programs")
    @classmethod
    def _programs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for named in value:
            voice_program(named)
        return value

    @field_validator("stun_urls", "turn_urls")
    @classmethod
    def _ice(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not re.fullmatch(r"(stun|turn)s?:[A-Za-z0-9.\[\]:-]+(\?transport=(udp|tcp))?", url):
                raise ValueError(f"{url}: must look like stun:stun.example.com:3478 or turn:turn.example.com:3478")
        return value

    @field_validator("trunk_addresses")
    @classmethod
    def _trunks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if re.fullmatch(r"[\d./]+", address):
                try:
                    ip_network(address, strict=False)
                except ValueError as error:
                    raise ValueError(f"{address}: must be an address or a network such as 192.0.2.0/24") from error
        return value

    @field_validator("trunk_out")
    @classmethod
    def _host(cls, value: str | None) -> str | None:
        """It becomes part of a SIP address: nothing but a host may stand there."""
        if value is not None and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:\d{1,5})?", value):
            raise ValueError("must look like 198.51.100.10:5060 or sip.example.com")
        return value

    @field_validator("public_address")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ip_address(value)
            except ValueError as error:
                raise ValueError("must be an IP address such as 192.0.2.10") from error
        return value

    @field_validator(
        "data_dir", "cache_dir", "objects_dir", "secrets_dir", "asterisk_recordings_dir", "asterisk_sounds_dir"
    )
    @classmethod
    def _whole_path(cls, value: Path | None) -> Path | None:
        """Children work in folders of their own, where a relative path would mean something else."""
        return value.expanduser().absolute() if value is not None else None

    @field_validator("rtp_ports")
    @classmethod
    def _range(cls, value: str) -> str:
        first, dash, last = value.partition("-")
        if not (dash and first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) <= 65535):
            raise ValueError("must be a range such as 20000-20999, within 1024-65535")
        return value

    @field_validator("log_keep_days")
    @classmethod
    def _month(cls, value: int | None) -> int | None:
        """Contacts under way, replay and the question why need the recent past."""
        if value is not None and value < SHORTEST_LOG_DAYS:
            raise ValueError(f"must be at least {SHORTEST_LOG_DAYS} days; leave it out to keep the whole event log")
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("postgresql", "postgres"):
            raise ValueError("must look like postgresql://user:password@host:5432/otklik")
        return value

    @field_validator("asterisk_ari_url")
    @classmethod
    def _ari(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and not (parts.scheme in ("http", "https") and parts.username and parts.password):
            raise ValueError("must look like http://user:password@127.0.0.1:8088")
        return value

    @field_validator("asterisk_ami_url")
    @classmethod
    def _ami(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and not (parts.scheme == "tcp" and parts.username and parts.password and parts.port):
            raise ValueError("must look like tcp://user:password@127.0.0.1:5038")
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.asterisk_ari_url and not self.asterisk_ami_url:
            raise ValueError("OTKLIK_ASTERISK_ARI_URL needs OTKLIK_ASTERISK_AMI_URL beside it (recording goes by AMI)")
        first, last = self.rtp_range
        if last - first < 7:
            raise ValueError("OTKLIK_RTP_PORTS: at least 8 ports are needed")
        return self

    @property
    def rtp_range(self) -> tuple[int, int]:
        first, _, last = self.rtp_ports.partition("-")
        return int(first), int(last)


class SettingsFault(Exception):
    """One or more settings are wrong; the text names each variable and what it should look like."""


def load() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsFault("\n".join(_line(fault) for fault in error.errors())) from error


def _line(fault: object) -> str:
    assert isinstance(fault, dict)
    names = [str(part) for part in fault["loc"]]
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not names:
        return f"  {message}"
    # A wrong URL may hold a right password, and this goes to the screen and to journals.
    secret = any(word in names[0] for word in ("url", "password"))
    given = "" if secret else f" = {fault.get('input')!r}"
    return f"  OTKLIK_{names[0].upper()}{given}: {message}"
