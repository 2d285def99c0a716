-- Votes of owners: what is asked, who may answer with which weight, and by which rules it is decided.

-- A unit's part of the whole property (thousandths, co-ownership shares): whole numbers only. What an owner has of a unit stands in
-- app.occupancy.
create table app.unit_share(
  tenant_id   int not null,
  id          uuid not null,                                            -- the unit
  numerator   bigint not null check (numerator >= 1),
  denominator bigint not null,
  primary key (tenant_id, id),
  check (denominator >= numerator),
  foreign key (tenant_id, id) references app.unit(tenant_id, id));
select app.protect('app.unit_share');

create table app.vote(
  tenant_id        int not null references app.tenant(id),
  id               uuid not null,
  title            text not null check (length(title) between 1 and 140),
  description      text not null default '' check (length(description) <= 5000),
  building_id      uuid,                                                -- NULL: the whole company
  entrance_id      uuid,                                                -- of that building
  weighting        text not null check (weighting in ('share', 'unit', 'head')),
  owners           text not null check (owners in ('joint', 'parts')),
  results          text not null check (results in ('live', 'after_end')),
  record           text not null check (record in ('creation', 'start')),
  secret           boolean not null,
  allow_change     boolean not null,
  allow_delegates  boolean not null,
  quorum_weight_n  bigint,                                              -- NULL: none
  quorum_weight_d  bigint,
  quorum_heads_n   bigint,
  quorum_heads_d   bigint,
  state            text not null default 'planned' check (state in ('planned', 'open', 'closed', 'cancelled')),
  starts_at        timestamptz not null,
  ends_at          timestamptz not null,
  frozen_at        timestamptz,                                         -- the record date, once the register stands
  whole_weight_n   numeric,                                             -- the register's sum
  whole_weight_d   numeric,
  whole_heads_n    numeric,
  whole_heads_d    numeric,
  created_at       timestamptz not null,
  created_by       uuid not null,
  closed_at        timestamptz,
  result           text,                                                -- JSON, as the ledger's last entry has it
  cancelled_at     timestamptz,
  cancelled_by     uuid,
  cancelled_why    text check (length(cancelled_why) between 1 and 1000),
  extended_at      timestamptz,
  primary key (tenant_id, id),
  check (ends_at > starts_at),
  check (entrance_id is null or building_id is not null),
  check (not secret or results = 'after_end'),
  check ((quorum_weight_n is null) = (quorum_weight_d is null) and quorum_weight_n between 1 and quorum_weight_d),
  check ((quorum_heads_n is null) = (quorum_heads_d is null) and quorum_heads_n between 1 and quorum_heads_d),
  check ((frozen_at is null) = (whole_weight_n is null or whole_weight_d is null or whole_heads_n is null or whole_heads_d is null)),
  check (state not in ('open', 'closed') or frozen_at is not null),
  check ((closed_at is null) = (result is null) and (closed_at is null) = (state <> 'closed')),
  check ((cancelled_at is null) = (state <> 'cancelled')),
  check ((cancelled_at is null) = (cancelled_why is null) and (cancelled_at is null) = (cancelled_by is null)),
  foreign key (tenant_id, building_id) references app.building(tenant_id, id),
  foreign key (tenant_id, entrance_id, building_id) references app.entrance(tenant_id, id, building_id),
  foreign key (tenant_id, created_by) references app.member(tenant_id, id),
  foreign key (tenant_id, cancelled_by) references app.member(tenant_id, id));
create index vote_building on app.vote(tenant_id, building_id);
create index vote_entrance on app.vote(tenant_id, entrance_id, building_id);
create index vote_creator on app.vote(tenant_id, created_by);
create index vote_canceller on app.vote(tenant_id, cancelled_by);
select app.protect('app.vote');

