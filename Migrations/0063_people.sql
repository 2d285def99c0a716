-- For the list of people: when somebody last came in. And people whose name the house has forgotten, for good.
alter table app.member
  add column signed_in_at  timestamptz,                                 -- NULL: never
  add column anonymised_at timestamptz,
  add constraint member_anonymised check (anonymised_at is null or (disabled_at is not null and password_hash is null));

update app.member m set signed_in_at = l.at
  from (select tenant_id, actor_id, max(at) as at from app.audit_line where action = 'member.signed_in' group by tenant_id, actor_id) l
 where l.tenant_id = m.tenant_id and l.actor_id = m.id;
