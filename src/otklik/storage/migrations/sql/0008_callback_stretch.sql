-- The time without a line, until the customer is called back, is a stretch of a contact beside the consultations.
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'callback', 'agent', 'consultation'));
