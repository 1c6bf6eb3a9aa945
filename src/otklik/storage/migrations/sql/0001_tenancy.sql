-- Three levels: the provider runs the installation, a tenant is one contact centre on it, a client is a company that
-- the tenant serves. A provider's own people work in its home tenant.
create table otklik.provider (
  id uuid primary key default uuidv7(),
  tenant_id uuid not null,
  name text not null
);

create table otklik.tenant (
  tenant_id uuid primary key default uuidv7(),
  provider_id uuid not null references otklik.provider (id) deferrable initially deferred,
  name text not null,
  languages text[] not null default array['ru', 'en'],
  is_demo boolean not null default false,
  created_at timestamptz not null default now()
);
alter table otklik.provider add foreign key (tenant_id) references otklik.tenant (tenant_id)
  deferrable initially deferred;

create table otklik.client (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null default uuidv7(),
  name text not null,
  primary key (tenant_id, id)
);

create table otklik.person (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null default uuidv7(),
  login text not null unique check (login = lower(login)),
  password_hash text not null,
  name text not null,
  role text not null check (role in ('agent', 'supervisor', 'administrator')),
  language text not null default 'ru' check (language in ('ru', 'en')),
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  primary key (tenant_id, id)
);

-- Only the hash of the cookie's token is kept: a copy of the table opens no session.
create table otklik.session (
  tenant_id uuid not null,
  token_hash bytea primary key,
  person_id uuid not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  address text not null default '',
  foreign key (tenant_id, person_id) references otklik.person (tenant_id, id) on delete cascade
);
create index session_person on otklik.session (tenant_id, person_id);

create table otklik.audit (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null default uuidv7(),
  at timestamptz not null default now(),
  person_id uuid,
  what text not null,
  contact_id uuid,
  address text not null default '',
  primary key (tenant_id, id)
);
create index audit_contact on otklik.audit (tenant_id, contact_id);
