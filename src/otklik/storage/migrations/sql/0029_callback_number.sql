-- A customer may be called back at another number than the one that called: personal, too, and kept in the same place.
-- Whoever calls without a number may have given one.
alter table otklik.contact_party alter column ani drop not null;
alter table otklik.contact_party add column callback_number text;

-- What was promised to whoever asked to be called back.
alter table otklik.contact add column callback_promised_seconds float8;

-- As before, but for `p_personal`: [{"contact", "ani"}] or [{"contact", "callback_number"}]. Both of a contact may come in one batch.
create or replace function otklik.append_facts(p_tenant uuid, p_epoch bigint, p_facts jsonb, p_personal jsonb) returns bigint
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
    insert into otklik.contact_party as p (tenant_id, contact_id, ani, callback_number)
      select p_tenant, (each ->> 'contact')::uuid, max(each ->> 'ani'), max(each ->> 'callback_number')
        from jsonb_array_elements(p_personal) as each group by 2
      on conflict (tenant_id, contact_id) do update set ani = coalesce(excluded.ani, p.ani),
        callback_number = coalesce(excluded.callback_number, p.callback_number);
  end if;
  perform pg_notify('otklik_log', p_tenant::text || ':' || last);
  return last;
end $$;
