"""A psql that stays open, so that a thousand attacks take seconds. Standard library only."""

import hashlib
import hmac
import os
import subprocess
import time

END = "<<end of answer>>"


class Answer:
    """What one script gave: its rows as text and its errors with SQLSTATE."""

    def __init__(self, rows, errors):
        self.rows, self.errors = rows, errors

    def __repr__(self):
        return " / ".join(part for part in (self.rows, self.errors) if part) or "(nothing)"


class Session:
    """One connection as one role. Each run() is a script of its own; whatever it left open is rolled back."""

    def __init__(self, role, database):
        command = [
            "psql",
            "-X",
            "-A",
            "-t",
            "-q",
            "-v",
            "VERBOSITY=verbose",
            "-v",
            "SHOW_CONTEXT=never",
            "-U",
            role,
            "-d",
            database,
        ]
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.run("set default_transaction_read_only = off")  # an attacker would, and nothing may rest on it

    def run(self, sql):
        self.psql.stdin.write(f"{sql}\n;\nrollback;\n\\echo '{END}'\n")
        self.psql.stdin.flush()
        rows, errors, into = [], [], None
        for line in self.psql.stdout:
            line = line.rstrip("\n")
            if line == END:
                return Answer("\n".join(rows), "\n".join(errors))
            if line.startswith(("ERROR:", "FATAL:", "psql:")):
                into = errors
            elif line.startswith(("WARNING:", "NOTICE:")):
                into = None  # "there is no transaction in progress"
            elif not line.startswith(
                (
                    "LOCATION:",
                    "DETAIL:",
                    "HINT:",
                    "CONTEXT:",
                    "CONSTRAINT NAME:",
                    "LINE ",
                    "SCHEMA NAME:",
                    "TABLE NAME:",
                    "COLUMN NAME:",
                    "QUERY:",
                    "STATEMENT:",
                    " ",
                )
            ):
                into = rows
            if into is not None:
                into.append(line)
        raise SystemExit("psql ended: " + " ".join(rows + errors))

    def close(self):
        self.psql.stdin.close()
        self.psql.wait()
        self.psql.stdout.close()


def script(database, sql):
    """Runs a script as the superuser and ends everything when it fails."""
    done = subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database], input=sql, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{database}: {done.stderr.strip()}")
    return done.stdout.strip()


class Copy:
    """A copy of a database to do harm to; gone at the end. Who may connect is not copied along, so it is set again."""

    def __init__(self, database, name):
        self.database, self.name = database, name

    def __enter__(self):
        script(
            "postgres", f"drop database if exists {self.name} with (force); create database {self.name} template {self.database}"
        )
        script(
            self.name,
            f"revoke all on database {self.name} from public; grant connect on database {self.name} to portico_migrator, "
            "portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor, portico_backup, portico_visitor, "
            "portico_platform",
        )
        return self.name

    def __exit__(self, *_):
        script("postgres", f"drop database if exists {self.name} with (force)")


def ticket_key():
    """The 64 bytes that PORTICO_TICKET_KEY_FILE holds in hex."""
    with open(os.environ["PORTICO_TICKET_KEY_FILE"], encoding="ascii") as file:
        return bytes.fromhex(file.read().strip())


def padded(key, byte):
    return bytes(b ^ byte for b in key).hex()


def ticket(tenant, key, life=60, kid="1", user="u1"):
    signed = f"{kid}|{tenant}|{user}|{int(time.time()) + life}"
    return signed + "|" + hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
