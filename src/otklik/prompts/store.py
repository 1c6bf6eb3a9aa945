"""Sounds among the objects, and who has handed one in that the set-up does not name: it is cleared after a while. Which versions name
a sound is asked in a tenant's transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import obstore
from obstore.store import ObjectStore
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.prompts.texts import OBJECTS

KEPT_FOR: Final = timedelta(days=30)
"""From when it was handed in last. Whoever has it on the screen meanwhile may still publish it."""
_HANDED_IN: Final = "prompts/handed_in/{}/{}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    recording: str
    name: str
    """Of its file; empty: it was for a text."""
    seconds: float
    at: datetime

    @property
    def cleared_at(self) -> datetime:
        return self.at + KEPT_FOR


class _Told(msgspec.Struct):
    """What is kept of one."""

    name: str
    seconds: float


async def hand_in(objects: ObjectStore, tenant: TenantId, made: bytes, seconds: float, name: str = "") -> str:
    """The name of the sound. Told before it is there, so that none is forgotten. Raises `PeerError`."""
    recording = hashlib.sha256(made).hexdigest()
    told = msgspec.json.encode(_Told(name=name, seconds=seconds))
    try:
        await obstore.put_async(objects, _HANDED_IN.format(tenant, recording), told)
        await obstore.put_async(objects, OBJECTS.format(recording), made)
    except (OSError, obstore.exceptions.BaseError) as err:
        raise PeerError("object storage", str(err), retryable=True) from err
    return recording


async def handed_in(objects: ObjectStore, tenant: TenantId) -> list[HandedIn]:
    """By this tenant, newest first; what was cleared, or has counted for long, is not among them. Raises `PeerError`."""
    found = []
    try:
        async for page in obstore.list(objects, prefix=_HANDED_IN.format(tenant, "").removesuffix("/.json")):
            for each in page:
                kept = await obstore.get_async(objects, each["path"])
                told = msgspec.json.decode(bytes(await kept.bytes_async()), type=_Told)
                recording = each["path"].rpartition("/")[2].removesuffix(".json")
                found.append(
                    HandedIn(recording=recording, name=told.name, seconds=told.seconds, at=each["last_modified"])
                )
    except FileNotFoundError:
        return found  # cleared in this moment
    except (OSError, obstore.exceptions.BaseError, msgspec.DecodeError) as err:
        raise PeerError("object storage", str(err), retryable=True) from err
    return sorted(found, key=lambda each: each.at, reverse=True)


async def forget(objects: ObjectStore, tenant: TenantId, recording: str) -> None:
    """It stays for as long as the set-up's versions name it. Raises `PeerError`."""
    await _delete(objects, _HANDED_IN.format(tenant, recording))


async def clear(objects: ObjectStore, recording: str) -> None:
    """Nobody has it or names it. Raises `PeerError`."""
    await _delete(objects, OBJECTS.format(recording))


async def _delete(objects: ObjectStore, path: str) -> None:
    try:
        await obstore.delete_async(objects, path)
    except FileNotFoundError:
        return
    except (OSError, obstore.exceptions.BaseError) as err:
        raise PeerError("object storage", str(err), retryable=True) from err


async def named(connection: AsyncConnection, recording: str) -> bool:
    """By any version of the tenant's set-up, so that each can be taken back as it was."""
    query = text("select exists(select 1 from configuration where position(:recording in body::text) > 0)")
    return bool((await connection.execute(query, {"recording": recording})).scalar())
