"""T85: every database connection of the server is ended, again and again; the pool heals and mixes nothing up."""

import threading
import time


def test_t85_the_pool_heals_and_never_answers_for_the_wrong_company(portico):
    readers = [portico.program("manager", slug) for slug in ("lindenhof", "harbour")]
    own = {reader.host: {item["id"] for item in reader.get("faults?limit=100").json()["items"]} for reader in readers}
    stop, wrong, served, refused = threading.Event(), [], [0], [0]

    def read(reader):
        while not stop.is_set():
            answer = reader.get("faults?limit=100")
            if answer.status == 200:
                served[0] += 1
                if {item["id"] for item in answer.json()["items"]} - own[reader.host]:
                    wrong.append(answer.text[:200])
            elif answer.status in (500, 503):
                refused[0] += 1
            else:
                wrong.append(f"{answer.status} {answer.text[:200]}")

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    healed = []
    witness = portico.program("manager")
    for _ in range(100):
        portico.sql(
            "select count(pg_terminate_backend(pid)) as n from pg_stat_activity where datname = current_database() and usename like 'portico_%'")
        began = time.monotonic()
        while witness.get("faults?limit=1").status != 200:
            assert time.monotonic() - began < 30, "the pool does not heal"
            time.sleep(0.01)
        healed.append(time.monotonic() - began)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    assert served[0] > 100
    # The figure of SECURITY §7; the median, because on a busy machine a single one may wait for something else.
    assert sorted(healed)[len(healed) // 2] < 2, "the pool does not heal within 2 s"
    print(f"100 times all connections ended: healed within {max(healed):.2f} s, {served[0]} answers, {refused[0]} refused with 5xx")


def test_t85_jobs_go_on_after_their_connections_were_ended(portico):
    portico.forget_limits()
    program = portico.program("manager")
    unit = portico.sql("select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = 'lindenhof' order by u.id limit 1")[0]["id"]
    made = []
    for index in range(10):
        answer = program.post("faults", {"title": f"T85 {index}", "description": "x", "category": "other", "unitId": unit})
        if answer.status == 201:
            made.append(answer.json()["id"])
        portico.sql(
            "select count(pg_terminate_backend(pid)) as n from pg_stat_activity where datname = current_database() and usename = 'portico_worker'")
    assert made
    portico.wait_for_jobs(120)
    told = portico.sql("select facts->>'number' as number, count(*) as n from app.notification where kind = 'fault.received' group by 1 having count(*) > 1")
    assert not told, "somebody was told twice"
