-- One more way in which a call may end: its caller has left a message, which is a contact of its own.
alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'left', 'lost',
                     'callback_failed', 'callback_cancelled', 'callback_merged', 'served', 'unreached', 'voicemail'));
