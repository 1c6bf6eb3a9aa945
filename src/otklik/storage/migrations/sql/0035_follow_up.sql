-- A task may follow from the result of a contact, also where nobody knows whose it is, and may be for whoever of a queue takes it.
-- Of one contact each agent writes at most one: the last words count.
alter table otklik.customer_task
  add column contact_id uuid,
  add column queue_id text,
  alter column customer_id drop not null,
  alter column assignee_id drop not null,
  add constraint customer_task_about check (customer_id is not null or contact_id is not null),
  add constraint customer_task_whose check (assignee_id is not null or queue_id is not null);
create unique index customer_task_contact on otklik.customer_task (tenant_id, contact_id, person_id) where contact_id is not null;
create index customer_task_queue on otklik.customer_task (tenant_id, queue_id, due_at)
  where done_at is null and assignee_id is null;
grant delete on otklik.customer_task to otklik_app;

-- What a customer brought on paper or said in person is entered by one of us; what we answer stands beside what was asked.
-- `delivery`: "kept" here only, "sent" by mail, or "failed", and then `failure` says why.
alter table otklik.letter
  add column entered_by uuid,
  add column answered_by uuid,
  add column delivery text check (delivery in ('kept', 'sent', 'failed')),
  add column failure text;
