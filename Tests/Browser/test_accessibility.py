"""Every page in light and dark, wide and narrow: no violation, no sideways scrolling, no error."""

import pytest

from harness.accessibility import examine, expect_no_sideways_scrolling
from harness.cast import ADA, CASA_VERDE, NORTHLIGHT, RETRO_PIXEL, TINY_LANTERN
from harness.windows import Visits

PAGES = {
    "servers": "/",
    "overview": f"/guilds/{NORTHLIGHT}",
    "overview of a new server": f"/guilds/{TINY_LANTERN}",
    "overview of a server that the bot left": f"/guilds/{RETRO_PIXEL}",
    "accounts": f"/guilds/{NORTHLIGHT}/tracking/accounts",
    "accounts that match nothing": f"/guilds/{NORTHLIGHT}/tracking/accounts?q=nobody-has-this-name",
    "account": f"/guilds/{CASA_VERDE}/accounts/{{account}}",
    "posts": f"/guilds/{NORTHLIGHT}/tracking/posts",
    "posts of a new server": f"/guilds/{TINY_LANTERN}/tracking/posts",
    "posts with filters": f"/guilds/{NORTHLIGHT}/tracking/posts?sort=views&minViews=100&platform=tiktok",
    "brands": f"/guilds/{NORTHLIGHT}/tracking/brands",
    "brands of a new server": f"/guilds/{TINY_LANTERN}/tracking/brands",
    "a new brand": f"/guilds/{NORTHLIGHT}/brands/new",
    "a brand's form": f"/guilds/{CASA_VERDE}/brands/{{brand}}/edit",
    "a brand's end": f"/guilds/{CASA_VERDE}/brands/{{brand}}/delete",
    "a new group": f"/guilds/{NORTHLIGHT}/groups/new",
    "a group's form": f"/guilds/{CASA_VERDE}/groups/{{group}}/edit",
    "a group's end": f"/guilds/{CASA_VERDE}/groups/{{group}}/delete",
    "a new account": f"/guilds/{NORTHLIGHT}/accounts/new",
    "an account's form": f"/guilds/{CASA_VERDE}/accounts/{{account}}/edit",
    "an account's end": f"/guilds/{CASA_VERDE}/accounts/{{account}}/delete",
    "an account that was just saved": f"/guilds/{CASA_VERDE}/accounts/{{account}}?done=account-saved",
    "usage": f"/guilds/{NORTHLIGHT}/usage",
    "status of a server": f"/guilds/{NORTHLIGHT}/status",
    "settings": f"/guilds/{CASA_VERDE}/settings",
    "audit log": f"/guilds/{NORTHLIGHT}/audit",
    "audit log that matches nothing": f"/guilds/{NORTHLIGHT}/audit?to=2020-01-01",
    "guests": f"/guilds/{NORTHLIGHT}/access",
    "API keys": f"/guilds/{NORTHLIGHT}/api-keys",
    "status": "/status",
    "terms": "/terms",
    "privacy": "/privacy",
    "docs": "/docs",
    "not found": "/nothing-here",
    "malformed": f"/guilds/{NORTHLIGHT}/tracking/posts?minViews=x",
}
OUTSIDE = {
    "login": "/login", "signed out": "/login?returnTo=/status", "status": "/status", "not found": "/nothing-here",
    "a failed sign-in": "/api/v1/auth/discord/callback?state=x&code=y",
    "consent": "/api/v1/auth/discord",
}


@pytest.fixture(scope="module")
def ids(own_service) -> dict[str, str]:
    """One of each kind in Casa Verde."""
    tables = {"account": "client_accounts", "brand": "brands", "group": "account_groups"}
    return {
        name: own_service.sql(f"SELECT min(id) FROM {table} WHERE client_id = 2")[0][0]
        for name, table in tables.items()
    }


@pytest.fixture(scope="module")
def windows(chromium, own_service):
    """One window for each kind of visitor, opened once: the pages are many."""
    visits = Visits(chromium, own_service)
    yield {
        "light": visits(ADA, color_scheme="light"), "dark": visits(ADA, color_scheme="dark"),
        "narrow": visits(ADA, width=360, height=740),
        "light outside": visits(color_scheme="light"), "dark outside": visits(color_scheme="dark"),
        "narrow outside": visits(width=360, height=740),
    }
    visits.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(windows, ids, name, scheme):
    visit = windows[scheme]
    visit.page.goto(PAGES[name].format(**ids))
    examine(visit)
    visit.expect_no_complaints()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_page_before_the_sign_in_is_accessible(windows, name, scheme):
    visit = windows[f"{scheme} outside"]
    visit.page.goto(OUTSIDE[name])
    examine(visit)
    visit.expect_no_complaints()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_a_phone_on(windows, ids, name):
    visit = windows["narrow"]
    visit.page.goto(PAGES[name].format(**ids))
    expect_no_sideways_scrolling(visit.page)
    visit.expect_no_complaints()


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_scrolls_sideways_on_a_phone_before_the_sign_in_on(windows, name):
    visit = windows["narrow outside"]
    visit.page.goto(OUTSIDE[name])
    expect_no_sideways_scrolling(visit.page)


@pytest.mark.parametrize("name", ["servers", "overview", "accounts", "posts"])
def test_the_keyboard_reaches_the_content_first(windows, ids, name):
    page = windows["light"].page
    page.goto(PAGES[name])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_of_the_first_level_and_a_title_of_its_own(windows, ids, name):
    page = windows["light"].page
    page.goto(PAGES[name].format(**ids))
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.title() and page.locator("html").get_attribute("lang")
    assert page.get_by_role("main").count() == 1
