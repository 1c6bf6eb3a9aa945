"""The talk script of the contact in hand, its answers as they are given, and those of contacts past."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from otklik.contact.configuration import Configuration, TalkScript, TalkStep
from otklik.contact.ids import ContactId
from otklik.contact.talk_script import TalkField
from otklik.desk import store as desk
from otklik.desk.found import holes
from otklik.errors import AppError, Language
from otklik.storage.engine import Database
from otklik.talk import store
from otklik.talk.reply import ready
from otklik.talk.script import MOST_STEPS, Given, Told, filled, looked_at, prefilled, walk
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import hand_of, may_read, signed_in
from otklik.tenancy.page import in_hand

router = APIRouter(tags=["talk scripts"])


class Answer(BaseModel):
    id: str
    text: str
    then: str | None


class Branch(BaseModel):
    """`of` is a name of `known`, `chosen.STEP` (the id of an answer) or `written.STEP`. The page decides."""

    model_config = ConfigDict(from_attributes=True)

    of: str
    test: Literal["is", "is_not", "contains", "more", "less", "known", "unknown"]
    value: str
    then: str | None


class Step(BaseModel):
    """`say`, `hint` and `prefill` have their names filled in, but for `{chosen.STEP}` and `{written.STEP}`. The first of
    `branches` that holds leads on, else the answer does, else `then`; null: the script is over."""

    id: str
    say: str
    hint: str
    answers: list[Answer]
    field: TalkField | None
    label: str
    prefill: str
    required: bool
    pattern: str
    least: float | None
    most: float | None
    branches: list[Branch]
    then: str | None


class Talk(BaseModel):
    """`version` is that of the set-up, and goes back with the answers: who has begun a script ends the same one. `known`:
    what branches look at, as it stands now."""

    script: str
    title: str
    version: int
    steps: list[Step]
    known: dict[str, str]
    answers: list[Given]


class Answers(BaseModel):
    script: str
    version: int
    answers: list[Given] = Field(max_length=MOST_STEPS)


class Reply(BaseModel):
    """`text` is filled in from the contact; what is not known stays in it as `{customer.name}`, and stands in `missing`."""

    model_config = ConfigDict(from_attributes=True)

    shortcut: str
    language: Language
    text: str
    missing: list[str]


class Replies(BaseModel):
    replies: list[Reply]


class Part(BaseModel):
    """What one agent was answered."""

    agent: str | None
    title: str
    steps: list[Told]


class Parts(BaseModel):
    parts: list[Part]


@router.get(
    "/api/desk/contacts/{contact}/talk", summary="The talk script of a contact in hand, as far as it was answered"
)
async def script(request: Request, contact: UUID) -> Talk:
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    shown = in_hand(request.app.state.live, person, agent, identity)
    if shown is None:
        raise AppError("no_such_contact", 409)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        kept = next((each for each in await store.answers(connection, identity) if each.agent == agent), None)
        version, configuration = await _set_up(connection, kept.version if kept else None)
        wanted = kept.script if kept else shown["talk_script"]
        if kept and kept.script != shown["talk_script"] and not kept.given:
            kept, wanted = None, shown["talk_script"]
        values, bare = await store.known_of(connection, configuration, shown, person)
    found = _script(configuration, wanted)
    return Talk(
        script=found.id,
        title=found.name,
        version=version,
        steps=[_step(step, values) for step in found.steps],
        known={name: bare.get(name, "") for name in sorted(looked_at(found))},
        answers=[Given.model_validate(each) for each in kept.given] if kept else [],
    )


def _step(step: TalkStep, values: dict[str, str]) -> Step:
    return Step(
        id=step.id,
        say=filled(step.say, values),
        hint=filled(step.hint, values),
        answers=[Answer(id=each.id, text=each.text, then=each.then) for each in step.answers],
        field=step.field,
        label=step.label,
        prefill=prefilled(step, values),
        required=step.required,
        pattern=step.pattern,
        least=step.least,
        most=step.most,
        branches=[Branch.model_validate(each) for each in step.branches],
        then=step.then,
    )


@router.put("/api/desk/contacts/{contact}/talk", status_code=204, summary="Keep the answers as they are given")
async def keep(request: Request, contact: UUID, body: Answers) -> None:
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    shown = in_hand(request.app.state.live, person, agent, identity)
    if shown is None:
        raise AppError("no_such_contact", 409)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        version, configuration = await _set_up(connection, body.version)
        found = _script(configuration, body.script)
        values, _ = await store.known_of(connection, configuration, shown, person)
        told = walk(found, body.answers, values)
        kept = store.Kept(
            agent=agent,
            name=person.name,
            script=found.id,
            title=found.name,
            version=version,
            given=[each.model_dump(exclude_none=True) for each in body.answers],
            told=[each.model_dump() for each in told],
        )
        await store.save(connection, identity, kept)


@router.get("/api/desk/contacts/{contact}/replies", summary="The canned replies for a contact in hand, filled in")
async def replies(request: Request, contact: UUID) -> Replies:
    person, agent = hand_of(request.state.person)
    shown = in_hand(request.app.state.live, person, agent, ContactId(str(contact)))
    if shown is None:
        raise AppError("no_such_contact", 409)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        configuration = await tenancy.configuration(connection)
    queue, customer = shown["queue"] or {}, shown["customer"] or {}
    values = {
        "customer.name": customer.get("name") or "",
        "customer.company": customer.get("company") or "",
        "customer.number": shown["ani"] or "",
        "agent.name": person.name,
        "queue.name": queue.get("name") or "",
        **holes(shown["found"]),
    }
    found = ready(configuration.canned_replies, queue.get("id"), values)
    return Replies(replies=[Reply.model_validate(each) for each in found])


@router.get("/api/contacts/{contact}/talk", summary="What was answered along the talk scripts of a contact")
async def told(request: Request, contact: UUID) -> Parts:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await desk.contact(connection, ContactId(str(contact)), person.id)
        if found is None or not may_read(person, found.involved):
            raise AppError("not_found", 404)
        kept = await store.answers(connection, ContactId(str(contact)))
    parts = [
        Part(agent=each.name, title=each.title, steps=[Told.model_validate(one) for one in each.told]) for each in kept
    ]
    return Parts(parts=[part for part in parts if part.steps])


async def _set_up(connection: Any, version: int | None) -> tuple[int, Configuration]:
    found = await tenancy.bare_version(connection, version)
    if found is None:
        raise AppError("no_talk_script", 404)
    return found[0].number, found[1]


def _script(configuration: Configuration, wanted: str | None) -> TalkScript:
    for script in configuration.talk_scripts:
        if script.id == wanted:
            return script
    raise AppError("no_talk_script", 404)
