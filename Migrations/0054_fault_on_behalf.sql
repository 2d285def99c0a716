-- A fault that somebody reported with an owner's delegated right: reporter_id is who did it, on_behalf_of in whose name.
alter table app.fault
  add column on_behalf_of uuid,
  add constraint fault_on_behalf check (on_behalf_of is null or (unit_id is not null and reporter_id <> on_behalf_of)),
  add foreign key (tenant_id, on_behalf_of) references app.member(tenant_id, id);
create index fault_on_behalf_of on app.fault(tenant_id, on_behalf_of);
