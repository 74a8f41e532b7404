"""Usage: counted in memory, exact after a graceful stop, and nearly so after a kill."""

import signal

from harness.cast import ADA, NORTHLIGHT
from harness.cluster import Cluster
from harness.service import Service
from harness.signing_in import bearer
from harness.waiting import eventually

COUNTED = f"""SELECT coalesce(sum(api_requests), 0) FROM usage_days JOIN guilds USING (client_id)
               WHERE guild_id = {NORTHLIGHT} AND day = (now() AT TIME ZONE 'UTC')::date"""


def counted(service) -> int:
    return int(service.sql(COUNTED)[0][0])


def ask(service, times: int):
    with bearer(service, ADA) as program:
        for _ in range(times):
            assert program.get(f"/api/v1/guilds/{NORTHLIGHT}").status_code == 200


def test_is_exact_after_a_graceful_stop_of_two_processes(start_service):
    first = start_service()
    second = Service(first.cluster, first.database)
    before = counted(first)
    ask(first, 23)
    ask(second, 19)
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(12) == 0
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(12) == 0
    assert counted(first) == before + 42


def test_loses_a_few_seconds_at_most_when_the_process_is_killed(start_service):
    first = start_service()
    before = counted(first)
    ask(first, 10)
    eventually(lambda: counted(first) == before + 10, within=8)
    ask(first, 5)
    first.kill()
    assert before + 10 <= counted(first) <= before + 15


def test_survives_a_restart_of_the_database():
    cluster = Cluster()
    cluster.create("counted")
    first = Service(cluster, "counted")
    before = counted(first)
    ask(first, 7)
    first.cluster.restart()
    eventually(lambda: counted(first) == before + 7, within=15)
    first.stop()
    cluster.remove()


def test_records_todays_accounts_and_posts_of_each_server(start_service):
    first = start_service()
    # The service has done it at its start; here it is done again, after a change.
    first.sql("""UPDATE usage_days SET accounts = 0, posts = 0;
                 DELETE FROM usage_days WHERE client_id = (SELECT min(client_id) FROM guilds);
                 SELECT dashboard.note_totals()""")
    rows = first.sql("""
        SELECT u.accounts, u.posts, a.accounts, a.posts
          FROM usage_days u
          JOIN (SELECT c.id, count(a.id) AS accounts, coalesce(sum(a.post_count), 0) AS posts
                  FROM clients c LEFT JOIN client_accounts a ON a.client_id = c.id GROUP BY c.id) a ON a.id = u.client_id
         WHERE u.day = (now() AT TIME ZONE 'UTC')::date""")
    assert len(rows) == int(first.sql("SELECT count(*) FROM clients")[0][0]) > 2
    assert all(row[:2] == row[2:] for row in rows) and any(int(row[0]) > 0 for row in rows)
