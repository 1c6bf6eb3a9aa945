-- A person is known by many numbers, mails and handles, each in the form in which it can be compared (`value`); `key` is what
-- is looked up. An identity belongs to the card it was written on, also after that card was merged into another.
create table otklik.customer_identity (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  customer_id uuid not null,
  kind text not null check (kind in ('phone', 'mail', 'whatsapp', 'viber', 'telegram', 'max', 'vk', 'other')),
  value text not null,
  key text not null check (key = kind || ':' || value),
  label text not null default '',
  source text not null default 'agent' check (source in ('agent', 'contact', 'import')),
  confirmed_at timestamptz,
  confirmed_by uuid,
  added_at timestamptz not null default now(),
  added_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, customer_id, kind, value),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_identity_key on otklik.customer_identity (tenant_id, key);

-- Each tenant in turn: forced security binds the owner too.
do $$
declare
  each uuid;
begin
  for each in select tenant_id from otklik.tenant loop
    perform set_config('otklik.tenant', each::text, true);
    insert into otklik.customer_identity (tenant_id, customer_id, kind, value, key, source)
      select tenant_id, customer_id, 'phone', number, 'phone:' || number, 'import' from otklik.customer_phone
      union all select tenant_id, customer_id, 'mail', address, 'mail:' || address, 'import' from otklik.customer_mail;
  end loop;
  perform set_config('otklik.tenant', '', true);
end $$;
drop table otklik.customer_phone, otklik.customer_mail;

-- `fields`: what the tenant's own form asks for, by the field's id. `version` counts the changes of the card.
-- `merged_into`: the card that is meant in place of this one; it may itself be merged into another.
alter table otklik.customer
  add column manager_id uuid,
  add column preferred_channel text not null default '',
  add column preferred_time text not null default '',
  add column fields jsonb not null default '{}',
  add column version integer not null default 1,
  add column created_at timestamptz not null default now(),
  add column changed_at timestamptz not null default now(),
  add column merged_into uuid,
  add foreign key (tenant_id, merged_into) references otklik.customer (tenant_id, id),
  add check (merged_into <> id);
create index customer_merged on otklik.customer (tenant_id, merged_into) where merged_into is not null;
create index customer_changed on otklik.customer (tenant_id, changed_at desc, id desc) where merged_into is null;

-- Words of name and company in small letters. Under row-level security an index answers only by operators that leak nothing:
-- equality and order of text do, LIKE and similarity do not. So candidates come from here, and are weighed afterwards.
create table otklik.customer_word (
  tenant_id uuid not null,
  customer_id uuid not null,
  word text collate "C" not null,
  primary key (tenant_id, word, customer_id),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_word_customer on otklik.customer_word (tenant_id, customer_id);

create function otklik.words(p_text text) returns table (word text)
  language sql immutable parallel safe
  as $$ select distinct left(found, 40) from regexp_split_to_table(translate(lower(p_text), 'ё', 'е'), '[^[:alnum:]]+') as found
         where found <> '' $$;

create function otklik.write_customer_words() returns trigger
  language plpgsql set search_path = otklik, pg_temp as $$
begin
  delete from customer_word where tenant_id = new.tenant_id and customer_id = new.id;
  insert into customer_word (tenant_id, customer_id, word)
    select new.tenant_id, new.id, w.word from words(new.name || ' ' || new.company) w;
  return null;
end $$;
create trigger customer_words after insert or update of name, company on otklik.customer
  for each row execute function otklik.write_customer_words();

-- What was changed on a card: one row for each field, with the card's version after it.
create table otklik.customer_change (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  customer_id uuid not null,
  at timestamptz not null default now(),
  person_id uuid,
  version integer not null,
  what text not null check (what in ('created', 'changed', 'identity_added', 'identity_changed', 'identity_removed')),
  field text not null default '',
  before jsonb,
  after jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_change_customer on otklik.customer_change (tenant_id, customer_id, at desc, id desc);

select otklik.protect_table('customer_identity'), otklik.protect_table('customer_word'), otklik.protect_table('customer_change');
grant select, insert, update, delete on otklik.customer_identity, otklik.customer_word to otklik_app;
grant select, insert on otklik.customer_change to otklik_app;
revoke execute on function otklik.words, otklik.write_customer_words from public;
grant execute on function otklik.words, otklik.write_customer_words to otklik_app;

do $$
declare
  each uuid;
begin
  for each in select tenant_id from otklik.tenant loop
    perform set_config('otklik.tenant', each::text, true);
    insert into otklik.customer_word (tenant_id, customer_id, word)
      select c.tenant_id, c.id, w.word from otklik.customer c, otklik.words(c.name || ' ' || c.company) w;
  end loop;
  perform set_config('otklik.tenant', '', true);
end $$;

-- Who looked at or changed a card, beside who played a recording.
alter table otklik.audit add column customer_id uuid;
create index audit_customer on otklik.audit (tenant_id, customer_id, at desc) where customer_id is not null;

-- A contact names the card that was meant when it came; `id` makes the order total.
drop index otklik.contact_customer;
create index contact_customer on otklik.contact (tenant_id, customer_id, arrived_at desc, id desc);

-- The card that is meant by this one today.
create function otklik.living_customer(p_tenant uuid, p_customer uuid) returns uuid
  language sql stable set search_path = otklik, pg_temp as $$
  with recursive way (id, merged_into) as (
    select c.id, c.merged_into from customer c where c.tenant_id = p_tenant and c.id = p_customer
    union select c.id, c.merged_into from way join customer c on c.tenant_id = p_tenant and c.id = way.merged_into)
  select id from way where merged_into is null
$$;
-- A card and all that were merged into it, at however many removes.
create function otklik.customer_family(p_tenant uuid, p_customer uuid) returns setof uuid
  language sql stable set search_path = otklik, pg_temp as $$
  with recursive family (id) as (
    select p_customer
    union select c.id from family join customer c on c.tenant_id = p_tenant and c.merged_into = family.id)
  select id from family
$$;

-- Everything a ring waits for, in one round trip: whose number it is (of several who share it, the one who was in touch
-- last), what was before with the customer, or else with the number, and the drafts of the outcome. The statement is the
-- whole transaction, so the tenant it sets ends with it. `p_numbers`: keys of identities.
create or replace function otklik.card(p_tenant uuid, p_contact uuid, p_ani text, p_numbers text[], p_earlier integer) returns jsonb
  language plpgsql set search_path = otklik, pg_temp as $$
declare
  known otklik.customer;
  family uuid[];
begin
  perform set_config('otklik.tenant', p_tenant::text, true);
  select c.* into known
    from (select distinct living_customer(p_tenant, i.customer_id) as id from customer_identity i
           where i.tenant_id = p_tenant and i.key = any(p_numbers)) owner
    join customer c on c.tenant_id = p_tenant and c.id = owner.id
   order by (select max(last.arrived_at)
               from customer_family(p_tenant, c.id) f (id)
              cross join lateral (select t.arrived_at from contact t where t.tenant_id = p_tenant and t.customer_id = f.id
                                   order by t.arrived_at desc, t.id desc limit 1) last)
            desc nulls last, c.id
   limit 1;
  if known.id is not null then
    family := array(select customer_family(p_tenant, known.id));
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
revoke execute on function otklik.living_customer, otklik.customer_family from public;
grant execute on function otklik.living_customer, otklik.customer_family to otklik_app;
