-- The whole set-up as one document, otklik.contact.configuration.Configuration but for the agents' names: they are the
-- person's. The highest version counts; none is ever changed or removed. `json`, not `jsonb`: it keeps the order.
create table otklik.configuration (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  version integer not null check (version > 0),
  made_at timestamptz not null default now(),
  person_id uuid,
  comment text not null default '',
  body json not null,
  primary key (tenant_id, version)
);
select otklik.protect_table('configuration');
grant select, insert on otklik.configuration to otklik_app;

-- What stood in tables becomes the first version.
do $$
declare
  each uuid;
begin
  for each in select tenant_id from otklik.tenant loop
    perform set_config('otklik.tenant', each::text, true);
    insert into otklik.configuration (tenant_id, version, body)
    select each, 1, json_build_object(
      'queues', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'ring_seconds', ring_seconds,
          'wrap_up_seconds', wrap_up_seconds, 'announce_every_seconds', announce_every_seconds,
          'decline_pause_seconds', decline_pause_seconds, 'rejoin_seconds', rejoin_seconds)
          order by position, id), '[]') from otklik.queue),
      'agents', (select coalesce(json_agg(json_build_object('id', person_id, 'queues', queues) order by person_id), '[]')
          from (select person_id, json_object_agg(queue_id, level order by queue_id) as queues
                  from otklik.agent_queue group by person_id) as agent),
      'scenarios', (select coalesce(json_agg(body || jsonb_build_object('id', id) order by id), '[]')
          from otklik.scenario),
      'entry_points', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'number', number,
          'scenario', scenario_id) order by id), '[]') from otklik.entry_point),
      'reasons', (select coalesce(json_agg(json_build_object('id', id, 'ru', ru, 'en', en)
          order by position, id), '[]') from otklik.reason),
      'dispositions', (select coalesce(json_agg(json_build_object('id', id, 'ru', ru, 'en', en)
          order by position, id), '[]') from otklik.disposition));
  end loop;
  perform set_config('otklik.tenant', '', true);
end $$;

-- What remains of the tables: the names that history shows, also of queues that are no more, and the numbers, of which
-- each leads to one tenant only.
alter table otklik.entry_point drop column scenario_id;
drop table otklik.agent_queue, otklik.scenario, otklik.reason;
alter table otklik.queue drop column ring_seconds, drop column wrap_up_seconds, drop column announce_every_seconds,
  drop column decline_pause_seconds, drop column rejoin_seconds, drop column position;
alter table otklik.disposition drop column position;

alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'lost'));
alter table otklik.contact add column entry_rule text;
