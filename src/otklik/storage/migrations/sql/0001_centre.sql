-- What a tenant has set up: contact/configuration.py in tables.
create table otklik.queue (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id text not null,
  client_id uuid,
  name text not null,
  ring_seconds double precision not null default 20,
  wrap_up_seconds double precision not null default 60,
  announce_every_seconds double precision not null default 30,
  decline_pause_seconds double precision not null default 20,
  rejoin_seconds double precision not null default 20,
  position integer not null default 0,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references otklik.client (tenant_id, id)
);

create table otklik.agent_queue (
  tenant_id uuid not null,
  person_id uuid not null,
  queue_id text not null,
  level smallint not null default 10 check (level between 1 and 10),
  primary key (tenant_id, person_id, queue_id),
  foreign key (tenant_id, person_id) references otklik.person (tenant_id, id) on delete cascade,
  foreign key (tenant_id, queue_id) references otklik.queue (tenant_id, id) on delete cascade
);

-- `body` is the scenario but for its id, as otklik.contact.configuration.Scenario writes it.
create table otklik.scenario (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id text not null,
  client_id uuid,
  name text not null,
  body jsonb not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references otklik.client (tenant_id, id)
);

-- A number leads to one tenant only, so it is unique over all of them.
create table otklik.entry_point (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id text not null,
  client_id uuid,
  name text not null,
  number text not null unique,
  scenario_id text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references otklik.client (tenant_id, id),
  foreign key (tenant_id, scenario_id) references otklik.scenario (tenant_id, id)
);

create table otklik.reason (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id text not null,
  ru text not null,
  en text not null,
  position integer not null default 0,
  primary key (tenant_id, id)
);

create table otklik.disposition (like otklik.reason including all);
alter table otklik.disposition add foreign key (tenant_id) references otklik.tenant (tenant_id);

-- Who calls. Phones are E.164; one customer has several, and a family or an office may share one.
create table otklik.customer (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null default uuidv7(),
  client_id uuid,
  name text not null,
  company text not null default '',
  vip boolean not null default false,
  language text not null default '',
  about text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references otklik.client (tenant_id, id)
);

create table otklik.customer_phone (
  tenant_id uuid not null,
  customer_id uuid not null,
  number text not null,
  primary key (tenant_id, customer_id, number),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_phone_number on otklik.customer_phone (tenant_id, number);

create table otklik.customer_mail (
  tenant_id uuid not null,
  customer_id uuid not null,
  address text not null check (address = lower(address)),
  primary key (tenant_id, customer_id, address),
  foreign key (tenant_id, customer_id) references otklik.customer (tenant_id, id) on delete cascade
);
create index customer_mail_address on otklik.customer_mail (tenant_id, address);
