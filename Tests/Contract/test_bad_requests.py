"""Invalid paths, methods, headers and bodies: a 4xx each, and the service continues."""

import json

import httpx
import pytest

from harness.answers import expect_problem, expect_security_headers
from harness.cast import ADA, NORTHLIGHT
from harness.endpoints import describe, operations, operations_of_people
from harness.signing_in import bearer, sign_in, tokens
from harness.wire import send_raw, status_of

REFRESH = "/api/v1/auth/refresh"
POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts"


@pytest.fixture(autouse=True)
def the_service_lives_on(service):
    yield
    assert service.process.poll() is None, service.log
    assert service.is_healthy()


# Paths

NO_IDS = [
    "0", "-1", "+1", "01", "1.0", "1e3", "abc", "null", "9223372036854775808", "9" * 500, "%31", "1%00", "%00", "%ff",
    "1%2F2", "1;2", "%20" + NORTHLIGHT, NORTHLIGHT + "%20", "٣", "'", "%27%20OR%201=1", "{guildId}", "*", "%",
    "%zz", "x" * 8_000, "🦊", "..%2f..%2fetc%2fpasswd", ".", "%2e",
]


@pytest.mark.parametrize("id", NO_IDS, ids=lambda id: id[:20])
def test_a_path_with_something_that_is_no_id_is_unknown(service, ada, id):
    raw = id.encode()
    for template in (b"/api/v1/guilds/%s/posts", b"/api/v1/guilds/" + NORTHLIGHT.encode() + b"/accounts/%s"):
        request = b"GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
        answer = send_raw(service, request % (template % raw, ada.headers["authorization"].encode()))
        assert status_of(answer) == 404 and b"application/problem+json" in answer, answer[:300]


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/guilds", "/api//v1/guilds", "//api/v1/guilds",
     "/api/v1/guilds/../auth/me", "/api/v1/%67uilds", "/API/V1/GUILDS", "/api/v1/auth/me/", "/api/v1/auth/me%2f",
     "/api/v1/auth/me%00", "/api/v1/auth/me;x=1", "/api/v1/auth/me.json", "/nothing", "/guilds",
     "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd", "/assets/x/..%2f..%2fetc%2fpasswd", "/favicon.php",
     "/" + "a/" * 2_000],
    ids=lambda path: path[:40])
def test_an_unknown_path_is_a_404_without_details(service, path):
    answer = send_raw(service, b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path.encode())
    assert status_of(answer) == 404, answer[:300]
    for word in (b"root:", b"Sources/", b"SELECT", b".swift"):
        assert word not in answer


def test_a_path_that_is_html_is_shown_as_text(nobody):
    page = nobody.get("/<script>alert(1)</script>")
    assert page.status_code == 404 and page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>alert" not in page.text
    expect_problem(nobody.get("/api/v1/<script>"), 404)
    # A page of a server: the sign-in comes first, and would lead back there.
    answer = nobody.get("/guilds/<img src=x>")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?returnTo=%2Fguilds%2F%253Cimg%2520src%3Dx%253E")


@pytest.mark.parametrize("length, status", [(12_000, 404), (12_400, 414), (40_000, 414), (200_000, 414)])
def test_an_address_that_is_too_long_is_refused(service, length, status):
    request = b"GET /%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % (b"a" * length)
    assert status_of(send_raw(service, request)) == status


def test_a_414_is_a_problem_with_all_headers(service):
    expect_problem(httpx.get(service.origin + "/api/v1/auth/me?" + "a" * 13_000), 414)


ME = "GET /api/v1/auth/me"
REST = " HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
GROWING = {
    # The growing part, with the statuses of small, larger and largest requests in this order.
    "a path": (lambda n: f"GET /api/v1/{'a' * 40 * n}{REST}", [404, 414]),
    "an address with a long header": (lambda n: f"{ME}?{'a' * 40 * n}{REST}X-A: {'a' * 6_000}\r\n", [400, 431, 414]),
    "a value of a parameter": (lambda n: f"{ME}?a={'b' * 40 * n}{REST}", [400, 414]),
    "parameters": (lambda n: f"{ME}?{'a=b&' * n}{REST}", [400, 414]),
    "parameters without a value": (lambda n: f"{ME}?{'&' * 10 * n}{REST}", [401, 414]),
    "a header": (lambda n: f"{ME}{REST}X-A: {'a' * 40 * n}\r\n", [401, 431]),
    "headers": (lambda n: f"{ME}{REST}X-A: b" + "\r\nX-A: b" * n + "\r\n", [401, 431]),
    "a cookie": (lambda n: f"{ME}{REST}Cookie: a={'a' * 40 * n}\r\n", [401, 431]),
    "cookies": (lambda n: f"{ME}{REST}Cookie: {'a=b; ' * 8 * n}\r\n", [401, 431]),
}


