"""The route table as the server prints it, and how to fill in its addresses."""

import base64
import hashlib
import hmac
import json
import re
import uuid


def table(portico) -> list:
    """`{method, path, face, permission, roles: {slug: [role]}}` for every route."""
    return json.loads(portico.house.run("routes", "--json"))


def fill(path: str, ids: dict) -> str:
    """`/faults/{fault}` → `/faults/0199…`. A name that is not among the ids gets one that nobody has."""
    return re.sub(r"\{(\w+)\}", lambda match: ids.get(match.group(1)) or str(uuid.uuid4()), path)


# These end the sign-ins that a walk over all routes goes on with; tests of their own look at them.
ENDS_SIGN_INS = {
    ("POST", "/account/sessions/revocation"), ("DELETE", "/api/v1/me/sessions"), ("POST", "/people/{id}/sessions/revocation"),
    ("POST", "/api/v1/people/{id}/sessions/revocation"),
}

# Roles and access of members are what these are for; tests of their own look at them.
DECIDES_ABOUT_MEMBERS = {
    (method, f"{face}/people/{{id}}/{what}")
    for face in ("", "/api/v1") for method, what in (
        ("POST", "roles"), ("POST", "suspension"), ("POST", "suspension/revocation"), ("DELETE", "suspension"))
}

# A walk over all routes goes on with the conversations of the demo; these would take them away.
ENDS_TALKS = {
    ("POST", "/messages/{conversation}/departure"), ("POST", "/messages/{conversation}/people/{member}/removal"),
    ("DELETE", "/api/v1/conversations/{conversation}/members/{member}"), ("POST", "/messages/blocks/{member}"),
    ("POST", "/api/v1/conversations/blocks/{member}"), ("POST", "/messages/{conversation}/items/{message}/deletion"),
    ("DELETE", "/api/v1/conversations/{conversation}/messages/{message}"),
    *(("POST", f"/documents/{what}/deletion") for what in ("{document}", "folders/{folder}")),
    *(("DELETE", f"/api/v1/documents/{what}") for what in ("{document}", "folders/{folder}")),
    ("POST", "/announcements/{announcement}/deletion"), ("DELETE", "/api/v1/announcements/{announcement}"),
    ("POST", "/announcements/{announcement}/withdrawal"), ("POST", "/api/v1/announcements/{announcement}/withdrawal"),
}


def names(path: str) -> list:
    return re.findall(r"\{(\w+)\}", path)


def random_ids(path: str) -> dict:
    return {name: str(uuid.uuid4()) for name in names(path)}


TABLES = {
    "buildings": "app.building", "units": "app.unit", "entrances": "app.entrance", "common-parts": "app.common_part", "people": "app.member",
    "occupancies": "app.occupancy", "imports": "app.import", "jobs": "jobs.queue", "notifications": "app.notification",
    "codes": "app.report_code", "incidents": "app.incident", "deliveries": "app.delivery", "technicians": "app.member", "batches": "app.fault_batch", "invitations": "app.invitation", "delegations": "app.delegation", "users": "app.registration",
    "passkeys": "app.passkey", "support": "app.support_entry", "votes": "app.vote", "registrations": "app.push_registration",
}


def table_of(path: str) -> str:
    """The table of a path's `{id}`: that of the part before it."""
    before = path.split("/{id}")[0].rsplit("/", 1)[-1]
    return TABLES.get(before, "app.building")


def talk(portico, slug: str, path: str, role: str = "admin") -> dict:
    """A conversation that somebody takes part in, with a message and another of its people; for a report a message of somebody else."""
    member = f"(select id from app.member where email = '{portico.person(role, slug)['email']}')"
    whose = "<>" if path.endswith("/report") else "="
    rows = portico.sql(
        f"""select p.conversation_id as conversation, x.id as message, o.member_id as member from app.conversation_member p
             join app.message x on x.tenant_id = p.tenant_id and x.conversation_id = p.conversation_id and x.author_id {whose} p.member_id
             join app.conversation_member o on o.tenant_id = p.tenant_id and o.conversation_id = p.conversation_id and o.member_id <> p.member_id
            where p.member_id = {member} and p.left_at is null and x.deleted_at is null order by p.conversation_id desc, x.seq limit 1""")
    ids = dict(rows[0]) if rows else {}
    # Pictures are asked for by whoever may see them.
    files = portico.sql(
        f"""select a.id as file from app.message_file a join app.message x on x.tenant_id = a.tenant_id and x.id = a.message_id
             join app.conversation_member p on p.tenant_id = x.tenant_id and p.conversation_id = x.conversation_id and p.member_id = {member}
            order by a.id limit 1""")
    reports = portico.sql(f"select r.id as report from app.message_report r join app.tenant t on t.id = r.tenant_id and t.slug = '{slug}' order by r.id limit 1")
    return ids | (files[0] if files else {}) | (reports[0] if reports else {})


