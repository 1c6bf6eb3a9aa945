"""Sounds among the objects, and who has handed one in that the set-up does not name: it is cleared after a while. Which versions name
a sound is asked in a tenant's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import obstore
import structlog
from obstore.store import ObjectStore
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.prompts.texts import OBJECTS

log = structlog.get_logger()

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
    """By this tenant, newest first; what was cleared, has counted for long or cannot be read is not among them. Raises `PeerError`."""
    found = []
    try:
        async for page in obstore.list(objects, prefix=_HANDED_IN.format(tenant, "").removesuffix("/.json")):
            for each in page:
                if (told := await _told(objects, each["path"])) is None:
                    continue
                recording = each["path"].rpartition("/")[2].removesuffix(".json")
                found.append(
                    HandedIn(recording=recording, name=told.name, seconds=told.seconds, at=each["last_modified"])
                )
    except (OSError, obstore.exceptions.BaseError) as err:
        raise PeerError("object storage", str(err), retryable=True) from err
    return sorted(found, key=lambda each: each.at, reverse=True)


async def _told(objects: ObjectStore, path: str) -> _Told | None:
    """None: it was cleared in this moment, or cannot be read."""
    try:
        kept = await obstore.get_async(objects, path)
        return msgspec.json.decode(bytes(await kept.bytes_async()), type=_Told)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as err:
        log.warning("handed_in_unreadable", path=path, reason=str(err))
        return None


async def handed_in_at(objects: ObjectStore, tenant: TenantId, recording: str) -> datetime | None:
    """When this tenant handed it in last, as is known now; None: never, or it is forgotten. Raises `PeerError`."""
    try:
        return (await obstore.head_async(objects, _HANDED_IN.format(tenant, recording)))["last_modified"]
    except FileNotFoundError:
        return None
    except (OSError, obstore.exceptions.BaseError) as err:
        raise PeerError("object storage", str(err), retryable=True) from err


async def forget(objects: ObjectStore, tenant: TenantId, known: HandedIn) -> None:
    """Unless it was handed in again after `known`. A sound stays for as long as the set-up's versions name it. Raises `PeerError`."""
    at = await handed_in_at(objects, tenant, known.recording)
    if at is not None and at <= known.at:
        await _delete(objects, _HANDED_IN.format(tenant, known.recording))


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


async def named(connection: AsyncConnection, recordings: Collection[str]) -> set[str]:
    """Those of them that any version of the tenant's set-up names, so that each can be taken back as it was. Reads every version
    once, however many are asked about."""
    if not recordings:
        return set()
    query = text(
        "select distinct found[1] from configuration, regexp_matches(body::text, '\"([0-9a-f]{64})\"', 'g') as found"
        " where found[1] = any(:recordings)"
    )
    return set((await connection.execute(query, {"recordings": list(recordings)})).scalars())
