"""Refresh tokens, renewal on the fly, and the ends of a session."""

import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, BOB, CASA_VERDE, NORTHLIGHT
from harness.pages import form_token
from harness.signing_in import Tokens, bearer, sign_in, tokens
from harness.waiting import eventually

ME = "/api/v1/auth/me"


def refresh(service, token: str) -> httpx.Response:
    with service.client() as client:
        return client.post("/api/v1/auth/refresh", json={"refreshToken": token})


def renewed(service, token: str) -> Tokens:
    answer = refresh(service, token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["tokenType"] == "Bearer" and answer.json()["expiresIn"] == 900
    return Tokens(answer.json()["accessToken"], answer.json()["refreshToken"])


def works(service, pair: Tokens) -> bool:
    return httpx.get(service.origin + ME, headers=pair.header).status_code == 200


def session(service, pair: Tokens) -> str:
    return httpx.get(service.origin + ME, headers=pair.header).json()["sessionId"]


def age_rotation(service, id: str, seconds: int):
    service.sql(f"UPDATE dashboard_sessions SET rotated_at = now() - interval '{seconds} s' WHERE id = {id}")


def test_a_refresh_token_is_exchanged_for_a_new_pair(service):
    first = tokens(service, ADA)
    second = renewed(service, first.refresh)
    assert second.refresh != first.refresh and second.access != first.access
    assert works(service, second)
    # The old access token stays valid: other tabs have it.
    assert works(service, first)
    assert works(service, renewed(service, second.refresh))


def test_only_a_hash_of_a_refresh_token_is_stored(service):
    pair = tokens(service, ADA)
    [[hashes, leaks]] = service.sql(f"""
        SELECT bool_and(octet_length(refresh_hash) = 32), count(*) FILTER (
            WHERE sessions::text LIKE '%{pair.refresh}%' OR encode(refresh_hash, 'escape') LIKE '%{pair.refresh}%')
        FROM dashboard_sessions AS sessions
    """)
    assert (hashes, leaks) == ("t", "0")


def test_the_same_token_twice_within_the_grace_gives_the_same_child(service):
    parent = tokens(service, ADA).refresh
    first, second = renewed(service, parent), renewed(service, parent)
    assert first.refresh == second.refresh
    assert works(service, first) and works(service, second)


def test_twenty_refreshes_at_once_make_one_child_and_end_no_session(service):
    pair = tokens(service, ADA)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: refresh(service, pair.refresh), range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert len({answer.json()["refreshToken"] for answer in answers}) == 1
    [[generation]] = service.sql(f"SELECT generation FROM dashboard_sessions WHERE id = {session(service, pair)}")
    assert generation == "1"
    assert works(service, renewed(service, answers[0].json()["refreshToken"]))


def test_a_token_used_again_after_the_grace_ends_the_session(service):
    parent = tokens(service, ADA)
    child = renewed(service, parent.refresh)
    id = session(service, child)
    age_rotation(service, id, 11)
    expect_problem(refresh(service, parent.refresh), 401)
    assert not works(service, child) and not works(service, parent)
    expect_problem(refresh(service, child.refresh), 401)
    assert service.sql(f"SELECT revoked_reason FROM dashboard_sessions WHERE id = {id}") == [["token_reuse"]]
    assert eventually(lambda: service.entries(level="warning", user=ADA)), "reuse is not in the log"


def test_a_token_used_again_within_the_grace_does_not_make_the_grace_longer(service):
    parent = tokens(service, ADA)
    child = renewed(service, parent.refresh)
    id = session(service, child)
    age_rotation(service, id, 8)
    assert renewed(service, parent.refresh).refresh == child.refresh
    [[age]] = service.sql(f"SELECT extract(epoch FROM now() - rotated_at)::int FROM dashboard_sessions WHERE id = {id}")
    assert int(age) >= 8


def test_a_grandparent_ends_the_session_even_within_the_grace(service):
    first = tokens(service, ADA)
    third = renewed(service, renewed(service, first.refresh).refresh)
    expect_problem(refresh(service, first.refresh), 401)
    assert not works(service, third)


def test_an_expired_refresh_token_is_refused(service):
    pair = tokens(service, ADA)
    service.sql(f"UPDATE dashboard_sessions SET expires_at = now() - interval '1 s' WHERE id = {session(service, pair)}")
    expect_problem(refresh(service, pair.refresh), 401)


@pytest.mark.parametrize(
    "change, status",
    [
        # Neither can be any token, so the field is invalid.
        (lambda token: "", 422),
        (lambda token: token + "\n", 422),
        (lambda token: "x", 401),
        (lambda token: token[:-1], 401),
        (lambda token: token + "A", 401),
        (lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), 401),
        (lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:], 401),
        (lambda token: token[:40] + ("A" if token[40] != "A" else "B") + token[41:], 401),
        (lambda token: "A" * 80, 401),
        (lambda token: "é" * 80, 401),
    ],
    ids=["empty", "with a line end", "short", "cut", "longer", "other end", "other session", "other secret", "invented",
         "other letters"],
)
def test_a_refresh_token_that_was_not_issued_is_refused(service, change, status):
    pair = tokens(service, ADA)
    expect_problem(refresh(service, change(pair.refresh)), status)
    assert works(service, renewed(service, pair.refresh)), "an invented token ended the session of the real one"


