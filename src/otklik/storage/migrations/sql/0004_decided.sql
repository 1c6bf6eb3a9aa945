-- What was decided from each fact, a moment after it: about a row a second, packed. It is not the truth (that is the
-- log) but the witness that `otklik replay` asks. `body`: see otklik.switchboard.decided.
create table otklik.decided (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  first_seq bigint not null,
  facts integer not null check (facts > 0),
  saved_at timestamptz not null default now(),
  body bytea not null,
  primary key (tenant_id, first_seq)
);
select otklik.protect_table('decided');
grant select, insert, delete on otklik.decided to otklik_app;

-- Drops the months of the log that ended before `p_before`: only whole ones, and only if every tenant has a snapshot that
-- knows all of its facts (accounts are written before a snapshot is). Returns what was dropped and what was kept and why.
-- Forced security binds the owner too, so each tenant is looked at as itself.
create function otklik.drop_old_facts(p_before timestamptz) returns table (partition text, dropped boolean, reason text)
  language plpgsql security definer set search_path = otklik, pg_temp as $$
declare
  part text;
  ends timestamptz;
  someone uuid;
  newest bigint;
  known bigint;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'otklik.fact'::regclass and c.relname ~ '^fact_\d{4}_\d{2}$' order by c.relname
  loop
    ends := (to_timestamp(substr(part, 6), 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC';
    continue when ends > least(p_before, now() - interval '31 days');  -- whatever the working role asks for
    partition := part; dropped := true; reason := '';
    for someone in select t.tenant_id from tenant t loop
      perform set_config('otklik.tenant', someone::text, true);
      execute format('select max(seq) from otklik.%I where tenant_id = $1', part) into newest using someone;
      select max(s.seq) into known from snapshot s where s.tenant_id = someone;
      if newest is not null and newest > coalesce(known, 0) then
        dropped := false;
        reason := format('tenant %s has no snapshot newer than its fact %s', someone, newest);
      end if;
    end loop;
    if dropped then
      execute format('drop table otklik.%I', part);
    end if;
    return next;
  end loop;
  for someone in select t.tenant_id from tenant t loop
    perform set_config('otklik.tenant', someone::text, true);
    delete from decided d where d.tenant_id = someone and d.saved_at < least(p_before, now() - interval '31 days');
  end loop;
end $$;
revoke execute on function otklik.drop_old_facts from public;
grant execute on function otklik.drop_old_facts to otklik_app;
