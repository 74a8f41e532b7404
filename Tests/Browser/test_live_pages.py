"""Pages that change while they are open."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from harness.cast import ADA, NORTHLIGHT
from harness.waiting import eventually
from harness.windows import Visits


def badge(page):
    return page.get_by_role("region", name="Where you are").get_by_role("link", name=re.compile("^Bot:"))


def test_the_bots_state_changes_without_a_reload(own_service, visits):
    own_service.heartbeat(status="healthy", shard_count=4, shards_down=0, latency_ms=40, version="4.5.6")
    visit = visits(ADA)
    page = visit.page
    page.goto(f"/guilds/{NORTHLIGHT}")
    page.evaluate("window.sameDocument = true")
    expect(badge(page)).to_contain_text("Online")
    eventually(lambda: own_service.sql("SELECT 1") and streams(own_service) > 0, within=5)
    title = page.title()

    own_service.heartbeat(status="degraded", shard_count=4, shards_down=1)
    expect(badge(page)).to_contain_text("Degraded")
    own_service.heartbeat(status="stopping")
    expect(badge(page)).to_contain_text("Offline")
    assert page.title() != title, "the title does not show the worst state"
    own_service.heartbeat(status="healthy", shard_count=4, shards_down=0)
    expect(badge(page)).to_contain_text("Online")
    assert page.evaluate("window.sameDocument") is True, "the page was loaded anew"
    visit.expect_no_complaints()


def streams(service) -> int:
    """Requests of streams that are under way, as far as the kernel shows connections."""
    with open(f"/proc/{service.process.pid}/net/tcp", encoding="ascii") as table:
        port = f":{service.port:04X}"
        return sum(1 for line in table if port in line.split()[1] and line.split()[3] == "01")


def test_silence_is_shown_without_a_reload(own_service, visits):
    own_service.heartbeat(status="healthy")
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}")
    expect(badge(page)).to_contain_text("Online")
    own_service.sql("UPDATE bot_health SET last_heartbeat = clock_timestamp() - interval '91 s'")
    expect(badge(page)).to_contain_text("Offline", timeout=6_000)
    expect(page.get_by_role("main")).to_contain_text("You can still browse everything below.")
    own_service.heartbeat(status="healthy")
    expect(badge(page)).to_contain_text("Online")


def sentence(page):
    """The shown sentence of the bot's state."""
    return page.get_by_role("main").locator(".notice:visible").first


def test_the_sentence_of_a_status_page_is_the_badges(own_service, visits):
    visit = visits(ADA)
    page = visit.page
    own_service.heartbeat(status="healthy")
    page.goto(f"/guilds/{NORTHLIGHT}/status")
    expect(sentence(page)).to_contain_text("The bot is online.", use_inner_text=True)
    own_service.heartbeat(status="healthy", latency_ms=4200)
    expect(sentence(page)).to_contain_text("The bot is degraded. Discord takes 4,200 ms to answer it", use_inner_text=True)
    expect(badge(page)).to_contain_text("Degraded")
    own_service.heartbeat(status="stopping")
    expect(sentence(page)).to_contain_text("The bot is offline. It reported that it shuts down.", use_inner_text=True)
    own_service.heartbeat(status="healthy")
    expect(sentence(page)).to_contain_text("The bot is online.", use_inner_text=True)
    expect(badge(page)).to_contain_text("Online")
    visit.expect_no_complaints()


def test_pages_without_a_server_follow_the_state(own_service, visits):
    own_service.heartbeat(status="healthy")
    status, servers = visits().page, visits(ADA).page
    status.goto("/status")
    servers.goto("/")
    expect(sentence(status)).to_contain_text("The bot is online.", use_inner_text=True)
    expect(badge(servers)).to_contain_text("Online")
    own_service.heartbeat(status="degraded")
    expect(sentence(status)).to_contain_text("The bot is degraded. It reports a problem.", use_inner_text=True, timeout=15_000)
    expect(badge(servers)).to_contain_text("Degraded", timeout=15_000)
    assert status.title().startswith("▲ ") and servers.title().startswith("▲ ")
    for page in (status, servers):
        assert "favicon-warn" in page.locator("link[rel=icon]").get_attribute("href")
    own_service.heartbeat(status="healthy")


def test_a_time_that_a_script_writes_is_in_the_servers_time_zone(own_service, visits):
    own_service.heartbeat(status="healthy")
    page = visits(ADA, timezone_id="America/New_York").page
    page.goto(f"/guilds/{NORTHLIGHT}")
    time = page.locator("time[data-status='lastHeartbeat']").first
    before = time.get_attribute("datetime")
    own_service.heartbeat(status="degraded")
    expect(badge(page)).to_contain_text("Degraded")
    expect(time).not_to_have_attribute("datetime", before)
    written = datetime.fromisoformat(time.get_attribute("datetime")).astimezone(ZoneInfo("Europe/Berlin"))
    assert time.get_attribute("title") == f"{written.day} {written:%b %Y, %H:%M:%S %Z}"
    own_service.heartbeat(status="healthy")


