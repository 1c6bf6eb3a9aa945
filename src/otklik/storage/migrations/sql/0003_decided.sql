-- What was decided from each fact, a moment after it: about a row a second, packed. It is not the truth (that is the
-- log) but the witness that `otklik replay` asks. `body`: see otklik.switchboard.decided.
create table otklik.decided (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  first_seq bigint not null,
  facts integer not null check (facts > 0),
  saved_at timestamptz not null default now(),
  body bytea not null,
  primary key (tenant_id, first_seq)
);
select otklik.protect_table('decided');
grant select, insert, delete on otklik.decided to otklik_app;