@pytest.mark.parametrize("what", GROWING)
def test_a_request_of_any_size_is_answered(service, what):
    """The library closes a connection without an answer, or leaves it open, if its memory is full."""
    request, expected = GROWING[what]
    seen = []
    for number in range(1, 660, 4):
        answer = send_raw(service, (request(number) + "Connection: close\r\n\r\n").encode(), timeout=2)
        assert answer, f"no answer to {number}"
        if seen[-1:] != [status_of(answer)]:
            seen.append(status_of(answer))
    assert seen == expected


# Methods


def test_a_method_that_an_address_does_not_have_is_a_405_that_lists_the_others(service, ada):
    described = operations(describe(service))
    for operation in described:
        address = operation.address(NORTHLIGHT, accountId="1")
        has = {other.method.upper() for other in described if other.path == operation.path}
        for method in {"POST", "PUT", "PATCH", "DELETE", "GET"} - has:
            answer = ada.request(method, address)
            expect_problem(answer, 405)
            allowed = {name.strip() for name in answer.headers["allow"].split(",")}
            assert has <= allowed and method not in allowed
            # A HEAD has no effect: if a GET has one, there is no HEAD.
            assert ("HEAD" in allowed) == ("GET" in allowed and "/discord" not in operation.path)


def test_head_of_an_address_without_get_is_a_405(ada):
    answer = ada.head(REFRESH)
    assert answer.status_code == 405 and "POST" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["PROPFIND", "BREW", "get", "TRACE", "CONNECT", "G" * 100])
