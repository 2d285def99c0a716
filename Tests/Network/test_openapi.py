"""A program that believes the interface's own description: schemathesis asks everything that it names, well-formed and not.

It may find no 5xx, no status, media type or answer that is not described. $PORTICO_OPENAPI_EXAMPLES raises how much it tries
(examples for each operation, 4 unless told).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from portico import Portico
from routes import known_ids, names

EXAMPLES = int(os.environ.get("PORTICO_OPENAPI_EXAMPLES", "4"))
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# These end the sign-in that the others need.
ENDINGS = ("/api/v1/auth/logout", "/api/v1/me/sessions", "/api/v1/people/{id}/sessions/revocation")


@pytest.fixture(scope="module")
def own(cluster):
    """A Portico of its own: nothing of it is as before afterwards."""
    with Portico(cluster) as portico:
        yield portico


def described(portico, slug: str = "lindenhof") -> dict:
    """The document, with values to try beside any: ids that are there, the company's own categories."""
    program = portico.program("admin", slug)
    answer = program.get("openapi.json")
    assert answer.status == 200 and answer.header("Content-Type") == "application/json"
    document = answer.json()
    categories = portico.sql(f"select distinct category from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = '{slug}'")
    for path, methods in document["paths"].items():
        ids = known_ids(portico, slug, path) if names(path) else {}
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter["schema"] = {"anyOf": [{"type": "string", "enum": [str(ids[parameter["name"]])]}, parameter["schema"]]}
            for media in operation.get("requestBody", {}).get("content", {}).values():
                properties = media["schema"].get("properties", {})
                if "category" in properties:
                    properties["category"] = {"type": "string", "enum": [row["category"] for row in categories]}
    for path in ENDINGS:
        document["paths"].pop(path)
    return document


def ask(portico, folder: Path, document: dict, token: str | None, examples: int, seed: int = 1, slug: str = "lindenhof"):
    """Runs it; the report of what it found is the message."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(document))
    portico.forget_limits()
    command = [
        str(Path(os.environ["PORTICO_PEERS"]) / "schemathesis"), "run", str(file), "--url", f"http://127.0.0.1:{portico.port}",
        "--header", f"Host: {slug}.localhost:{portico.port}", "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed), "--generation-database", "none",
        "--continue-on-failure", "--no-shrink", "--workers", "2", "--request-timeout", "20",
        "--suppress-health-check", "all", "--warnings", "off", "--no-color"]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    (folder / "report.txt").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    return done.stdout


@pytest.mark.parametrize("role, examples", [("admin", EXAMPLES), ("resident", 1), (None, 1)])
def test_nothing_answers_otherwise_than_described(own, tmp_path, role, examples):
    before = own.pid
    report = ask(own, tmp_path, described(own), own.program(role).token if role else None, examples)
    print(report[-1500:])
    assert own.pid == before, "the server was replaced by another process"
    assert own.program("manager").get("faults").status == 200


def test_what_is_wrong_is_found(own, tmp_path):
    """The same run, told an untruth about one answer, says so."""
    document = described(own)
    document["paths"] = {"/api/v1/me": document["paths"]["/api/v1/me"]}
    document["components"]["schemas"]["Me"]["required"].append("shoeSize")
    with pytest.raises(AssertionError, match="shoeSize"):
        ask(own, tmp_path, document, own.program("admin").token, 1)
