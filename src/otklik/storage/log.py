"""The event log of one tenant: who may write (a lease with an epoch), the append, the replay, the snapshot.

The append has a connection of its own and takes one round trip per batch. If the connection breaks in the middle,
the log finds out whether the batch was committed before it says anything: a fact is in the log once or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.types.string import TextLoader

from otklik.contact.facts import Fact
from otklik.contact.ids import ContactId, TenantId
from otklik.errors import PeerError
from otklik.storage import codec
from otklik.storage.address import CONNECT_SECONDS, SESSION_OPTIONS, conninfo
from otklik.storage.codec import Unstorable as Unstorable
from otklik.storage.prepared import Prepared
from otklik.storage.statement import Statement

STATEMENT_SECONDS = 10.0
MONTHS_AHEAD = 2
_APPEND = b"select append_facts($1, $2, $3::jsonb, $4::jsonb)"


class LeaseHeld(Exception):
    """Another writer has the tenant; it must renew within `seconds` or lose it."""

    def __init__(self, holder: str, seconds: float) -> None:
        super().__init__(f"{holder} writes for {seconds:.1f} s more")
        self.holder = holder
        self.seconds = seconds


class Deposed(Exception):
    """Another writer took the tenant: nothing was written, and nothing can be any more."""


class LogUnavailable(PeerError):
    """The database does not answer. Nothing is known about the last statement until it does."""

    def __init__(self, err: BaseException) -> None:
        super().__init__("database", (str(err).strip() or type(err).__name__).splitlines()[0], retryable=True)


class EventLog:
    """Take the lease, then append. Reading needs no lease. Calls may overlap; they are done one after another."""

    def __init__(self, url: str, tenant: TenantId) -> None:
        self.tenant = tenant
        self.epoch = 0
        self.last_seq = 0
        self._url = url
        self._conninfo = conninfo(url)
        self._deciding: Statement | None = None
        self._connection: AsyncConnection[Any] | None = None
        self._appending: Prepared | None = None
        self._lock = asyncio.Lock()
        self._ttl_seconds = 0.0
        self._in_doubt = False

    async def take(self, holder: str, ttl_seconds: float) -> int:
        """The new epoch. `holder` names this program run; the same name may take its own lease again at once.
        Raises `LeaseHeld`."""
        async with self._lock:
            await self._run("select prepare_partitions(%s)", (MONTHS_AHEAD,))
            row = await self._run(_TAKE, (self.tenant, holder, ttl_seconds))
            if row is None:
                held = await self._run(_HOLDER, (self.tenant,))
                raise LeaseHeld(*(held or ("?", 0.0)))
            self.epoch, self.last_seq = row
            self._ttl_seconds = ttl_seconds
            return self.epoch

    async def renew(self) -> None:
        """Push the lease's end `ttl_seconds` away; call at a third of it. Makes coming partitions. Raises `Deposed`."""
        async with self._lock:
            row = await self._run(
                "update lease set expires_at = clock_timestamp() + make_interval(secs => %s)"
                " where tenant_id = %s and epoch = %s returning prepare_partitions(%s)",
                (self._ttl_seconds, self.tenant, self.epoch, MONTHS_AHEAD),
            )
            if row is None:
                raise Deposed

    async def release(self) -> None:
        """Let another writer in at once, and close. Silent if this one was deposed already."""
        async with self._lock:
            await self._run(
                "update lease set expires_at = clock_timestamp() where tenant_id = %s and epoch = %s returning epoch",
                (self.tenant, self.epoch),
            )
            self.epoch = 0
        await self.close()

    async def append(self, facts: Sequence[tuple[float, Fact]]) -> int:
        """Commit the facts in this order; the sequence number of the last. Raises `Deposed`, `Unstorable`, or
        `LogUnavailable` when the database stays away: call again with the same batch, and it will be in the log once."""
        batch, personal = codec.dump_batch(facts)
        arguments = (self.tenant.encode(), b"%d" % self.epoch, batch.encode(), personal.encode() if personal else None)
        async with self._lock:
            try:
                last = await self._append(len(facts), arguments)
            except psycopg.DataError as err:
                raise Unstorable(str(err).splitlines()[0]) from err
            if last is None:
                raise Deposed
            self.last_seq = last
            return last

    async def _append(self, count: int, arguments: tuple[bytes | None, ...]) -> int | None:
        try:
            last = await self._settle(count) if self._in_doubt else None
            last = last or await self._append_once(arguments)
        except LogUnavailable:
            self._in_doubt = True
            last = await self._settle(count)
            last = last or await self._append_once(arguments)
        self._in_doubt = False
        return last

    async def read(self, after: int) -> AsyncIterator[tuple[int, float, Fact]]:
        """(seq, instant, fact) in order, from the one after `after`; streams on a connection of its own."""
        async with self._transaction() as connection, connection.cursor(name="facts") as cursor:
            cursor.itersize = 1000
            await cursor.execute(_READ, (self.tenant, after))
            async for seq, instant, kind, body, *beside in cursor:
                yield seq, instant, codec.load(kind, body, *beside)

    async def following(self, after: int, limit: int) -> list[tuple[int, float, Fact]]:
        """The next facts after `after`, on the connection that is kept: for whoever follows the log all the time."""
        async with self._lock, self._connected() as connection:
            cursor = await connection.execute(_READ + " limit %s", (self.tenant, after, limit), prepare=True)
            rows = await cursor.fetchall()
        return [(seq, instant, codec.load(kind, body, *beside)) for seq, instant, kind, body, *beside in rows]

    async def begins(self) -> int:
        """The number of the first fact that is still there, or of the next one: what came before was dropped."""
        async with self._transaction() as connection:
            row = await (await connection.execute(_BEGINS, (self.tenant, self.tenant))).fetchone()
            return int(row[0]) if row else 1

    async def save_snapshot(self, seq: int, body: bytes) -> None:
        """Keep the engine's state as of `seq`, the one before it, and the first of each day; others go."""
        async with self._transaction() as connection:
            await connection.execute(_SAVE_SNAPSHOT, (self.tenant, seq, body))
            await connection.execute(_DROP_SNAPSHOTS, (self.tenant,) * 3)

    async def last_snapshot(self, before: int | None = None) -> tuple[int, bytes] | None:
        """The newest, or the newest of those that know no fact from number `before` on."""
        async with self._transaction() as connection:
            cursor = await connection.execute(
                "select seq, body from snapshot where tenant_id = %s and (%s::bigint is null or seq < %s)"
                " order by seq desc limit 1",
                (self.tenant, before, before),
            )
            row = await cursor.fetchone()
            return (row[0], bytes(row[1])) if row else None

    async def said(self, contacts: Sequence[ContactId]) -> dict[tuple[ContactId, object], str]:
        """What these have said in words, by contact and step, as far as it has not been erased."""
        async with self._transaction() as connection:
            cursor = await connection.execute(
                "select contact_id, step, said from contact_said where tenant_id = %s and contact_id = any(%s::uuid[])",
                (self.tenant, list(contacts)),
            )
            return {(ContactId(str(row[0])), row[1]): row[2] for row in await cursor.fetchall()}

    async def save_decided(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        """(number of the first fact, how many facts, packed decisions); a row once written stays as it is."""
        if self._deciding is None:
            # Every second: on a connection that is kept, and without a wait for the disk, which an append may need.
            self._deciding = Statement(
                self._url, _SAVE_DECIDED, tenant=self.tenant, options="-c synchronous_commit=off"
            )
        for first, facts, body in rows:
            await self._deciding.run(self.tenant.encode(), b"%d" % first, b"%d" % facts, b"\\x" + body.hex().encode())

    async def decided(self, first: int, last: int) -> AsyncGenerator[tuple[int, int, bytes], None]:
        """The rows that say anything of the facts from `first` to `last`, in order."""
        async with self._transaction() as connection, connection.cursor(name="decided") as cursor:
            await cursor.execute(_DECIDED, (self.tenant, first, last))
            async for first_seq, facts, body in cursor:
                yield first_seq, facts, bytes(body)

    async def facts_between(self, begin: datetime, end: datetime) -> tuple[int, int] | None:
        """The first and the last number of the facts within [begin, end)."""
        return await self._range("at >= %s and at < %s", (begin, end))

    async def first(self) -> int | None:
        """The number of the first fact that is still kept; None: there is none."""
        found = await self._range("true", ())
        return found[0] if found is not None else None

    async def facts_of(self, contact: ContactId) -> tuple[int, int] | None:
        """The first and the last number of the facts that name the contact."""
        return await self._range("contact_id = %s", (contact,))

    async def _range(self, which: LiteralString, arguments: tuple[object, ...]) -> tuple[int, int] | None:
        query = sql.SQL("select min(seq), max(seq) from fact where tenant_id = %s and ") + sql.SQL(which)
        async with self._transaction() as connection:
            row = await (await connection.execute(query, (self.tenant, *arguments))).fetchone()
            return (row[0], row[1]) if row and row[0] is not None else None

    async def close(self) -> None:
        connection, self._connection, self._appending = self._connection, None, None
        if connection is not None:
            await connection.close()
        if self._deciding is not None:
            await self._deciding.close()

    async def _settle(self, count: int) -> int | None:
        """After a broken connection: the batch's last number if it was committed, else None."""
        row = await self._once("select epoch, last_seq from lease where tenant_id = %s for update", (self.tenant,))
        if row is None or row[0] != self.epoch:
            raise Deposed
        return int(row[1]) if row[1] == self.last_seq + count else None

    async def _run(self, statement: str, arguments: tuple[object, ...]) -> tuple[Any, ...] | None:
        """One statement whose repetition does no harm: a dead connection is replaced once."""
        try:
            return await self._once(statement, arguments)
        except LogUnavailable:
            return await self._once(statement, arguments)

    async def _once(self, statement: str, arguments: tuple[object, ...]) -> tuple[Any, ...] | None:
        async with self._connected() as connection:
            cursor = await connection.execute(sql.SQL(statement), arguments, prepare=True)
            row: tuple[Any, ...] | None = await cursor.fetchone()
            return row

    async def _append_once(self, arguments: tuple[bytes | None, ...]) -> int | None:
        async with self._connected() as connection:
            if self._appending is None:
                self._appending = await Prepared.on(connection, _APPEND)
            last = await self._appending.run(arguments)
            return int(last) if last is not None else None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection[Any]]:
        """The connection for one statement, which must end in time; one that fails in any other way than by the
        database's own word is closed, and what came of its statement is not known."""
        try:
            async with asyncio.timeout(STATEMENT_SECONDS):
                yield await self._open_connection()
        except (psycopg.OperationalError, TimeoutError) as err:
            await self.close()
            raise LogUnavailable(err) from err
        except asyncio.CancelledError:
            await self.close()
            raise

    async def _open_connection(self) -> AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._appending = None
            self._connection = await self._connect(autocommit=True)
            # The connection serves this tenant alone, so the setting may outlive a transaction.
            await self._connection.execute("select set_config('otklik.tenant', %s, false)", (self.tenant,))
        return self._connection

    async def _connect(self, *, autocommit: bool) -> AsyncConnection[Any]:
        """Raises psycopg's own errors: callers turn them into `LogUnavailable`."""
        connection = await AsyncConnection.connect(
            self._conninfo, autocommit=autocommit, options=SESSION_OPTIONS, connect_timeout=CONNECT_SECONDS
        )
        connection.adapters.register_loader("uuid", TextLoader)
        return connection

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection[Any]]:
        """On a connection of its own, so that long work does not stand in the way of appends."""
        try:
            async with await self._connect(autocommit=False) as connection:
                await connection.execute("select set_config('otklik.tenant', %s, true)", (self.tenant,))
                yield connection
        except psycopg.OperationalError as err:
            raise LogUnavailable(err) from err