def test_without_scripts_a_reload_shows_the_state(own_service, visits):
    page = visits(ADA, java_script_enabled=False).page
    for status, word in (("stopping", "Offline"), ("degraded", "Degraded"), ("healthy", "Online")):
        own_service.heartbeat(status=status)

        def shown():
            page.goto(f"/guilds/{NORTHLIGHT}")
            return word in badge(page).inner_text()

        eventually(shown, within=4)


def test_a_queue_that_grows_is_shown_without_a_reload(own_service, visits):
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}")
    own_service.cluster.sql(f"SELECT bot.queue_depth({NORTHLIGHT}, 9041)", own_service.database, "tracking_bot")
    # The demo's own bot writes it too, every few seconds.
    expect(page.get_by_role("main")).to_contain_text(re.compile("9,?041|9\\.0 K"), timeout=3_000)


def test_a_page_recovers_when_the_service_is_restarted(start_service, chromium):
    first = start_service()
    visits = Visits(chromium, first)
    visit = visits(ADA)
    visit.page.goto(f"/guilds/{NORTHLIGHT}")
    expect(badge(visit.page)).to_contain_text("Online")
    assert first.end() == 0
    second = start_service(first.database, PORT=str(first.port))
    second.heartbeat(status="degraded")
    expect(badge(visit.page)).to_contain_text("Degraded", timeout=15_000)
    visits.close()
    second.stop()


def test_an_open_page_shows_that_its_session_was_ended_elsewhere(own_service, visits):
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}/tracking/accounts")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accounts")
    own_service.sql(
        "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'administrator' WHERE revoked_at IS NULL")
    page.wait_for_timeout(300)
    page.get_by_label("Platform", exact=True).select_option(label="TikTok")
    sign_in = page.get_by_role("link", name=re.compile("sign in", re.I))
    expect(sign_in.first).to_be_visible()


def test_counts_follow_the_writes_of_the_bot(own_service, visits):
    own_service.heartbeat(status="healthy")
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}")
    page.evaluate("window.sameDocument = true")
    before = int(own_service.sql(f"SELECT count(*) FROM client_accounts NATURAL JOIN guilds WHERE guild_id = {NORTHLIGHT}")[0][0])
    shown = page.locator(".stat", has_text="Accounts").locator("dd").first
    expect(shown).to_have_text(str(before))
    eventually(lambda: streams(own_service) > 0, within=5)
    own_service.cluster.sql(
        f"""SELECT bot.upsert_accounts({NORTHLIGHT}, '[{{"platform": "x", "handle": "counted", "brand": "Aurora Skincare", "group": "Newcomers",
                  "measuredAt": "2026-01-01T00:00:00Z"}}]')""",
        own_service.database, "tracking_bot")
    # A change of the writer of the demo may hold this one up for ten seconds.
    expect(shown).to_have_text(str(before + 1), timeout=16_000)
    assert page.evaluate("window.sameDocument") is True, "the page was loaded anew"


def an_account(service) -> str:
    return service.sql(
        f"SELECT min(a.id) FROM client_accounts a NATURAL JOIN guilds WHERE guild_id = {NORTHLIGHT} AND status = 'active'")[0][0]


def status_of_account(service, account) -> str:
    return service.sql(f"SELECT status FROM client_accounts WHERE id = {account}")[0][0]


def test_a_switch_changes_at_once_and_the_page_follows(own_service, visits):
    account = an_account(own_service)
    visit = visits(ADA)
    page = visit.page
    page.goto(f"/guilds/{NORTHLIGHT}/accounts/{account}")
    page.evaluate("window.sameDocument = true")
    switch = page.get_by_role("switch", name="Tracking")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    expect(page.get_by_role("main")).to_contain_text("Paused since")
    assert status_of_account(own_service, account) == "paused"
    switch.click()
    expect(switch).to_be_checked()
    eventually(lambda: status_of_account(own_service, account) == "active")
    expect(page.get_by_role("main")).not_to_contain_text("Paused since")
    assert page.evaluate("window.sameDocument") is True, "the page was loaded anew"
    visit.expect_no_complaints()


def test_a_switch_turns_back_with_a_message_if_its_change_is_refused(own_service, visits):
    account = an_account(own_service)
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}/accounts/{account}")
    page.route("**/pause", lambda route: route.abort())
    switch = page.get_by_role("switch", name="Tracking")
    switch.click()
    expect(page.get_by_role("alert").filter(has_text="Tracking is still on")).to_be_visible()
    expect(switch).to_be_checked()
    assert status_of_account(own_service, account) == "active"


def test_a_switch_works_without_scripts(own_service, visits):
    account = an_account(own_service)
    page = visits(ADA, java_script_enabled=False).page
    page.goto(f"/guilds/{NORTHLIGHT}/accounts/{account}")
    page.get_by_role("switch", name="Tracking").click()
    expect(page.get_by_role("main")).to_contain_text("Tracking paused.")
    assert status_of_account(own_service, account) == "paused"
    page.get_by_role("switch", name="Tracking").click()
    expect(page.get_by_role("main")).to_contain_text("Tracking resumed.")
    assert status_of_account(own_service, account) == "active"
