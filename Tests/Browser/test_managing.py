"""Brands, groups and accounts from the first to the last, by forms, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from harness.accessibility import examine, expect_no_sideways_scrolling
from harness.cast import ADA, BOB, NORTHLIGHT, TINY_LANTERN, client

BRANDS = f"/guilds/{TINY_LANTERN}/tracking/brands"


@pytest.fixture
def tiny(own_service):
    """A server without anything."""
    own_service.sql(f"""
        DELETE FROM posts WHERE client_id = {client(TINY_LANTERN)};
        DELETE FROM client_accounts WHERE client_id = {client(TINY_LANTERN)};
        DELETE FROM account_groups WHERE client_id = {client(TINY_LANTERN)};
        DELETE FROM brands WHERE client_id = {client(TINY_LANTERN)}
    """)
    return own_service


def add_brand(page, name: str):
    page.goto(BRANDS)
    page.get_by_role("link", name="New brand").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add brand").click()
    expect(page.get_by_role("main")).to_contain_text("Brand added.")


def add_group(page, brand: str, name: str):
    page.goto(BRANDS)
    page.get_by_role("link", name=f"New group in {brand}").click()
    expect(page.get_by_label("Brand").locator("option:checked")).to_have_text(brand)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add group").click()
    expect(page.get_by_role("main")).to_contain_text("Group added.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_ada_builds_a_server_up_and_takes_it_down_again(tiny, visits, scripts):
    visit = visits(ADA, java_script_enabled=scripts)
    page = visit.page
    page.goto(BRANDS)
    expect(page.get_by_role("heading", level=2)).to_contain_text(["No brands yet"])
    page.get_by_role("link", name="Create the first brand").click()
    page.get_by_label("Name").fill("Acme")
    page.get_by_role("button", name="Add brand").click()
    expect(page.get_by_role("main")).to_contain_text("Brand added.")
    add_group(page, "Acme", "Spain")
    add_group(page, "Acme", "France")

    # An account, moved and paused.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="Add the first account").click()
    page.get_by_label("Platform").select_option(label="TikTok")
    page.get_by_label("Handle").fill("@ana.b")
    page.get_by_label("Group").select_option(label="Acme: Spain")
    page.get_by_label("Profile URL").fill("https://www.tiktok.com/@ana.b")
    page.get_by_role("button", name="Add account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("@ana.b")
    expect(page.get_by_role("main")).to_contain_text("Account added.")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Group").select_option(label="Acme: France")
    page.get_by_label("Tracking").select_option(label="Paused")
    page.get_by_label("Notes").fill("Two lines,\nof which this is one.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Account saved.")
    expect(page.get_by_role("main")).to_contain_text("Paused since")
    expect(page.get_by_role("main")).to_contain_text("France")

    # A group is renamed and moved to another brand, with its content.
    add_brand(page, "Zeta")
    page.get_by_role("link", name="Edit France").click()
    page.get_by_label("Name").fill("Benelux")
    page.get_by_label("Brand").select_option(label="Zeta")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table", name="Groups of Zeta")).to_contain_text("Benelux")

    # A group with content requires its name.
    page.get_by_role("link", name="Delete Zeta").click()
    expect(page.get_by_role("main")).to_contain_text("1 group")
    expect(page.get_by_role("main")).to_contain_text("1 account")
    page.get_by_label("Name").fill("zeta")
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    page.get_by_label("Name").fill("Zeta")
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_role("main")).to_contain_text("Brand deleted.")
    expect(page.get_by_role("table", name="Groups of Zeta")).to_have_count(0)

    # An empty one does not.
    page.get_by_role("link", name="Edit Spain").click()
    page.get_by_role("link", name="Delete this group").click()
    page.get_by_role("button", name="Delete the group").click()
    expect(page.get_by_role("main")).to_contain_text("Group deleted.")
    page.get_by_role("link", name="Edit Acme").click()
    page.get_by_role("link", name="Delete this brand").click()
    page.get_by_role("button", name="Delete the brand").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text(["No brands yet"])
    visit.expect_no_complaints()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_refused_form_keeps_the_input_and_shows_the_errors(tiny, visits, scripts):
    visit = visits(ADA, java_script_enabled=scripts)
    page = visit.page
    add_brand(page, "Acme")
    add_group(page, "Acme", "Spain")
    page.goto(f"/guilds/{TINY_LANTERN}/accounts/new")
    page.get_by_label("Platform").select_option(label="X")
    page.get_by_label("Handle").fill("not a handle")
    page.get_by_label("Group").select_option(label="Acme: Spain")
    page.get_by_label("Display name").fill("Ana \"the\" <b>")
    page.get_by_label("Profile URL").fill("ftp://example.org/ana")
    page.get_by_role("button", name="Add account").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved.")
    expect(alert).to_be_focused()
    for label, value in (("Handle", "not a handle"), ("Profile URL", "ftp://example.org/ana")):
        field = page.get_by_label(label)
        expect(field).to_have_value(value)
        expect(field).to_have_attribute("aria-invalid", "true")
        said = [page.locator(f"#{id}").inner_text() for id in field.get_attribute("aria-describedby").split()]
        assert any(text.startswith((f"{label} must", f"{label} can only")) for text in said), said
    expect(page.get_by_label("Display name")).to_have_value("Ana \"the\" <b>")
    expect(page.get_by_label("Platform").locator("option:checked")).to_have_text("X")

    # The way from the summary to the field, by keyboard.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#f-handle$"))
    expect(page.get_by_label("Handle")).to_have_value("not a handle")
    page.get_by_label("Handle").fill("ana")
    page.get_by_label("Profile URL").fill("")
    page.get_by_role("button", name="Add account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("@ana")
    visit.expect_no_complaints()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_refusals_are_for_everyone_and_fit_a_phone(tiny, visits, scheme):
    visit = visits(ADA, width=360, height=740, color_scheme=scheme)
    page = visit.page
    for path in ("tracking/brands", "tracking/accounts", "groups/new", "accounts/new"):
        page.goto(f"/guilds/{TINY_LANTERN}/{path}")
        expect(page.get_by_role("heading", level=2).filter(has_text=re.compile("yet$|first$"))).to_be_visible()
        examine(visit)
        expect_no_sideways_scrolling(page)
    add_brand(page, "Acme")
    page.goto(f"/guilds/{TINY_LANTERN}/brands/new")
    page.get_by_label("Name").fill("acme")
    page.get_by_role("button", name="Add brand").click()
    expect(page.get_by_role("alert")).to_contain_text("Name is taken by another brand.")
    examine(visit)
    expect_no_sideways_scrolling(page)

    # A name without a place to break, in every place where it stands.
    add_group(page, "Acme", "x" * 100)
    page.get_by_role("link", name="Delete Acme").click()
    page.get_by_label("Name").fill("y" * 100)
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_role("alert")).to_be_visible()
    examine(visit)
    expect_no_sideways_scrolling(page)
    page.goto(BRANDS)
    expect_no_sideways_scrolling(page)
    page.get_by_role("link", name=re.compile("Edit xxx")).click()
    examine(visit)
    expect_no_sideways_scrolling(page)
    visit.expect_no_complaints()


def test_a_group_added_meanwhile_is_not_deleted_without_confirmation(tiny, visits):
    page = visits(ADA).page
    add_brand(page, "Acme")
    page.get_by_role("link", name="Delete Acme").click()
    expect(page.get_by_label("Name")).to_have_count(0)
    other = visits(ADA).page
    add_group(other, "Acme", "Spain")
    page.get_by_role("button", name="Delete the brand").click()
    expect(page.get_by_role("alert")).to_contain_text("Meanwhile there is something in it: 1 group.")
    expect(page.get_by_label("Name")).to_be_visible()


def test_bob_sees_no_button_that_changes_something(own_service, visits):
    page = visits(BOB).page
    account = own_service.sql(f"SELECT min(id) FROM client_accounts WHERE client_id = {client(NORTHLIGHT)}")[0][0]
    for path in ("tracking/brands", "tracking/accounts", f"accounts/{account}"):
        page.goto(f"/guilds/{NORTHLIGHT}/{path}")
        for name in ("New", "Edit", "Delete"):
            expect(page.get_by_role("link", name=re.compile(f"^{name}\\b"))).to_have_count(0)
    assert page.goto(f"/guilds/{NORTHLIGHT}/brands/new").status == 403


@pytest.mark.parametrize("path, label, value", [
    ("brands/new", "Name", "Half a na"), ("groups/new", "Name", "x"), ("accounts/new", "Platform", "TikTok")])
def test_leaving_a_changed_form_asks_first(own_service, visits, path, label, value):
    page = visits(ADA).page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    place = f"/guilds/{NORTHLIGHT}/{path}"
    page.goto(place)
    servers = page.get_by_role("navigation", name="Main").get_by_role("link", name="Usage")
    field = page.get_by_label(label, exact=True)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.press_sequentially(value)
    expect(page.get_by_role("main")).to_contain_text("You have unsaved changes.")
    servers.click()
    assert asked == ["beforeunload"] and page.url.endswith(path)
    # Cancelling needs no confirmation, nor does leaving an unchanged form.
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url(lambda address: not address.endswith(path))
    page.goto(place)
    page.wait_for_load_state()
    servers.click()
    page.wait_for_url("**/usage")
    assert asked == ["beforeunload"]
