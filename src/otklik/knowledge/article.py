"""An article, as it is written, found and read: the bodies of the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from otklik.errors import Language

LONGEST_BODY = 100_000
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Tag = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
QueueName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class Written(BaseModel):
    """What an administrator writes. `queues`: for whose contacts it is suggested; none: for all."""

    title: Line
    body: Annotated[str, Field(max_length=LONGEST_BODY, pattern=r"^[^\x00]*$")]
    language: Language
    tags: Annotated[list[Tag], Field(max_length=30)] = []
    queues: Annotated[list[QueueName], Field(max_length=200)] = []

    @field_validator("title")
    @classmethod
    def _title(cls, title: str) -> str:
        return " ".join(title.split())

    @field_validator("tags")
    @classmethod
    def _tags(cls, tags: list[str]) -> list[str]:
        """Each once, in the order they were written."""
        return list({tag.casefold(): tag for tag in (" ".join(each.split()) for each in tags)}.values())


class Kept(Written):
    """`publish`: agents read this version from now on."""

    publish: bool = False


class Listed(BaseModel):
    """One line of the administrator's list. `published`: the version that agents read, null: none. `put`, `helped` and
    `failed` count contacts: where it was put into the text, helped, and did not."""

    id: str
    version: int
    published: int | None
    title: str
    language: Language
    tags: list[str]
    queues: list[str]
    made_at: datetime
    by: str | None
    put: int
    helped: int
    failed: int


class Articles(BaseModel):
    articles: list[Listed]


class Version(BaseModel):
    version: int
    title: str
    made_at: datetime
    by: str | None


class Article(Written):
    """`newest` is the number of the last version; `versions`, the newest first."""

    id: str
    version: int
    newest: int
    published: int | None
    made_at: datetime
    by: str | None
    versions: list[Version]


class Publication(BaseModel):
    """The version that agents read from now on; null: none."""

    version: Annotated[int, Field(ge=1, lt=2**31)] | None


class Piece(BaseModel):
    """A part of a text; `hit`: what was looked for stands here."""

    text: str
    hit: bool


class Hit(BaseModel):
    """`suggested`: nobody looked for it, it fits the contact. `title` and `snippet` in pieces."""

    id: str
    title: list[Piece]
    snippet: list[Piece]
    language: Language
    tags: list[str]
    suggested: bool


class Hits(BaseModel):
    articles: list[Hit]


class Reading(BaseModel):
    """An article as agents read it. `helped` is what this person said of it on this contact."""

    id: str
    version: int
    title: str
    body: str
    language: Language
    tags: list[str]
    made_at: datetime
    helped: bool | None
    put: bool


class Use(BaseModel):
    """What is left out stays as it was."""

    helped: bool | None = None
    put: bool | None = None
