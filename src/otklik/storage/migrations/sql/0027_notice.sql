-- What a supervisor wrote to agents. When, to whom, and who has seen it is in the log; the words stand beside it.
create table otklik.notice (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  text text not null,
  by_id uuid not null,
  by_name text not null,
  written_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index notice_written on otklik.notice (tenant_id, written_at);
select otklik.protect_table('notice');
grant select, insert, delete on otklik.notice to otklik_app;
