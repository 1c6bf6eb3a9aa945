-- The role the program works as. It owns nothing and is bound by row-level security; the owner of the schema only
-- migrates. Roles belong to the whole server, so another database of the same server may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'otklik_app') then
    create role otklik_app nologin noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;

-- Since PostgreSQL 16 whoever creates a role may administer it, but may not act as it before saying so.
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user)
     and not pg_has_role(current_user, 'otklik_app', 'set') then
    execute format('grant otklik_app to %I with inherit false, set true', current_user);
  end if;
end $$;

create extension if not exists pg_trgm;

-- The tenant of the running transaction; null, and so equal to nothing, when none was set.
create function otklik.current_tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('otklik.tenant', true), '')::uuid;
