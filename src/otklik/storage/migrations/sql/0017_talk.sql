-- What was answered along a talk script: `given` as the page sent it, `told` as it was read and answered, in words that stay
-- when the script is changed.
create table otklik.talk_answers (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  contact_id uuid not null,
  person_id uuid not null,
  script_id text not null,
  title text not null,
  version integer not null,
  given jsonb not null,
  told jsonb not null,
  saved_at timestamptz not null default now(),
  primary key (tenant_id, contact_id, person_id)
);
grant select, insert, update on otklik.talk_answers to otklik_app;
select otklik.protect_table('talk_answers');
