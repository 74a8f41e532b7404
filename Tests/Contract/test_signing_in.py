"""The OAuth code flow with the stand-in for Discord, and each way in which it can fail."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from harness.answers import expect_problem, expect_security_headers
from harness.cast import ADA, ADAS, BOB, CHARLIE, DANA, HARBOR, NORTHLIGHT
from harness.pages import links
from harness.signing_in import bearer, begin, consent, sign_in
from harness.wire import send_raw, status_of

CALLBACK = "/api/v1/auth/discord/callback"
JSON = {"Accept": "application/json"}


def expect_friendly_failure(answer: httpx.Response, *statuses: int):
    """A page with the reason and a link, and no session."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    expect_security_headers(answer)
    ways_on = [link for link in links(answer.text) if link.startswith(("/login", "/api/v1/auth/discord"))]
    assert ways_on, "no link leads on from here"
    # The values from Discord stay in the address.
    given = answer.request.url.params
    assert not [name for name in ("code", "state") if len(given.get(name, "")) > 20 and given[name] in answer.text]
    expect_no_session(answer)


def expect_no_session(answer: httpx.Response):
    for cookie in answer.headers.get_list("set-cookie"):
        name, _, value = cookie.split(";")[0].partition("=")
        assert name not in ("dashboard_access", "dashboard_refresh") or value == "", "a session was given"


def count(service, table: str) -> int:
    return int(service.sql(f"SELECT count(*) FROM {table}")[0][0])


# Successful sign-ins


def test_a_sign_in_asks_discord_for_no_more_than_it_needs(service, nobody):
    page = begin(nobody)
    assert page.path == "/demo/discord/authorize"
    assert page.params["response_type"] == "code"
    assert page.params["code_challenge_method"] == "S256"
    assert sorted(page.params["scope"].split()) == ["email", "guilds", "identify"]
    assert page.params["redirect_uri"] == service.origin + CALLBACK
    assert len(page.params["state"]) >= 40 and len(page.params["code_challenge"]) == 43


def test_the_consent_page_names_everyone_of_the_demo(nobody):
    page = nobody.get(begin(nobody))
    assert page.status_code == 200
    for name in ("Ada", "Bob", "Charlie", "Dana"):
        assert name in page.text
    expect_security_headers(page)


@pytest.mark.parametrize(
    "person, servers, level", [(ADA, ADAS, "admin"), (BOB, [NORTHLIGHT], "viewer"), (CHARLIE, [HARBOR], "admin")],
    ids=["Ada", "Bob", "Charlie"],
)
def test_a_person_sees_only_their_servers(service, person, servers, level):
    with sign_in(service, person) as browser:
        me = browser.get("/api/v1/auth/me").json()
    assert me["id"] == person
    assert [guild["id"] for guild in me["guilds"]] == servers
    assert {guild["level"] for guild in me["guilds"]} == {level}


def test_a_program_gets_the_pair_as_json_and_no_cookies(service):
    with service.client() as client:
        answer = client.get(consent(client, begin(client), ADA), headers=JSON)
        assert answer.status_code == 200
        assert sorted(answer.json()) == ["accessToken", "expiresIn", "refreshToken", "tokenType"]
        expect_no_session(answer)


def test_two_sign_ins_in_one_browser_both_end_signed_in(service):
    with service.client() as browser:
        first, second = begin(browser, "/account"), begin(browser, "/status")
        assert first.params["state"] != second.params["state"]
        for page, path in ((first, "/account"), (second, "/status")):
            answer = browser.get(consent(browser, page, ADA))
            assert (answer.status_code, answer.headers["location"]) == (303, path)
            assert answer.cookies["dashboard_access"] and answer.cookies["dashboard_refresh"]
            assert answer.cookies["dashboard_sign_in"] == browser.cookies["dashboard_sign_in"]
            assert browser.get("/api/v1/auth/me").json()["id"] == ADA


def test_neither_state_nor_verifier_can_be_read_from_the_database_as_sent(service):
    with service.client() as browser:
        page = begin(browser)
        [[leaks]] = service.sql(
            f"SELECT count(*) FROM oauth_states AS states WHERE states::text LIKE '%{page.params['state']}%'")
        assert leaks == "0"


# Refused and cancelled sign-ins


