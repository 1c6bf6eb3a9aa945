"""Articles of the knowledge base, their versions, and what became of them. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId
from otklik.errors import AppError, Language
from otklik.knowledge.article import Article, Hit, Listed, Reading, Use, Version, Written
from otklik.knowledge.words import BEGIN, END, pieces, plain, queries

MOST_VERSIONS = 100
ALIKE = 0.45
"""From here on a word counts as the one that was meant (pg_trgm's word similarity): one letter wrong in a word of seven."""
_FIELDS = "v.title, v.body, v.language, v.tags, v.queues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`words`: what is known of the contact, in small letters; `language` comes first where all else is equal."""

    typed: str
    queue: str | None
    words: Sequence[str]
    language: Language
    most: int


# What administrators write.


async def articles(connection: AsyncConnection) -> list[Listed]:
    found = await connection.execute(
        text(
            "select a.id, a.version, a.published, v.title, v.language, v.tags, v.queues, v.made_at, p.name as by,"
            " coalesce(u.put, 0) as put, coalesce(u.helped, 0) as helped, coalesce(u.failed, 0) as failed from article a"
            " join article_version v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.version = a.version"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.made_by"
            " left join (select article_id, count(*) filter (where put) as put, count(*) filter (where helped) as helped,"
            "   count(*) filter (where not helped) as failed from article_use group by article_id) u on u.article_id = a.id"
            " order by lower(v.title), a.id"
        )
    )
    return [Listed.model_validate(dict(row)) for row in found.mappings()]


async def article(connection: AsyncConnection, article: str, version: int | None = None) -> Article | None:
    """As it is in this version, or in the newest."""
    found = await connection.execute(
        text(
            f"select a.id, v.version, a.version as newest, a.published, {_FIELDS}, v.made_at, p.name as by from article a"
            " join article_version v on v.tenant_id = a.tenant_id and v.article_id = a.id"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.made_by"
            " where a.id = :article and v.version = coalesce(cast(:version as integer), a.version)"
        ),
        {"article": article, "version": version},
    )
    row = found.mappings().one_or_none()
    return Article(**row, versions=await _versions(connection, article)) if row is not None else None


async def _versions(connection: AsyncConnection, article: str) -> list[Version]:
    found = await connection.execute(
        text(
            "select v.version, v.title, v.made_at, p.name as by from article_version v"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.made_by"
            " where v.article_id = :article order by v.version desc limit :most"
        ),
        {"article": article, "most": MOST_VERSIONS},
    )
    return [Version.model_validate(dict(row)) for row in found.mappings()]


async def add(connection: AsyncConnection, written: Written, person: str, *, publish: bool) -> str:
    found = await connection.execute(
        text(
            "insert into article (tenant_id, version, published) values (current_tenant(), 1, :published) returning id"
        ),
        {"published": 1 if publish else None},
    )
    made = str(found.scalar_one())
    await _add_version(connection, made, 1, written, person)
    return made


async def change(
    connection: AsyncConnection, article: str, over: int, written: Written, person: str, *, publish: bool
) -> None:
    """Over this version. Raises `no_such_article`, or `article_conflict` if somebody has changed it meanwhile."""
    version = await _newest(connection, article)
    if version != over:
        raise AppError("article_conflict", 412, version=version)
    await _add_version(connection, article, version + 1, written, person)
    await connection.execute(
        text(
            "update article set version = :version, published = case when :publish then :version else published end"
            " where id = :article"
        ),
        {"article": article, "version": version + 1, "publish": publish},
    )


async def publish(connection: AsyncConnection, article: str, version: int | None) -> None:
    """Raises `no_such_article`, also for a version that there is not."""
    if version is not None and not 1 <= version <= await _newest(connection, article):
        raise AppError("no_such_article", 404)
    found = await connection.execute(
        text("update article set published = :version where id = :article returning id"),
        {"article": article, "version": version},
    )
    if found.one_or_none() is None:
        raise AppError("no_such_article", 404)


async def remove(connection: AsyncConnection, article: str) -> None:
    """With all its versions."""
    found = await connection.execute(text("delete from article where id = :article returning id"), {"article": article})
    if found.one_or_none() is None:
        raise AppError("no_such_article", 404)


async def _newest(connection: AsyncConnection, article: str) -> int:
    """Whoever comes at the same time waits here."""
    found = await connection.execute(
        text("select version from article where id = :article for update"), {"article": article}
    )
    version = found.scalar_one_or_none()
    if version is None:
        raise AppError("no_such_article", 404)
    return int(version)


async def _add_version(connection: AsyncConnection, article: str, version: int, written: Written, person: str) -> None:
    words = plain(written.body)
    await connection.execute(
        text(
            "insert into article_version"
            " (tenant_id, article_id, version, title, body, plain, language, tags, queues, made_by, search)"
            " values (current_tenant(), :article, :version, :title, :body, :plain, :language, :tags, :queues, :person,"
            " article_search(:title, cast(:tags as text[]), :plain))"
        ),
        {
            "article": article,
            "version": version,
            "title": written.title,
            "body": written.body,
            "plain": words,
            "language": written.language,
            "tags": written.tags,
            "queues": written.queues,
            "person": person,
        },
    )


# What agents find and read.

_PUBLISHED = (
    " from article a join article_version v on v.tenant_id = a.tenant_id and v.article_id = a.id"
    " and v.version = a.published"
)
_FIT = (
    "(:queue = any (v.queues)) as own, cardinality(v.queues) = 0 as common,"
    " (select count(*) from unnest(v.tags) tag where lower(tag) = any (cast(:words as text[]))) as tagged,"
    " v.language = :language as spoken"
)
_SUGGESTED = (
    f"select id, title, left(plain, 160) as snippet, language, tags from (select a.id, v.title, v.plain, v.language, v.tags,"
    f" {_FIT}{_PUBLISHED}) found where own or common"
    " order by tagged desc, own desc, spoken desc, lower(title), id limit :most"
)
_MARKED = f"StartSel={BEGIN}, StopSel={END}"
_FOUND = f"""
select id, ts_headline('russian', article_words(title), any_word, '{_MARKED}, HighlightAll=true') as marked, title,
       ts_headline('russian', plain, any_word,
                   '{_MARKED}, MaxFragments=2, MinWords=5, MaxWords=16, FragmentDelimiter=" … "') as snippet,
       language, tags
  from (select a.id, v.title, v.plain, v.language, v.tags, {_FIT}, q.any_word, v.search @@ q.all_words as whole,
               v.search @@ q.any_word as part, ts_rank_cd(v.search, q.any_word, 1) as rank,
               word_similarity(:typed, article_words(v.title || ' ' || array_to_string(v.tags, ' '))) as likeness
          from (select to_tsquery('russian', :all) as all_words, to_tsquery('russian', :any) as any_word) q,
               article a join article_version v on v.tenant_id = a.tenant_id and v.article_id = a.id
                     and v.version = a.published) found
 where part or likeness >= :alike
 order by whole desc, part desc, rank desc, own desc, likeness desc, spoken desc, lower(title), id limit :most
"""


async def found(connection: AsyncConnection, wanted: Wanted) -> list[Hit]:
    """By what was typed, the best first; nothing typed: what fits the contact."""
    every, some = queries(wanted.typed)
    values: dict[str, Any] = {
        "queue": wanted.queue or "",
        "words": list(wanted.words),
        "language": wanted.language,
        "most": wanted.most,
    }
    if not every:
        rows = (await connection.execute(text(_SUGGESTED), values)).mappings()
        return [_hit(row, row["title"], suggested=True) for row in rows]
    values |= {"typed": wanted.typed.lower().replace("ё", "е"), "all": every, "any": some, "alike": ALIKE}
    rows = (await connection.execute(text(_FOUND), values)).mappings()
    return [_hit(row, _marked_as_written(row["marked"], row["title"]), suggested=False) for row in rows]


def _hit(row: Any, title: str, *, suggested: bool) -> Hit:
    return Hit(
        id=str(row["id"]),
        title=pieces(title),
        snippet=pieces(row["snippet"]),
        language=row["language"],
        tags=row["tags"],
        suggested=suggested,
    )


def _marked_as_written(marked: str, title: str) -> str:
    """The title with its own letters, marked as its words were."""
    letters = iter(title)
    written = [each if each in (BEGIN, END) else next(letters, "") for each in marked]
    return "".join(written) + "".join(letters)


async def reading(connection: AsyncConnection, article: str, contact: ContactId | None, person: str) -> Reading | None:
    """What is published of it."""
    found = await connection.execute(
        text(
            "select a.id, v.version, v.title, v.body, v.language, v.tags, v.made_at, u.helped, coalesce(u.put, false) as put"
            f"{_PUBLISHED} left join article_use u on u.tenant_id = a.tenant_id and u.article_id = a.id"
            " and u.contact_id = cast(:contact as uuid) and u.person_id = :person where a.id = :article"
        ),
        {"article": article, "contact": contact, "person": person},
    )
    row = found.mappings().one_or_none()
    return Reading(**row) if row is not None else None


async def use(connection: AsyncConnection, article: str, contact: ContactId, person: str, use: Use) -> None:
    """Counted once for each contact and person. Raises `no_such_article`."""
    found = await connection.execute(
        text(
            "insert into article_use as u (tenant_id, article_id, contact_id, person_id, put, helped)"
            " select current_tenant(), a.id, :contact, :person, coalesce(cast(:put as boolean), false),"
            " cast(:helped as boolean) from article a where a.id = :article and a.published is not null"
            " on conflict (tenant_id, article_id, contact_id, person_id) do update set"
            " put = u.put or excluded.put, helped = coalesce(excluded.helped, u.helped), at = now() returning 1"
        ),
        {"article": article, "contact": contact, "person": person, "put": use.put, "helped": use.helped},
    )
    if found.one_or_none() is None:
        raise AppError("no_such_article", 404)
