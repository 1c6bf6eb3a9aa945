-- How each line of a contact was: the customer's, and those of agents. `line_mos`: the worst of them.
alter table otklik.contact add column lines jsonb not null default '[]';
alter table otklik.contact add column line_mos float8;
create index contact_line_mos on otklik.contact (tenant_id, arrived_at) where line_mos < 3.6;