def test_a_person_without_verified_email_is_refused_and_nothing_is_stored(service):
    before = count(service, "dashboard_sessions")
    with service.client() as browser:
        answer = browser.get(consent(browser, begin(browser), DANA))
        expect_friendly_failure(answer, 403)
        assert "verif" in answer.text
    with service.client() as client:
        answer = client.get(consent(client, begin(client), DANA), headers=JSON)
        problem = expect_problem(answer, 403)
        assert "verif" in problem["detail"]
        expect_no_session(answer)
    assert count(service, f"users WHERE id = {DANA}") == 0
    assert count(service, f"user_guilds WHERE user_id = {DANA}") == 0
    assert count(service, "dashboard_sessions") == before


def test_a_cancelled_sign_in_shows_a_page(service):
    with service.client() as browser:
        back = consent(browser, begin(browser), "cancel")
        assert back.params["error"] == "access_denied"
        expect_friendly_failure(browser.get(back), 400)
    with service.client() as client:
        expect_problem(client.get(consent(client, begin(client), "cancel"), headers=JSON), 400)


# Callbacks that come at the wrong time or place


def test_a_callback_that_comes_twice_leaves_the_person_signed_in(service):
    with service.client() as browser:
        back = consent(browser, begin(browser, "/account"), ADA)
        assert browser.get(back).status_code == 303
        sessions = count(service, "dashboard_sessions")
        again = browser.get(back)
        assert (again.status_code, again.headers["location"]) == (303, "/account")
        assert "set-cookie" not in again.headers
        assert browser.get("/api/v1/auth/me").status_code == 200
        assert count(service, "dashboard_sessions") == sessions


def test_an_old_callback_in_a_browser_that_is_signed_in_leads_home(service):
    with service.client() as browser:
        back = consent(browser, begin(browser, "/account"), ADA)
        assert browser.get(back).status_code == 303
        browser.cookies.delete("dashboard_sign_in")  # It expired.
        again = browser.get(back)
        assert (again.status_code, again.headers["location"]) == (303, "/")
        assert browser.get("/api/v1/auth/me").status_code == 200


def test_a_callback_that_failed_leads_to_the_sign_in_page_when_it_is_loaded_again(service):
    with service.client() as browser:
        back = consent(browser, begin(browser, "/account"), "cancel")
        expect_friendly_failure(browser.get(back), 400)
        again = browser.get(back)
        assert (again.status_code, again.headers["location"]) == (303, "/login?returnTo=%2Faccount")
        expect_no_session(again)


def finish_in_parallel(service, browser, back: httpx.URL, headers: dict[str, str]) -> list[httpx.Response]:
    """The answers to eight loads of a callback at once by the browser where it began."""
    header = {"Cookie": f"dashboard_sign_in={browser.cookies['dashboard_sign_in']}"} | headers

    def finish(_):
        with service.client() as client:
            return client.get(back, headers=header)

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(finish, range(8)))


def test_of_two_callbacks_at_once_one_makes_a_session(service):
    with service.client() as browser:
        back = consent(browser, begin(browser), ADA)
        before = count(service, "dashboard_sessions")
        answers = finish_in_parallel(service, browser, back, JSON)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    assert count(service, "dashboard_sessions") == before + 1


def test_a_browser_that_calls_back_several_times_at_once_ends_signed_in(service):
    with service.client() as browser:
        back = consent(browser, begin(browser, "/account"), ADA)
        before = count(service, "dashboard_sessions")
        answers = finish_in_parallel(service, browser, back, {})
        assert [answer.status_code for answer in answers] == [303] * 8
        assert sorted(answer.headers["location"] for answer in answers) == ["/account"] + ["/login?returnTo=%2Faccount"] * 7
        [first] = [answer for answer in answers if "dashboard_access" in answer.cookies]
        assert first.headers["location"] == "/account"
        # The sign-in page leads on as soon as the cookies of the first are here.
        browser.cookies.update(first.cookies)
        page = browser.get("/login?returnTo=%2Faccount")
        assert (page.status_code, page.headers["location"]) == (303, "/account")
    assert count(service, "dashboard_sessions") == before + 1


