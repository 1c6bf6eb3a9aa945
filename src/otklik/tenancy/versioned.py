"""The set-up as it is now, for whoever changes a part of it and says over which version."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.configuration import Configuration
from otklik.errors import AppError
from otklik.tenancy.store import configuration_version


def if_match(request: Request) -> int:
    """The version that the change goes over. Raises `config_version_required`."""
    named = request.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not named.isdecimal() or len(named) > 9:
        raise AppError("config_version_required", 428)
    return int(named)


async def set_up(connection: AsyncConnection, version: int | None = None) -> tuple[int, Configuration]:
    """Its number, 0 if there is none yet. Raises `config_conflict` if it is not `version`."""
    found = await configuration_version(connection)
    number, current = (found[0].number, found[1]) if found else (0, Configuration())
    if version is not None and version != number:
        raise AppError("config_conflict", 412, version=number)
    return number, current
