-- A call may be asked for at a chosen time. Until then it is a stretch of its own: `callback_seconds` begin at that time.
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'scheduled', 'callback', 'agent', 'consultation', 'parked', 'dialling'));
alter table otklik.contact add column callback_at timestamptz;
