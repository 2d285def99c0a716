#!/usr/bin/env python3
"""Takes each guard of the tenant wall away in turn and expects lint.sql or attack.py to notice: a test that cannot fail proves
nothing. Exits 1 when a mutant survives.

    PGHOST= PGUSER=postgres PORTICO_TICKET_KEY_FILE= python3 mutate.py DATABASE [part of a mutant's name]

DATABASE as for attack.py; each mutant is a copy of it. Some mutants change roles for a moment, which all databases of a cluster
share: so no other database may be in use meanwhile."""

import signal
import sys
import time

from attack import Attack, findings
from checks import GotThrough
from mutants import MUTANTS
from session import Copy, script


def others(database):
    return script(
        "postgres",
        f"""select string_agg(distinct datname, ', ') from pg_stat_activity where backend_type = 'client backend'
        and datname <> '{database}' and datname not like '{database}\\_%' and pid <> pg_backend_pid()""",
    )


def noticed_by(copy, name):
    """What found the mutant, or None. Sources are only compared where no attack could tell the difference."""
    found = findings(copy)
    if found:
        return "lint: " + found.split("\n")[0]
    try:
        Attack(copy, one_is_enough=True, fingerprints=name.startswith("one word")).run()
    except (GotThrough, SystemExit, ValueError) as noticed:  # the latter two: the attack could not even begin
        return f"attack: {str(noticed).splitlines()[0]}"
    return None


def survives(database, name, sql, undo=None):
    with Copy(database, f"{database}_mutant") as copy:
        try:
            script(copy, sql)
            noticed = noticed_by(copy, name)
        finally:
            if undo:
                script("postgres", undo)
    print(f"{'  found' if noticed else 'SURVIVED'}  {name}  ({noticed or 'neither lint nor attack noticed'})", flush=True)
    return not noticed


def main(database, part=""):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was changed in roles is undone
    busy = others(database)
    if busy:
        sys.exit(f"{busy} in use on this cluster; mutants change the roles that all its databases share")
    with Copy(database, f"{database}_mutant") as copy:
        healthy = Attack(copy).run()
    if healthy.failed:
        sys.exit("the wall has a hole before any mutant is planted; see above")
    began = time.monotonic()
    chosen = [mutant for mutant in MUTANTS if part in mutant[0]]
    survivors = sum(survives(database, *mutant) for mutant in chosen)
    print(f"{len(chosen)} mutants in {time.monotonic() - began:.0f} s")
    print(f"{len(chosen) - survivors} passed, {survivors} failed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
