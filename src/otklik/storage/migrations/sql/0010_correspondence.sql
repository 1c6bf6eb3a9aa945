-- A web site hands in its visitors' requests with a key; only the key's hash is kept. Every key has one entry point.
create table otklik.web_key (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  entry_point_id text not null,
  token_hash bytea not null unique,
  made_at timestamptz not null default now(),
  made_by uuid,
  primary key (tenant_id, id)
);
select otklik.protect_table('web_key');
create policy lookup on otklik.web_key for select to current_user using (true);

-- What a customer wrote on a contact, in order. Personal data, so it stands beside the log and never in it. The contact's
-- own row is written a moment later; `key_id` says which web site it came from.
create table otklik.letter (
  tenant_id uuid not null,
  contact_id uuid not null,
  number integer not null,
  key_id uuid,
  written_at timestamptz not null default now(),
  text text not null,
  sender jsonb not null default '{}',
  fields jsonb not null default '{}',
  primary key (tenant_id, contact_id, number)
);
select otklik.protect_table('letter');

create function otklik.web_key_of(p_token_hash bytea) returns table (tenant_id uuid, id uuid, entry_point_id text)
  language sql stable security definer set search_path = otklik, pg_temp
  as $$ select tenant_id, id, entry_point_id from web_key where token_hash = p_token_hash $$;
revoke execute on function otklik.web_key_of from public;
grant execute on function otklik.web_key_of to otklik_app;
grant select, insert, delete on otklik.web_key to otklik_app;
grant select, insert, update, delete on otklik.letter to otklik_app;
