"""One tenant sends many slow requests: another tenant's requests are answered as usual."""

import time
from collections import Counter

import psycopg
import pytest

from harness.cast import ADA, CASA_VERDE, CHARLIE, HARBOR, NORTHLIGHT, client
from harness.signing_in import bearer
from harness.waiting import eventually
from harness.wire import connect, receive, status_of

ACCOUNTS = f"/api/v1/guilds/{HARBOR}/accounts"


@pytest.fixture(scope="module")
def crowded(start_service):
    """Northlight has so many posts that a search through them takes hundreds of milliseconds."""
    service = start_service()
    service.sql(f"""
        SET app.scope = 'all';
        INSERT INTO posts (client_id, account_id, platform, external_id, caption, posted_at, views, likes, comments, shares)
        SELECT a.client_id, a.id, a.platform, 'crowd-' || n, repeat('Nothing of that kind is in here. ', 40) || n,
               now() - make_interval(mins => n), n, 0, 0, 0
          FROM (SELECT * FROM client_accounts WHERE client_id = {client(NORTHLIGHT)} ORDER BY id LIMIT 1) a,
               generate_series(1, 30000) n""")
    yield service
    service.stop()


class Meanwhile:
    """Many requests of Ada's at once; their answers are read at the end of the block."""

    def __init__(self, service, path: str, count: int):
        self.statuses = Counter()
        header = bearer(service, ADA).headers["authorization"]
        self._request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\n\r\n".encode()
        self._connections = [connect(service, timeout=30) for _ in range(count)]

    def __enter__(self):
        for connection in self._connections:
            connection.sendall(self._request)
        return self

    def leave(self):
        """Without waiting for the answers."""
        for connection in self._connections:
            connection.close()
        self._connections = []

    def __exit__(self, *_):
        for connection in self._connections:
            self.statuses[status_of(receive(connection))] += 1
            connection.close()


def latencies(asking, path: str, count: int) -> list[float]:
    """In order of size. Each request is answered with 200."""
    taken = []
    for _ in range(count):
        started = time.monotonic()
        assert asking.get(path).status_code == 200
        taken.append(time.monotonic() - started)
    return sorted(taken)


@pytest.mark.parametrize("path", [
    f"/api/v1/guilds/{NORTHLIGHT}/posts?q=unheard-of", f"/guilds/{NORTHLIGHT}/tracking/posts?q=unheard-of",
    f"/api/v1/guilds/{NORTHLIGHT}/audit.csv"])
def test_sixty_slow_requests_of_one_tenant_do_not_hold_another_up(crowded, path):
    with bearer(crowded, CHARLIE) as charlie, Meanwhile(crowded, path, 60) as meanwhile:
        assert latencies(charlie, ACCOUNTS, 50)[-1] < 1
    # The tenant's own requests wait, or get a 503.
    assert meanwhile.statuses[200] > 0
    assert set(meanwhile.statuses) <= {200, 503}, meanwhile.statuses


def test_slow_requests_of_two_tenants_take_turns(crowded):
    with bearer(crowded, CHARLIE) as charlie:
        with Meanwhile(crowded, f"/api/v1/guilds/{NORTHLIGHT}/posts?q=unheard-of", 25):
            # A tenant has half of the turns at most: none of these waits for a search of the other's.
            assert latencies(charlie, f"/api/v1/guilds/{HARBOR}/posts?q=harbor", 10)[-1] < 1


def test_a_person_with_two_servers_takes_no_more_turns_than_with_one(crowded):
    """Two files of long audit logs at once would hold both turns."""
    for guild in (NORTHLIGHT, CASA_VERDE):
        crowded.sql(f"""
            SET app.scope = 'all';
            SELECT count(dashboard.append_audit_at(
                NULL, {client(guild)}, 'bot', NULL, 'accounts.reported', 'guild', n::text, changes, 'bot', NULL))
              FROM (SELECT jsonb_build_object('created', jsonb_agg(repeat('a', 100) || i)) AS changes
                      FROM generate_series(1, 1000) i) made, generate_series(1, 400) n""")
    search = f"/api/v1/guilds/{HARBOR}/posts?q=harbor"
    files = [f"/api/v1/guilds/{guild}/audit.csv" for guild in (NORTHLIGHT, CASA_VERDE)]
    with bearer(crowded, CHARLIE) as charlie:
        with Meanwhile(crowded, files[0], 4), Meanwhile(crowded, files[1], 4):
            assert latencies(charlie, search, 10)[-1] < 1


def test_a_locked_table_delays_only_requests_that_need_it(crowded):
    with psycopg.connect(crowded.cluster.address(crowded.database)) as locking, bearer(crowded, CHARLIE) as charlie:
        locking.execute("LOCK TABLE dashboard.posts IN ACCESS EXCLUSIVE MODE")
        with Meanwhile(crowded, f"/api/v1/guilds/{NORTHLIGHT}/posts", 60):
            time.sleep(0.2)
            assert latencies(charlie, ACCOUNTS, 50)[-1] < 1
            locking.rollback()


def test_a_search_is_cancelled_when_its_client_has_gone(crowded):
    """A lock holds it, so that it does not end before its client disconnects."""
    search = f"/api/v1/guilds/{NORTHLIGHT}/posts?q=unheard-of"

    def cancelled() -> int:
        return crowded.cluster.read_log().count("canceling statement due to user request")

    def waiting() -> int:
        return int(crowded.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0][0])

    before = cancelled()
    with psycopg.connect(crowded.cluster.address(crowded.database)) as locking:
        locking.execute("LOCK TABLE dashboard.posts IN ACCESS EXCLUSIVE MODE")
        with Meanwhile(crowded, search, 1) as meanwhile:
            eventually(lambda: waiting() == 1, within=5)
            meanwhile.leave()
            # The timeout of the lock has another message.
            eventually(lambda: cancelled() == before + 1, within=5)
        locking.rollback()
    with bearer(crowded, ADA) as ada:
        assert ada.get(search).status_code == 200
