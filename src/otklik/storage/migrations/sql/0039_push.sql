-- A browser that wants to be told while its page is closed: where its maker's service takes messages (RFC 8030), and the keys with which
-- they are encrypted for it (RFC 8291). Of one browser there is one, whoever signs in there.
create table otklik.push_subscription (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  kinds text[] not null,
  made_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, endpoint)
);
select otklik.protect_table('push_subscription');
create index push_subscription_person on otklik.push_subscription (tenant_id, person_id);
grant select, insert, update, delete on otklik.push_subscription to otklik_app;
