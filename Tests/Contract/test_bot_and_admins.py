"""What an admin decided about an account, a bot does not undo."""

import json

import pytest

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