def test_an_unknown_method_is_one_that_the_address_does_not_have(service, method):
    answer = send_raw(service, b"%s /api/v1/auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % method.encode())
    assert status_of(answer) == 405 and b"\r\nAllow: HEAD, GET\r\n" in answer, answer[:500]


def test_the_problem_of_an_unknown_method_has_its_own_status(service):
    expect_problem(httpx.request("BREW", service.origin + "/api/v1/auth/me"), 405)


# Headers


@pytest.mark.parametrize("host", [b"", b"Host: a\r\nHost: b\r\n", b"Host: a\r\nhost: a\r\n"], ids=["none", "two", "twice"])
def test_a_request_without_exactly_one_host_is_refused(service, host):
    answer = send_raw(service, b"GET /api/v1/status HTTP/1.1\r\n%sConnection: close\r\n\r\n" % host)
    assert status_of(answer) == 400 and b"application/problem+json" in answer and b'"Host"' in answer
    assert status_of(send_raw(service, b"GET /api/v1/status HTTP/1.0\r\n\r\n")) == 200


def test_several_cookie_headers_count_as_one(ada_in_a_browser, service):
    me = service.origin + "/api/v1/auth/me"
    access, refresh = (f"{name}={ada_in_a_browser.cookies[name]}" for name in ("dashboard_access", "dashboard_refresh"))
    for split in ([access, refresh, "a=b"], ["a=b", refresh, access], ["a=b; " + refresh, "c; " + access, "d="]):
        answer = httpx.get(me, headers=[("Cookie", cookie) for cookie in split])
        assert answer.status_code == 200 and "set-cookie" not in answer.headers
    answer = httpx.get(me, headers=[("Cookie", access), ("Cookie", access)])
    expect_problem(answer, 400, naming="Cookie")


@pytest.mark.parametrize(
    "foreign", [b"name=\xe9t\xe9", b"\xff\xfe=\xfd", b"a=1; a=2", b"a=\xff; a=\xfe", b"a", b"=", b"=dashboard_access=x",
                b"DASHBOARD_ACCESS=x", b"dashboard_access2=x", b"theme=\xff; theme=\xff"])
def test_the_cookies_of_other_programs_are_ignored(ada_in_a_browser, service, foreign):
    own = "; ".join(f"{name}={value}" for name, value in ada_in_a_browser.cookies.items()).encode()
    for cookies in (foreign + b"; " + own, own + b"; " + foreign, own + b" ;\t" + foreign + b" ;"):
        answer = httpx.get(service.origin + "/api/v1/auth/me", headers=[(b"Cookie", cookies)])
        assert answer.status_code == 200 and "set-cookie" not in answer.headers
        page = httpx.get(service.origin + "/account", headers=[(b"Cookie", cookies)])
        assert page.status_code == 200


@pytest.mark.parametrize("name", ["dashboard_access", "dashboard_refresh"])
def test_a_cookie_that_came_twice_is_refused(ada_in_a_browser, service, name):
    value = ada_in_a_browser.cookies[name]
    for doubled in (f"{name}={value}; {name}={value}", f"{name}={value}; {name}=other", f"{name}=; {name}={value}"):
        answer = httpx.get(service.origin + "/api/v1/auth/me", headers={"Cookie": doubled})
        expect_problem(answer, 400, naming="Cookie")


@pytest.mark.parametrize(
    "cookie",
    [b"dashboard_access", b"=", b";", b";;;;", b"dashboard_access=;", b"dashboard_access=\"x\"", b"\xff\xfe=\xfd",
     b"dashboard_access=%00", b"dashboard_access=\xff", b"dashboard_refresh=\xff\xfe", b"dashboard_access=a b", b"a=b;" * 200, b"a=b;" * 2_000, b"a;" * 8_000, b"dashboard_refresh=" + b"A" * 80,
     b"dashboard_refresh=" + b"A" * 8_000, b"theme=<script>", b"theme=dark; theme=light"])
def test_an_invalid_cookie_is_no_session(service, cookie):
    api = httpx.get(service.origin + "/api/v1/auth/me", headers=[(b"Cookie", cookie)])
    expect_problem(api, 401)
    page = httpx.get(service.origin + "/login", headers=[(b"Cookie", cookie)])
    assert page.status_code == 200
    assert "<script>" not in page.text


@pytest.mark.parametrize("size", [17_000, 30_000, 60_000, 1_000_000])
def test_headers_above_sixteen_kilobytes_are_refused(service, size):
    for name in ("X-Filler", "Cookie", "Authorization"):
        request = f"GET /api/v1/auth/me HTTP/1.1\r\nHost: x\r\n{name}: {'a' * size}\r\nConnection: close\r\n\r\n"
        answer = send_raw(service, request.encode())
        assert status_of(answer) == 431, answer[:200]


def test_a_431_is_a_problem_with_all_headers(service):
    answer = httpx.get(service.origin + "/api/v1/auth/me", headers={"X-Filler": "a" * 17_000})
    expect_problem(answer, 431)


@pytest.mark.parametrize("number, status", [(100, 200), (1_500, 431)])
def test_many_small_headers_count_by_their_bytes(service, number, status):
    headers = "".join(f"X-{n}: {n}\r\n" for n in range(number))
    answer = send_raw(service, f"GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n".encode())
    assert status_of(answer) == status


@pytest.mark.parametrize(
    "header",
    ["Accept-Encoding: gzip;q=x, *;q=-1, ,", "Accept: ////", "If-None-Match: \"", "Range: bytes=0-", "Range: bytes=-1",
     "If-Modified-Since: yesterday", "Content-Type: \"", "Upgrade: h2c", "Connection: upgrade, HTTP2-Settings",
     "X-Forwarded-For: 999.999.999.999, <script>", "Origin: null", "X-Request-Id: ../../x",
     "Accept-Language: " + "x-" * 1_000])
def test_an_unusual_header_is_accepted(service, ada, header):
    request = f"GET {POSTS}?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n{header}\r\n\r\n"
    assert status_of(send_raw(service, request.encode())) == 200


def test_a_header_with_a_control_character_is_refused(service):
    answer = send_raw(service, b"GET /healthz HTTP/1.1\r\nHost: x\r\nLast-Event-ID: \x01\r\n\r\n")
    assert status_of(answer) == 400


def test_a_client_cannot_choose_the_request_id(nobody):
    answer = nobody.get("/healthz", headers={"X-Request-Id": "chosen"})
    assert answer.headers["x-request-id"] != "chosen"


# Bodies


@pytest.mark.parametrize("type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data",
                                  "application/jsonx", "", "json"])
