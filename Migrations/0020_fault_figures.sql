-- Dashboards and monthly reports ask for a span of time.
create index fault_reported on app.fault(tenant_id, reported_at);
create index fault_entry_at on app.fault_entry(tenant_id, at);
