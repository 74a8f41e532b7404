"""A tab that stays open while its session is ended elsewhere."""

import re

from playwright.sync_api import expect

from harness.cast import ADA, NORTHLIGHT
from harness.signing_in import bearer

PAGE = f"/guilds/{NORTHLIGHT}/access?done=ended"


def end_from_elsewhere(service, page):
    """As another device of the same person does it."""
    session = page.request.get("/api/v1/auth/me").json()["sessionId"]
    with bearer(service, ADA) as other:
        assert other.delete(f"/api/v1/auth/sessions/{session}").status_code == 204


def test_says_so_keeps_what_was_typed_and_leads_back(own_service, visits):
    visit = visits(ADA)
    page = visit.page
    page.goto(PAGE)
    page.get_by_label("Discord id").fill("123456789012345678")
    page.get_by_label("Level").select_option("admin")

    end_from_elsewhere(own_service, page)
    banner = page.get_by_role("alert").filter(has_text="You have been signed out")
    # The stream ends within 2 seconds, and the browser asks for it again within 5 more.
    expect(banner).to_be_visible(timeout=10_000)
    expect(page.get_by_label("Discord id")).to_have_value("123456789012345678")
    assert page.url == own_service.origin + PAGE

    banner.get_by_role("link", name="Sign in again").click()
    page.get_by_role("link", name="Sign in with Discord").click()
    page.get_by_role("button", name="Ada").click()
    page.wait_for_url(own_service.origin + PAGE)
    expect(page.get_by_label("Discord id")).to_have_value("123456789012345678")
    expect(page.get_by_label("Level")).to_have_value("admin")
    expect(page.get_by_role("alert")).to_contain_text("What you typed before signing in is back")
    page.reload()
    expect(page.get_by_label("Discord id")).to_have_value("")
    visit.expect_no_complaints()


def test_gives_what_was_typed_to_nobody_else(own_service, visits):
    page = visits(ADA).page
    place = f"/guilds/{NORTHLIGHT}/tracking/accounts"
    page.goto(place)
    end_from_elsewhere(own_service, page)
    banner = page.get_by_role("alert").filter(has_text="You have been signed out")
    expect(banner).to_be_visible(timeout=10_000)
    page.get_by_label(re.compile("search", re.I)).first.fill("something of Ada's")
    banner.get_by_role("link", name="Sign in again").click()
    page.get_by_role("link", name="Sign in with Discord").click()
    page.get_by_role("button", name="Bob").click()
    page.wait_for_url(own_service.origin + place)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accounts")
    expect(page.locator("html")).to_have_class(re.compile("js"))
    expect(page.get_by_label(re.compile("search", re.I)).first).to_have_value("")
