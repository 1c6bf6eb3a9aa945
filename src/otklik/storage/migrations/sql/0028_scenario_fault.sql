-- What scenarios failed of, newest last: beside the log, since a traceback is for whoever looks after the code and not for good.
-- Only the newest are kept. Once for each contact and place of the log's order, however often it is written.
create table otklik.scenario_fault (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id bigint generated always as identity,
  at timestamptz not null,
  contact_id uuid not null,
  scenario_id text not null,
  block text not null,
  reason text not null,
  traceback text not null,
  primary key (tenant_id, id)
);
create index scenario_fault_of on otklik.scenario_fault (tenant_id, scenario_id, id desc);
grant select, insert, delete on otklik.scenario_fault to otklik_app;
select otklik.protect_table('scenario_fault');
