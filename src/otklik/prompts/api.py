"""Recordings over HTTP: which texts are said, handing a recording in, hearing it, taking it away. Each change is a new version
of the set-up. Music of queues: handed in here, it counts from when the set-up names it. For people with `configuration.edit`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import obstore
import structlog
from fastapi import APIRouter, Query, Request, Response
from obstore.store import ObjectStore
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from otklik.contact.configuration import Configuration, Prompt
from otklik.errors import AppError
from otklik.prompts import sound, store
from otklik.prompts.texts import OBJECTS, Said, texts, with_prompt
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.document import present
from otklik.tenancy.person import Person

log = structlog.get_logger()
router = APIRouter(prefix="/api/prompts", tags=["prompts"])

Name = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
LARGEST_BYTES = 32 * 1024 * 1024
AT_ONCE = 2
"""Files that are read at the same time: each takes a core."""


class PromptText(BaseModel):
    """A text that the machine says. `places`: where in the set-up; none: no longer. `varies`: it has values in it, and
    cannot be recorded. `seconds`: of its recording, null without one."""

    id: str
    language: str
    text: str
    places: list[str]
    varies: bool
    recording: str | None
    seconds: float | None


class Prompts(BaseModel):
    """In the order of the set-up; at the end recordings whose texts are no longer said."""

    prompts: list[PromptText]


class Sound(BaseModel):
    """As the set-up names it, and how long it is."""

    recording: str
    seconds: float


class HandedInMusic(Sound):
    """`queues`: that play it in the set-up as it is now, by their names. `cleared_at`: no version of the set-up names it, and from then on
    it is gone; null: it stays."""

    name: str
    queues: list[str] = []
    cleared_at: datetime | None = None


class MusicList(BaseModel):
    """Recorded texts that queues play are not among it."""

    music: list[HandedInMusic]


@dataclass(frozen=True, slots=True)
class _Found:
    version: int
    configuration: Configuration
    said: Said


@router.get("", summary="All texts that the machine says, and which of them are recorded")
async def get_prompts(request: Request) -> Prompts:
    person = require(request.state.person, "configuration.edit")
    _, configuration = await _newest(request, person)
    return Prompts(prompts=[_shown(each) for each in texts(configuration)])


@router.put(
    "/{text}",
    summary="Hand in a recording of a text: the body is a sound file (WAV, FLAC, Ogg, MP3, AIFF)",
    openapi_extra={"requestBody": {"required": True, "content": {"audio/*": {}}}},
)
async def put_prompt(request: Request, text: str) -> PromptText:
    person = require(request.state.person, "configuration.edit")
    found = await _find(request, person, text)
    if found.said.varies:
        raise AppError("prompt_varies", 409)
    made = await _kept(request, person, await _converted(request, await _body(request)))
    speech = found.said.speech
    prompt = Prompt(
        language=speech.language,
        text=speech.text,
        recording=made.recording,
        prompt_seconds=made.seconds,
    )
    await _change(request, person, found, prompt)
    return _shown(Said(id=text, speech=speech, places=found.said.places, prompt=prompt))


@router.delete("/{text}", status_code=204, summary="Take the recording away: a voice speaks the text again")
async def delete_prompt(request: Request, text: str) -> None:
    person = require(request.state.person, "configuration.edit")
    found = await _find(request, person, text)
    if found.said.prompt is not None:
        await _change(request, person, found, None)


@router.get(
    "/{text}/recording",
    summary="The recording as callers hear it",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}},
)
async def hear_prompt(request: Request, text: str) -> Response:
    person = require(request.state.person, "configuration.edit")
    found = await _find(request, person, text)
    if found.said.prompt is None:
        raise AppError("not_found", 404)
    return await _wav(request, found.said.prompt.recording)


@router.post(
    "/music",
    summary="Hand in a sound that a queue is to play: the body is a sound file (WAV, FLAC, Ogg, MP3, AIFF)",
    openapi_extra={"requestBody": {"required": True, "content": {"audio/*": {}}}},
)
async def hand_in_music(request: Request, name: Name = "") -> Sound:
    """`name`: of the file, for the list."""
    person = require(request.state.person, "configuration.edit")
    made = await _converted(request, await _body(request), loudness=sound.MUSIC_LEVEL)
    return await _kept(request, person, made, name or "?")


@router.get("/music", summary="Music that was handed in lately, or that a queue plays; what is not used is cleared")
async def list_music(request: Request) -> MusicList:
    person = require(request.state.person, "configuration.edit")
    _, configuration = await _newest(request, person)
    played = [(each.name, each.music) for each in configuration.queues if each.music is not None]
    prompts = {each.recording for each in configuration.prompts}
    handed = [each for each in await store.handed_in(request.app.state.objects, person.tenant) if each.name]
    used = prompts | {music.recording for _, music in played}
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        used |= await store.named(connection, {each.recording for each in handed} - used)
    known = {
        music.recording: HandedInMusic(recording=music.recording, name=music.name, seconds=music.music_seconds)
        for _, music in played
        if music.recording and music.recording not in prompts
    }
    for each in handed:
        ends = None if each.recording in used else each.cleared_at
        known[each.recording] = HandedInMusic(
            recording=each.recording, name=each.name, seconds=each.seconds, cleared_at=ends
        )
    for queue, music in played:
        if music.recording in known:
            known[music.recording].queues.append(queue)
    return MusicList(music=list(known.values()))


@router.get(
    "/music/{recording}",
    summary="What a queue of the set-up plays, as callers hear it",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}},
)
async def hear_music(request: Request, recording: str) -> Response:
    """Nobody hears what another tenant has handed in."""
    person = require(request.state.person, "configuration.edit")
    _, configuration = await _newest(request, person)
    if recording not in {each.music.recording for each in configuration.queues if each.music is not None} - {""}:
        handed = await store.handed_in(request.app.state.objects, person.tenant)
        if recording not in {each.recording for each in handed}:
            raise AppError("not_found", 404)
    return await _wav(request, recording)


async def _kept(request: Request, person: Person, made: bytes, name: str = "") -> Sound:
    """Until it counts it is one that may be cleared."""
    seconds = round(sound.seconds(made), 1)
    recording = await store.hand_in(request.app.state.objects, person.tenant, made, seconds, name)
    return Sound(recording=recording, seconds=seconds)


async def _wav(request: Request, recording: str) -> Response:
    objects: ObjectStore = request.app.state.objects
    try:
        result = await obstore.get_async(objects, OBJECTS.format(recording))
        wav = bytes(await result.bytes_async())
    except FileNotFoundError as err:
        raise AppError("prompt_gone", 404) from err
    return Response(wav, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})


async def _newest(request: Request, person: Person) -> tuple[int, Configuration]:
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await tenancy.configuration_version(connection)
        accounts = await tenancy.accounts(connection)
    return (found[0].number, present(found[1], accounts)) if found else (0, Configuration())


async def _find(request: Request, person: Person, text: str) -> _Found:
    version, configuration = await _newest(request, person)
    said = next((each for each in texts(configuration) if each.id == text), None)
    if said is None:
        raise AppError("prompt_no_text", 404)
    return _Found(version, configuration, said)


async def _change(request: Request, person: Person, found: _Found, prompt: Prompt | None) -> None:
    """Whoever changed the set-up meanwhile is not overwritten: `config_conflict`."""
    database: Database = request.app.state.database
    wanted = with_prompt(found.configuration, found.said.speech, prompt)
    async with database.transaction(person.tenant) as connection:
        await tenancy.change_configuration(
            connection,
            request.app.state.inbox,
            person,
            wanted,
            version=found.version,
            comment=("♪ " if prompt is not None else "× ") + found.said.speech.text[:80],
            address=request.client.host if request.client else "",
        )


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > LARGEST_BYTES:
                raise AppError("prompt_too_large", 413, megabytes=LARGEST_BYTES // 2**20)
            pieces.append(piece)
    except ClientDisconnect as err:
        raise AppError("prompt_unreadable", 400) from err
    return b"".join(pieces)


async def _converted(request: Request, file: bytes, *, loudness: float = sound.RMS_LEVEL) -> bytes:
    converting: asyncio.Semaphore = request.app.state.converting
    try:
        async with converting:
            return await asyncio.to_thread(sound.telephone, file, loudness=loudness)
    except sound.TooLong as err:
        raise AppError("prompt_too_long", 400, minutes=sound.LONGEST_SECONDS // 60) from err
    except sound.Silent as err:
        raise AppError("prompt_silent", 400) from err
    except sound.Unreadable as err:
        log.info("prompt_unreadable", reason=str(err))
        raise AppError("prompt_unreadable", 400) from err


def _shown(said: Said) -> PromptText:
    return PromptText(
        id=said.id,
        language=said.speech.language,
        text=said.speech.text,
        places=list(said.places),
        varies=said.varies,
        recording=said.prompt.recording if said.prompt else None,
        seconds=said.prompt.prompt_seconds if said.prompt else None,
    )
