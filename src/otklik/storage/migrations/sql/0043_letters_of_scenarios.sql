-- How many mails of scenarios an address has had today.
create index letter_mailbox on otklik.letter (tenant_id, written_at) where sender ? 'mailbox';
