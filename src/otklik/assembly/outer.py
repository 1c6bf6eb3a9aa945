"""Databases and services of tenants: who asks them, and what `doctor` and the System screen say of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from typing import Protocol, TypeVar

from otklik.assembly.folder import Premises
from otklik.contact.configuration import Configuration
from otklik.contact.ids import TenantId
from otklik.contact.outside import Connection, Service
from otklik.embedded.findings import Finding
from otklik.errors import Language, PeerError
from otklik.integrations.mail import MailServers
from otklik.integrations.outside import OuterSystems
from otklik.integrations.push_services import PushServices
from otklik.integrations.secrets import PREFIX, Secrets
from otklik.settings import Settings

_WHY: dict[str, dict[Language, str]] = {
    "secret": {
        "ru": "Секрет {secrets} не задан или негоден: нужна переменная " + PREFIX + "… или файл в OTKLIK_SECRETS_DIR.",
        "en": "The secret {secrets} is not set or no good: a variable "
        + PREFIX
        + "… or a file in OTKLIK_SECRETS_DIR is needed.",
    },
    "late": {"ru": "Нет ответа вовремя.", "en": "No answer in time."},
    "unreachable": {
        "ru": "Нет связи: проверьте адрес и сеть.",
        "en": "Cannot be reached: check the address and the network.",
    },
    "refused": {
        "ru": "Отказано: проверьте права и запросы.",
        "en": "Refused: check the rights and the statements.",
    },
}
_OTHERWISE: dict[Language, str] = {"ru": "Ответ не прочитать.", "en": "The answer cannot be read."}


class _Closes(Protocol):
    async def close(self) -> None: ...


_C = TypeVar("_C", bound=_Closes)


def closed_with(stack: AsyncExitStack, made: _C) -> _C:
    """It is closed as the stack ends."""
    stack.push_async_callback(made.close)
    return made


def outer_systems(settings: Settings) -> OuterSystems:
    return OuterSystems(Secrets(os.environ, settings.secrets_dir))


def mail_servers(settings: Settings) -> MailServers:
    return MailServers(Secrets(os.environ, settings.secrets_dir))


PUSH_KEY = "PUSH_KEY"
"""The secret with which messages to browsers are signed, where several machines share it."""


def push_services(settings: Settings, folder: Premises) -> PushServices:
    """By the key that was given, else by one that this folder makes for itself. Another key makes all browsers subscribe anew."""
    key = Secrets(os.environ, settings.secrets_dir).find(PUSH_KEY) or folder.secret("push", 32)
    return PushServices(key, settings.public_url)


async def outer_findings(settings: Settings, set_up: Sequence[tuple[TenantId, Configuration]]) -> list[Finding]:
    """Of each database and each service: can it be asked? Nothing where there are none."""
    systems = outer_systems(settings)
    try:
        return await asyncio.gather(
            *(
                _finding(f"connection:{each.id}", {"ru": f"База {each.id}", "en": f"Database {each.id}"}, each,
                         systems.databases.try_out(tenant, each))
                for tenant, found in set_up
                for each in found.connections
            ),
            *(
                _finding(f"service:{each.id}", {"ru": f"Сервис {each.id}", "en": f"Service {each.id}"}, each,
                         systems.services.try_out(tenant, each))
                for tenant, found in set_up
                for each in found.services
            ),
        )  # fmt: skip
    finally:
        await systems.close()


async def _finding(
    identity: str, title: dict[Language, str], outer: Connection | Service, trial: Awaitable[None]
) -> Finding:
    try:
        await trial
    except PeerError as error:
        names = [outer.url_secret] if isinstance(outer, Connection) else [*outer.secret_headers.values()]
        why = _WHY.get(error.reason, _OTHERWISE)
        advice = {language: text.format(secrets=", ".join(names)) for language, text in why.items()}
        return Finding(id=identity, state="warning", title=title, found=error.reason, advice=advice)
    found = f"{len(outer.statements)} SQL" if isinstance(outer, Connection) else outer.url
    return Finding(id=identity, state="ok", title=title, found=found)
