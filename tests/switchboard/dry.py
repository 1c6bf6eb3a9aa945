"""The same days without a database: the log in memory, cut at the same places. Hundreds of days in minutes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from tests.switchboard.day_rules import rules_of_the_day
from tests.switchboard.fate import Fate, FatedLog, Killed, Ledger, Wire
from tests.switchboard.hazard import NOON, OUTCOMES, Day, Life

from otklik.contact.configuration import Agent, Configuration
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, TenantId
from otklik.storage import codec
from otklik.storage.engine import Database
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import demo

TENANT = TenantId("01a2223a-0000-7000-8000-000000000000")
AGENTS = tuple(
    Agent(id=AgentId(f"01a2223a-0000-7000-8000-{number:012}"), name=person.name, queues=dict(person.queues))
    for number, person in enumerate(demo.PEOPLE, 1)
    if person.role == "agent"
)


@dataclass
class Store:
    """What outlives every life: the log, its snapshots, and the accounts."""

    facts: list[tuple[float, str, bytes, str | None]] = field(default_factory=list)
    snapshots: list[tuple[int, bytes]] = field(default_factory=list)
    decided: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)


class DryLog:
    """`FatedLog` in memory."""

    def __init__(self, store: Store, fate: Fate, ledger: Ledger) -> None:
        self.tenant, self.epoch, self.appending = TENANT, 1, 0
        self.store, self.fate, self.ledger = store, fate, ledger
        fate.logs.append(cast(FatedLog, self))

    def cut(self) -> None:
        pass

    async def take(self, holder: str, ttl_seconds: float) -> int:
        self.fate.passes("after lease")
        return self.epoch

    async def renew(self) -> None:
        pass

    async def release(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def append(self, facts: Sequence[tuple[float, Fact]]) -> int:
        self.fate.passes("before append")
        self.appending += 1
        try:
            await asyncio.sleep(0)
            if self.fate.dead:
                raise Killed
            for at, fact in facts:
                self.store.facts.append((at, codec.KINDS[type(fact)], codec.dump(fact), codec.number_in(fact)))
            self.fate.passes("in append")
            await asyncio.sleep(0)
        finally:
            self.appending -= 1
        if not self.fate.dead:
            self.ledger.note(len(self.store.facts), facts)
        self.fate.passes("after append")
        return len(self.store.facts)

    async def read(self, after: int) -> AsyncIterator[tuple[int, float, Fact]]:
        for seq, (at, kind, body, ani) in enumerate(list(self.store.facts[after:]), after + 1):
            self.fate.passes("folding")
            yield seq, at, codec.load(kind, json.loads(body), ani)

    async def begins(self) -> int:
        return 1

    async def save_snapshot(self, seq: int, body: bytes) -> None:
        self.fate.passes("before snapshot")
        self.store.snapshots.append((seq, body))
        self.fate.passes("after snapshot")

    async def last_snapshot(self, before: int | None = None) -> tuple[int, bytes] | None:
        known = [each for each in self.store.snapshots if before is None or each[0] < before]
        return max(known, default=None)

    async def said(self, contacts: Sequence[ContactId]) -> dict[tuple[ContactId, object], str]:
        return {}

    async def save_decided(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        for first, facts, body in rows:
            self.store.decided.setdefault(first, (facts, body))

    async def decided(self, first: int, last: int) -> AsyncGenerator[tuple[int, int, bytes], None]:
        for number, (facts, body) in sorted(self.store.decided.items()):
            if number <= last and number + facts > first:
                yield number, facts, body

    async def facts_of(self, contact: ContactId) -> tuple[int, int] | None:
        named = [seq for seq, fact in enumerate(self.store.facts, 1) if json.loads(fact[2]).get("contact") == contact]
        return (named[0], named[-1]) if named else None


class DryStatement:
    def __init__(self, answer: Callable[..., bytes | None]) -> None:
        self._answer = answer

    async def open(self) -> None:
        await asyncio.sleep(0)

    async def run(self, *parameters: bytes | None) -> bytes | None:
        await asyncio.sleep(0)
        return self._answer(*parameters)

    async def close(self) -> None:
        pass


class DryDatabase:
    """Answers who is calling, takes accounts, and knows of nothing else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def statement(self, statement: bytes, **_: object) -> DryStatement:
        return DryStatement(_card if b"card(" in statement else self._account)

    def _account(self, rows: bytes | None) -> None:
        for row in json.loads(rows or b"[]"):
            self._store.accounts[row["contact"]] = row

    @asynccontextmanager
    async def transaction(self, tenant: TenantId) -> AsyncIterator[DryDatabase]:
        yield self

    async def execute(self, *_: object) -> list[object]:
        return []

    async def close(self) -> None:
        pass


