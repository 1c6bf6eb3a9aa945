-- As before, but a card that nobody shares and nothing was merged into is found without a look at families: the usual case
-- of a ring.
create or replace function otklik.card(p_tenant uuid, p_contact uuid, p_ani text, p_numbers text[], p_earlier integer) returns jsonb
  language plpgsql set search_path = otklik, pg_temp as $$
declare
  owners uuid[];
  known otklik.customer;
  family uuid[];
begin
  perform set_config('otklik.tenant', p_tenant::text, true);
  owners := array(
    select distinct case when c.merged_into is null then c.id else living_customer(p_tenant, c.id) end
      from customer_identity i
      join customer c on c.tenant_id = i.tenant_id and c.id = i.customer_id
     where i.tenant_id = p_tenant and i.key = any(p_numbers));
  if cardinality(owners) > 1 then
    owners := array(
      select o.id from unnest(owners) o (id)
       order by (select max(last.arrived_at)
                   from customer_family(p_tenant, o.id) f (id)
                  cross join lateral (select t.arrived_at from contact t where t.tenant_id = p_tenant and t.customer_id = f.id
                                       order by t.arrived_at desc, t.id desc limit 1) last)
                desc nulls last, o.id
       limit 1);
  end if;
  if cardinality(owners) > 0 then
    select c.* into known from customer c where c.tenant_id = p_tenant and c.id = owners[1];
    family := owners;
    if exists (select from customer c where c.tenant_id = p_tenant and c.merged_into = known.id) then
      family := array(select customer_family(p_tenant, known.id));
    end if;
  end if;
  return jsonb_build_object(
    'customer', case when known.id is not null then
      jsonb_build_object('id', known.id, 'name', known.name, 'company', known.company, 'vip', known.vip,
                         'language', known.language, 'about', known.about, 'manager', known.manager_id) end,
    'earlier', (
      select coalesce(jsonb_agg(to_jsonb(e) order by e.at desc), '[]')
        from (
          select c.id, extract(epoch from c.arrived_at)::float8 as at, q.name as queue, p.name as agent, c.outcome,
                 c.disposition, coalesce(n.note, '') as note, c.talk_seconds
            from (
              select t.* from unnest(family) f (id)
               cross join lateral (select * from contact t where t.tenant_id = p_tenant and t.customer_id = f.id
                                    order by t.arrived_at desc, t.id desc limit p_earlier + 1) t
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
