-- The words that a recogniser heard of a customer: personal, and apart from the log like the number. What they were taken for stands
-- in the fact, so that nothing is decided otherwise once they are erased.
create table otklik.contact_said (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  contact_id uuid not null,
  step integer not null,
  said text not null,
  primary key (tenant_id, contact_id, step)
);
grant select, insert, update, delete on otklik.contact_said to otklik_app;
select otklik.protect_table('contact_said');

-- As before, but for `p_personal`: [{"contact", "step", "said"}] may be there, too.
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
        from jsonb_array_elements(p_personal) as each where not each ? 'said' group by 2
      on conflict (tenant_id, contact_id) do update set ani = coalesce(excluded.ani, p.ani),
        callback_number = coalesce(excluded.callback_number, p.callback_number);
    insert into otklik.contact_said (tenant_id, contact_id, step, said)
      select distinct on (2, 3) p_tenant, (each ->> 'contact')::uuid, (each ->> 'step')::integer, each ->> 'said'
        from jsonb_array_elements(p_personal) as each where each ? 'said' order by 2, 3
      on conflict do nothing;
  end if;
  perform pg_notify('otklik_log', p_tenant::text || ':' || last);
  return last;
end $$;
