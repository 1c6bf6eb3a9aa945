"""What was answered along a talk script: one row per contact and agent. Always in a tenant's transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.configuration import Configuration
from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.customer import store as customers
from otklik.desk.found import holes
from otklik.talk.script import card_values
from otklik.tenancy.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`given` as the page sent it, `told` as people read it. `version` is that of the set-up the script stood in."""

    agent: AgentId
    name: str | None
    script: str
    title: str
    version: int
    given: list[dict[str, Any]]
    told: list[dict[str, Any]]


async def save(connection: AsyncConnection, contact: ContactId, kept: Kept) -> None:
    """Over what this agent answered before on this contact."""
    await connection.execute(
        text(
            "insert into talk_answers (tenant_id, contact_id, person_id, script_id, title, version, given, told)"
            " values (current_tenant(), :contact, :agent, :script, :title, :version, cast(:given as jsonb), cast(:told as jsonb))"
            " on conflict (tenant_id, contact_id, person_id) do update set script_id = excluded.script_id,"
            " title = excluded.title, version = excluded.version, given = excluded.given, told = excluded.told, saved_at = now()"
        ),
        {
            "contact": contact,
            "agent": kept.agent,
            "script": kept.script,
            "title": kept.title,
            "version": kept.version,
            "given": json.dumps(kept.given, ensure_ascii=False),
            "told": json.dumps(kept.told, ensure_ascii=False),
        },
    )


async def answers(connection: AsyncConnection, contact: ContactId) -> list[Kept]:
    """Of all agents who talked, in the order of their last answers."""
    found = await connection.execute(
        text(
            "select a.person_id, p.name, a.script_id, a.title, a.version, a.given, a.told from talk_answers a"
            " left join person p on p.tenant_id = a.tenant_id and p.id = a.person_id"
            " where a.contact_id = :contact order by a.saved_at, a.person_id"
        ),
        {"contact": contact},
    )
    return [
        Kept(
            agent=AgentId(row.person_id),
            name=row.name,
            script=row.script_id,
            title=row.title,
            version=row.version,
            given=row.given,
            told=row.told,
        )
        for row in found
    ]


async def known_of(
    connection: AsyncConnection, configuration: Configuration, shown: dict[str, Any], person: Person
) -> tuple[dict[str, str], dict[str, str]]:
    """What the holes of a text are filled with, and what conditions look at; empty where nothing is known."""
    customer = shown["customer"] or {}
    plain = {
        "customer": customer.get("name") or "",
        "company": customer.get("company") or "",
        "number": shown["ani"] or "",
        "agent": person.name,
        "queue": (shown["queue"] or {}).get("name") or "",
        **holes(shown["found"]),
    }
    form = configuration.customer_fields
    own = await customers.own_fields(connection, CustomerId(customer["id"])) if form and customer.get("id") else {}
    lists = {each.id: each.choices for each in configuration.choice_lists}
    read, bare = card_values(form, lists, own, person.language)
    looked = {"vip": "true" if customer.get("vip") else "false", "language": customer.get("language") or ""}
    return plain | read, plain | bare | looked
