-- A wallboard is opened by a link that holds a secret; only its hash is kept. It shows figures and nobody's name.
create table otklik.wallboard (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  token_hash bytea not null unique,
  made_at timestamptz not null default now(),
  made_by uuid,
  primary key (tenant_id, id)
);
select otklik.protect_table('wallboard');
create policy lookup on otklik.wallboard for select to current_user using (true);

create function otklik.wallboard_of(p_token_hash bytea) returns table (tenant_id uuid, id uuid, name text)
  language sql stable security definer set search_path = otklik, pg_temp
  as $$ select tenant_id, id, name from wallboard where token_hash = p_token_hash $$;
revoke execute on function otklik.wallboard_of from public;
grant execute on function otklik.wallboard_of to otklik_app;
grant select, insert, delete on otklik.wallboard to otklik_app;
