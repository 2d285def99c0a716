"""kill -9 of the worker while it sends 10,000 mails, 100 times.

Afterwards the SMTP server has each mail once; where nobody can know, the delivery is parked for somebody to look at. None is lost,
none arrived twice.
"""

import collections
import email
import random
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from portico import Portico, free_port

MAILS = 10_000
KILLS = 100


class Mailbox:
    """Counts what arrives by Message-ID."""

    def __init__(self):
        self.taken = collections.Counter()
        self.lock = threading.Lock()

    async def handle_DATA(self, server, session, envelope):
        identity = email.message_from_bytes(envelope.content)["Message-ID"]
        with self.lock:
            self.taken[identity.strip("<>").split("@")[0]] += 1
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox():
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.address = f"smtp://127.0.0.1:{port}?starttls=never"
    yield mailbox
    controller.stop()


@pytest.fixture(scope="module")
def aftermath(cluster, mailbox):
    with Portico(cluster, PORTICO_SMTP_URL=mailbox.address, PORTICO_MAIL_FROM="notices@portico.test") as server:
        server.sql(
            f"""with wanted as materialized (
                  select t.id as tenant_id, gen_random_uuid() as id, gen_random_uuid() as job, n
                    from app.tenant t, generate_series(1, {MAILS}) n where t.slug = 'harbour'
                ), delivery as (
                  insert into app.delivery(tenant_id, id, channel, mode, kind, address, language, facts, urgent, dedupe_key, due_at, created_at)
                  select tenant_id, id, 'mail', 'now', 'invitation', 'k' || n || '@kills.test', 'en', '{{"path": "/register"}}', true,
                         'kill:' || n, now(), now() from wanted
                ), queued as (
                  insert into jobs.queue(tenant_id, id, kind, max_attempts) select tenant_id, job, 'notices.send', 3 from wanted
                )
                insert into app.job(tenant_id, id, args) select tenant_id, job, jsonb_build_object('delivery', upper(id::text)) from wanted""")
        began, random_ = time.monotonic(), random.Random(7)
        for _ in range(KILLS):
            time.sleep(random_.uniform(0.1, 0.6))
            server.kill()
            server.start()
        killing = time.monotonic() - began
        server.wait_for_jobs(300)
        rows = server.sql("select id, state, reason, tries from app.delivery where dedupe_key like 'kill:%'")
        states = collections.Counter(f"{row['state']} {row['reason'] or ''}".strip() for row in rows)
        print(f"{KILLS} kills in {killing:.0f} s, all settled after {time.monotonic() - began:.0f} s: {dict(states)}")
        yield rows, server


def test_each_mail_arrived_once_or_is_visibly_pending(aftermath, mailbox):
    rows, _ = aftermath
    assert len(rows) == MAILS
    assert {row["state"] for row in rows} <= {"sent", "parked"}
    assert {row["reason"] for row in rows if row["state"] == "parked"} <= {"uncertain"}
    for row in rows:
        copies = mailbox.taken[row["id"]]
        assert copies == 1 if row["state"] == "sent" else copies <= 1, (row, copies)
    assert len(set(mailbox.taken) - {row["id"] for row in rows}) == 0 or max(mailbox.taken.values()) == 1


def test_the_kills_hit_and_admins_see_what_is_open(aftermath):
    rows, server = aftermath
    parked = [row for row in rows if row["state"] == "parked"]
    assert parked, "no kill hit a mail on its way: kill more often"
    listed = server.program("admin", "harbour").get("admin/deliveries?state=parked&limit=100").json()
    assert listed["total"] == len(parked)
