"""Sign-ins are limited by address, and only trusted proxies can name one."""

import pytest

from harness.answers import expect_problem
from harness.cast import ADA
from harness.signing_in import begin, consent

BEGIN = "/api/v1/auth/discord"


@pytest.fixture
def limited(start_service):
    service = start_service(RATE_LIMIT_SIGN_IN_PER_15_MINUTES="10")
    yield service
    service.stop()


def test_the_11th_sign_in_is_refused_even_with_a_forged_address(limited):
    with limited.client() as client:
        for number in range(10):
            answer = client.get(BEGIN, headers={"X-Forwarded-For": f"198.51.100.{number}"})
            assert answer.status_code == 302
            assert answer.headers["RateLimit"].startswith(f'"sign-in";r={9 - number};t=')
        page = client.get(BEGIN, headers={"X-Forwarded-For": "198.51.100.99"})
        assert page.status_code == 429
        assert page.headers["RateLimit-Policy"] == '"sign-in";q=10;w=900'
        assert page.headers["RateLimit"] == f'"sign-in";r=0;t={page.headers["Retry-After"]}'
        assert 800 < int(page.headers["Retry-After"]) <= 900
        # The stand-in for Discord and the other pages are not counted.
        assert client.get("/login").status_code == 200
        assert client.get("/demo/discord/authorize").status_code == 200
    assert {entry["client"] for entry in limited.entries(route=BEGIN)} == {"127.0.0.1"}


def test_sign_ins_embedded_by_other_sites_are_not_counted(limited):
    with limited.client() as client:
        for path in (BEGIN, BEGIN + "/callback?state=x&code=y"):
            for site in ("cross-site", "same-site"):
                for destination in ("image", "iframe", "empty"):
                    for _ in range(3):
                        answer = client.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Dest": destination})
                        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        led = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
        answer = client.get(BEGIN, headers=led)
        assert answer.status_code == 302 and answer.headers["RateLimit"].startswith('"sign-in";r=9;t=')
        back = consent(client, client.base_url.join(answer.headers["location"]), ADA)
        assert client.get(back, headers=led).status_code == 303


def test_an_invented_refresh_token_counts_as_an_attempt(limited):
    with limited.client() as client:
        for _ in range(10):
            expect_problem(client.post("/api/v1/auth/refresh", json={"refreshToken": "x"}), 401)
        expect_problem(client.post("/api/v1/auth/refresh", json={"refreshToken": "x"}), 429)


def test_callbacks_of_a_browser_do_not_count_however_often_they_are_loaded(limited):
    with limited.client() as browser:
        pages = [begin(browser) for _ in range(2)]
        for page in pages:
            back = consent(browser, page, ADA)
            for _ in range(12):
                assert browser.get(back).status_code == 303
        # A program that finishes twice is refused, and not counted either.
        back = consent(browser, begin(browser), ADA)
        with limited.client(cookies={"dashboard_sign_in": browser.cookies["dashboard_sign_in"]}) as program:
            json = {"Accept": "application/json"}
            assert program.get(back, headers=json).status_code == 200
            for _ in range(12):
                expect_problem(program.get(back, headers=json), 400)
        answer = browser.get(BEGIN)
        assert answer.status_code == 302
        assert answer.headers["RateLimit"].startswith('"sign-in";r=6;t=')
