-- What a person has chosen at the keyboard: only the keys that differ from everybody's, by the name of the action.
alter table otklik.person
  add column keys jsonb not null default '{}' check (jsonb_typeof(keys) = 'object'),
  add column single_keys boolean not null default true;
