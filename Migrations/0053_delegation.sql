-- Owners lend rights on a unit to somebody else, until a day. What is lent holds only while all of it is true: accepted, not over,
-- and whoever lent it still owns the unit. The state alone says nothing; whoever uses a right asks for the rest as well.
create table app.delegation(
  tenant_id     int not null references app.tenant(id),
  id            uuid not null,
  unit_id       uuid not null,
  delegator_id  uuid not null,
  delegate_id   uuid,                                                   -- NULL: offered to an address that nobody has yet
  email         text not null check (email = lower(email) and length(email) between 3 and 254),
  rights        text[] not null check (cardinality(rights) > 0 and rights <@ array[
                  'vote', 'view_documents', 'view_finance', 'pay', 'report_fault', 'submit_reading', 'message']),
  state         text not null default 'pending' check (state in ('pending', 'accepted', 'declined', 'revoked', 'expired')),
  token_hash    bytea not null check (length(token_hash) = 32),         -- of the last mail's link; the link itself is never stored
  sendings      int not null default 1 check (sendings > 0),
  invitation_id uuid,                                                   -- through which a newcomer registers
  offered_at    timestamptz not null,
  sent_at       timestamptz not null,
  expires_at    timestamptz,                                            -- NULL: until it is revoked
  accepted_at   timestamptz,
  ended_at      timestamptz,                                            -- declined, revoked or expired
  ended_by      uuid,                                                   -- NULL: time, or the end of ownership
  ended_why     text check (ended_why in ('term', 'ownership')),
  primary key (tenant_id, id),
  check (delegate_id <> delegator_id),
  check (expires_at > offered_at),
  check (state <> 'accepted' or (accepted_at is not null and delegate_id is not null)),
  check ((ended_at is null) = (state in ('pending', 'accepted'))),
  check ((ended_why is null) = (state <> 'expired')),
  check (state not in ('declined', 'revoked') or ended_by is not null),
  foreign key (tenant_id, unit_id) references app.unit(tenant_id, id),
  foreign key (tenant_id, delegator_id) references app.member(tenant_id, id),
  foreign key (tenant_id, delegate_id) references app.member(tenant_id, id),
  foreign key (tenant_id, ended_by) references app.member(tenant_id, id),
  foreign key (tenant_id, invitation_id) references app.invitation(tenant_id, id));
create index delegation_unit on app.delegation(tenant_id, unit_id);
create index delegation_delegator on app.delegation(tenant_id, delegator_id);
create index delegation_delegate on app.delegation(tenant_id, delegate_id);
create index delegation_ended_by on app.delegation(tenant_id, ended_by);
create index delegation_invitation on app.delegation(tenant_id, invitation_id);
create index delegation_email on app.delegation(tenant_id, email);
create index delegation_due on app.delegation(tenant_id, expires_at) where state in ('pending', 'accepted');
-- One voice of an owner per unit is lent to one person.
create unique index delegation_vote on app.delegation(tenant_id, unit_id, delegator_id)
  where 'vote' = any(rights) and state in ('pending', 'accepted');
select app.protect('app.delegation');

-- Why an invitation went out when nobody of the office sent it: who sent it then hears of the answer by the occasion itself.
alter table app.invitation add column occasion text check (occasion in ('delegation'));
