"""Forms of admins, as a person uses them: with the mouse, with and without scripts."""

import pytest

from harness.cast import ADA, CASA_VERDE
from harness.leaks import run


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(visits, request):
    return visits(ADA, java_script_enabled=request.param).page


def test_a_key_is_created_replaced_and_revoked(page):
    page.goto(f"/guilds/{CASA_VERDE}/api-keys")
    page.get_by_label("Name").fill("A bot")
    page.get_by_label("Queue depth").uncheck()
    page.get_by_role("button", name="Create key").click()
    secret = page.locator("main code").nth(1).inner_text()
    run.secrets.add(secret)
    assert secret.startswith("tds_")
    row = page.locator("tr", has_text="A bot")
    assert "Queue" not in row.inner_text()
    page.get_by_role("button", name="Rotate A bot").click()
    run.secrets.add(page.locator("main code").nth(1).inner_text())
    assert row.count() == 2 and "ends" in row.nth(1).inner_text()
    for _ in range(2):
        row.first.get_by_text("Revoke …").click()
        row.first.get_by_role("button", name="Revoke A bot").click()
    assert page.get_by_text("Key revoked").is_visible() and row.count() == 0


def test_access_is_granted_and_revoked(page):
    page.goto(f"/guilds/{CASA_VERDE}/access")
    page.get_by_label("Discord user ID").fill("100000000000000777")
    page.get_by_role("button", name="Grant access").click()
    assert page.get_by_text("Access granted").is_visible()
    page.get_by_role("button", name="End access of").click()
    assert page.get_by_text("Access ended").is_visible()
