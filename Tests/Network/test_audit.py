"""The running worker seals the audit log, and `portico audit verify` finds what was done to it (FLOWS-0 §11, FLOWS-2 §20)."""

import json
import subprocess
import time

import pytest
from portico import ROOT, Portico, binary


@pytest.fixture(scope="module")
def server(cluster):
    with Portico(cluster) as portico:
        yield portico


def sealed(server) -> int:
    """Lines of Lindenhof that have a seal, once there is none without."""
    tenant = "(select id from app.tenant where slug = 'lindenhof')"
    for _ in range(100):
        counts = server.sql(
            f"""select (select count(*) from app.audit_line where tenant_id = {tenant}) as lines,
                       (select count(*) from app.audit_seal where tenant_id = {tenant}) as seals""")[0]
        if counts["lines"] == counts["seals"] > 0:
            return counts["seals"]
        time.sleep(1)
    raise AssertionError(f"the worker does not seal: {counts}")


def verify(server, *arguments: str):
    """Exit code and one verdict per company."""
    done = subprocess.run(
        [binary(), "audit", "verify", "--json", *arguments], env=server.house.environment(), cwd=ROOT, capture_output=True, text=True,
        timeout=120)
    return done.returncode, {line["tenant"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_the_worker_seals_every_minute_and_the_command_finds_an_altered_line(server):
    count = sealed(server)
    code, verdicts = verify(server)
    assert code == 0 and set(verdicts) == {"lindenhof", "harbour"}
    good = verdicts["lindenhof"]["verdict"]
    assert good["sealed"] == count and verdicts["lindenhof"]["result"] == "intact"
    assert verify(server, "--tenant", "lindenhof", "--head", f"{good['sealed']}:{good['head']}")[0] == 0
    assert verify(server, "--tenant", "lindenhof", "--head", f"{good['sealed']}:{'0' * 64}")[0] == 1
    line = server.sql(
        """select l.id from app.audit_line l join app.tenant t on t.id = l.tenant_id and t.slug = 'lindenhof'
            where l.action = 'fault.assigned' order by l.id limit 1""")[0]["id"]
    server.sql(f"update app.audit_line set after = '{{\"state\": \"closed\"}}' where id = '{line}'")
    code, verdicts = verify(server)
    assert code == 1 and verdicts["harbour"]["result"] == "intact"
    assert verdicts["lindenhof"]["verdict"]["finding"]["line"] == line and verdicts["lindenhof"]["result"] == "altered"


def test_the_command_refuses_what_it_does_not_understand(server):
    for arguments in (("--tenant", "nobody"), ("--head", "1:" + "0" * 64), ("--tenant", "lindenhof", "--head", "x")):
        assert verify(server, *arguments)[0] not in (0, 1), arguments
