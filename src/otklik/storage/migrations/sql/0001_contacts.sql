-- Contacts as history shows them. They are folds over the log, so nothing here refers by foreign key to the set-up:
-- a queue that is deleted tomorrow must not stand in the way of yesterday's contact.
create table otklik.contact (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null,
  channel text not null,
  direction text not null default 'in',
  entry_point_id text not null,
  dnis text not null,
  leg text not null,
  arrived_at timestamptz not null,
  queued_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  outcome text not null check (outcome in ('open', 'answered', 'abandoned', 'lost')),
  stage text not null,
  customer_id uuid,
  queue_id text,
  agent_id uuid,
  choices text[] not null default '{}',
  wait_seconds double precision not null default 0,
  talk_seconds double precision not null default 0,
  hold_seconds double precision not null default 0,
  wrap_up_seconds double precision not null default 0,
  disposition text,
  recording_key text,
  recording_seconds double precision,
  primary key (tenant_id, id)
);
create index contact_arrived on otklik.contact (tenant_id, arrived_at desc, id desc);
create index contact_agent on otklik.contact (tenant_id, agent_id, arrived_at desc);
create index contact_customer on otklik.contact (tenant_id, customer_id, arrived_at desc);

create table otklik.contact_segment (
  tenant_id uuid not null,
  contact_id uuid not null,
  number smallint not null,
  kind text not null check (kind in ('scenario', 'queue', 'agent')),
  started_at timestamptz not null,
  ended_at timestamptz,
  queue_id text,
  agent_id uuid,
  held_seconds double precision not null default 0,
  primary key (tenant_id, contact_id, number),
  foreign key (tenant_id, contact_id) references otklik.contact (tenant_id, id) on delete cascade
);
create index contact_segment_agent on otklik.contact_segment (tenant_id, agent_id, started_at desc);

-- Personal data of a contact, apart from the log so that it can be exported and erased. Written with the first fact,
-- when the contact has no row yet, hence no foreign key.
create table otklik.contact_party (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  contact_id uuid not null,
  ani text not null,
  primary key (tenant_id, contact_id)
);
create index contact_party_ani on otklik.contact_party (tenant_id, ani);

-- What the agent wrote: a draft from the first second of the conversation, the note of the contact afterwards.
create table otklik.contact_note (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  contact_id uuid not null,
  person_id uuid not null,
  disposition text,
  note text not null default '',
  saved_at timestamptz not null default now(),
  primary key (tenant_id, contact_id)
);
