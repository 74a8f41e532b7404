"""HTTP itself: HEAD, keep-alive, compression, request ids, security and cache headers."""

import gzip
import http.client
import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from harness.answers import expect_problem, expect_security_headers
from harness.cast import ADA, CASA_VERDE, HARBOR, NORTHLIGHT
from harness.endpoints import describe, operations
from harness.holes import ids_in
from harness.pages import links
from harness.signing_in import bearer, begin, consent, sign_in
from harness.waiting import eventually
from harness.wire import connect, receive, status_of

POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts"
# Of a server with constant numbers: the bot left it.
STILL = "/api/v1/guilds/200000000000000004/posts"

PAGES = ["/", "/login", "/status", "/terms", "/privacy", "/docs", f"/guilds/{NORTHLIGHT}",
         f"/guilds/{NORTHLIGHT}/tracking/accounts", f"/guilds/{NORTHLIGHT}/tracking/posts",
         f"/guilds/{NORTHLIGHT}/tracking/brands", f"/guilds/{NORTHLIGHT}/usage"]


@pytest.fixture(scope="module")
def ada_browsing(service):
    with sign_in(service, ADA) as client:
        yield client


# HEAD


@pytest.mark.parametrize("path", ["/healthz", STILL, "/api/v1/auth/me", "/api/v1/openapi.json", "/api/v1/nothing",
                                  STILL + "?limit=0", f"/api/v1/guilds/{HARBOR}/posts"])
def test_head_is_get_without_the_body(ada, path):
    get, head = ada.get(path), ada.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    differing = {"x-request-id", "date", "ratelimit", "content-length"}
    for name, value in get.headers.items():
        if name not in differing:
            assert head.headers.get(name) == value, name
    if get.is_success:
        assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_answer_head_as_well(ada_browsing, path):
    get, head = ada_browsing.get(path), ada_browsing.head(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("query", ["", "?returnTo=/status"])
def test_head_begins_no_sign_in(service, nobody, query):
    before = service.sql("SELECT count(*) FROM oauth_states")
    answer = nobody.head("/api/v1/auth/discord" + query)
    assert answer.status_code == 405 and answer.headers["allow"] == "GET" and "set-cookie" not in answer.headers
    assert service.sql("SELECT count(*) FROM oauth_states") == before


def test_head_of_a_callback_ends_no_sign_in(service):
    with service.client() as browser:
        back = consent(browser, begin(browser), ADA)
        before = service.sql("SELECT count(*) FROM dashboard_sessions")
        answer = browser.head(back)
        assert answer.status_code == 405 and answer.headers["allow"] == "GET" and "set-cookie" not in answer.headers
        assert service.sql("SELECT count(*) FROM dashboard_sessions") == before
        assert browser.get(back).status_code == 303
        assert browser.get("/api/v1/auth/me").json()["id"] == ADA


def test_head_of_a_stream_opens_none(ada):
    answer = ada.head(f"/api/v1/guilds/{NORTHLIGHT}/status/stream")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")


# Connections


def test_a_connection_serves_many_requests(service, ada):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    connection.connect()
    own = connection.sock
    for path, status in ((POSTS, 200), ("/nothing", 404), ("/api/v1/auth/me", 200), (POSTS + "?limit=x", 400)):
        connection.request("GET", path, headers=dict(ada.headers))
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
        assert connection.sock is own, f"the connection was closed after {status}"
    connection.close()


def test_pipelined_requests_are_answered_in_order(service):
    with connect(service) as connection:
        connection.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", received)] == [200, 404, 200]


def test_a_connection_is_closed_when_asked(service):
    with connect(service) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        receive(connection)
        assert connection.recv(1) == b""


def test_an_old_client_is_served_too(service):
    with connect(service) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        answer = receive(connection)
    assert status_of(answer) == 200 and answer.endswith(b'{"status":"ok"}')


def test_a_request_after_a_refused_body_is_answered(service):
    """The rest of a refused body must not be read as the next request."""
    with connect(service) as connection:
        connection.sendall(
            b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 31\r\n\r\n"
            b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status_of(receive(connection)) == 415


# Compression


def raw(client: httpx.Client, path: str, accept: str | None) -> tuple[httpx.Response, bytes]:
    headers = {"Accept-Encoding": accept} if accept is not None else {"Accept-Encoding": "identity"}
    with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("accept", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "*", "GZIP", "gzip;q=1"])
def test_a_large_answer_is_compressed_if_the_client_accepts_gzip(ada, accept):
    plain, content = raw(ada, STILL, None)
    packed, compressed = raw(ada, STILL, accept)
    assert "content-encoding" not in plain.headers and len(content) > 1_024
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(compressed) == content
    assert len(compressed) < len(content) / 2
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) == len(compressed)


