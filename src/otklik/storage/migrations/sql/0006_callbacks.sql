-- How else a contact may end: by a key of its queue; as a callback that came to nothing, was cancelled by a supervisor, or
-- gave its place to the customer's next call. `callback_seconds`: from the end of the customer's own line to the talk or
-- the end; `callback_attempts`: how often the customer was called. Null where no callback was asked for.
alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'left', 'lost',
                     'callback_failed', 'callback_cancelled', 'callback_merged'));
alter table otklik.contact_segment drop constraint contact_segment_kind_check;
alter table otklik.contact_segment add constraint contact_segment_kind_check
  check (kind in ('scenario', 'queue', 'callback', 'agent'));
alter table otklik.contact add column callback_seconds float8, add column callback_attempts integer;
