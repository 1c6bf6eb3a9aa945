"""Tables of tenants, people, sessions, audit and the set-up. Everything but the look-ups needs a tenant's transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7

from otklik.contact.configuration import Agent, Configuration, EntryPoint, Queue, Reason, Scenario
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId, ScenarioId, TenantId
from otklik.customer import store as customers
from otklik.errors import AppError, Language
from otklik.storage.engine import Database
from otklik.tenancy import demo
from otklik.tenancy.demo import DemoSeed
from otklik.tenancy.password import LEAST_CHARACTERS, MOST_CHARACTERS, hashed, matches
from otklik.tenancy.person import Person, Role, Theme

_SCENARIO: TypeAdapter[Scenario] = TypeAdapter(Scenario)

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
    """A person to be added; `queues` are an agent's queues with the level in each."""

    login: str
    name: str
    role: Role
    password_hash: str
    language: Language = "ru"
    queues: Mapping[str, int]


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
    made = str(found.scalar_one())
    for queue, level in person.queues.items():
        await connection.execute(
            text(
                "insert into agent_queue (tenant_id, person_id, queue_id, level)"
                " values (current_tenant(), :person, :queue, :level)"
            ),
            {"person": made, "queue": queue, "level": level},
        )
    return made


async def audit(
    connection: AsyncConnection, person: str, what: str, *, contact: ContactId | None = None, address: str = ""
) -> None:
    """Who did what; `what` is a short word such as "recording_played". Rows are never changed."""
    await connection.execute(
        text(
            "insert into audit (tenant_id, person_id, what, contact_id, address)"
            " values (current_tenant(), :person, :what, :contact, :address)"
        ),
        {"person": person, "what": what, "contact": contact, "address": address},
    )


async def audited_within_hour(connection: AsyncConnection, person: str, what: str, contact: ContactId) -> bool:
    found = await connection.execute(
        text(
            "select true from audit where contact_id = :contact and person_id = :person and what = :what"
            " and at > now() - interval '1 hour' limit 1"
        ),
        {"person": person, "what": what, "contact": contact},
    )
    return found.one_or_none() is not None


# The set-up.


async def configuration(connection: AsyncConnection) -> Configuration:
    """Everything of this tenant that decisions depend on."""
    return Configuration(
        queues=await _queues(connection),
        agents=await _agents(connection),
        scenarios=await _scenarios(connection),
        entry_points=await _entry_points(connection),
        reasons=await reasons(connection),
        dispositions=await dispositions(connection),
    )


async def reasons(connection: AsyncConnection) -> tuple[Reason, ...]:
    rows = await connection.execute(text("select id, ru, en from reason order by position, id"))
    return tuple(Reason(id=row.id, ru=row.ru, en=row.en) for row in rows)


async def dispositions(connection: AsyncConnection) -> tuple[Reason, ...]:
    rows = await connection.execute(text("select id, ru, en from disposition order by position, id"))
    return tuple(Reason(id=row.id, ru=row.ru, en=row.en) for row in rows)


async def _queues(connection: AsyncConnection) -> tuple[Queue, ...]:
    rows = await connection.execute(
        text(
            "select id, name, ring_seconds, wrap_up_seconds, announce_every_seconds, decline_pause_seconds,"
            " rejoin_seconds from queue order by position, id"
        )
    )
    return tuple(Queue(**row) for row in rows.mappings())


async def _agents(connection: AsyncConnection) -> tuple[Agent, ...]:
    rows = await connection.execute(
        text(
            "select p.id, p.name, coalesce(jsonb_object_agg(a.queue_id, a.level)"
            " filter (where a.queue_id is not null), '{}') as queues"
            " from person p left join agent_queue a on a.tenant_id = p.tenant_id and a.person_id = p.id"
            " where p.role = 'agent' and p.disabled_at is null group by p.id, p.name order by p.id"
        )
    )
    return tuple(
        Agent(id=AgentId(row.id), name=row.name, queues={QueueId(queue): level for queue, level in row.queues.items()})
        for row in rows
    )


async def _scenarios(connection: AsyncConnection) -> tuple[Scenario, ...]:
    rows = await connection.execute(text("select id, body from scenario order by id"))
    return tuple(_SCENARIO.validate_python({**row.body, "id": row.id}) for row in rows)


async def _entry_points(connection: AsyncConnection) -> tuple[EntryPoint, ...]:
    rows = await connection.execute(text("select id, number, scenario_id from entry_point order by id"))
    return tuple(
        EntryPoint(id=EntryPointId(row.id), number=row.number, scenario=ScenarioId(row.scenario_id)) for row in rows
    )


async def save_configuration(
    connection: AsyncConnection, wanted: Configuration, titles: Mapping[str, str], client: str | None = None
) -> None:
    """Write a whole new set-up but for its agents. `titles`: of scenarios and entry points by id."""
    for position, queue in enumerate(wanted.queues):
        await _insert(connection, "queue", {**asdict(queue), "client_id": client, "position": position})
    for scenario in wanted.scenarios:
        body = _SCENARIO.dump_json(scenario, exclude={"id"}).decode()
        row = {"id": scenario.id, "name": titles[scenario.id], "client_id": client, "body": body}
        await _insert(connection, "scenario", row)
    for entry in wanted.entry_points:
        row = {"id": entry.id, "name": titles[entry.id], "client_id": client, "number": entry.number}
        await _insert(connection, "entry_point", {**row, "scenario_id": entry.scenario})
    for table, words in (("reason", wanted.reasons), ("disposition", wanted.dispositions)):
        for position, word in enumerate(words):
            await _insert(connection, table, {**asdict(word), "position": position})


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


async def seed_demo(database: Database, password: str) -> DemoSeed:
    """Make the demo tenant, or find it; either way its people sign in with `password` afterwards."""
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
    client = str(uuid7())
    await _insert(connection, "client", {"id": client, "name": demo.CLIENT})
    await save_configuration(connection, demo.CONFIGURATION, demo.TITLES, client)
    for person, password_hash in zip(demo.PEOPLE, hashes, strict=True):
        row = NewPerson(
            login=person.login,
            name=person.name,
            role=person.role,
            language=person.language,
            password_hash=password_hash,
            queues=person.queues,
        )
        await add_person(connection, row)
    for customer in demo.CUSTOMERS:
        await customers.add(connection, replace(customer, id=CustomerId(str(uuid7()))))