@pytest.mark.parametrize("accept", [None, "", "br", "gzip;q=0", "identity", "gzip;q=0.000", "deflate", "gzipped", "x-gzip-not"])
def test_a_large_answer_is_not_compressed_for_other_clients(ada, accept):
    answer, content = raw(ada, STILL, accept)
    assert "content-encoding" not in answer.headers
    json.loads(content)


def test_a_small_answer_is_never_compressed(ada):
    answer, content = raw(ada, STILL + "?limit=1", "gzip")
    assert len(content) < 1_024 and "content-encoding" not in answer.headers


# With as many rows or days as their controls offer.
LARGEST = [f"/guilds/{NORTHLIGHT}/tracking/accounts?limit=100", f"/guilds/{NORTHLIGHT}/audit?limit=100",
           f"/guilds/{NORTHLIGHT}/tracking/posts?limit=100", f"/guilds/{NORTHLIGHT}/usage?from={{ninety_days}}",
           f"/guilds/{NORTHLIGHT}/usage?from={{year}}", f"/guilds/{NORTHLIGHT}/settings"]


@pytest.mark.parametrize("path", PAGES + LARGEST)
def test_a_page_is_compressed_and_below_a_hundred_kilobytes(ada_browsing, path):
    ninety_days, year = ((datetime.now(UTC) - timedelta(days=days)).date() for days in (89, 364))
    path = path.format(ninety_days=ninety_days, year=year)
    answer = ada_browsing.get(path, headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"})
    # A signed-in person is redirected.
    if path == "/login":
        assert (answer.status_code, answer.content) == (303, b"")
        return
    assert answer.status_code == 200 and answer.headers["content-encoding"] == "gzip"
    assert len(answer.content) < 100_000


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_another_site_started_is_not_compressed(ada_browsing, site):
    accounts = f"/guilds/{NORTHLIGHT}/tracking/accounts"
    gzip = {"Accept-Encoding": "gzip"}
    for path in (accounts + "?q=guess", accounts, "/nothing/guess"):
        answer = ada_browsing.get(path, headers=gzip | {"Sec-Fetch-Site": site})
        assert len(answer.content) > 1_024 and "content-encoding" not in answer.headers
    for own in ("same-origin", "none"):
        answer = ada_browsing.get(accounts + "?q=guess", headers=gzip | {"Sec-Fetch-Site": own})
        assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in ada_browsing.get(accounts + "?q=guess", headers=gzip).headers


# Headers of every answer


def test_every_answer_has_a_request_id_of_its_own(ada, nobody):
    ids = [ada.get(path).headers["x-request-id"] for path in ("/healthz", POSTS, "/nothing", POSTS + "?x=1") * 25]
    assert len(set(ids)) == len(ids)
    problem = expect_problem(nobody.get("/api/v1/auth/me"), 401)
    assert problem["requestId"] not in ids


def test_the_log_has_a_line_for_each_request(service, ada):
    id = ada.get(POSTS + "?limit=3&q=something%20private").headers["x-request-id"]
    [line] = eventually(lambda: service.entries(request=id, status=200))
    assert line["method"] == "GET" and line["route"] == "/api/v1/guilds/{guildId}/posts"
    assert line["user"] == ADA and line["microseconds"] > 0
    assert "private" not in json.dumps(line)


def test_security_headers_are_on_every_answer(service, ada, nobody, ada_browsing):
    answers = [
        nobody.get("/healthz"), nobody.get("/nothing"), nobody.get("/api/v1/nothing"), nobody.get("/api/v1/auth/me"),
        nobody.get("/"), nobody.get("/login"), nobody.get("/status"), nobody.get(f"/guilds/{NORTHLIGHT}"),
        nobody.get("/api/v1/auth/discord"), nobody.get("/api/v1/auth/discord/callback"), nobody.post("/healthz"),
        nobody.delete(POSTS), nobody.get("/demo/discord/authorize"), nobody.get("/api/v1/openapi.json"),
        nobody.post("/api/v1/auth/refresh", content="x", headers={"Content-Type": "text/plain"}), nobody.post("/api/v1/auth/refresh", json={}),
        nobody.get("/healthz", headers={"X-Filler": "a" * 17_000}), nobody.request("BREW", "/"),
        ada.get(POSTS), ada.get(f"/api/v1/guilds/{HARBOR}/posts"), ada.get(POSTS + "?limit=0"), ada.head(POSTS),
        *(ada_browsing.get(path) for path in PAGES), ada_browsing.post("/preferences/theme"),
    ]
    seen = set()
    for answer in answers:
        expect_security_headers(answer)
        seen.add(answer.status_code)
        for name in ("server", "x-powered-by"):
            assert name not in answer.headers
    assert {200, 302, 303, 400, 401, 403, 404, 405, 415, 422, 431} <= seen


@pytest.mark.parametrize("path", PAGES)
def test_pages_allow_no_script_or_style_but_their_own(ada_browsing, path):
    answer = ada_browsing.get(path)
    directives = dict(
        (words[0], words[1:]) for words in map(str.split, answer.headers["content-security-policy"].split(";")) if words)
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == directives["base-uri"] == ["'none'"]
    assert directives["form-action"] == ["'self'"]
    assert set(directives["img-src"]) <= {"'self'", "data:", "https://cdn.discordapp.com"}
    assert "permissions-policy" in answer.headers
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", answer.text)


def test_personal_answers_are_not_cached(ada, ada_browsing):
    for answer in (ada.get(POSTS), ada.get("/api/v1/auth/me"), ada_browsing.get("/"), ada_browsing.get(f"/guilds/{NORTHLIGHT}")):
        assert answer.headers["cache-control"] == "no-store"


# Assets


def assets(client) -> set[str]:
    page = client.get("/login").text
    return {link for link in links(page) + re.findall(r'src="([^"]*)"', page) if link.startswith("/assets/")}


def test_assets_are_cached_forever_under_a_fingerprint(nobody):
    found = assets(nobody)
    assert any(link.endswith(".css") for link in found) and any(link.endswith(".js") for link in found)
    for link in found:
        answer = nobody.get(link)
        assert answer.status_code == 200
        cache = answer.headers["cache-control"]
        assert "public" in cache and "immutable" in cache and "max-age=31536000" in cache
        kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        assert answer.headers["content-type"].startswith(kinds[link.rpartition(".")[2]])
        assert "set-cookie" not in answer.headers


def test_assets_with_another_fingerprint_are_not_cached(nobody):
    for link in assets(nobody):
        old = "/assets/000000000000/" + link.rpartition("/")[2]
        answer = nobody.get(old)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_assets_stay_within_their_budget(nobody):
    sizes = {"css": 0, "js": 0}
    queue, seen = list(assets(nobody)), set()
    while queue:
        link = queue.pop()
        if link in seen:
            continue
        seen.add(link)
        content = nobody.get(link).text
        suffix = link.rpartition(".")[2]
        if suffix in sizes:
            sizes[suffix] += len(content.encode())
        if suffix == "js":
            folder = link.rpartition("/")[0]
            queue += [f"{folder}/{name}" for name in re.findall(r'from\s*"\./([\w-]+\.js)"|import\("\./([\w-]+\.js)"\)', content)
                      for name in [name[0] or name[1]]]
    # At most 40 KB of each, before compression.
    assert 0 < sizes["css"] <= 40_960 and 0 < sizes["js"] <= 40_960, sizes


def test_pages_load_nothing_from_elsewhere(ada_browsing):
    for path in PAGES:
        page = ada_browsing.get(path).text
        for tag in re.findall(r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*>", page):
            for address in re.findall(r'(?:src|href)="([^"]*)"', tag):
                assert address.startswith(("/", "https://cdn.discordapp.com/", "data:")), tag


# Faults


def test_a_fault_shows_its_request_id_and_not_its_cause(start_service):
    service = start_service()
    service.expects_faults = True
    with bearer(service, ADA) as program, sign_in(service, ADA) as browser:
        service.sql("ALTER TABLE posts RENAME TO posts_elsewhere")
        problem = expect_problem(program.get(f"/api/v1/guilds/{CASA_VERDE}/posts?q=hidden"), 500)
        page = browser.get(f"/guilds/{CASA_VERDE}/tracking/posts")
        assert page.status_code == 500 and page.headers["content-type"].startswith("text/html")
        expect_security_headers(page)
        assert page.headers["x-request-id"] in page.text
        for text in (json.dumps(problem), page.text):
            for word in ("posts_elsewhere", "relation", "SELECT", "42P01", ".swift", "Persistence"):
                assert word not in text
        assert eventually(lambda: service.entries(level="error", request=problem["requestId"]))
        service.sql("ALTER TABLE posts_elsewhere RENAME TO posts")
        eventually(lambda: program.get(f"/api/v1/guilds/{CASA_VERDE}/posts").status_code == 200)
    service.stop()


def test_the_description_has_the_types_that_answers_have(service, ada, nobody):
    ids = ids_in(service, NORTHLIGHT)
    for operation in operations(describe(service)):
        if operation.method != "get" or operation.is_stream or "discord" in operation.path:
            continue
        # Signed, not for people: test_bot_over_http has these.
        if "/bot/" in operation.path:
            continue
        # The metrics are for a program of the operator's: any other token is refused.
        visitor = nobody if operation.path == "/metrics" else ada
        answer = visitor.get(operation.address(**ids))
        assert answer.status_code == 200, operation.name
        assert answer.headers["content-type"].split(";")[0] in operation.content_types, operation.name
