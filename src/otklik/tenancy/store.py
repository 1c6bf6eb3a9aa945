"""Tables of tenants, people, sessions, audit and the set-up. Everything but the look-ups needs a tenant's transaction."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7

from otklik.contact.configuration import Agent, Configuration
from otklik.contact.facts import Configured
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, TenantId
from otklik.contact.ports import Inbox
from otklik.errors import AppError, Language
from otklik.routing.entry import digits
from otklik.routing.outcome import full_names
from otklik.storage.engine import Database
from otklik.tenancy import demo
from otklik.tenancy.demo import DemoSeed
from otklik.tenancy.document import Account, Accounts, present, storable_body, stored
from otklik.tenancy.password import LEAST_CHARACTERS, MOST_CHARACTERS, hashed, matches
from otklik.tenancy.person import Person, Role, Theme

# Look-ups: before a tenant is known, on a connection of `Database.lookup`.


@dataclass(frozen=True, slots=True)
class KnownLogin:
    """What is needed to check a password."""

    tenant: TenantId
    person: str
    password_hash: str


async def tenants(lookup: AsyncConnection) -> list[TenantId]:
    return [TenantId(row.tenant_id) for row in await lookup.execute(text("select tenant_id from tenants()"))]


async def entry_points(lookup: AsyncConnection) -> dict[str, tuple[TenantId, EntryPointId]]:
    """Of all tenants, by number as the trunk dials it."""
    rows = await lookup.execute(text("select number, tenant_id, entry_point_id from entry_points()"))
    return {row.number: (TenantId(row.tenant_id), EntryPointId(row.entry_point_id)) for row in rows}


async def known_login(lookup: AsyncConnection, login: str) -> KnownLogin | None:
    query = text("select tenant_id, person_id, password_hash from login(:login)")
    row = (await lookup.execute(query, {"login": login})).one_or_none()
    return KnownLogin(TenantId(row.tenant_id), row.person_id, row.password_hash) if row else None


async def session_person(lookup: AsyncConnection, token_hash: bytes, *, touch: bool) -> tuple[Person, float] | None:
    """Who holds the session, and for how many seconds more. `touch`: the person did something just now."""
    query = text("select * from session_person(:token_hash, :touch)")
    row = (await lookup.execute(query, {"token_hash": token_hash, "touch": touch})).one_or_none()
    if row is None:
        return None
    person = Person(
        tenant=TenantId(row.tenant_id),
        tenant_name=row.tenant_name,
        id=row.person_id,
        login=row.login,
        name=row.name,
        role=row.role,
        language=row.language,
        theme=row.theme,
    )
    return person, float(row.seconds_left)


async def standing_sessions(lookup: AsyncConnection, token_hashes: Sequence[bytes]) -> set[bytes]:
    """Those of these whose session has not ended."""
    query = text(
        "select held from unnest(cast(:hashes as bytea[])) held where exists (select from session_person(held, false))"
    )
    return {bytes(row.held) for row in await lookup.execute(query, {"hashes": list(token_hashes)})}


# Sessions and people.


async def open_session(connection: AsyncConnection, person: str, token_hash: bytes, address: str) -> None:
    """Also throws away the person's sessions that have ended."""
    await connection.execute(
        text(
            "delete from session where person_id = :person"
            " and (seen_at < now() - interval '12 hours' or started_at < now() - interval '24 hours')"
        ),
        {"person": person},
    )
    await connection.execute(
        text(
            "insert into session (tenant_id, token_hash, person_id, address)"
            " values (current_tenant(), :token_hash, :person, :address)"
        ),
        {"token_hash": token_hash, "person": person, "address": address},
    )


async def end_session(connection: AsyncConnection, token_hash: bytes) -> None:
    await connection.execute(text("delete from session where token_hash = :hash"), {"hash": token_hash})


async def signed_in_people(connection: AsyncConnection) -> set[str]:
    """Whoever has a session that has not run out."""
    rows = await connection.execute(
        text(
            "select distinct person_id from session"
            " where seen_at > now() - interval '12 hours' and started_at > now() - interval '24 hours'"
        )
    )
    return {str(row.person_id) for row in rows}


