-- Where a recording is silent because an agent paused it, or because its queue does not record by itself.
alter table otklik.contact add column recording_silences jsonb not null default '[]';
