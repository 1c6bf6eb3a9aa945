-- Calls that agents place: how long it rang there, and why nobody was reached.
alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'left', 'lost',
                     'callback_failed', 'callback_cancelled', 'callback_merged', 'served', 'unreached'));
alter table otklik.contact add constraint contact_direction_check check (direction in ('in', 'out'));
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'callback', 'agent', 'consultation', 'parked', 'dialling'));
alter table otklik.contact add column dialling_seconds float8 not null default 0;
alter table otklik.contact add column failure text;
