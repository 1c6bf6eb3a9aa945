"""The knowledge base over HTTP: found, read and judged by whoever is signed in; written by people with `configuration.edit`."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId
from otklik.errors import AppError
from otklik.knowledge import store
from otklik.knowledge.article import Article, Articles, Hits, Kept, Publication, Reading, Use
from otklik.knowledge.store import Wanted
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import hand_of, require, signed_in
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person
from otklik.tenancy.versioned import if_match

router = APIRouter(prefix="/api/knowledge", tags=["knowledge base"])
articles = APIRouter(prefix="/api/articles", tags=["knowledge base"])

MOST_FOUND = 20


# Found and read.


@router.get("", summary="Articles by what is typed; nothing typed: those that fit the contact in hand")
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    contact: UUID | None = None,
) -> Hits:
    person = signed_in(request.state.person)
    shown = _in_hand(request, person, contact)
    queue = (shown.get("queue") or {}).get("id")
    customer = (shown.get("customer") or {}).get("language")
    wanted = Wanted(
        typed=q.strip(),
        queue=queue,
        words=_words(shown),
        language=customer if customer in ("ru", "en") else person.language,
        most=MOST_FOUND,
    )
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return Hits(articles=await store.found(connection, wanted))


@router.get("/{article}", summary="A published article, and what one has said of it on this contact")
async def read(request: Request, article: UUID, contact: UUID | None = None) -> Reading:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        about = ContactId(str(contact)) if contact else None
        found = await store.reading(connection, str(article), about, person.id)
    if found is None:
        raise AppError("no_such_article", 404)
    return found


@router.put("/{article}/contacts/{contact}", status_code=204, summary="Did it help, was it put into the text?")
async def use(request: Request, article: UUID, contact: UUID, body: Use) -> None:
    person, _ = hand_of(request.state.person)
    if not _in_hand(request, person, contact):
        raise AppError("no_such_contact", 409)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.use(connection, str(article), ContactId(str(contact)), person.id, body)


def _in_hand(request: Request, person: Person, contact: UUID | None) -> dict[str, Any]:
    """The contact as this person's page shows it; empty where it is in other hands."""
    if contact is None or person.line is None:
        return {}
    return in_hand(request.app.state.live, person, person.line, ContactId(str(contact))) or {}


def _words(shown: dict[str, Any]) -> list[str]:
    """What is known of a contact, for the tags of articles: what was chosen and found out, the queue."""
    known = [*shown.get("choices", ()), (shown.get("queue") or {}).get("name", "")]
    known += [word for each in shown.get("found", ()) for word in (each["value"], each["ru"], each["en"])]
    return [" ".join(word.split()).lower() for word in known if word]


# Written.


@articles.get("", summary="All articles, published or not, with what became of them")
async def listed(request: Request) -> Articles:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return Articles(articles=await store.articles(connection))


@articles.post("", status_code=201, summary="Write an article")
async def write(request: Request, body: Kept) -> Article:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await _know_queues(connection, body)
        made = await store.add(connection, body, person.id, publish=body.publish)
        return await _article(connection, made)


@articles.get("/{article}", summary="An article in one of its versions, the newest where none is named")
async def show(
    request: Request, article: UUID, version: Annotated[int | None, Query(ge=1, lt=2**31)] = None
) -> Article:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return await _article(connection, str(article), version)


@articles.put("/{article}", summary="Keep a new version; If-Match names the one it goes over")
async def change(request: Request, article: UUID, body: Kept) -> Article:
    person, over = require(request.state.person, "configuration.edit"), if_match(request)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await _know_queues(connection, body)
        await store.change(connection, str(article), over, body, person.id, publish=body.publish)
        return await _article(connection, str(article))


@articles.put("/{article}/publication", summary="Publish a version, or none: agents do not find it then")
async def publish(request: Request, article: UUID, body: Publication) -> Article:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.publish(connection, str(article), body.version)
        return await _article(connection, str(article))


@articles.delete("/{article}", status_code=204, summary="Remove an article with all its versions")
async def remove(request: Request, article: UUID) -> None:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.remove(connection, str(article))


async def _article(connection: AsyncConnection, article: str, version: int | None = None) -> Article:
    found = await store.article(connection, article, version)
    if found is None:
        raise AppError("no_such_article", 404)
    return found


async def _know_queues(connection: AsyncConnection, body: Kept) -> None:
    known = {queue.id for queue in (await tenancy.configuration(connection)).queues}
    if unknown := [each for each in body.queues if each not in known]:
        raise AppError("no_such_queue", 400, field="queues", queue=unknown[0])