create table app.vote_question(
  tenant_id int not null,
  id        uuid not null,
  vote_id   uuid not null,
  position  int not null check (position between 1 and 20),
  title     text not null check (length(title) between 1 and 300),
  kind      text not null check (kind in ('yes_no', 'one', 'several')),
  majority  text not null check (majority in ('simple', 'absolute', 'two_thirds', 'three_quarters', 'unanimous')),
  least     int not null check (least >= 1),                            -- options that a ballot names when it does not abstain
  most      int not null,
  outcome   text check (outcome in ('passed', 'rejected', 'tied', 'no_quorum')),
  primary key (tenant_id, id),
  unique (tenant_id, vote_id, position),
  check (most >= least and (kind = 'several' or most = 1)),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id));
select app.protect('app.vote_question');

-- The last of each question is to abstain.
create table app.vote_option(
  tenant_id   int not null,
  id          uuid not null,
  question_id uuid not null,
  position    int not null check (position between 1 and 31),
  code        text not null check (code in ('yes', 'no', 'choice', 'abstain')),
  label       text not null check (length(label) <= 200),               -- '' where the code says it in every language
  primary key (tenant_id, id),
  unique (tenant_id, question_id, position),
  check ((code = 'choice') = (label <> '')),
  foreign key (tenant_id, question_id) references app.vote_question(tenant_id, id));
select app.protect('app.vote_option');

-- The register of voters: whoever has one ballot, with its weight and the heads behind it, as on the record date. It never changes.
create table app.vote_voter(
  tenant_id int not null,
  id        uuid not null,
  vote_id   uuid not null,
  unit_id   uuid not null,
  member_id uuid,                                                       -- owners voting by their parts: whose
  place     text not null,                                              -- as it was called then
  weight_n  numeric not null check (weight_n >= 0 and scale(weight_n) = 0),
  weight_d  numeric not null check (weight_d >= 1 and scale(weight_d) = 0),
  heads_n   numeric not null check (heads_n >= 0 and scale(heads_n) = 0),
  heads_d   numeric not null check (heads_d >= 1 and scale(heads_d) = 0),
  primary key (tenant_id, id),
  foreign key (tenant_id, vote_id) references app.vote(tenant_id, id),
  foreign key (tenant_id, unit_id) references app.unit(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create unique index vote_voter_once on app.vote_voter(tenant_id, vote_id, unit_id, member_id) nulls not distinct;
create index vote_voter_unit on app.vote_voter(tenant_id, unit_id);
create index vote_voter_member on app.vote_voter(tenant_id, member_id);
select app.protect('app.vote_voter', append_only => true);

-- Who owned what a ballot stands for, on the record date.
create table app.vote_owner(
  tenant_id int not null,
  id        uuid not null,
  voter_id  uuid not null,
  member_id uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, voter_id, member_id),
  foreign key (tenant_id, voter_id) references app.vote_voter(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create index vote_owner_member on app.vote_owner(tenant_id, member_id);
select app.protect('app.vote_owner', append_only => true);

-- The least common multiple; 1 of none. numeric holds it, however fine the fractions are.
create function app.lcm_of(denominators numeric[]) returns numeric
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  common numeric := 1;
  one numeric;
begin
  foreach one in array coalesce(denominators, '{}') loop common := lcm(common, one); end loop;
  return common;
end $$;
alter function app.lcm_of(numeric[]) owner to portico_owner;

-- The exact sum of fractions, as "n/d" in lowest terms.
create function app.fraction_sum(numerators numeric[], denominators numeric[]) returns text
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  bottom numeric := app.lcm_of(denominators);
  top numeric := 0;
  common numeric;
begin
  for i in 1 .. coalesce(array_length(numerators, 1), 0) loop top := top + numerators[i] * div(bottom, denominators[i]); end loop;
  common := gcd(top, bottom);
  return div(top, common) || '/' || div(bottom, common);
end $$;
alter function app.fraction_sum(numeric[], numeric[]) owner to portico_owner;
revoke all on function app.lcm_of(numeric[]), app.fraction_sum(numeric[], numeric[]) from public;
grant execute on function app.lcm_of(numeric[]), app.fraction_sum(numeric[], numeric[]) to portico_app, portico_worker;