def test_a_response_with_tokens_is_not_cached(service):
    answer = refresh(service, tokens(service, ADA).refresh)
    assert answer.headers["cache-control"] == "no-store"


# Browsers


@pytest.mark.parametrize("path", [ME, f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=1", "/", f"/guilds/{NORTHLIGHT}"])
def test_a_browser_without_access_cookie_is_renewed_on_the_fly(service, path):
    with sign_in(service, ADA) as browser:
        before = browser.cookies["dashboard_refresh"]
        browser.cookies.delete("dashboard_access")
        answer = browser.get(path)
        assert answer.status_code == 200, answer.text
        assert browser.cookies["dashboard_refresh"] != before and browser.cookies["dashboard_access"]
        after = browser.cookies["dashboard_refresh"]
        assert browser.get(path).status_code == 200
        assert browser.cookies["dashboard_refresh"] == after, "renewed although the access cookie was good"


def test_a_broken_access_cookie_is_renewed_too(service):
    with sign_in(service, ADA) as browser:
        browser.cookies.set("dashboard_access", "broken", domain="127.0.0.1")
        answer = httpx.get(
            service.origin + ME,
            headers={"Cookie": f"dashboard_access=broken; dashboard_refresh={browser.cookies['dashboard_refresh']}"})
        assert answer.status_code == 200


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(service):
    with sign_in(service, ADA) as browser:
        browser.cookies.delete("dashboard_access")
        cookies = browser.get(ME).headers.get_list("set-cookie")
        assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["dashboard_access", "dashboard_refresh"]
        for cookie in cookies:
            attributes = [attribute.strip() for attribute in cookie.split(";")[1:]]
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
            assert not any(attribute.startswith("Domain") for attribute in attributes)
        ages = {cookie.partition("=")[0]: cookie.partition("Max-Age=")[2].partition(";")[0] for cookie in cookies}
        assert ages == {"dashboard_access": "900", "dashboard_refresh": str(30 * 86_400)}


def test_two_tabs_that_renew_at_once_both_stay_signed_in(service):
    with sign_in(service, ADA) as browser:
        header = {"Cookie": f"dashboard_refresh={browser.cookies['dashboard_refresh']}"}
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: httpx.get(service.origin + ME, headers=header), range(8)))
        assert [answer.status_code for answer in answers] == [200] * 8
        children = {
            cookie.split(";")[0]
            for answer in answers for cookie in answer.headers.get_list("set-cookie")
            if cookie.startswith("dashboard_refresh")
        }
        assert len(children) == 1


# Ends


