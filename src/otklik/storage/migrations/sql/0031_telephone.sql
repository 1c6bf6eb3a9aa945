-- The SIP account of the telephone on an agent's desk. Of its password only the digest is kept that SIP asks for (RFC 2617, HA1).
create table otklik.telephone (
  tenant_id uuid not null,
  agent_id uuid not null,
  sip_user text not null unique,
  digest text not null,
  made_at timestamptz not null default now(),
  made_by uuid,
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references otklik.person (tenant_id, id) on delete cascade
);
select otklik.protect_table('telephone');
grant select, insert, delete on otklik.telephone to otklik_app;