_TAKE = """
insert into lease as l (tenant_id, holder, epoch, expires_at)
  values (%s, %s, 1, clock_timestamp() + make_interval(secs => %s))
  on conflict (tenant_id) do update
    set holder = excluded.holder, epoch = l.epoch + 1, expires_at = excluded.expires_at
    where l.expires_at <= clock_timestamp() or l.holder = excluded.holder
  returning epoch, last_seq
"""
_HOLDER = """
select holder, greatest(0, extract(epoch from expires_at - clock_timestamp()))::float8 from lease where tenant_id = %s
"""
# No join: a cursor is planned for its first rows, and on a table without statistics that plan is quadratic.
_READ = """
select f.seq, f.instant, f.kind, f.body,
       case when f.kind in ('contact_arrived', 'call_placed', 'callback_asked') then
         (select p.ani from contact_party p where p.tenant_id = f.tenant_id and p.contact_id = f.contact_id)
       when f.kind = 'contact_queued' and f.body -> 'callback' = 'true' then
         (select p.callback_number from contact_party p where p.tenant_id = f.tenant_id and p.contact_id = f.contact_id)
       when f.kind = 'verb_finished' and f.body ->> 'outcome' = 'heard' then
         (select s.said from contact_said s
            where s.tenant_id = f.tenant_id and s.contact_id = f.contact_id and s.step = (f.body ->> 'step')::integer)
       when f.kind in ('contact_sent_outside', 'outside_consulted') then
         (select s.said from contact_said s
            where s.tenant_id = f.tenant_id and s.contact_id = f.contact_id and s.step = (f.body ->> 'kept')::integer) end,
       case when f.kind = 'contact_arrived' and f.body ->> 'channel' = 'web' then
         (select s.said from contact_said s
            where s.tenant_id = f.tenant_id and s.contact_id = f.contact_id and s.step = 0) end
  from fact f
  where f.tenant_id = %s and f.seq > %s
  order by f.seq
"""
_BEGINS = """
select coalesce(
  (select min(seq) from fact where tenant_id = %s), (select last_seq + 1 from lease where tenant_id = %s), 1)
"""
_SAVE_SNAPSHOT = """
insert into snapshot (tenant_id, seq, body) values (%s, %s, %s)
  on conflict (tenant_id, seq) do update set body = excluded.body, saved_at = now()
"""
# The newest two, and the first of each day: from there a day is replayed.
_DROP_SNAPSHOTS = """
delete from snapshot where tenant_id = %s and seq not in (
  (select seq from snapshot where tenant_id = %s order by seq desc limit 2) union all
  (select min(seq) from snapshot where tenant_id = %s group by date_trunc('day', saved_at, 'UTC')))
"""
_SAVE_DECIDED = b"""
insert into decided (tenant_id, first_seq, facts, body) values ($1, $2, $3, $4) on conflict do nothing returning 1
"""
_DECIDED = """
select first_seq, facts, body from decided
  where tenant_id = %s and first_seq + facts > %s and first_seq <= %s order by first_seq
"""