def test_logout_ends_the_session_for_all_its_tokens(service):
    pair = tokens(service, ADA)
    other = tokens(service, ADA)
    answer = httpx.post(service.origin + "/api/v1/auth/logout", headers=pair.header)
    assert answer.status_code == 204 and answer.content == b""
    expect_problem(httpx.get(service.origin + ME, headers=pair.header), 401)
    expect_problem(refresh(service, pair.refresh), 401)
    assert works(service, other), "another session of the same person ended too"


def test_a_second_logout_is_refused_as_signed_out(service):
    pair = tokens(service, ADA)
    assert httpx.post(service.origin + "/api/v1/auth/logout", headers=pair.header).status_code == 204
    expect_problem(httpx.post(service.origin + "/api/v1/auth/logout", headers=pair.header), 401)


def test_a_browser_signs_out_with_the_pages_token_only(service):
    with sign_in(service, ADA) as browser:
        expect_problem(browser.post("/api/v1/auth/logout"), 403)
        expect_problem(browser.post("/api/v1/auth/logout", headers={"X-CSRF-Token": "A" * 43}), 403)
        assert browser.get(ME).status_code == 200
        token = form_token(browser)
        for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            expect_problem(browser.post("/api/v1/auth/logout", headers={"X-CSRF-Token": token} | header), 403)
        answer = browser.post("/api/v1/auth/logout", headers={"X-CSRF-Token": token})
        assert answer.status_code == 204
        assert not browser.cookies.get("dashboard_access") and not browser.cookies.get("dashboard_refresh")
        expect_problem(browser.get(ME), 401)


def test_a_form_token_of_another_session_is_refused(service):
    with sign_in(service, ADA) as mine, sign_in(service, BOB) as theirs:
        answer = mine.post("/api/v1/auth/logout", headers={"X-CSRF-Token": form_token(theirs)})
        expect_problem(answer, 403)
        assert mine.get(ME).status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'administrator' WHERE id = {}",
        "DELETE FROM dashboard_sessions WHERE id = {}",
    ],
    ids=["revoked", "deleted"],
)
def test_a_session_that_ends_in_the_database_ends_within_two_seconds(service, statement):
    pair = tokens(service, ADA)
    id = session(service, pair)
    service.sql(statement.format(id))
    eventually(lambda: not works(service, pair), within=2)
    expect_problem(refresh(service, pair.refresh), 401)


def test_lost_rights_are_lost_at_once(own_service):
    with bearer(own_service, BOB) as bob, bearer(own_service, ADA) as ada:
        path = f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=1"
        assert bob.get(path).status_code == 200
        own_service.sql("UPDATE guild_settings SET member_access = false WHERE client_id = 1")
        eventually(lambda: bob.get(path).status_code == 404, within=2)
        own_service.sql("UPDATE guild_settings SET member_access = true WHERE client_id = 1")
        eventually(lambda: bob.get(path).status_code == 200, within=2)
        own_service.sql(f"DELETE FROM user_guilds WHERE user_id = {BOB}")
        eventually(lambda: bob.get(path).status_code == 404, within=2)

        path = f"/api/v1/guilds/{CASA_VERDE}/posts?limit=1"
        assert ada.get(path).status_code == 200
        own_service.sql(f"UPDATE user_guilds SET permissions = 68608 WHERE user_id = {ADA} AND guild_id = {CASA_VERDE}")
        eventually(lambda: ada.get(path).status_code == 404, within=2)


def test_a_secret_that_is_rotated_between_two_uses_of_a_token_ends_no_session(start_service):
    """Two tabs with one token, and a restart with a new secret between them."""
    before = start_service()
    old, new = before.environment["JWT_SECRET"], "the-secret-after-it/" * 4
    pair = tokens(before, ADA)
    once = renewed(before, pair.refresh)
    before.end(signal.SIGTERM)
    after = start_service(before.database, JWT_SECRET=new, JWT_SECRET_PREVIOUS=old)
    again = renewed(after, pair.refresh)
    assert works(after, again) and works(after, once)
    # The same child, signed with either secret: both tabs stay signed in.
    age_rotation(after, session(after, again), 5)
    assert works(after, renewed(after, once.refresh)) and works(after, renewed(after, again.refresh))
    after.stop()
