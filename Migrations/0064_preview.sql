-- Somebody of the office looks at the pages of another member as that member sees them: read-only, for a while, with a reason.
create table app.preview(
  tenant_id  int not null references app.tenant(id),
  id         uuid not null,
  viewer_id  uuid not null,
  member_id  uuid not null,                                             -- who is looked at
  session    uuid not null,                                             -- of the viewer; no foreign key, because sessions are forgotten
  reason     text not null check (length(reason) between 1 and 500),
  began_at   timestamptz not null,
  ends_at    timestamptz not null check (ends_at > began_at and ends_at <= began_at + interval '30 minutes'),
  ended_at   timestamptz,                                               -- NULL: as ends_at says
  primary key (tenant_id, id),
  foreign key (tenant_id, viewer_id) references app.member(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create unique index preview_session on app.preview(tenant_id, session) where ended_at is null;
create index preview_viewer on app.preview(tenant_id, viewer_id);
create index preview_member on app.preview(tenant_id, member_id, id);
select app.protect('app.preview');
