"""Filters, forms and small parts of pages that scripts make better."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from harness.cast import ADA, CASA_VERDE, NORTHLIGHT, client
from harness.windows import Visits

ACCOUNTS = f"/guilds/{NORTHLIGHT}/tracking/accounts"
BRANDS = f"/guilds/{CASA_VERDE}/brands"


@pytest.fixture
def page(visits):
    return visits(ADA).page


def test_a_filter_can_be_cleared_and_narrows_the_groups(page):
    page.goto(ACCOUNTS)
    groups = page.get_by_label("Group").locator("option")
    all_groups = groups.count()
    expect(page.get_by_role("link", name="Clear")).to_have_count(0)
    brand = page.get_by_label("Brand")
    name = brand.locator("option").nth(1).inner_text()
    brand.select_option(label=name)
    expect(page.get_by_role("link", name="Clear", exact=True)).to_be_visible()
    assert all(text.startswith((f"{name}: ", "All")) for text in groups.all_inner_texts())
    assert groups.count() < all_groups
    # Another brand clears the group, which it does not have.
    page.get_by_label("Group").select_option(index=1)
    expect(page).to_have_url(re.compile("group="))
    brand.select_option(index=2)
    expect(page).not_to_have_url(re.compile("group="))
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page).to_have_url(re.compile("/tracking/accounts$"))
    expect(groups).to_have_count(all_groups)


def test_an_invalid_day_is_shown_at_its_field_and_the_filters_stay(page):
    page.goto(f"/guilds/{NORTHLIGHT}/audit?targetType=settings")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("To", exact=True).fill("2026-01-01")
    page.get_by_label("From").fill("2026-02-01")
    expect(page.locator(".field", has=page.get_by_label("From"))).to_contain_text("must not be after the last day")
    expect(page.get_by_label("From")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-01-01")
    page.get_by_label("From").fill("2025-12-01")
    expect(page.locator(".field .error")).to_have_count(0)
    assert page.evaluate("window.sameDocument") is True, "the page was loaded anew"
    page.goto(f"/guilds/{NORTHLIGHT}/usage")
    page.get_by_label("From", exact=True).fill("2020-01-01")
    expect(page.locator(".field .error")).to_contain_text("at most 365 days before the last day")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Accounts")).to_be_visible()


def test_without_a_network_the_list_stays_with_a_notice(visits):
    visit = visits(ADA)
    page = visit.page
    page.goto(ACCOUNTS)
    rows = page.locator("tbody tr")
    before = rows.all_inner_texts()
    visit.context.set_offline(True)
    page.get_by_label("Platform").select_option("tiktok")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert rows.all_inner_texts() == before
    expect(page.locator("[aria-busy]")).to_have_count(0)
    visit.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page).to_have_url(re.compile("platform=tiktok"))
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_adds_one_brand_with_a_notice(own_service, visits, scripts):
    page = visits(ADA, java_script_enabled=scripts).page
    name = f"Twice {scripts}"
    page.goto(f"{BRANDS}/new")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add brand").dblclick()
    expect(page.get_by_role("main")).to_contain_text("Brand added.")
    expect(page.get_by_role("heading", name=name)).to_have_count(1)
    if scripts:
        assert "done=" not in page.url
        page.reload()
        expect(page.get_by_role("main")).not_to_contain_text("Brand added.")
    own_service.sql(f"DELETE FROM brands WHERE client_id = {client(CASA_VERDE)} AND name = '{name}'")


def test_back_works_after_a_refused_form(page):
    page.goto(f"{BRANDS}/new")
    page.get_by_label("Name").fill("x" * 300)
    page.get_by_role("button", name="Add brand").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Brands")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("New brand")


def test_a_form_shows_that_it_is_being_sent(page):
    page.goto(f"{BRANDS}/new")
    # The form is not sent, so that the page stays to be looked at.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_label("Name").fill("Never stored")
    page.get_by_role("button", name="Add brand").click()
    expect(page.get_by_role("button", name="Sending …")).to_be_visible()
    expect(page.locator("main form")).to_have_attribute("aria-busy", "true")


def test_a_menu_closes_on_a_click_elsewhere(page):
    page.goto(ACCOUNTS)
    menu = page.locator("details.switcher")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.get_by_role("heading", level=1).click()
    expect(menu).not_to_have_attribute("open", "")


def test_the_space_bar_in_the_help_does_not_turn_shortcuts_off(page):
    page.goto(ACCOUNTS)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press(" ")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('shortcuts-off')") is None


def test_a_tap_on_a_chart_shows_its_value(visits):
    page = visits(ADA, width=360, has_touch=True).page
    page.goto(f"/guilds/{NORTHLIGHT}/usage")
    chart = page.locator("figure.chart").first
    rest = chart.locator("output").inner_text()
    box = chart.locator("svg").first.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * .7, box["y"] + box["height"] / 2)
    expect(chart.locator("output")).not_to_have_text(rest)


def test_the_save_bar_does_not_cover_the_field_that_has_the_focus(visits):
    page = visits(ADA, width=360, height=640).page
    page.goto(f"/guilds/{CASA_VERDE}/settings")
    fields = page.locator("main form input:not([type=hidden]), main form select")
    fields.first.focus()
    page.keyboard.press("Space")
    bar = page.locator(".savebar")
    expect(bar).to_be_visible()
    for _ in range(fields.count()):
        page.keyboard.press("Tab")
        focus = page.evaluate("""() => {
            const element = document.activeElement.closest(".savebar") ? null : document.activeElement;
            return element?.matches("main input, main select") ? element.getBoundingClientRect().bottom : 0;
        }""")
        assert focus <= bar.bounding_box()["y"], page.evaluate("document.activeElement.id")


def test_text_of_twice_the_size_does_not_scroll_sideways(chromium, own_service):
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--blink-settings=defaultFontSize=32"])
    page = Visits(browser, own_service)(ADA, width=1280).page
    for address in (ACCOUNTS, f"/guilds/{NORTHLIGHT}/tracking/posts", f"/guilds/{NORTHLIGHT}"):
        page.goto(address)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 30
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, address
    browser.close()


def test_pages_of_a_list_go_back_and_show_their_position(page):
    page.goto(f"{ACCOUNTS}?limit=2")
    shown, first = page.locator("[data-shown]"), page.locator("tbody tr").first.inner_text()
    expect(shown).to_contain_text("Showing 1–2 of")
    expect(page.get_by_role("link", name="Previous page")).to_have_count(0)
    page.get_by_role("link", name="Next page").click()
    expect(shown).to_contain_text("Showing 3–4 of")
    page.get_by_role("link", name="Next page").click()
    expect(shown).to_contain_text("Showing 5–6 of")
    page.get_by_role("link", name="Previous page").click()
    expect(shown).to_contain_text("Showing 3–4 of")
    page.get_by_role("link", name="Previous page").click()
    expect(shown).to_contain_text("Showing 1–2 of")
    assert page.locator("tbody tr").first.inner_text() == first
    expect(page.get_by_role("link", name="Previous page")).to_have_count(0)


def test_a_second_click_on_a_heading_turns_the_order_around(page):
    page.goto(ACCOUNTS)
    heading = page.get_by_role("columnheader", name="Followers")
    for direction in ("descending", "ascending", "descending"):
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", direction)
        followers = [int(value) for value in page.locator("tbody tr td data[value]").evaluate_all(
            "all => all.map(each => each.value)")]
        assert followers == sorted(followers, reverse=direction == "descending") and len(set(followers)) > 3
