-- The wait expected when the contact was first queued, to be held against wait_seconds; null where it could not be told.
alter table otklik.contact add column promised_seconds float8;
