-- Calls between agents: who was called, and how long the two talked.
alter table otklik.contact drop constraint contact_direction_check;
alter table otklik.contact add constraint contact_direction_check check (direction in ('in', 'out', 'internal'));
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'scheduled', 'callback', 'agent', 'consultation', 'parked', 'dialling',
                  'ringing_outside', 'outside', 'internal'));
alter table otklik.contact add column colleague_id uuid;
