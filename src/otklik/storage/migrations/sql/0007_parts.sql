-- A contact that is passed on has several parts, each with an agent: each agent writes an outcome and a note of the own part,
-- and asks a colleague meanwhile, perhaps. What a card and the journal show of notes is all of them, in their order.
alter table otklik.contact_note drop constraint contact_note_pkey, add primary key (tenant_id, contact_id, person_id);
alter table otklik.contact_segment
  add column wrap_up_seconds double precision not null default 0,
  add column disposition text,
  drop constraint contact_segment_kind_check,
  add constraint contact_segment_kind_check check (kind in ('scenario', 'queue', 'agent', 'consultation'));

create or replace function otklik.card(p_tenant uuid, p_contact uuid, p_ani text, p_numbers text[], p_earlier integer) returns jsonb
  language plpgsql set search_path = otklik, pg_temp as $$
declare
  known otklik.customer;
begin
  perform set_config('otklik.tenant', p_tenant::text, true);
  select c.* into known
    from customer_phone n
    join customer c on c.tenant_id = n.tenant_id and c.id = n.customer_id
   where n.tenant_id = p_tenant and n.number = any(p_numbers)
   order by (select max(t.arrived_at) from contact t where t.tenant_id = c.tenant_id and t.customer_id = c.id)
            desc nulls last, c.id
   limit 1;
  return jsonb_build_object(
    'customer', case when known.id is not null then to_jsonb(known) - 'tenant_id' - 'client_id' end,
    'earlier', (
      select coalesce(jsonb_agg(to_jsonb(e) order by e.at desc), '[]')
        from (
          select c.id, extract(epoch from c.arrived_at)::float8 as at, q.name as queue, p.name as agent, c.outcome,
                 c.disposition, coalesce(n.note, '') as note, c.talk_seconds
            from (
              select * from contact t
               where known.id is not null and t.tenant_id = p_tenant and t.customer_id = known.id
              union all
              select t.* from contact_party y
                join contact t on t.tenant_id = y.tenant_id and t.id = y.contact_id
               where known.id is null and y.tenant_id = p_tenant and y.ani = p_ani
            ) c
            left join queue q on q.tenant_id = c.tenant_id and q.id = c.queue_id
            left join person p on p.tenant_id = c.tenant_id and p.id = c.agent_id
            left join lateral (
              select string_agg(nullif(o.note, ''), E'\n' order by o.saved_at) as note from contact_note o
               where o.tenant_id = c.tenant_id and o.contact_id = c.id) n on true
           where c.id <> p_contact
           order by c.arrived_at desc
           limit p_earlier) e),
    'drafts', (select coalesce(jsonb_agg(jsonb_build_object('agent', n.person_id, 'disposition', n.disposition,
                                                            'note', n.note)), '[]')
                 from contact_note n where n.tenant_id = p_tenant and n.contact_id = p_contact));
end $$;

