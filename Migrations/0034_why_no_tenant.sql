-- as: superuser
-- The tables outside the wall say in the catalogue why they are (migrations that were applied are not changed).
-- no tenant: ticket keys, schedules and the list of migrations are the house's own and hold nothing of any company.
comment on table sec.key is 'no tenant: keys that prove tickets of all companies; only portico_keeper and its definer functions read it';
comment on table sec.migration is 'no tenant: which migrations were applied to the whole database';
comment on table jobs.schedule is 'no tenant: when what recurs is due next, for the whole fleet; holds nothing of any company';