def news(portico, slug: str, path: str, role: str = "admin") -> dict:
    """News, a folder and a document of the demo that this role may open; what is looked at before it goes out is a draft."""
    tenant = f"(select id from app.tenant where slug = '{slug}')"
    writes = role in ("manager", "admin")
    state = "a.state = 'draft'" if "/preview" in path else "a.state = 'published' and a.audience = 'company'"
    ids = portico.sql(
        f"""select a.id as announcement, (select c.id from app.announcement_comment c where c.tenant_id = a.tenant_id
                     and c.announcement_id = a.id order by c.id limit 1) as comment
              from app.announcement a where a.tenant_id = {tenant} and {state} order by comment nulls last, a.id desc limit 1""")
    home = f"""exists (select from app.folder_building h join app.unit u on u.tenant_id = h.tenant_id and u.building_id = h.building_id
                 join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
                 join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                where h.tenant_id = f.tenant_id and h.folder_id = f.id and m.email = '{portico.person(role, slug)['email']}')"""
    folders = portico.sql(
        f"""select f.id as folder from app.folder f where f.tenant_id = {tenant} and f.deleted_at is null and f.parent_id is null
               and {'true' if writes else f"(f.roles = '{{}}' or '{role}' = any(f.roles)) and (cardinality(f.roles) > 0 or {home})"}
             order by f.id limit 1""")
    documents = portico.sql(
        f"""select d.id as document, 1 as version from app.document d where d.tenant_id = {tenant} and d.folder_id is null
               and d.deleted_at is null order by d.number desc, d.id limit 1""")
    files = portico.sql(
        f"""select x.id as file from app.announcement_file x join app.announcement a on a.tenant_id = x.tenant_id and a.id = x.announcement_id
             where x.tenant_id = {tenant} and x.thumb_key is not null order by x.id limit 1""") if "/announcement-files/" in path else []
    found = {}
    for rows in (ids, folders, documents, files):
        found |= {name: str(value) for name, value in (rows[0] if rows else {}).items() if value is not None}
    return found


def known_ids(portico, slug: str, path: str) -> dict:
    """Ids of real rows of a company, for each parameter of the path; without `id` when there is no row to name."""
    fault = portico.sql(
        f"""select f.id as fault, min(p.id::text) as photo from app.fault f
             join app.tenant t on t.id = f.tenant_id and t.slug = '{slug}'
             join app.fault_photo p on p.tenant_id = f.tenant_id and p.fault_id = f.id
            group by f.id order by f.id desc limit 1""")[0]
    vote = portico.sql(
        f"""select v.id as vote, max(s.id::text) as scan from app.vote v join app.tenant t on t.id = v.tenant_id and t.slug = '{slug}'
             left join app.vote_scan s on s.tenant_id = v.tenant_id and s.vote_id = v.id where v.state = 'closed' group by v.id order by v.id limit 1""")
    rows = portico.sql(f"select r.id from {table_of(path)} r join app.tenant t on t.id = r.tenant_id and t.slug = '{slug}' order by r.id limit 1")
    ids = visits(portico, slug) | talk(portico, slug, path) | news(portico, slug, path) | {"fault": fault["fault"], "photo": fault["photo"], "month": "2026-11", "kind": "fault.assigned", "chapter": "faults"}
    ids |= {name: value for row in vote for name, value in row.items() if value}
    return ids | {"id": row["id"] for row in rows}


def signed(secret: str, purpose: str, *parts: str) -> str:
    """As Kit/Web/Secret.swift signs."""
    text = "".join(f"{len(part.encode())}:{part}" for part in (purpose, *parts))
    return base64.urlsafe_b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode().rstrip("=")


def visits(portico, slug: str) -> dict:
    """The code of a sheet of the demo and the private link of what came through it: both follow from the server's secret."""
    secret = getattr(portico, "house", portico).secret
    rows = portico.sql(
        f"""select v.id, v.code_id, v.tenant_id from app.fault_visitor v
             join app.tenant t on t.id = v.tenant_id and t.slug = '{slug}' order by v.id limit 1""")
    if not rows:
        return {}
    tenant = str(rows[0]["tenant_id"])
    digest = hashlib.sha256(signed(secret, "report-code", tenant, rows[0]["code_id"]).encode()).digest()
    code = "".join("0123456789abcdefghjkmnpqrstvwxyz"[byte & 31] for byte in digest[:12])
    return {"code": code, "token": signed(secret, "visitor-link", tenant, rows[0]["id"])[:22]}