def _card(_: bytes | None, __: bytes | None, ani: bytes | None, *___: bytes | None) -> bytes:
    """Every third caller is known, some of them with a manager."""
    number = int(ani or b"1")
    manager = AGENTS[number // 3 % 4 % 3].id if number % 2 else None
    known = {"id": f"k{number % 9}", "name": "", "company": "", "vip": number % 5 == 0, "language": "", "about": ""}
    customer = {**known, "manager": manager} if number % 3 == 0 else None
    return json.dumps({"customer": customer, "earlier": [], "drafts": []}).encode()


class DryExchange(Exchange):
    set_up = Configuration()

    async def open(self, telephony: Any, demo_state: Any) -> None:
        self.show(telephony, demo_state)
        self._numbers = {each.number: (TENANT, each.id) for each in self.set_up.entry_points}
        self._centres[TENANT] = await self._open(TENANT)

    async def _configuration(self, tenant: TenantId) -> Configuration:
        return self.set_up


class DryDay(Day):
    """`Day` without a database."""

    def __init__(self, seed: int) -> None:
        super().__init__("", seed)
        self.store = Store()
        self.tenant = TENANT
        self.set_up = rules_of_the_day(replace(demo.CONFIGURATION, agents=AGENTS))

    async def _database(self) -> Database:
        return cast(Database, DryDatabase(self.store))

    def _exchange(self, database: Database, wire: Wire, fate: Fate) -> Exchange:
        exchange = DryExchange(
            database,
            "",
            wire,
            lambda: NOON + self.passed + self.wall_is_off,
            "hazard",
            elapsed=lambda: self.passed,
            outside=self.outer,
            handlers=self.coder,
            open_log=lambda url, tenant: cast(Any, DryLog(self.store, fate, self.ledger)),
        )
        exchange.set_up = self.set_up
        return exchange

    def _request_of(self, contact: ContactId) -> dict[str, str]:
        """Of what stands beside the log nothing is kept here."""
        return {}

    async def check_log(self) -> None:
        assert len(self.store.facts) >= len(self.ledger.confirmed)
        for seq, (at, fact) in self.ledger.confirmed.items():
            stored_at, kind, body, ani = self.store.facts[seq - 1]
            told = codec.load(kind, json.loads(body), ani)
            assert (stored_at, told) == (at, codec.load(kind, json.loads(codec.dump(fact)), ani))

    async def check_books(self, life: Life) -> None:
        rows = self.store.accounts
        assert set(rows) >= set(self.calls) - self.unwritten, "a contact without an account"
        for row in rows.values():
            self._check_row(row["outcome"], row["ended_at"] - row["arrived_at"], row["segments"])

    def _check_row(self, outcome: str, lasted: float, segments: list[dict[str, Any]]) -> None:
        own = [each for each in segments if each["kind"] != "consultation"]
        assert outcome in OUTCOMES, outcome
        assert all(one["ended_at"] == other["started_at"] for one, other in zip(own, own[1:], strict=False))
        assert abs(sum(each["ended_at"] - each["started_at"] for each in own) - lasted) < 1e-3