async def set_preferences(
    connection: AsyncConnection, person: str, *, language: Language | None, theme: Theme | None
) -> None:
    """None leaves a preference as it is."""
    await connection.execute(
        text(
            "update person set language = coalesce(:language, language), theme = coalesce(:theme, theme)"
            " where id = :person"
        ),
        {"person": person, "language": language, "theme": theme},
    )


async def own_keys(connection: AsyncConnection, person: str) -> tuple[dict[str, str], bool]:
    """The keys this person has chosen, by action, and whether single ones work."""
    found = await connection.execute(
        text("select keys as own, single_keys from person where id = :person"), {"person": person}
    )
    row = found.one()
    return row.own, row.single_keys


async def set_keys(
    connection: AsyncConnection, person: str, own: Mapping[str, str] | None, *, single: bool | None
) -> None:
    """None leaves it as it is."""
    await connection.execute(
        text(
            "update person set keys = coalesce(cast(:keys as jsonb), keys), single_keys = coalesce(:single, single_keys)"
            " where id = :person"
        ),
        {"person": person, "keys": None if own is None else json.dumps(dict(own)), "single": single},
    )


async def set_password(database: Database, login: str, password: str) -> None:
    """The person's sessions end. Raises `no_such_login` or `password_too_short`; changes nothing then."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise AppError("password_too_short", field="password", least=LEAST_CHARACTERS)
    async with database.lookup() as connection:
        known = await known_login(connection, login)
    if known is None:
        raise AppError("no_such_login", 404, field="login", login=login)
    password_hash = await asyncio.to_thread(hashed, password)
    async with database.transaction(known.tenant) as connection:
        await _store_password(connection, known.person, password_hash)


async def _store_password(connection: AsyncConnection, person: str, password_hash: str) -> None:
    await connection.execute(
        text("update person set password_hash = :hash where id = :person"), {"hash": password_hash, "person": person}
    )
    await connection.execute(text("delete from session where person_id = :person"), {"person": person})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to be added; an agent's queues are part of the configuration."""

    login: str
    name: str
    role: Role
    password_hash: str
    language: Language = "ru"


async def add_person(connection: AsyncConnection, person: NewPerson) -> str:
    """The new id. A login that exists anywhere in the installation violates the table's constraint."""
    found = await connection.execute(
        text(
            "insert into person (tenant_id, login, password_hash, name, role, language)"
            " values (current_tenant(), lower(:login), :hash, :name, :role, :language) returning id"
        ),
        {
            "login": person.login,
            "hash": person.password_hash,
            "name": person.name,
            "role": person.role,
            "language": person.language,
        },
    )
    return str(found.scalar_one())


async def audit(
    connection: AsyncConnection,
    person: str,
    what: str,
    *,
    contact: ContactId | None = None,
    customer: CustomerId | None = None,
    address: str = "",
) -> None:
    """Who did what; `what` is a short word such as "recording_played". Rows are never changed."""
    await connection.execute(
        text(
            "insert into audit (tenant_id, person_id, what, contact_id, customer_id, address)"
            " values (current_tenant(), :person, :what, :contact, :customer, :address)"
        ),
        {"person": person, "what": what, "contact": contact, "customer": customer, "address": address},
    )


async def audited_within_hour(
    connection: AsyncConnection, person: str, what: str, subject: ContactId | CustomerId, *, of: str = "contact"
) -> bool:
    """`of`: what the subject is, a contact or a customer."""
    found = await connection.execute(
        text(
            f"select true from audit where {of}_id = :subject and person_id = :person and what = :what"
            " and at > now() - interval '1 hour' limit 1"
        ),
        {"person": person, "what": what, "subject": subject},
    )
    return found.one_or_none() is not None


