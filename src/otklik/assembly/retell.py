"""`otklik replay` and `otklik why`: the past from the log, told by the production code. Nothing is changed; `otklik admin
recount` writes what is missing of the accounts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from otklik.assembly.program import opened
from otklik.contact.ids import ContactId, TenantId
from otklik.desk import store as desk
from otklik.desk.why import Why, tell
from otklik.errors import AppError, Language
from otklik.settings import Settings
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import recounting, retelling
from otklik.tenancy import store as tenancy


async def replay(settings: Settings, day: date | None, tenant: str | None) -> int:
    """Prints what was compared; 1 if anything would be decided differently now."""
    day = day or datetime.now(UTC).date()
    begin = datetime.combine(day, time(), UTC)
    different = 0
    async with _reading(settings) as (url, database):
        for each in await _tenants(database, tenant):
            event_log = EventLog(url, each)
            span = await event_log.facts_between(begin, begin + timedelta(days=1))
            if span is None:
                print(f"{each}: {day}: нет фактов / no facts")
                continue
            found = await retelling.replay(event_log, *span)
            different += found.different
            print(
                f"{each}: {day}: facts {found.facts} ({span[0]}-{span[1]}), compared {found.compared}, "
                f"not compared {found.unknown}, different {found.different}, from snapshot {found.from_snapshot}"
            )
            if found.first is not None:
                _show(found.first)
    return 1 if different else 0


def _show(difference: retelling.Difference) -> None:
    at = datetime.fromtimestamp(difference.at, UTC).isoformat()
    print(f"\nПервое различие / First difference: {difference.seq}, {at}\n  {difference.fact}")
    for title, decisions in (
        ("решено тогда / decided then", difference.decided),
        ("решается теперь / decided now", difference.decides_now),
    ):
        print(f"  {title}:")
        for decision in decisions or [{"kind": "–"}]:
            print(f"    {json.dumps(decision, ensure_ascii=False)}")


async def why(settings: Settings, contact: str, at: str, language: Language, *, as_json: bool) -> int:
    """Prints the contact's account; 1 if nobody knows the contact."""
    try:
        identity = ContactId(str(UUID(contact)))
        until = None if at == "last" else int(at)
    except ValueError as error:
        raise AppError("not_found", 404) from error
    async with _reading(settings) as (url, database):
        for tenant in await _tenants(database, None):
            steps = await retelling.why(EventLog(url, tenant), identity, until=until)
            if steps:
                async with database.transaction(tenant) as connection:
                    told = tell(identity, steps, *await desk.names(connection))
                print(told.model_dump_json(indent=2) if as_json else "\n".join(_lines(told, language)))
                return 0
    raise AppError("not_found", 404)


async def recount_time(settings: Settings, tenant: str | None) -> int:
    """Prints how many stretches of working time the log tells."""
    async with _reading(settings) as (url, database):
        for each in await _tenants(database, tenant):
            count = await recounting.recount(EventLog(url, each), database)
            print(f"{each}: отрезков рабочего времени / stretches of working time: {count}")
    return 0


def _lines(told: Why, language: Language) -> list[str]:
    lines = []
    for step in told.steps:
        lines.append(f"{step.at:%Y-%m-%d %H:%M:%S.%f}  {step.seq:>8}  {step.ru if language == 'ru' else step.en}")
        for each in step.considered:
            mark = "+" if each.rule is None else "-"
            facts = ", ".join(f"{name} {_short(value)}" for name, value in each.facts.items())
            lines.append(f"{'':38}{mark} {each.agent.name}: {each.ru if language == 'ru' else each.en} ({facts})")
    return lines


def _short(value: object) -> object:
    return f"{value:.1f}" if isinstance(value, float) else value


async def _tenants(database: Database, tenant: str | None) -> list[TenantId]:
    async with database.lookup() as connection:
        return [each for each in await tenancy.tenants(connection) if tenant in (None, each)]


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[tuple[str, Database]]:
    async with opened(settings, beside=True) as url:
        database = await Database.open(url)
        try:
            yield url, database
        finally:
            await database.close()
