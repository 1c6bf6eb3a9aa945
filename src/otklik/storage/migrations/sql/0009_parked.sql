-- The time for which an agent has put a contact in writing aside: neither waiting nor being worked on.
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'callback', 'agent', 'consultation', 'parked'));
alter table otklik.contact add column parked_seconds float8 not null default 0;
