"""An admin of the maximum number of servers at Discord: more than fit into a cookie."""

import jwt
import pytest

from harness.answers import expect_problem
from harness.discord import Discord, come_back, tokens
from harness.pages import links

PERSON = "110000000000000001"
FIRST = 1_100_000_000_000_000_001
GUILDS = {str(FIRST + number): f"Server {number}" for number in range(200)}
STRANGE = str(FIRST + 200)


@pytest.fixture(scope="module")
def discord():
    discord = Discord(PERSON, dict(GUILDS))
    yield discord
    discord.stop()


@pytest.fixture(scope="module")
def service(start_service, discord):
    service = start_service(**discord.settings)
    # One more than the person is in.
    service.sql(f"SELECT bot.guild_joined({FIRST} + n, 'Server ' || n) FROM generate_series(0, 200) AS n")
    yield service
    service.stop()


@pytest.fixture
def browser(service, discord):
    discord.guilds = dict(GUILDS)
    with service.client() as browser:
        answer = come_back(browser)
        assert answer.status_code == 303, answer.text
        # The size of a cookie that browsers accept, its attributes included (RFC 6265, 6.1).
        sizes = [len(header.encode()) for header in answer.headers.get_list("set-cookie")]
        assert len(sizes) == 3 and max(sizes) < 4_096
        yield browser


def expect_all(client):
    listed = client.get("/api/v1/guilds").json()
    assert {guild["id"]: guild["level"] for guild in listed["items"]} == dict.fromkeys(GUILDS, "admin")
    for guild, name in GUILDS.items():
        answer = client.get(f"/api/v1/guilds/{guild}")
        assert answer.status_code == 200 and answer.json()["name"] == name, guild
    expect_problem(client.get(f"/api/v1/guilds/{STRANGE}"), 404)


def test_a_browser_reaches_every_one_of_them(browser):
    expect_all(browser)
    pages = [browser.get("/", params={"page": number}) for number in range(1, 5)]
    assert all(page.status_code == 200 and len(page.content) < 100_000 for page in pages)
    assert "page=5" not in pages[-1].text and "page=2" in pages[0].text
    shown = {link for page in pages for link in links(page.text)}
    for guild in GUILDS:
        assert f"/guilds/{guild}" in shown
        assert browser.get(f"/guilds/{guild}/tracking/posts").status_code == 200
    assert browser.get(f"/guilds/{STRANGE}").status_code == 404


def test_a_program_reaches_every_one_of_them(service, discord):
    discord.guilds = dict(GUILDS)
    pair = tokens(service)
    assert "guilds" not in jwt.decode(pair.access, options={"verify_signature": False})
    with service.client(headers=pair.header) as program:
        expect_all(program)


def test_one_that_is_lost_at_discord_is_lost_here_and_the_others_stay(service, discord, browser):
    lost = next(iter(GUILDS))
    assert browser.get(f"/api/v1/guilds/{lost}").status_code == 200
    del discord.guilds[lost]
    service.sql("UPDATE users SET guilds_read_at = now() - interval '16 minutes'")
    browser.cookies.delete("dashboard_access")
    left = [guild["id"] for guild in browser.get("/api/v1/guilds").json()["items"]]
    assert sorted(left) == sorted(GUILDS.keys() - {lost})
    expect_problem(browser.get(f"/api/v1/guilds/{lost}"), 404)
    assert browser.get(f"/api/v1/guilds/{left[0]}").status_code == 200
