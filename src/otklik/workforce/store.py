"""The table of working time: written by the projector, read by pages. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId, ContactId
from otklik.contact.working_time import Stretch
from otklik.storage.codec import storable_json
from otklik.workforce.day import Day

# Of one beginning the last word counts. What has ended stays so, whoever comes late with an earlier word: one that was
# deposed, or that tells the log from its beginning. Only one that lasted no time may be followed by another.
_SAVE = """
insert into working_stretch as w
    (tenant_id, agent_id, began_at, ended_at, shift_at, status, reason, activity, contact_id, channel)
  select distinct on (r.agent, to_timestamp(r.began_at)) current_tenant(), r.agent, to_timestamp(r.began_at),
         to_timestamp(r.ended_at), to_timestamp(r.shift_at), r.status, r.reason, r.activity, r.contact, r.channel
    from rows from (jsonb_to_recordset(cast(:rows as jsonb)) as (agent uuid, shift_at float8, began_at float8,
         ended_at float8, status text, reason text, activity text, contact uuid, channel text)) with ordinality
         as r (agent, shift_at, began_at, ended_at, status, reason, activity, contact, channel, number)
    order by r.agent, to_timestamp(r.began_at), r.number desc
  on conflict (tenant_id, agent_id, began_at) do update
    set (ended_at, shift_at, status, reason, activity, contact_id, channel) = (select excluded.ended_at,
         excluded.shift_at, excluded.status, excluded.reason, excluded.activity, excluded.contact_id, excluded.channel)
    where w.ended_at is null or w.ended_at = w.began_at
"""

# The stretches of one agent do not overlap: of those from before, only the last can reach into the time asked about.
_WITHIN = """
with within as (
  select s.* from working_stretch s where s.began_at >= :begins and s.began_at < :ends
    and (cast(:agent as uuid) is null or s.agent_id = :agent)
  union all
  select s.* from person p cross join lateral (
    select * from working_stretch b where b.agent_id = p.id and b.began_at < :begins order by b.began_at desc limit 1) s
   where (s.ended_at is null or s.ended_at > :begins) and (cast(:agent as uuid) is null or p.id = :agent)
)
"""
# Each instant is cut to its millisecond, and so the differences of neighbours add up to that of the outermost.
_SUMS = (
    _WITHIN
    + """
select w.agent_id, p.name, d.day, coalesce(w.activity, w.status) as state,
       case when w.activity is null then w.reason end as reason,
       sum(floor(extract(epoch from c.ended_at) * 1000) - floor(extract(epoch from c.began_at) * 1000))::bigint
         as milliseconds,
       min(c.began_at) as began_at, max(c.ended_at) as ended_at, bool_or(w.ended_at is null and now() < d.ends_at) as on_shift
  from within w
  join unnest(cast(:days as date[]), cast(:from as timestamptz[]), cast(:to as timestamptz[])) as d (day, begins_at, ends_at)
    on w.began_at < d.ends_at and coalesce(w.ended_at, greatest(now(), w.began_at)) > d.begins_at
  cross join lateral (select greatest(w.began_at, d.begins_at) as began_at,
         least(coalesce(w.ended_at, greatest(now(), w.began_at)), d.ends_at) as ended_at) c
  left join person p on p.id = w.agent_id
  group by w.agent_id, p.name, d.day, 4, 5
"""
)
_STRETCHES = (
    _WITHIN
    + """
select greatest(w.began_at, :begins) as began_at, case when w.ended_at <= :ends then w.ended_at
         when w.ended_at is not null or now() >= :ends then :ends end as ended_at,
       w.status, w.reason, w.activity, w.contact_id, w.channel
  from within w where w.ended_at is null or w.ended_at > w.began_at order by w.began_at
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Of one agent's day, what was spent in one state for one reason, and from when to when there was any of it."""

    agent: AgentId
    name: str
    day: date
    state: str
    reason: str | None
    milliseconds: int
    began_at: datetime
    ended_at: datetime
    on_shift: bool
    """It goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One stretch, cut to the day. `ended_at` is None for one that goes on."""

    began_at: datetime
    ended_at: datetime | None
    status: str
    reason: str | None
    activity: str | None
    contact: ContactId | None
    channel: str | None


async def save(connection: AsyncConnection, stretches: Sequence[Stretch]) -> None:
    """In the order in which they were told. The same list twice changes nothing."""
    await connection.execute(text(_SAVE), {"rows": storable_json(list(stretches)).decode()})


async def sums(connection: AsyncConnection, asked: Sequence[Day], agent: AgentId | None = None) -> list[Sum]:
    """Of these consecutive days; of one agent, or of all who had any time in them."""
    values = {
        "begins": asked[0].begins_at,
        "ends": asked[-1].ends_at,
        "agent": agent,
        "days": [each.day for each in asked],
        "from": [each.begins_at for each in asked],
        "to": [each.ends_at for each in asked],
    }
    found = await connection.execute(text(_SUMS), values)
    return [
        Sum(
            agent=AgentId(row.agent_id),
            name=row.name or row.agent_id,
            day=row.day,
            state=row.state,
            reason=row.reason,
            milliseconds=row.milliseconds,
            began_at=row.began_at,
            ended_at=row.ended_at,
            on_shift=row.on_shift,
        )
        for row in found
    ]


async def stretches(connection: AsyncConnection, day: Day, agent: AgentId) -> list[Told]:
    """Of one agent's day, in order; none of those that lasted no time."""
    found = await connection.execute(text(_STRETCHES), {"begins": day.begins_at, "ends": day.ends_at, "agent": agent})
    return [
        Told(
            began_at=row.began_at,
            ended_at=row.ended_at,
            status=row.status,
            reason=row.reason,
            activity=row.activity,
            contact=row.contact_id,
            channel=row.channel,
        )
        for row in found
    ]


async def name(connection: AsyncConnection, agent: AgentId) -> str | None:
    """None: nobody of this tenant."""
    found = await connection.execute(text("select name from person where id = :agent"), {"agent": agent})
    return found.scalar_one_or_none()
