-- An answer that is on its way ("sending", since `claimed_at`) is sent by nobody else meanwhile. Left so by a process that ended, it
-- counts as failed after some minutes: nobody knows whether it went out.
alter table otklik.letter drop constraint letter_delivery_check;
alter table otklik.letter
  add constraint letter_delivery_check check (delivery in ('kept', 'sending', 'sent', 'failed')),
  add column claimed_at timestamptz;

-- Of one contact each agent has at most one open task: one that is done stays, and another one may follow. `handed_at`: somebody has
-- taken it or handed it on, and whoever wrote it no longer says whose it is.
alter table otklik.customer_task add column handed_at timestamptz;
drop index otklik.customer_task_contact;
create index customer_task_contact on otklik.customer_task (tenant_id, contact_id, person_id) where contact_id is not null;
