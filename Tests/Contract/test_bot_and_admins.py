"""What an admin decided about an account, a bot does not undo."""

import json

import httpx
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, NORTHLIGHT
from harness.signed import Key
from harness.signing_in import bearer

PATH = f"/api/v1/guilds/{NORTHLIGHT}/accounts"


@pytest.fixture(scope="module")
def ada(own_service):
    with bearer(own_service, ADA) as visitor:
        yield visitor


@pytest.fixture(scope="module", params=["SQL", "HTTP"])
def report(own_service, request):
    key = Key.make(own_service)

    def send(handle: str, **values) -> dict:
        # Later than every edit.
        moment = own_service.sql(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC' + interval '1 second', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")[0][0]
        items = [{"platform": "twitch", "handle": f"{request.param}-{handle}", "measuredAt": moment} | values]
        if request.param == "HTTP":
            return key.post(own_service, f"/api/v1/bot/guilds/{NORTHLIGHT}/accounts", {"items": items}).json()
        return json.loads(own_service.cluster.sql(
            f"SELECT bot.upsert_accounts({NORTHLIGHT}, '{json.dumps(items)}')", own_service.database, "tracking_bot")[0][0])

    send.prefix = request.param
    return send


def find(ada, report, handle: str) -> dict:
    found = ada.get(PATH, params={"q": f"{report.prefix}-{handle}"}).json()["items"]
    assert len(found) == 1
    return found[0]


def edit(ada, report, handle: str, **values):
    path = f"{PATH}/{find(ada, report, handle)['id']}"
    answer = ada.patch(path, json=values, headers={"If-Match": ada.get(path).headers["etag"]})
    assert answer.status_code == 200, answer.text


def test_a_paused_account_stays_paused_until_an_admin_resumes_it(ada, report):
    report("rest", status="active")
    edit(ada, report, "rest", status="paused")
    for status in ("active", "private", "error"):
        assert report("rest", status=status, followers=5)["rejected"] == []
        assert find(ada, report, "rest")["status"] == "paused"
    assert find(ada, report, "rest")["followers"] == 5
    edit(ada, report, "rest", status="active")
    report("rest", status="private")
    assert find(ada, report, "rest")["status"] == "private"


def test_a_bot_pauses_no_account(ada, report):
    assert report("awake", status="paused")["rejected"] == []
    assert find(ada, report, "awake")["status"] == "active"
    report("awake", status="private")
    report("awake", status="paused")
    assert find(ada, report, "awake")["status"] == "private"


def test_an_edited_display_name_stays_until_the_platforms_own_changes(ada, report):
    report("named", displayName="Platform 1")
    edit(ada, report, "named", displayName="Ours")
    report("named", displayName="Platform 1")
    assert find(ada, report, "named")["displayName"] == "Ours"
    edit(ada, report, "named", displayName="Ours again")
    report("named", displayName="Platform 1")
    assert find(ada, report, "named")["displayName"] == "Ours again"
    report("named", displayName="Platform 2")
    assert find(ada, report, "named")["displayName"] == "Platform 2"
    report("named", displayName="Platform 1")
    assert find(ada, report, "named")["displayName"] == "Platform 1"


# What to track


@pytest.fixture
def tracked(own_service, report):
    """Asks for a page of the list through the same door."""
    key = Key.make(own_service)

    def ask(guild=NORTHLIGHT, **values) -> dict:
        if report.prefix == "HTTP":
            query = "&".join(f"{name}={value}" for name, value in values.items())
            path = f"/api/v1/bot/guilds/{guild}/accounts" + (f"?{query}" if query else "")
            answer = httpx.get(own_service.origin + path, headers=key.headers(path, b"", "GET"))
            assert answer.status_code == 200, answer.text
            return answer.json()
        named = "".join(f", {name} => {value}" for name, value in values.items())
        return json.loads(own_service.cluster.sql(
            f"SELECT bot.accounts({guild}{named})", own_service.database, "tracking_bot")[0][0])

    return ask


def test_a_bot_reads_the_accounts_to_track_and_their_changes(own_service, ada, report, tracked):
    before = tracked()
    client = f"(SELECT client_id FROM guilds WHERE guild_id = {NORTHLIGHT})"
    count = own_service.sql(f"SET app.scope = 'all'; SELECT count(*) FROM client_accounts WHERE client_id = {client}")[0][0]
    assert len(before["items"]) == int(count) and before["next"] is None
    assert tracked(since=before["version"] or 10 ** 9)["items"] == []

    # An admin adds one on a page, pauses another, and a bot's numbers are no change.
    group = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/groups").json()["items"][0]["id"]
    handle = f"{report.prefix.lower()}_by_hand"
    made = ada.post(PATH, json={"platform": "twitch", "handle": handle, "groupId": group})
    assert made.status_code == 201, made.text
    report("listed", externalId=f"{report.prefix}-7", status="active")
    middle = tracked()["version"]
    report("listed", externalId=f"{report.prefix}-7", status="private", followers=9)
    assert tracked()["version"] == middle
    edit(ada, report, "listed", status="paused")

    changed = {item["handle"]: item for item in tracked(since=before["version"])["items"]}
    assert changed[handle] == {
        "id": made.json()["id"], "platform": "twitch", "externalId": None, "handle": handle, "paused": False}
    assert set(changed) == {handle, f"{report.prefix}-listed"}
    listed = tracked(since=middle)["items"]
    assert [(item["externalId"], item["paused"]) for item in listed] == [(f"{report.prefix}-7", True)]
    after = tracked(after=listed[0]["id"])["items"]
    assert all(int(item["id"]) > int(listed[0]["id"]) for item in after)


def test_a_long_list_comes_in_pages_without_gaps(own_service, report, tracked):
    guild = 910_000_000_000_000_500 + len(report.prefix)
    items = [{"platform": "x", "handle": f"p{number}", "measuredAt": "2026-01-01T00:00:00Z"} for number in range(1_000)]
    more = [item | {"handle": f"q{item['handle']}"} for item in items[:5]]
    own_service.cluster.sql(f"SELECT bot.guild_joined({guild}, 'Long')", own_service.database, "tracking_bot")
    for batch in (items, more):
        own_service.cluster.sql(
            f"SELECT bot.upsert_accounts({guild}, '{json.dumps(batch)}')", own_service.database, "tracking_bot")
    first = tracked(guild)
    second = tracked(guild, after=first["next"])
    assert (len(first["items"]), len(second["items"]), second["next"]) == (1_000, 5, None)
    assert {item["handle"] for item in first["items"] + second["items"]} == {item["handle"] for item in items + more}
    assert first["version"] == 2 and len(tracked(guild, since=1)["items"]) == 5


@pytest.mark.parametrize("name", ["after", "since"])
def test_the_list_refuses_invalid_parameters(own_service, name):
    key = Key.make(own_service)
    for value in ("abc", "-1", "1.5", str(2 ** 63), "%00"):
        path = f"/api/v1/bot/guilds/{NORTHLIGHT}/accounts?{name}={value}"
        answer = httpx.get(own_service.origin + path, headers=key.headers(path, b"", "GET"))
        expect_problem(answer, 400, naming=name)