# The set-up.


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the set-up. `by`: the name of whoever made it; None: the installation itself."""

    number: int
    made_at: datetime
    by: str | None
    comment: str


_VERSION = (
    "select c.tenant_id, c.version, c.made_at, c.comment, p.name from configuration c"
    " left join person p on p.tenant_id = c.tenant_id and p.id = c.person_id"
)
KEPT_VERSIONS = 64
_read: OrderedDict[tuple[str, int, datetime], Configuration] = OrderedDict()
"""What was read last, by tenant, version and when it was made. A version never changes, and reading one of a thousand agents takes
tens of milliseconds of the loop that also rings telephones."""


async def configuration(connection: AsyncConnection) -> Configuration:
    """Everything of this tenant that decisions depend on, as it is now."""
    found = await configuration_version(connection)
    return found[1] if found is not None else present(Configuration(), await accounts(connection))


async def bare_configuration(connection: AsyncConnection) -> Configuration:
    """As `configuration`, for whoever asks nothing about agents."""
    found = await bare_version(connection)
    return found[1] if found is not None else Configuration()


async def configuration_version(
    connection: AsyncConnection, number: int | None = None
) -> tuple[Version, Configuration] | None:
    """This version, or the newest one. Its agents are those who have an account today."""
    found = await bare_version(connection, number)
    return None if found is None else (found[0], present(found[1], await accounts(connection)))


async def bare_version(connection: AsyncConnection, number: int | None = None) -> tuple[Version, Configuration] | None:
    """As `configuration_version`, without a look at who has an account: for whoever asks nothing about agents."""
    which = "order by c.version desc limit 1" if number is None else "where c.version = :number"
    row = (await connection.execute(text(f"{_VERSION} {which}"), {"number": number})).one_or_none()
    if row is None:
        return None
    key = (str(row.tenant_id), row.version, row.made_at)
    if key not in _read:
        body = await connection.execute(
            text("select body from configuration where version = :number"), {"number": row.version}
        )
        _read[key] = stored(body.scalar_one())
        while len(_read) > KEPT_VERSIONS:
            _read.popitem(last=False)
    _read.move_to_end(key)
    return _version(row), _read[key]


async def set_up(connection: AsyncConnection, version: int | None = None) -> tuple[int, Configuration]:
    """The newest one with its number, 0 if there is none yet. Raises `config_conflict` if it is not `version`."""
    found = await configuration_version(connection)
    number, current = (found[0].number, found[1]) if found else (0, Configuration())
    if version is not None and version != number:
        raise AppError("config_conflict", 412, version=number)
    return number, current


async def configuration_versions(connection: AsyncConnection) -> list[Version]:
    """Newest first."""
    return [_version(row) for row in await connection.execute(text(f"{_VERSION} order by c.version desc"))]


def _version(row: Row[Any]) -> Version:
    return Version(number=row.version, made_at=row.made_at, by=row.name, comment=row.comment)


async def accounts(connection: AsyncConnection) -> Accounts:
    """Of the agents, in the order they were made."""
    rows = await connection.execute(
        text("select id, login, name from person where role = 'agent' and disabled_at is null order by id")
    )
    return {AgentId(row.id): Account(login=row.login, name=row.name) for row in rows}


async def lock_configuration(connection: AsyncConnection) -> int:
    """The newest version, 0 if there is none; nobody else makes one until the transaction ends."""
    await connection.execute(text("select true from tenant for no key update"))
    found = await connection.execute(text("select coalesce(max(version), 0) from configuration"))
    return int(found.scalar_one())


async def save_configuration(
    connection: AsyncConnection, wanted: Configuration, *, person: str | None = None, comment: str = ""
) -> int:
    """Make a new version of the whole set-up and return its number. Raises `config_number_taken`."""
    version = await lock_configuration(connection) + 1
    row = {"version": version, "person_id": person, "comment": comment, "body": storable_body(wanted)}
    await _insert(connection, "configuration", row)
    for queue in wanted.queues:
        await _name(connection, "queue", {"id": queue.id, "name": queue.name})
    for disposition, (ru, en) in full_names(wanted.dispositions).items():
        await _name(connection, "disposition", {"id": disposition, "ru": ru, "en": en})
    await connection.execute(text("delete from entry_point"))
    for entry in wanted.entry_points:
        try:
            async with connection.begin_nested():
                entry_row = {"id": entry.id, "name": entry.name, "number": digits(entry.number)}
                await _insert(connection, "entry_point", entry_row)
        except IntegrityError as error:
            raise AppError("config_number_taken", 409, number=entry.number) from error
    return version


async def change_configuration(
    connection: AsyncConnection,
    inbox: Inbox,
    person: Person,
    wanted: Configuration,
    *,
    version: int,
    comment: str,
    address: str,
) -> int:
    """Make a new version, which the running centre is told before it is committed: if it cannot take it, nothing has
    changed. Raises `config_conflict` if `version` is no longer the newest."""
    newest = await lock_configuration(connection)
    if newest != version:
        raise AppError("config_conflict", 412, version=newest)
    made = await save_configuration(connection, wanted, person=person.id, comment=comment)
    await audit(connection, person.id, "configuration_changed", address=address)
    await inbox.submit(person.tenant, Configured(configuration=await configuration(connection)))
    return made


async def _name(connection: AsyncConnection, table: str, row: Mapping[str, object]) -> None:
    """History shows these names; a thing that is no longer set up keeps the one it had."""
    columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
    changed = ", ".join(f"{column} = excluded.{column}" for column in row if column != "id")
    statement = (
        f"insert into {table} (tenant_id, {columns}) values (current_tenant(), {places})"
        f" on conflict (tenant_id, id) do update set {changed}"
    )
    await connection.execute(text(statement), row)


async def _insert(connection: AsyncConnection, table: str, row: Mapping[str, object]) -> None:
    """A row of the transaction's tenant; table and columns come from this file only."""
    columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
    await connection.execute(
        text(f"insert into {table} (tenant_id, {columns}) values (current_tenant(), {places})"), row
    )


