-- A flow as it is being drawn, beside the one that counts. One for each flow; `revision` grows with each time it is kept, and
-- whoever keeps it names the one that was seen. `base` is the version of the set-up that it was begun from.
create table otklik.flow_draft (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  flow_id text not null,
  revision integer not null check (revision > 0),
  base integer not null,
  body json not null,
  person_id uuid,
  saved_at timestamptz not null default now(),
  primary key (tenant_id, flow_id)
);
grant select, insert, update, delete on otklik.flow_draft to otklik_app;
select otklik.protect_table('flow_draft');
