-- Ballots. Who has taken part, and what was voted, are two things, which in a secret vote nothing may join: Sources/Areas/Votes/SecretBox.swift
-- says how that is kept, and against whom.

-- Who has taken part: one row per entry of the register, without a time and in no order.
create table app.vote_participation(
  tenant_id int not null,
  id        uuid not null,                                              -- the voter
  vote_id   uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references app.vote_voter(tenant_id, id),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id));
create index vote_participation_vote on app.vote_participation(tenant_id, vote_id);
select app.protect('app.vote_participation');

-- The ledger: a chain per vote, from its terms to its result. The content is what is hashed; the columns after it repeat what
-- queries and unique indexes need of it.
create table app.vote_entry(
  tenant_id int not null,
  id        uuid not null,
  vote_id   uuid not null,
  seq       bigint not null check (seq >= 0),
  content   text not null,                                              -- JSON with sorted names
  previous  bytea not null check (length(previous) = 32),               -- 32 zeros in the first entry
  hash      bytea not null check (length(hash) = 32),                   -- SHA-256 of seq (8 bytes), previous, content
  kind      text not null check (kind in ('terms', 'ballot', 'extended', 'cancelled', 'result')),
  voter_id  uuid,                                                       -- never in a secret vote
  revision  int check (revision >= 0),                                  -- of that voter's ballot; the greatest counts
  receipt   bytea check (length(receipt) = 32),                         -- what the voter's code is hashed to
  primary key (tenant_id, id),
  unique (tenant_id, vote_id, seq),
  unique (tenant_id, vote_id, voter_id, revision),
  unique (tenant_id, vote_id, receipt),
  check ((voter_id is null) = (revision is null)),
  check ((kind = 'ballot') = (receipt is not null) and (kind = 'ballot' or voter_id is null)),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id),
  foreign key (tenant_id, voter_id) references app.vote_voter(tenant_id, id));
create index vote_entry_voter on app.vote_entry(tenant_id, voter_id);
select app.protect('app.vote_entry', append_only => true);

-- Ballots of a secret vote until it ends: sealed, all of one length, all written anew with each one that comes.
create table app.vote_box(
  tenant_id int not null,
  id        uuid not null,                                              -- of the voter's code, by another hash than the ledger's
  vote_id   uuid not null,
  sealed    bytea not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id));
create index vote_box_vote on app.vote_box(tenant_id, vote_id);
select app.protect('app.vote_box');

-- The paper that an entered ballot was read from.
create table app.vote_scan(
  tenant_id  int not null,
  id         uuid not null,
  vote_id    uuid not null,
  voter_id   uuid not null,
  object_key text not null,
  type       text not null check (type in ('image/jpeg', 'application/pdf')),
  added_by   uuid not null,
  added_at   timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id),
  foreign key (tenant_id, voter_id) references app.vote_voter(tenant_id, id),
  foreign key (tenant_id, added_by) references app.member(tenant_id, id));
create index vote_scan_vote on app.vote_scan(tenant_id, vote_id);
create index vote_scan_voter on app.vote_scan(tenant_id, voter_id);
create index vote_scan_adder on app.vote_scan(tenant_id, added_by);
create index vote_scan_object on app.vote_scan(tenant_id, object_key);
select app.protect('app.vote_scan', append_only => true);
