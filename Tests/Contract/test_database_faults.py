"""PostgreSQL that is restarted or killed under load: requests get a 503, and the service recovers soon after."""

import re
import threading
import time

import httpx
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, NORTHLIGHT
from harness.cluster import Cluster
from harness.service import Service
from harness.pages import form_token
from harness.signing_in import bearer, sign_in, tokens
from harness.streams import Stream
from harness.waiting import eventually

POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=20"
STREAM = f"/api/v1/guilds/{NORTHLIGHT}/status/stream"


@pytest.fixture(scope="module")
def fragile():
    """A cluster that may be broken, and a service on it."""
    cluster = Cluster()
    cluster.create("fragile")
    service = Service(cluster, "fragile")
    yield service
    service.stop()
    cluster.remove()


class Load:
    """Requests from several threads without a pause: API, page and renewals."""

    def __init__(self, service, threads=6):
        self.service = service
        self.answers: list[tuple[float, int, httpx.Response]] = []
        self.broken: list[Exception] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(threads)]

    def _ask(self, number: int):
        browser = sign_in(self.service, ADA)
        headers = {} if number % 2 else tokens(self.service, ADA).header
        paths = [POSTS, "/api/v1/auth/me", f"/guilds/{NORTHLIGHT}/tracking/posts", "/status"]
        cookies = browser.cookies if not headers else None
        with httpx.Client(base_url=self.service.origin, headers=headers, cookies=cookies, timeout=30) as client:
            self._ready.wait()
            turn = number
            while not self._stopped.is_set():
                turn += 1
                path = paths[turn % (2 if headers else 4)]
                try:
                    self.answers.append((time.monotonic(), number, client.get(path)))
                except httpx.HTTPError as error:
                    self.broken.append(error)

    def __enter__(self):
        self._ready = threading.Barrier(len(self._threads) + 1)
        for thread in self._threads:
            thread.start()
        self._ready.wait(30)
        eventually(lambda: len(self.answers) > 50, within=10)
        return self

    def __exit__(self, *_):
        self._stopped.set()
        for thread in self._threads:
            thread.join(40)

    def last_failure(self) -> float:
        return max((moment for moment, _, answer in self.answers if answer.status_code == 503), default=0)


def expect_only_polite_failures(load: Load):
    assert not load.broken, f"connections broke: {load.broken[:3]}"
    statuses = {answer.status_code for _, _, answer in load.answers}
    assert statuses <= {200, 503}, statuses
    for _, _, answer in load.answers:
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["x-request-id"] in answer.text
            for word in ("SQLSTATE", "57P01", "socket", "server closed", "dbname", "/tmp/"):
                assert word not in answer.text