def test_a_body_of_another_type_is_a_415(service, nobody, type):
    answer = nobody.post(REFRESH, content=b'{"refreshToken":"x"}', headers={"Content-Type": type})
    expect_problem(answer, 415)


def test_json_with_a_charset_is_json(service, nobody):
    pair = tokens(service, ADA)
    answer = nobody.post(
        REFRESH, content=json.dumps({"refreshToken": pair.refresh}),
        headers={"Content-Type": 'application/json; charset="UTF-8"; x=y'})
    assert answer.status_code == 200


@pytest.mark.parametrize("charset", ["latin1", "iso-8859-1", "utf-16", '"utf-16"', "", "utf-8x"])
def test_json_in_another_charset_is_a_415(nobody, charset):
    answer = nobody.post(
        REFRESH, content=b'{"refreshToken":"x"}', headers={"Content-Type": f"application/json; charset={charset}"})
    expect_problem(answer, 415)


BROKEN = {
    "nothing": b"", "a blank": b" ", "a brace": b"{", "half": b'{"refreshToken":"x', "a comma": b'{"refreshToken":"x",}',
    "single quotes": b"{'refreshToken':'x'}", "a comment": b'{"refreshToken":"x"}//', "two values": b'{"refreshToken":"x"}{}',
    "garbage after it": b'{"refreshToken":"x"}x', "not UTF-8": b'{"refreshToken":"\xff\xfe"}',
    "a raw NUL": b'{"refreshToken":"\x00"}', "an escaped NUL": b'{"refreshToken":"\\u0000"}', "a raw line end": b'{"refreshToken":"\n"}',
    "half a surrogate": b'{"refreshToken":"\\ud800"}', "a broken escape": b'{"refreshToken":"\\x"}',
    "a byte order mark": b'\xef\xbb\xbf{"refreshToken":"x"}', "NaN": b'{"refreshToken":NaN}',
    "deep nesting": b"[" * 2_000 + b"]" * 2_000, "UTF-16": '{"refreshToken":"x"}'.encode("utf-16"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_invalid_body_is_refused(nobody, kind):
    answer = nobody.post(REFRESH, content=BROKEN[kind], headers={"Content-Type": "application/json"})
    expect_problem(answer, 400)


WRONG = {
    "an unknown field": ({"refreshToken": "x" * 80, "nonsense": 1}, "nonsense"),
    "a field in another case": ({"RefreshToken": "x"}, "RefreshToken"),
    "a missing field": ({}, "refreshToken"),
    "a number": ({"refreshToken": 5}, "refreshToken"),
    "null": ({"refreshToken": None}, "refreshToken"),
    "a list": ({"refreshToken": ["x"]}, "refreshToken"),
    "an object": ({"refreshToken": {}}, "refreshToken"),
    "too much text": ({"refreshToken": "x" * 1_000}, "refreshToken"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_an_invalid_field_is_named(nobody, kind):
    body, field = WRONG[kind]
    expect_problem(nobody.post(REFRESH, json=body), 422, naming=field)


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", "true"])
def test_a_body_that_is_no_object_is_refused(nobody, body):
    answer = nobody.post(REFRESH, content=body, headers={"Content-Type": "application/json"})
    expect_problem(answer, 422)


def test_a_key_that_came_twice_is_refused(nobody):
    answer = nobody.post(
        REFRESH, content=b'{"refreshToken":"x","refreshToken":"y"}', headers={"Content-Type": "application/json"})
    expect_problem(answer, 400)
    assert "refreshToken" in answer.text


def test_every_body_refuses_an_unknown_field(service, ada):
    for operation in operations_of_people(describe(service)):
        if operation.has_body:
            address = operation.address(accountId="1")
            # A change needs a version, which is checked before the body is read.
            headers = {"If-Match": ada.get(address).headers["etag"]} if "412" in operation.answers else {}
            answer = ada.request(operation.method, address, json={"nonsense": 1}, headers=headers)
            expect_problem(answer, 422, naming="nonsense")


@pytest.mark.parametrize("size", [4_097, 100_000, 5_000_000])
def test_a_body_that_is_too_large_is_refused(service, nobody, size):
    request = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    # Refused before it is sent: a client that waits for the answer need not send it at all.
    answer = send_raw(service, request % (REFRESH.encode(), size))
    assert status_of(answer) == 413, answer[:200]
    body = b'{"refreshToken":"' + b"x" * (size - 19) + b'"}'
    assert status_of(send_raw(service, request % (REFRESH.encode(), size) + body)) == 413


@pytest.mark.parametrize("size", [5_000, 3_000_000])
def test_a_chunked_body_that_is_too_large_is_refused(service, size):
    head = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"3e8\r\n" + b"x" * 1_000 + b"\r\n"
    answer = send_raw(service, head % REFRESH.encode() + chunk * (size // 1_000) + b"0\r\n\r\n")
    assert status_of(answer) == 413 and b"application/problem+json" in answer, answer[:300]


def test_a_chunked_body_is_read_like_any_other(service, nobody):
    pair = tokens(service, ADA)
    content = json.dumps({"refreshToken": pair.refresh}).encode()
    answer = nobody.post(
        REFRESH, content=(content[n:n + 7] for n in range(0, len(content), 7)),
        headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_body_is_refused(nobody, coding):
    # Also if the bytes are readable as they are: another program may read them differently.
    for content in (b"\x1f\x8b\x08\x00", b'{"refreshToken":"x"}'):
        answer = nobody.post(
            REFRESH, content=content, headers={"Content-Type": "application/json", "Content-Encoding": coding})
        expect_problem(answer, 415)


def test_a_body_in_no_coding_is_read(nobody):
    headers = {"Content-Type": "application/json", "Content-Encoding": "Identity"}
    expect_problem(nobody.post(REFRESH, content=b'{"refreshToken":"x"}', headers=headers), 401)


def test_a_body_where_none_belongs_is_ignored(ada):
    answer = ada.request("GET", POSTS + "?limit=1", content=b"x" * 1_000)
    assert answer.status_code == 200 and len(answer.json()["items"]) == 1


@pytest.mark.parametrize("form", ["theme=dark%00", "theme=dark&returnTo=/%00", "theme=dark&%00=x", "theme=dark&x=\0"])
def test_a_form_with_a_nul_is_refused(nobody, form):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": str(nobody.base_url).rstrip("/")}
    answer = nobody.post("/preferences/theme", content=form, headers=headers)
    assert answer.status_code == 400
    assert nobody.post("/preferences/theme", content="theme=dark", headers=headers).status_code == 303


def test_a_form_on_another_site_cannot_post_with_a_persons_cookies(service):
    with sign_in(service, ADA) as browser:
        for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}):
            answer = browser.post("/preferences/theme", data={"theme": "dark", "returnTo": "/"}, headers=headers)
            assert answer.status_code == 403, (headers, answer.status_code)
            expect_security_headers(answer)


def test_other_origins_get_no_cors_headers(ada):
    for origin in ("https://evil.example", "null", "http://localhost:3000"):
        answer = ada.get(POSTS + "?limit=1", headers={"Origin": origin})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        answer = ada.options(POSTS, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


# Limits


def test_a_person_over_the_limit_gets_a_429(start_service):
    service = start_service(RATE_LIMIT_USER_PER_MINUTE="5")
    with bearer(service, ADA) as visitor:
        answers = [visitor.get("/api/v1/auth/me") for _ in range(8)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
        assert answers[0].headers["ratelimit-policy"].endswith(";q=5;w=60")
        assert ";r=4;" in answers[0].headers["ratelimit"]
        problem = expect_problem(answers[-1], 429)
        assert problem["title"] and 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert visitor.get("/healthz").status_code == 200
    with bearer(service, "100000000000000002") as other:
        assert other.get("/api/v1/auth/me").status_code == 200
    service.stop()