def test_a_used_state_gives_no_second_session(service):
    with service.client() as first:
        back = consent(first, begin(first), ADA)
        key = first.cookies["dashboard_sign_in"]
        assert first.get(back).status_code == 303
    before = count(service, "dashboard_sessions")
    # A thief of all of it, the cookie included, is too late.
    answer = httpx.get(str(first.base_url.join(str(back))), headers={"Cookie": f"dashboard_sign_in={key}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    expect_no_session(answer)
    assert count(service, "dashboard_sessions") == before


def test_a_used_callback_in_another_browser_is_refused(service):
    with service.client() as mine, service.client() as theirs, service.client() as nobodys:
        back = consent(mine, begin(mine), ADA)
        assert mine.get(back).status_code == 303
        begin(theirs)
        expect_friendly_failure(theirs.get(back), 400)
        expect_friendly_failure(nobodys.get(back), 400)


def test_a_callback_in_another_browser_is_refused_and_the_state_stays_valid(service):
    with service.client() as mine, service.client() as theirs, service.client() as nobodys:
        back = consent(mine, begin(mine), ADA)
        begin(theirs)
        expect_friendly_failure(theirs.get(back), 400)
        expect_friendly_failure(nobodys.get(back), 400)
        expect_problem(nobodys.get(back, headers=JSON), 400)
        assert mine.get(back).status_code == 303


def test_a_callback_after_ten_minutes_is_refused(service):
    with service.client() as browser:
        back = consent(browser, begin(browser), ADA)
        service.sql("UPDATE oauth_states SET created_at = now() - interval '11 min', expires_at = now() - interval '1 min'")
        expect_friendly_failure(browser.get(back), 400)


@pytest.mark.parametrize(
    "query",
    ["", "code=x", "state=x", "state=x&code=y", "state=&code=", "error=access_denied", "state=" + "A" * 43 + "&code=y",
     "state=x&code=" + "y" * 600, "state=%00&code=x", "state=%ff&code=x", "state=a&state=b&code=x",
     "code=<script>&state=<script>", "error=server_error&error_description=%3Cscript%3E&state=x"],
)
def test_a_callback_that_discord_did_not_make_is_refused(service, query):
    with service.client() as browser:
        begin(browser)
        answer = browser.get(f"{CALLBACK}?{query}")
        expect_friendly_failure(answer, 400)
        assert "<script>" not in answer.text


@pytest.mark.parametrize("code", ["wrong", "A" * 500, "code.1.2.3.4", "%00", "é"])
def test_a_code_that_discord_did_not_give_is_refused(service, code):
    with service.client() as browser:
        state = begin(browser).params["state"]
        answer = browser.get(f"{CALLBACK}?code={quote(code, safe='%')}&state={state}")
        expect_friendly_failure(answer, 400)


def test_a_code_for_another_verifier_is_refused(service):
    """An attacker who injects a code of their own does not have the verifier of that person's sign-in."""
    with service.client() as browser, service.client() as attacker:
        page = begin(browser)
        theirs = consent(attacker, begin(attacker), CHARLIE)
        answer = browser.get(f"{CALLBACK}?code={theirs.params['code']}&state={page.params['state']}")
        expect_friendly_failure(answer, 400)


def test_the_stand_in_checks_the_verifier_as_discord_does(service):
    with service.client() as client:
        verifier = "v" * 43
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        params = {"state": "s", "code_challenge": challenge, "redirect_uri": service.origin + CALLBACK, "person": ADA}
        answer = client.get("/demo/discord/choose", params=params)
        code = httpx.URL(answer.headers["location"]).params["code"]
        form = {
            "client_id": "100000000000000099", "client_secret": "demo secret of the stand-in",
            "grant_type": "authorization_code", "redirect_uri": service.origin + CALLBACK, "code": code,
        }
        path = "/demo/discord/api/oauth2/token"
        assert client.post(path, data=form | {"code_verifier": "w" * 43}).status_code == 400
        assert client.post(path, data=form | {"client_secret": "wrong"}).status_code == 401
        assert client.post(path, data=form | {"code_verifier": verifier}).status_code == 200
        assert client.post(path, data=form | {"code_verifier": verifier}).status_code == 400, "a code works twice"


@pytest.mark.parametrize("redirect", ["https://evil.example/", "//evil.example", "", "/api/v1/auth/discord/callback"])
def test_the_stand_in_never_redirects_to_another_site(nobody, redirect):
    params = {"state": "s", "code_challenge": "c", "redirect_uri": redirect, "person": ADA}
    answer = nobody.get("/demo/discord/choose", params=params)
    assert answer.status_code == 400


# Return paths

STAYING = ["/", f"/guilds/{NORTHLIGHT}", f"/guilds/{NORTHLIGHT}/tracking/posts?sort=views&minViews=10", "/status"]

LEAVING = {
    "another host": "//evil.example",
    "another host after a backslash": "/\\evil.example",
    "two backslashes": "\\\\evil.example",
    "a tab": "/\t/evil.example",
    "a line end": "/\n/evil.example",
    "a header": "/\r\nSet-Cookie: stolen=1",
    "an escaped header": "/%0d%0aSet-Cookie:%20stolen=1",
    "an address": "https://evil.example/",
    "a scheme without slashes": "https:evil.example",
    "a script": "javascript:alert(1)",
    "escaped slashes": "/%2f%2fevil.example",
    "an escaped slash": "/%2Fevil.example",
    "an escaped backslash": "/%5cevil.example",
    "twice escaped slashes": "/%252f%252fevil.example",
    "dots": "/.//evil.example",
    "parent folders": "/../..//evil.example",
    "escaped dots": "/%2e%2e//evil.example",
    "a user name": "/@evil.example",
    "no slash": "evil.example",
    "a blank": " //evil.example",
    "escaped NUL": "/%00",
    "a fullwidth slash": "/／evil.example",
    "three kilobytes": "/" + "a" * 3_000,
    "nothing": "",
}


def landing(service, return_to: str) -> str:
    """The final address of the browser after the sign-in."""
    with service.client() as browser:
        started = browser.get(f"/api/v1/auth/discord?returnTo={quote(return_to, safe='')}")
        assert started.status_code == 302
        answer = browser.get(consent(browser, browser.base_url.join(started.headers["location"]), ADA))
        assert answer.status_code == 303
        assert "stolen" not in answer.headers.get("set-cookie", "")
        return answer.headers["location"]


@pytest.mark.parametrize("path", STAYING)
def test_a_sign_in_leads_back_to(service, path):
    assert landing(service, path) == path


@pytest.mark.parametrize("kind", LEAVING)
def test_a_sign_in_never_leads_to_another_site_by(service, kind):
    assert landing(service, LEAVING[kind]) == "/"


@pytest.mark.parametrize("text", ["/%00", "/%ff"])
def test_a_return_address_that_is_no_text_is_dropped(service, text):
    with service.client() as browser:
        started = browser.get("/api/v1/auth/discord?returnTo=" + text)
        assert started.status_code == 302
        answer = browser.get(consent(browser, browser.base_url.join(started.headers["location"]), ADA))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_return_address_that_came_twice_is_refused(service):
    answer = send_raw(
        service, b"GET /api/v1/auth/discord?returnTo=/status&returnTo=//evil.example HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_of(answer) == 400


def test_a_page_that_needs_a_sign_in_leads_back_to_itself(service):
    path = f"/guilds/{NORTHLIGHT}/tracking/posts?sort=views"
    with service.client() as browser:
        answer = browser.get(path)
        assert answer.status_code == 303
        login = browser.base_url.join(answer.headers["location"])
        assert login.path == "/login" and login.host == "127.0.0.1"
        page = browser.get(login)
        assert page.status_code == 200
        [start] = [link for link in links(page.text) if link.startswith("/api/v1/auth/discord")]
        started = browser.get(start)
        answer = browser.get(consent(browser, browser.base_url.join(started.headers["location"]), ADA))
        assert answer.headers["location"] == path


def test_a_signed_in_person_is_not_asked_to_sign_in_again(ada_in_a_browser):
    answer = ada_in_a_browser.get("/login?returnTo=/status")
    assert (answer.status_code, answer.headers["location"]) == (303, "/status")


# With https, and with Discord's own addresses


def test_behind_https_cookies_are_bound_to_the_host(start_service):
    service = start_service(
        DASHBOARD_URL="https://dashboard.example.org", DASHBOARD_DISCORD_CLIENT_ID="100000000000000098",
        DASHBOARD_DISCORD_CLIENT_SECRET="Pk4wX9tRzB2mLq7VnYc0Hs5JdGf8AeUo")
    with service.client() as browser:
        answer = browser.get("/api/v1/auth/discord")
    assert answer.status_code == 302
    target = httpx.URL(answer.headers["location"])
    assert (target.scheme, target.host) == ("https", "discord.com")
    assert target.params["redirect_uri"] == "https://dashboard.example.org" + CALLBACK
    [cookie] = answer.headers.get_list("set-cookie")
    attributes = {attribute.strip() for attribute in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-dashboard_sign_in=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= attributes
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    with service.client() as browser:
        assert browser.get("/demo/discord/authorize").status_code == 404, "the stand-in is there outside demo mode"
    service.stop()


def test_the_guild_list_is_read_again_at_each_sign_in(own_service):
    with bearer(own_service, CHARLIE) as charlie:
        assert [guild["id"] for guild in charlie.get("/api/v1/auth/me").json()["guilds"]] == [HARBOR]
    own_service.sql(f"INSERT INTO user_guilds VALUES ({CHARLIE}, {NORTHLIGHT}, 'Northlight', NULL, 8, false)")
    with bearer(own_service, CHARLIE) as charlie:
        assert [guild["id"] for guild in charlie.get("/api/v1/auth/me").json()["guilds"]] == [HARBOR]
