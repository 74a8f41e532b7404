"""Handles that move from one account to another: the platform's ids say who is who."""

import json

import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.signed import Key
from harness.signing_in import bearer, sign_in


@pytest.fixture(scope="module", params=["SQL", "HTTP"])
def door(start_service, request):
    service = start_service()
    key = Key.make(service)

    def send(kind: str, items: list[dict]) -> dict:
        if request.param == "HTTP":
            answer = key.post(service, f"/api/v1/bot/guilds/{NORTHLIGHT}/{kind}", {"items": items})
            assert answer.status_code == 200, answer.text
            return answer.json()
        function = {"accounts": "upsert_accounts", "posts": "record_posts"}[kind]
        text = json.dumps(items)
        rows = service.cluster.sql(f"SELECT bot.{function}({NORTHLIGHT}, $b${text}$b$)", service.database, "tracking_bot")
        return json.loads(rows[0][0])

    return service, send


def account(handle: str, number: str, day: int) -> dict:
    return {"platform": "threads", "handle": handle, "externalId": number, "measuredAt": f"2026-01-{day:02}T00:00:00Z"}


def post(name: str, handle: str, day: int) -> dict:
    return {"platform": "threads", "handle": handle, "externalId": name, "postedAt": "2026-01-01T00:00:00Z", "views": 1,
            "measuredAt": f"2026-01-{day:02}T00:00:00Z"}


def handles(service, *numbers: str) -> list[str]:
    rows = service.sql(
        "SET app.scope = 'all'; SELECT external_id, handle FROM client_accounts WHERE platform = 'threads'")
    known = dict(rows)
    return [known[number] for number in numbers]


def owner(service, name: str) -> str:
    return service.sql(
        "SET app.scope = 'all'; SELECT a.external_id FROM posts p JOIN client_accounts a"
        f" ON a.client_id = p.client_id AND a.id = p.account_id WHERE p.external_id = '{name}'")[0][0]


def kinds(service) -> dict:
    with bearer(service, ADA) as ada:
        items = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/problems").json()["items"]
    return {item["kind"]: item["count"] for item in items}


def newest_entry(service) -> dict:
    with bearer(service, ADA) as ada:
        return ada.get(f"/api/v1/guilds/{NORTHLIGHT}/audit", params={"limit": 1}).json()["items"][0]


def test_two_accounts_swap_their_handles_in_one_batch(door):
    service, send = door
    assert send("accounts", [account("left", "s1", 1), account("right", "s2", 1)])["stored"] == 2
    swapped = [account("right", "s1", 3), account("left", "s2", 3)]
    assert send("accounts", swapped)["rejected"] == []
    assert handles(service, "s1", "s2") == ["right", "left"] and "handles_lost" not in kinds(service)
    changes = newest_entry(service)["changes"]
    assert sorted(zip(*changes["handles"])) == [("left", "right"), ("right", "left")] and "lostHandles" not in changes
    assert send("accounts", swapped)["unchanged"] == 2
    # Old reports that come late change nothing.
    send("accounts", [account("left", "s1", 2), account("right", "s2", 2)])
    assert handles(service, "s1", "s2") == ["right", "left"]


def test_two_accounts_swap_their_handles_one_after_the_other(door):
    service, send = door
    send("accounts", [account("first", "t1", 1), account("second", "t2", 1)])
    assert send("accounts", [account("second", "t1", 3)])["rejected"] == []
    lost = handles(service, "t2")[0]
    assert handles(service, "t1") == ["second"] and lost.startswith("second?")
    assert kinds(service)["handles_lost"] == 1
    assert newest_entry(service)["changes"]["lostHandles"] == [["second"], [lost]]
    with sign_in(service, ADA) as ada:
        page = ada.get(f"/guilds/{NORTHLIGHT}").text
        assert "1 account lost its handle" in page
        assert lost in ada.get(f"/guilds/{NORTHLIGHT}/tracking/accounts", params={"q": "?"}).text
    assert send("accounts", [account("first", "t2", 3)])["rejected"] == []
    assert handles(service, "t1", "t2") == ["second", "first"] and "handles_lost" not in kinds(service)


def test_posts_by_handle_belong_to_the_account_that_had_the_handle_then(door):
    service, send = door
    send("accounts", [account("wanted", "u1", 1)])
    assert send("posts", [post("u-before", "wanted", 2)])["stored"] == 1
    # A new person has it from the 5th on, the old one is called otherwise.
    assert send("accounts", [account("wanted", "u2", 5)])["rejected"] == []
    assert send("posts", [post("u-after", "wanted", 6), post("u-late", "wanted", 4)])["stored"] == 2
    assert [owner(service, name) for name in ("u-before", "u-after", "u-late")] == ["u1", "u2", "u1"]
    assert send("accounts", [account("renamed", "u1", 7)])["rejected"] == []
    assert handles(service, "u1", "u2") == ["renamed", "wanted"]
    # The same where the old holder's new handle was known first.
    send("accounts", [account("free", "v1", 1)])
    send("accounts", [account("gone", "v1", 5)])
    send("accounts", [account("free", "v2", 6)])
    assert send("posts", [post("v-late", "free", 3), post("v-new", "free", 7)])["stored"] == 2
    assert [owner(service, name) for name in ("v-late", "v-new")] == ["v1", "v2"]


def test_an_older_report_takes_no_handle(door):
    service, send = door
    send("accounts", [account("kept", "w1", 5), account("other", "w2", 1)])
    answer = send("accounts", [account("kept", "w2", 4)])
    assert [(item["index"], item["field"], item["message"]) for item in answer["rejected"]] == [
        (0, "handle", "belongs to another account of this server")]
    # Nor one of the same moment, nor one that the batch itself contradicts.
    assert len(send("accounts", [account("kept", "w2", 5)])["rejected"]) == 1
    assert len(send("accounts", [account("kept", "w2", 6), account("kept", "w1", 7)])["rejected"]) == 1
    assert handles(service, "w1", "w2") == ["kept", "other"]


def test_a_placeholder_goes_with_an_edit_too(door):
    service, send = door
    send("accounts", [account("edit", "x1", 1), account("edit", "x2", 2)])
    send("accounts", [account("edit", "x1", 3)])
    assert kinds(service)["handles_lost"] == 1
    with bearer(service, ADA) as ada:
        found = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/accounts", params={"q": "edit?"}).json()["items"]
        assert len(found) == 1
        path = f"/api/v1/guilds/{NORTHLIGHT}/accounts/{found[0]['id']}"
        tag = ada.get(path).headers["etag"]
        edited = ada.patch(path, json={"handle": "edited"}, headers={"If-Match": tag})
        assert edited.status_code == 200, edited.text
    assert "handles_lost" not in kinds(service)
