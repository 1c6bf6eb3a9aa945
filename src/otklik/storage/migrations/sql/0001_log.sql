-- The event log: append-only, one writer per tenant, partitioned by month. `instant` is the engine's own clock to the
-- last bit, so that a replay sees the same number; `at` is the same rounded to microseconds, for partitions and people.
create table otklik.fact (
  tenant_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  instant double precision not null,
  epoch bigint not null,
  kind text not null,
  contact_id uuid,
  agent_id uuid,
  body jsonb not null,
  primary key (tenant_id, seq, at)
) partition by range (at);
create index fact_contact on otklik.fact (tenant_id, contact_id, seq) where contact_id is not null;
create table otklik.fact_default partition of otklik.fact default;

-- The right to write. A deposed writer's epoch no longer matches, so its append changes nothing.
create table otklik.lease (
  tenant_id uuid primary key references otklik.tenant (tenant_id),
  holder text not null,
  epoch bigint not null,
  expires_at timestamptz not null,
  last_seq bigint not null default 0
) with (fillfactor = 50);

create table otklik.snapshot (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  seq bigint not null,
  saved_at timestamptz not null default now(),
  body bytea not null,
  primary key (tenant_id, seq)
);

-- One batch in one round trip: fence, insert, tell. Returns the last sequence number, or null if the epoch is deposed.
-- `p_facts`: [{"at", "kind", "contact", "agent", "body"}]; `p_personal`: [{"contact", "ani"}] or null.
create function otklik.append_facts(p_tenant uuid, p_epoch bigint, p_facts jsonb, p_personal jsonb) returns bigint
  language plpgsql as $$
declare
  count integer := jsonb_array_length(p_facts);
  last bigint;
begin
  perform set_config('otklik.tenant', p_tenant::text, true);
  update otklik.lease set last_seq = last_seq + count where tenant_id = p_tenant and epoch = p_epoch
    returning last_seq into last;
  if last is null then
    return null;
  end if;
  insert into otklik.fact (tenant_id, seq, at, instant, epoch, kind, contact_id, agent_id, body)
    select p_tenant, last - count + f.number, to_timestamp((f.fact ->> 'at')::float8), (f.fact ->> 'at')::float8,
           p_epoch, f.fact ->> 'kind', (f.fact ->> 'contact')::uuid, (f.fact ->> 'agent')::uuid, f.fact -> 'body'
      from jsonb_array_elements(p_facts) with ordinality as f (fact, number);
  if p_personal is not null then
    insert into otklik.contact_party (tenant_id, contact_id, ani)
      select p_tenant, (p ->> 'contact')::uuid, p ->> 'ani' from jsonb_array_elements(p_personal) as p
      on conflict (tenant_id, contact_id) do update set ani = excluded.ani;
  end if;
  perform pg_notify('otklik_log', p_tenant::text || ':' || last);
  return last;
end $$;

-- Makes the partitions of this month and the next `p_months`; called by the writer when it takes its lease and with
-- every new day. A month whose facts already lie in the default partition is left there.
create function otklik.prepare_partitions(p_months integer) returns integer
  language plpgsql security definer set search_path = otklik, pg_temp as $$
declare
  first timestamptz;
  name text;
  made integer := 0;
begin
  for i in 0..p_months loop
    first := date_trunc('month', now(), 'UTC') + make_interval(months => i);
    first := date_trunc('month', first, 'UTC');
    name := 'fact_' || to_char(first at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass('otklik.' || name) is not null;
    perform pg_advisory_xact_lock(hashtext('otklik.prepare_partitions'));
    continue when to_regclass('otklik.' || name) is not null;
    begin
      execute format('create table otklik.%I (like otklik.fact including defaults including constraints)', name);
      perform otklik.protect_table(name);
      execute format('alter table otklik.fact attach partition otklik.%I for values from (%L) to (%L)', name, first,
                     date_trunc('month', first + interval '32 days', 'UTC'));
      made := made + 1;
    exception when check_violation then null;
    end;
  end loop;
  return made;
end $$;

-- Row-level security for one table, as every table of the schema must have it.
create function otklik.protect_table(p_name text) returns void
  language plpgsql as $$
begin
  execute format('alter table otklik.%I enable row level security', p_name);
  execute format('alter table otklik.%I force row level security', p_name);
  execute format('create policy tenant on otklik.%I using (tenant_id = otklik.current_tenant())'
                 ' with check (tenant_id = otklik.current_tenant())', p_name);
end $$;