FAULTS = {
    "restarted": lambda cluster: cluster.restart(),
    "killed and started": lambda cluster: (cluster.kill(), cluster.start()),
    "rid of its connections": lambda cluster: cluster.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'fragile'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_requests_go_on_within_five_seconds_of_a_database_that_was(fragile, fault):
    fragile.heartbeat(status="healthy")
    with bearer(fragile, ADA) as visitor:
        stream = Stream(visitor, STREAM)
        stream.until(state="online")
        with Load(fragile) as load:
            FAULTS[fault](fragile.cluster)
            back = time.monotonic()
            eventually(lambda: httpx.get(fragile.origin + POSTS, headers=visitor.headers, timeout=6).is_success, within=5)
            # Long enough that every kind of request has come after it.
            eventually(lambda: sum(moment > back + 1 for moment, *_ in load.answers) > 60, within=20)
        expect_only_polite_failures(load)
        assert load.last_failure() < back + 5
        assert not stream.ended.is_set(), "a stream ended with the database's connection"
        # The listener is back too.
        fragile.heartbeat(status="degraded")
        stream.until(within=5, state="degraded")
        stream.close()
    assert fragile.process.poll() is None


def test_while_the_database_is_away_requests_get_503_and_sessions_are_kept(fragile):
    with sign_in(fragile, ADA) as browser, bearer(fragile, ADA) as program:
        for visitor, path in ((program, POSTS), (browser, POSTS)):
            assert visitor.get(path).status_code == 200
        stream = Stream(program, STREAM)
        stream.next(3)
        fragile.cluster.stop()
        try:
            started = time.monotonic()
            expect_problem(program.get(POSTS), 503)
            expect_problem(program.post("/api/v1/auth/refresh", json={"refreshToken": "A" * 80}), 401, 503)
            assert time.monotonic() - started < 10
            page = browser.get(f"/guilds/{NORTHLIGHT}/tracking/posts")
            assert page.status_code == 503 and int(page.headers["retry-after"]) > 0
            # A browser with an expired access cookie stays signed in.
            browser.cookies.delete("dashboard_access")
            answer = browser.get("/")
            assert answer.status_code in (200, 503)
            assert not [cookie for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" in cookie]
            begun = browser.get("/api/v1/auth/discord")
            assert begun.status_code == 503 and int(begun.headers["retry-after"]) > 0
            for path in ("/healthz", "/login", "/terms", "/privacy"):
                assert browser.get(path).status_code in (200, 303), path
            assert not stream.ended.is_set()
        finally:
            fragile.cluster.start()
        eventually(lambda: program.get(POSTS).status_code == 200, within=5)
        assert browser.get("/").status_code == 200
        stream.close()


AS_OF = "This is the page as of"


def head(page: str) -> str:
    """The part before the content, without the time of the page, which scripts use."""
    return re.sub(r'data-now="[^"]+"', "", page.split("<main")[0])


def test_while_the_database_is_away_a_page_shows_its_last_version_for_this_session(fragile):
    overview, accounts = f"/guilds/{NORTHLIGHT}", f"/guilds/{NORTHLIGHT}/tracking/accounts?q=a"
    with sign_in(fragile, ADA) as browser, sign_in(fragile, ADA) as another, sign_in(fragile, ADA) as left:
        seen = browser.get(overview).text
        assert browser.get(accounts).status_code == 200 and AS_OF not in seen
        # The end of a session also removes its kept pages.
        left.get(overview)
        kept = dict(left.cookies)
        fragile.sql("UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'administrator' WHERE id = (SELECT max(id) FROM dashboard_sessions)")
        eventually(lambda: left.get("/api/v1/auth/me").status_code == 401)
        fragile.cluster.stop()
        try:
            again = browser.get(overview)
            assert again.status_code == 200 and AS_OF in again.text
            assert again.headers["cache-control"] == "no-store"
            # The time of day, since the page's own times go by the clock of then.
            assert re.search(AS_OF + r" <time[^>]*>\d+ \w{3} \d{4}, \d\d:\d\d:\d\d CES?T</time>", again.text)
            start, end = again.text.split(AS_OF)
            assert head(start) == head(seen) and end.endswith(seen[-500:])
            assert AS_OF in browser.get(accounts).text
            # Only the same address of the same session.
            for client, path in ((browser, accounts + "b"), (another, overview), (left, overview)):
                cookies = kept if client is left else dict(client.cookies)
                answer = httpx.get(fragile.origin + path, cookies=cookies)
                assert answer.status_code == 503 and AS_OF not in answer.text
            with httpx.Client(base_url=fragile.origin) as nobody:
                assert nobody.get(overview).status_code in (303, 503)
            forged = another.cookies.get("dashboard_access")[:-3] + "AAA"
            answer = httpx.get(fragile.origin + overview, cookies={"dashboard_access": forged})
            assert AS_OF not in answer.text
        finally:
            fragile.cluster.start()
        eventually(lambda: AS_OF not in browser.get(overview).text, within=5)


def test_a_database_that_has_been_away_for_a_while_delays_no_request(fragile):
    with bearer(fragile, ADA) as program:
        fragile.cluster.stop()
        try:
            program.get(POSTS)
            for _ in range(10):
                started = time.monotonic()
                expect_problem(program.get(POSTS), 503)
                assert time.monotonic() - started < 0.5
        finally:
            fragile.cluster.start()
        eventually(lambda: program.get(POSTS).status_code == 200, within=5)


def test_the_demos_writer_of_measurements_comes_back_by_itself(fragile):
    latest = "SELECT max(measured_at) FROM posts"
    before = fragile.sql(latest)
    eventually(lambda: fragile.sql(latest) > before, within=15, every=0.2)


def test_a_lock_that_is_held_long_costs_its_own_requests_only(fragile):
    with bearer(fragile, ADA) as program:
        holder = threading.Thread(target=fragile.sql, args=("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4.5)",))
        holder.start()
        eventually(lambda: fragile.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'posts'::regclass"))
        waiting = []
        slow = threading.Thread(target=lambda: waiting.append(program.get(POSTS)))
        slow.start()
        with bearer(fragile, ADA) as other:
            started = time.monotonic()
            assert other.get("/api/v1/auth/me").status_code == 200
            assert time.monotonic() - started < 2
        slow.join(15)
        holder.join()
        assert waiting[0].status_code in (200, 503)
        eventually(lambda: program.get(POSTS).status_code == 200)


def test_no_fault_was_logged_as_one_of_the_service(fragile):
    assert not fragile.entries(status=500)
    assert not [entry for entry in fragile.entries(level="error") if "request" in entry]


def test_a_held_lock_is_distinguished_from_an_unreachable_database(fragile):
    with sign_in(fragile, ADA) as browser, bearer(fragile, ADA) as ada:
        page = f"/guilds/{NORTHLIGHT}/tracking/posts"
        assert browser.get(page).status_code == 200
        holder = threading.Thread(
            target=fragile.sql, args=("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(9)",))
        holder.start()
        eventually(lambda: fragile.sql(
            "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'posts'::regclass"))
        problem = expect_problem(ada.get(POSTS), 503)
        shown = browser.get(page)
        holder.join()
    assert "busy" in problem["detail"] and "reached" not in problem["detail"]
    # The kept page is not shown either: the next attempt may succeed.
    assert shown.status_code == 503 and "busy" in shown.text and AS_OF not in shown.text
    assert int(shown.headers["retry-after"]) == 2


def test_statements_that_many_use_at_once_for_the_first_time_under_a_lock_fail_politely(fragile):
    """If one statement cannot be prepared, those behind it were already sent."""
    service = Service(fragile.cluster, "fragile")
    pair = tokens(service, ADA)
    holder = threading.Thread(
        target=fragile.sql, args=("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(8)",))
    holder.start()
    eventually(lambda: fragile.sql(
        "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'posts'::regclass"))
    answers: list[httpx.Response] = []

    def ask(path: str, times: int):
        with service.client(headers=pair.header, timeout=30) as client:
            answers.extend(client.get(path) for _ in range(times))

    asking = [threading.Thread(target=ask, args=(POSTS, 3)) for _ in range(30)]
    asking += [threading.Thread(target=ask, args=(f"/api/v1/guilds/{NORTHLIGHT}/brands", 4)) for _ in range(4)]
    for thread in [*asking, holder]:
        if thread is not holder:
            thread.start()
    for thread in [*asking, holder]:
        thread.join()
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 503} and len(answers) == 106, statuses
    # The database was there all the time.
    assert all("busy" in answer.json()["detail"] for answer in answers if answer.status_code == 503)
    assert not service.entries(level="error")
    with service.client(headers=pair.header) as client:
        for _ in range(20):
            assert client.get(POSTS).status_code == 200
    service.stop()


def test_a_form_that_is_sent_while_the_database_is_away_is_shown_again(fragile):
    path = f"/guilds/{NORTHLIGHT}/brands/new"
    with sign_in(fragile, ADA) as browser:
        token = form_token(browser, path)
        fragile.cluster.stop()
        try:
            answer = browser.post(
                path, data={"_csrf": token, "name": "Typed <b>in</b> vain", "alertWebhookUrl": "https://secret.example"},
                headers={"Referer": fragile.origin + path})
        finally:
            fragile.cluster.start()
    assert answer.status_code == 503 and "data-not-saved" in answer.text
    assert "Typed &lt;b&gt;in&lt;/b&gt; vain" in answer.text and f'href="{path}"' in answer.text
    assert "secret.example" not in answer.text
