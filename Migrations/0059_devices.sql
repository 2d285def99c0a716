-- Devices: machines of a company that use the interface for programs. A device is a member of another kind, so that whatever it does has
-- somebody who did it; it has no password, no mail address and no role, and so no way in but its token. What it may do stands with the
-- token, in app.personal_token like everybody's, and within what the company's file grants to devices.
alter table app.member
  add column kind text not null default 'person' check (kind in ('person', 'device')),
  drop constraint member_roles_check,
  add constraint member_roles_check check ((cardinality(roles) > 0) = (kind = 'person')),
  add constraint member_device check (kind = 'person' or (email = 'device:' || id::text and password_hash is null and factor_since is null));

create table app.device(
  tenant_id  int not null,
  id         uuid not null,                                             -- of the member that acts
  place      text check (length(place) between 1 and 120),
  made_by    uuid not null,
  made_at    timestamptz not null,
  revoked_by uuid,                                                      -- NULL: it may go on; the member's disabled_at says since when not
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references app.member(tenant_id, id) on delete cascade,
  foreign key (tenant_id, made_by) references app.member(tenant_id, id),
  foreign key (tenant_id, revoked_by) references app.member(tenant_id, id));
create index device_made_by on app.device(tenant_id, made_by);
create index device_revoked_by on app.device(tenant_id, revoked_by);
select app.protect('app.device');

-- Two devices of one name could not be told apart in the audit log.
create unique index member_device_name on app.member(tenant_id, lower(name)) where kind = 'device' and disabled_at is null;
