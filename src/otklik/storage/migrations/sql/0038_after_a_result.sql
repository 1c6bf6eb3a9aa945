-- What an agent writes to the customer as the result of a contact is a letter of that contact. Each agent writes one at most; `sender` says
-- to whom it goes and about what.
alter table otklik.letter add column follows boolean not null default false;
create unique index letter_follows on otklik.letter (tenant_id, contact_id, answered_by) where follows;

-- The call that an agent has planned as the result of a contact: a contact of its own, which knows its number and time.
create table otklik.planned_after (
  tenant_id uuid not null,
  contact_id uuid not null,
  person_id uuid not null,
  call_id uuid not null,
  primary key (tenant_id, contact_id, person_id)
);
select otklik.protect_table('planned_after');
grant select, insert, update, delete on otklik.planned_after to otklik_app;
