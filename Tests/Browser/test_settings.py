"""Settings and the audit log, as two admins use them."""

import re

import pytest
from playwright.sync_api import expect

from harness.cast import ADA, BOB, CASA_VERDE, client
from harness.leaks import run
from harness.signing_in import bearer

PAGE = f"/guilds/{CASA_VERDE}/settings"
SECRET = "s3cr3t-" + "w" * 61
WEBHOOK = f"https://discord.com/api/webhooks/123456789012345678/{SECRET}"


@pytest.fixture(autouse=True)
def no_webhook(own_service):
    run.secrets.add(SECRET)
    own_service.sql(f"UPDATE guild_settings SET alert_webhook_ciphertext = NULL WHERE client_id = {client(CASA_VERDE)}")


def save(page):
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_ada_changes_a_setting_and_reads_of_it_in_the_audit_log(visits, scripts):
    visit = visits(ADA, java_script_enabled=scripts)
    page = visit.page
    page.goto(PAGE)
    zone = "Europe/Paris" if scripts else "America/Sao_Paulo"
    page.get_by_label("Time zone").fill(zone)
    page.get_by_label("Alert webhook").fill(WEBHOOK)
    save(page)
    expect(page.get_by_role("main")).to_contain_text("Settings saved.")
    expect(page.get_by_role("main")).to_contain_text("Settings saved")
    expect(page.get_by_role("main")).to_contain_text("https://discord.com/api/webhooks/123456789012345678/•••")
    assert SECRET not in page.content()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit log").click()
    first = page.get_by_role("main").get_by_role("listitem").first
    expect(first).to_contain_text(re.compile(f"Ada.* changed the time zone from .* to {zone} and set the alert webhook"))
    first.locator("summary").click()
    expect(first.locator("pre")).to_contain_text('"to": "https://discord.com/api/webhooks/123456789012345678/•••"')
    visit.expect_no_complaints()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_second_of_two_admins_sees_both_versions(own_service, visits, scripts):
    page = visits(ADA, java_script_enabled=scripts).page
    page.goto(PAGE)
    with bearer(own_service, ADA) as other:
        address = f"/api/v1{PAGE}"
        read = other.get(address)
        theirs = 71 if scripts else 72
        assert other.put(
            address, json=read.json() | {"nearMissPercent": theirs}, headers={"If-Match": read.headers["etag"]}).status_code == 200
    mine = "45" if scripts else "46"
    page.get_by_label("Check interval (minutes)").fill(mine)
    save(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Someone else changed the settings")
    both = page.get_by_role("region", name="Both versions")
    expect(both.get_by_role("row").filter(has_text="Near-miss threshold")).to_contain_text(f"{theirs}%")
    expect(both.get_by_role("row").filter(has_text="Check interval (minutes)")).to_contain_text(f"{mine} min")
    expect(page.get_by_label("Check interval (minutes)")).to_have_value(mine)
    save(page)
    expect(page.get_by_role("main")).to_contain_text("Settings saved.")
    expect(page.get_by_label("Check interval (minutes)")).to_have_value(mine)
    expect(page.get_by_label("Near-miss threshold (%)")).to_have_value(str(theirs))


def test_unsaved_changes_are_guarded(visits):
    visit = visits(ADA)
    page = visit.page
    page.goto(PAGE)
    button = page.get_by_role("button", name="Save")
    expect(button).to_be_hidden()
    box = page.get_by_label("Members can view")
    box.click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_visible()
    expect(button).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_visible()
    assert asked == ["beforeunload"] and page.url.endswith(PAGE)
    box.click()
    expect(button).to_be_hidden()
    box.click()
    page.get_by_role("link", name="Discard").click()
    expect(page.get_by_label("Members can view")).not_to_be_checked()
    expect(button).to_be_hidden()
    assert asked == ["beforeunload"], "to discard was asked about"
    visit.expect_no_complaints()


def test_an_error_is_shown_beside_its_field(visits):
    page = visits(ADA).page
    page.goto(PAGE)
    page.get_by_label("Time zone").fill("Mars/Olympus")
    page.get_by_label("Alert webhook").fill(f"https://evil.example/{SECRET}")
    save(page)
    expect(page.get_by_label("Time zone")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Time zone")).to_have_value("Mars/Olympus")
    expect(page.get_by_role("main")).to_contain_text("Not saved")
    assert SECRET not in page.content()
    expect(page.get_by_text("You have unsaved changes.")).to_be_visible()


def test_the_audit_log_is_filtered_and_downloaded(visits):
    page = visits(ADA).page
    page.goto(f"/guilds/{CASA_VERDE}/audit")
    page.get_by_label("Actor").select_option(label="The bot")
    expect(page).to_have_url(re.compile("actor=bot"))
    expect(page.get_by_role("main").locator(".timeline > li")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == f"audit-{CASA_VERDE}.csv"
    lines = open(download.value.path(), encoding="utf-8", newline="").read().split("\r\n")
    assert len(lines) == 3 and "guild.joined" in lines[1]


def test_viewers_have_neither(visits):
    page = visits(BOB).page
    for path in ("settings", "audit"):
        assert page.goto(f"/guilds/200000000000000001/{path}").status == 403
