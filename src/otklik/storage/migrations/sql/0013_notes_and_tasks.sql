-- What people write about a customer, beside the notes of single contacts; the author may mend it, everybody may pin it.
create table otklik.customer_note (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  customer_id uuid not null,
  person_id uuid not null,
  at timestamptz not null default now(),
  edited_at timestamptz,
  pinned_at timestamptz,
  text text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_note_customer on otklik.customer_note (tenant_id, customer_id, at desc, id desc);

create table otklik.customer_task (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  customer_id uuid not null,
  person_id uuid not null,
  assignee_id uuid not null,
  at timestamptz not null default now(),
  due_at timestamptz,
  done_at timestamptz,
  done_by uuid,
  text text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_task_customer on otklik.customer_task (tenant_id, customer_id, at desc, id desc);
create index customer_task_assignee on otklik.customer_task (tenant_id, assignee_id, due_at) where done_at is null;

select otklik.protect_table('customer_note'), otklik.protect_table('customer_task');
grant select, insert, update on otklik.customer_note, otklik.customer_task to otklik_app;
