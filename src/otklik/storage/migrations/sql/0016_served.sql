-- One more way in which a contact may end: its scenario has served the customer, without an agent.
alter table otklik.contact drop constraint contact_outcome_check;
alter table otklik.contact add constraint contact_outcome_check
  check (outcome in ('open', 'answered', 'abandoned', 'rejected', 'left', 'lost',
                     'callback_failed', 'callback_cancelled', 'callback_merged', 'served'));
