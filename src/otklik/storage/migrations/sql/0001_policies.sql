select otklik.protect_table(relname) from pg_class
  where relnamespace = 'otklik'::regnamespace and relkind in ('r', 'p') order by relname;

-- The look-ups below run before a tenant is known. Forced security binds the owner too, so these tables, and only
-- these, let the owner read across tenants. The program never works as the owner.
create policy lookup on otklik.tenant for select to current_user using (true);
create policy lookup on otklik.person for select to current_user using (true);
create policy lookup on otklik.entry_point for select to current_user using (true);
create policy lookup on otklik.session for select to current_user using (true);
create policy lookup_touch on otklik.session for update to current_user using (true);

create function otklik.tenants() returns table (tenant_id uuid)
  language sql stable security definer set search_path = otklik, pg_temp
  as $$ select tenant_id from tenant order by tenant_id $$;

create function otklik.entry_points() returns table (number text, tenant_id uuid, entry_point_id text)
  language sql stable security definer set search_path = otklik, pg_temp
  as $$ select number, tenant_id, id from entry_point $$;

create function otklik.login(p_login text) returns table (tenant_id uuid, person_id uuid, password_hash text)
  language sql stable security definer set search_path = otklik, pg_temp
  as $$ select tenant_id, id, password_hash from person where login = lower(p_login) and disabled_at is null $$;

-- Who holds this session: at most 24 h from its start and 12 h from the last thing its person did (`p_touch`).
create function otklik.session_person(p_token_hash bytea, p_touch boolean)
  returns table (tenant_id uuid, tenant_name text, person_id uuid, login text, name text, role text, language text,
                 theme text, seconds_left double precision)
  language plpgsql security definer set search_path = otklik, pg_temp as $$
#variable_conflict use_column
begin
  if p_touch then
    update session set seen_at = now() where token_hash = p_token_hash and seen_at < now() - interval '1 minute'
      and seen_at > now() - interval '12 hours' and started_at > now() - interval '24 hours';
  end if;
  return query
    select p.tenant_id, t.name, p.id, p.login, p.name, p.role, p.language, p.theme,
           extract(epoch from least(s.started_at + interval '24 hours', s.seen_at + interval '12 hours') - now())::float8
      from session s
      join person p on p.tenant_id = s.tenant_id and p.id = s.person_id and p.disabled_at is null
      join tenant t on t.tenant_id = s.tenant_id
      where s.token_hash = p_token_hash
        and s.seen_at > now() - interval '12 hours' and s.started_at > now() - interval '24 hours';
end $$;

revoke all on schema otklik from public;
revoke execute on all functions in schema otklik from public;
grant usage on schema otklik to otklik_app;
grant execute on all functions in schema otklik to otklik_app;
revoke execute on function otklik.protect_table from otklik_app;

grant select, insert, update, delete on
  otklik.client, otklik.person, otklik.session, otklik.queue, otklik.agent_queue, otklik.scenario, otklik.entry_point,
  otklik.reason, otklik.disposition, otklik.customer, otklik.customer_phone, otklik.customer_mail, otklik.contact,
  otklik.contact_segment, otklik.contact_party, otklik.contact_note, otklik.snapshot to otklik_app;
grant select, insert, update on otklik.provider, otklik.tenant, otklik.lease to otklik_app;
-- What happened stays as it was written.
grant select, insert on otklik.fact, otklik.audit to otklik_app;

select otklik.prepare_partitions(2);
