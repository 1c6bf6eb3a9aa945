-- Customers who were put through to somebody outside: how long they talked there, and that it may be what came of a contact.
alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'left', 'lost',
                     'callback_failed', 'callback_cancelled', 'callback_merged', 'served', 'unreached', 'voicemail',
                     'outside'));
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'scheduled', 'callback', 'agent', 'consultation', 'parked', 'dialling',
                  'ringing_outside', 'outside'));
alter table otklik.contact add column outside_seconds float8 not null default 0;
