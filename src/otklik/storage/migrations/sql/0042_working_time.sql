-- How each agent's shifts were spent. One stretch follows another without a gap; a fold over the log, like contacts.
create table otklik.working_stretch (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  agent_id uuid not null,
  began_at timestamptz not null,
  ended_at timestamptz check (ended_at >= began_at),
  shift_at timestamptz not null,
  status text not null check (status in ('not_ready', 'ready')),
  reason text,
  activity text check (activity in ('offered', 'dialling', 'talking', 'held', 'rejoining', 'wrap_up')),
  contact_id uuid,
  channel text,
  primary key (tenant_id, agent_id, began_at)
);
create index working_stretch_began on otklik.working_stretch (tenant_id, began_at);
select otklik.protect_table('working_stretch');
grant select, insert, update on otklik.working_stretch to otklik_app;