async def add_tenant(connection: AsyncConnection, *, name: str, provider: str, is_demo: bool) -> None:
    """Make the transaction's tenant (a fresh id), and its provider, whose own people work in it."""
    identity = str(uuid7())
    await _insert(connection, "provider", {"id": identity, "name": provider})
    await _insert(connection, "tenant", {"provider_id": identity, "name": name, "is_demo": is_demo})


# The demo tenant.


async def is_demo(connection: AsyncConnection) -> bool:
    return bool((await connection.execute(text("select is_demo from tenant"))).scalar_one())


async def seed_demo(
    database: Database, password: str, beside: Callable[[AsyncConnection], Awaitable[None]] | None = None
) -> DemoSeed:
    """Make the demo tenant, or find it; either way its people sign in with `password` afterwards. `beside`: what else is
    written in the transaction that makes it."""
    async with database.lookup() as connection:
        known = await tenants(connection)
    for tenant in known:
        async with database.transaction(tenant) as connection:
            if await is_demo(connection):
                await _keep_password(connection, password)
                return DemoSeed(tenant=tenant, created=False)
    tenant = TenantId(str(uuid7()))
    hashes = await asyncio.to_thread(lambda: [hashed(password) for _ in demo.PEOPLE])
    async with database.transaction(tenant) as connection:
        await _make_demo(connection, hashes)
        if beside is not None:
            await beside(connection)
    return DemoSeed(tenant=tenant, created=True)


async def _keep_password(connection: AsyncConnection, password: str) -> None:
    logins = [person.login for person in demo.PEOPLE]
    rows = await connection.execute(
        text("select id, password_hash from person where login = any(:logins) order by id"), {"logins": logins}
    )
    found = rows.all()
    first: str | None = found[0].password_hash if found else None
    if await asyncio.to_thread(matches, first, password):
        return
    for row in found:
        await _store_password(connection, row.id, await asyncio.to_thread(hashed, password))


async def _make_demo(connection: AsyncConnection, hashes: Sequence[str]) -> None:
    await add_tenant(connection, name=demo.TENANT, provider=demo.PROVIDER, is_demo=True)
    await _insert(connection, "client", {"id": str(uuid7()), "name": demo.CLIENT})
    agents: list[Agent] = []
    for person, password_hash in zip(demo.PEOPLE, hashes, strict=True):
        row = NewPerson(
            login=person.login,
            name=person.name,
            role=person.role,
            language=person.language,
            password_hash=password_hash,
        )
        made = await add_person(connection, row)
        if person.role == "agent":
            agents.append(Agent(id=AgentId(made), name=person.name, queues=dict(person.queues)))
    await save_configuration(connection, replace(demo.CONFIGURATION, agents=tuple(agents)))
