"""A tab that stays open while its session is ended elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from harness.cast import ADA, NORTHLIGHT
from harness.signing_in import bearer

PAGE = f"/guilds/{NORTHLIGHT}/access?ref=chat"


def end_from_elsewhere(service, page):
    """As another device of the same person does it."""
    session = page.request.get("/api/v1/auth/me").json()["sessionId"]
    with bearer(service, ADA) as other:
        assert other.delete(f"/api/v1/auth/sessions/{session}").status_code == 204


def test_a_banner_keeps_the_input_and_leads_back(own_service, visits):
    visit = visits(ADA)
    page = visit.page
    page.goto(PAGE)
    page.get_by_label("Discord user ID").fill("123456789012345678")
    page.get_by_label("Level").select_option("admin")

    end_from_elsewhere(own_service, page)
    banner = page.get_by_role("alert").filter(has_text="You have been signed out")
    # The stream ends within 2 seconds, and the browser asks for it again within 5 more.
    expect(banner).to_be_visible(timeout=10_000)
    expect(page.get_by_label("Discord user ID")).to_have_value("123456789012345678")
    assert page.url == own_service.origin + PAGE

    banner.get_by_role("link", name="Sign in again").click()
    page.get_by_role("link", name="Sign in with Discord").click()
    page.get_by_role("button", name="Ada").click()
    page.wait_for_url(own_service.origin + PAGE)
    expect(page.get_by_label("Discord user ID")).to_have_value("123456789012345678")
    expect(page.get_by_label("Level")).to_have_value("admin")
    expect(page.get_by_role("alert")).to_contain_text("What you typed before signing in is back")
    page.reload()
    expect(page.get_by_label("Discord user ID")).to_have_value("")
    visit.expect_no_complaints()


def sign_in_again(page, service, place):
    page.get_by_role("link", name="Sign in with Discord").click()
    page.get_by_role("button", name="Ada").click()
    page.wait_for_url(service.origin + place)


NEW_BRAND = f"/guilds/{NORTHLIGHT}/brands/new"
SETTINGS = f"/guilds/{NORTHLIGHT}/settings"


@pytest.mark.parametrize("place, label", [(NEW_BRAND, "Name"), (SETTINGS, "Currency")])
def test_a_form_that_is_sent_after_the_session_ended_is_filled_in_again(own_service, visits, place, label):
    visit = visits(ADA)
    page = visit.page
    page.goto(place)
    end_from_elsewhere(own_service, page)
    # Before the page itself is notified.
    field = page.get_by_label(label, exact=True)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option("JPY")
    else:
        field.fill("ÄÖ <b>é")
    typed = field.input_value()
    field.evaluate("field => field.form.requestSubmit()")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    expect(page.get_by_role("main")).to_contain_text("was not saved")
    expect(page.get_by_role("main")).to_contain_text(typed)
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in_again(page, own_service, place)
    expect(page.get_by_label(label, exact=True)).to_have_value(typed)
    expect(page.get_by_role("alert")).to_contain_text("What you typed before signing in is back")
    visit.expect_no_complaints()


@pytest.mark.parametrize("place, label, typed", [(NEW_BRAND, "Name", "Half a na"), (SETTINGS, "Check interval (minutes)", "77")])
def test_the_banner_leads_away_from_a_changed_form_without_a_question(own_service, visits, place, label, typed):
    page = visits(ADA).page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(place)
    page.get_by_label(label).fill(typed)
    end_from_elsewhere(own_service, page)
    banner = page.get_by_role("alert").filter(has_text="You have been signed out")
    banner.get_by_role("link", name="Sign in again").click(timeout=10_000)
    sign_in_again(page, own_service, place)
    expect(page.get_by_label(label)).to_have_value(typed)
    assert not asked


def test_a_newer_version_is_not_overwritten_unseen(own_service, visits):
    page = visits(ADA).page
    page.goto(SETTINGS)
    page.get_by_label("Near-miss threshold (%)").fill("81")
    other = visits(ADA).page
    other.goto(SETTINGS)
    other.get_by_label("Check interval (minutes)").fill("55")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("main")).to_contain_text("saved")
    end_from_elsewhere(own_service, page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in_again(page, own_service, SETTINGS)
    expect(page.get_by_label("Near-miss threshold (%)")).to_have_value("81")
    expect(page.get_by_label("Check interval (minutes)")).to_have_value("55")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Near-miss threshold (%)")).to_have_value("81")
    expect(page.get_by_label("Check interval (minutes)")).to_have_value("55")
    [[interval]] = own_service.sql("SELECT check_interval_minutes FROM guild_settings WHERE client_id = 1")
    assert interval == "55"


def test_the_address_of_a_webhook_is_shown_on_no_page(own_service, visits):
    page = visits(ADA).page
    page.goto(SETTINGS)
    end_from_elsewhere(own_service, page)
    page.get_by_label("Alert webhook").fill("https://discord.com/api/webhooks/123456789012345678/never-shown")
    page.get_by_label("Near-miss threshold (%)").fill("82")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("was not saved")
    expect(page.get_by_role("main")).to_contain_text("82")
    assert "never-shown" not in page.content()
    assert "never-shown" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_form_of_an_earlier_session_is_filled_in_again(own_service, visits):
    visit = visits(ADA)
    page = visit.page
    page.goto(NEW_BRAND)
    page.get_by_label("Name", exact=True).fill("Kept over two sessions")
    # Another tab of the same browser signs out and in again.
    other = page.context.new_page()
    other.goto("/")
    other.context.clear_cookies()
    other.goto("/login")
    sign_in_again(other, own_service, "/")
    other.close()
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("This form has expired")
    page.get_by_role("link", name="Back to the page").click()
    page.wait_for_url(own_service.origin + NEW_BRAND)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kept over two sessions")


def test_a_form_that_was_taken_leaves_nothing_behind(own_service, visits):
    page = visits(ADA).page
    page.goto(NEW_BRAND)
    page.get_by_label("Name", exact=True).fill("Taken at once")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Taken at once")
    page.goto(NEW_BRAND)
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_without_scripts_the_sent_input_is_shown(own_service, visits):
    page = visits(ADA, java_script_enabled=False).page
    page.goto(NEW_BRAND)
    end_from_elsewhere(own_service, page)
    page.get_by_label("Name", exact=True).fill("Typed <i>in vain</i>?")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("main")).to_contain_text("was not saved")
    expect(page.get_by_role("main")).to_contain_text("Typed <i>in vain</i>?")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in_again(page, own_service, NEW_BRAND)


def test_the_input_is_not_shown_to_another_person(own_service, visits):
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
