-- A merge is a claim of a person, with what speaks for it, and can be undone. `kept_before` and `gone_before` are both cards
-- with their identities as they stood; `after`: the fields of the kept card after the merge. Nothing else is moved: notes,
-- tasks, identities and contacts go on to name the card they were written on, and are read through customer_family.
create table otklik.customer_merge (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  kept_id uuid not null,
  gone_id uuid not null,
  at timestamptz not null default now(),
  person_id uuid not null,
  why text not null default '',
  reasons jsonb not null,
  kept_before jsonb not null,
  gone_before jsonb not null,
  after jsonb not null,
  undone_at timestamptz,
  undone_by uuid,
  added_to text check (added_to in ('kept', 'other')),
  primary key (tenant_id, id),
  foreign key (tenant_id, kept_id) references otklik.customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, gone_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_merge_kept on otklik.customer_merge (tenant_id, kept_id, at desc, id desc);
create index customer_merge_gone on otklik.customer_merge (tenant_id, gone_id);

-- Two who look like one and are not: somebody said so, or a merge was undone. `one` is the smaller id.
create table otklik.customer_distinct (
  tenant_id uuid not null,
  one uuid not null,
  other uuid not null,
  person_id uuid not null,
  at timestamptz not null default now(),
  primary key (tenant_id, one, other),
  check (one < other),
  foreign key (tenant_id, one) references otklik.customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, other) references otklik.customer (tenant_id, id) on delete cascade
);

select otklik.protect_table('customer_merge'), otklik.protect_table('customer_distinct');
grant select, insert, update on otklik.customer_merge to otklik_app;
grant select, insert, delete on otklik.customer_distinct to otklik_app;

alter table otklik.customer_change drop constraint customer_change_what_check;
alter table otklik.customer_change add constraint customer_change_what_check check (what in
  ('created', 'changed', 'identity_added', 'identity_changed', 'identity_removed', 'merged', 'unmerged'));
