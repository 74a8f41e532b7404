"""The clients for bots, Python's and JavaScript's, against the service and against a server with scripted failures."""

import json
import re
from pathlib import Path

import pytest

from harness.clients import COPIED, BotClient
from harness.service import free_port
from harness.signed import Key
from harness.stand_in import Answer, StandIn, problem

GUIDE = Path(__file__).parents[2] / "docs" / "bot-guide.md"
GUILDS = {"Python": "900000000000000301", "JavaScript": "900000000000000302"}
# Nothing of the service's.
STRANGE = Key("tdk_abcdefghijklmnop", "tds_a-secret-of-no-key-at-all")
NOW = "2026-01-02T00:00:00Z"


@pytest.fixture(scope="module", params=sorted(COPIED))
def client(request, tmp_path_factory):
    return BotClient(request.param, tmp_path_factory.mktemp("bot"))


@pytest.fixture(scope="module")
def key(own_service):
    return Key.make(own_service)


@pytest.fixture
def guild(client, own_service, key):
    """A server with one account."""
    guild = GUILDS[client.language]
    assert key.post(own_service, f"/api/v1/bot/guilds/{guild}/joined", {"name": "Clients"}).status_code == 204
    account = {"platform": "x", "handle": "known", "externalId": "1", "measuredAt": "2026-01-01T00:00:00Z"}
    assert key.post(own_service, f"/api/v1/bot/guilds/{guild}/accounts", {"items": [account]}).status_code == 200
    return guild


def posts(count: int, name="post", **more) -> list[dict]:
    return [
        {"platform": "x", "accountExternalId": "1", "externalId": f"{name}-{number}", "postedAt": NOW, "views": number,
         "measuredAt": NOW} | more for number in range(count)]


def beats(client: BotClient, server: StandIn, **options) -> dict:
    """The outcome of a heartbeat."""
    return client.call(server.origin, STRANGE, ["heartbeat", {"shardCount": 2}], **options)[0]


# Against the service


def test_each_method_has_the_effect_of_its_address(own_service, key, client):
    guild = str(int(GUILDS[client.language]) + 100)
    account = {"platform": "youtube", "handle": "one", "externalId": "9007199254740993", "brand": "B", "group": "G",
               "followers": 7, "measuredAt": NOW}
    post = {"platform": "youtube", "accountExternalId": "9007199254740993", "externalId": "p", "caption": "Ünï 🎉 \\ \"",
            "postedAt": NOW, "views": 3, "measuredAt": NOW}
    beat = {"instance": 77, "status": "degraded", "shardCount": 4, "shardsDown": 1, "guildCount": 2, "version": "7.7",
            "latencyMs": 12, "startedAt": "2026-01-01T00:00:00Z"}
    results = client.call(
        own_service.origin, key, ["heartbeat", beat], ["joined", guild, "Mine", "a" * 32], ["settings", guild],
        ["upsertAccounts", guild, [account]], ["recordPosts", guild, [post]], ["recordPosts", guild, [post]],
        ["recordPosts", guild, []], ["queue", guild, 5, 60], ["heartbeat", {"instance": 77, "status": "stopping"}])
    stored = {"stored": 1, "unchanged": 0, "rejected": []}
    assert [one.get("result", one) for one in results] == [
        "degraded", None, {"trackingEnabled": True, "checkIntervalMinutes": 60, "postRetentionDays": None}, stored, stored,
        stored | {"stored": 0, "unchanged": 1}, stored | {"stored": 0}, None, "offline"]
    assert own_service.sql("""SELECT status, shard_count, guild_count, version, started_at = '2026-01-01T00:00:00Z'
        FROM bot_health WHERE instance = 77""") == [["stopping", "4", "2", "7.7", "t"]]
    assert own_service.sql(f"""
        SELECT g.name, g.icon, b.name, ag.name, a.handle, a.external_id, p.caption, q.depth
          FROM guilds g JOIN client_accounts a USING (client_id) JOIN posts p USING (client_id)
          JOIN account_groups ag ON ag.id = a.group_id JOIN brands b ON b.id = ag.brand_id
          JOIN guild_queue_depths q ON q.client_id = g.client_id WHERE g.guild_id = {guild}""") == [
        ["Mine", "a" * 32, "B", "G", "one", "9007199254740993", "Ünï 🎉 \\ \"", "5"]]
    assert client.call(own_service.origin, key, ["left", guild]) == [{"result": None}]
    assert own_service.sql(f"SELECT left_at IS NOT NULL FROM guilds WHERE guild_id = {guild}") == [["t"]]
    own_service.sql("DELETE FROM bot_health WHERE instance = 77")


def test_a_rejected_item_has_its_place_in_the_callers_list(own_service, key, client, guild):
    items = posts(1_500, "rejected")
    items[1_234]["views"] = -1
    items[7] = "no object"
    [answer] = client.call(own_service.origin, key, ["recordPosts", guild, items])
    assert (answer["result"]["stored"], answer["result"]["unchanged"]) == (1_498, 0)
    rejected = answer["result"]["rejected"]
    assert [(one["index"], one["field"], one["item"]) for one in rejected] == [
        (7, None, items[7]), (1_234, "views", items[1_234])]
    assert all(one["message"] for one in rejected)


def test_a_wrong_secret_is_an_error_with_the_problems_words_and_request(own_service, key, client):
    [answer] = client.call(own_service.origin, Key(key.id, STRANGE.secret), ["heartbeat", {}])
    assert (answer["error"], answer["status"], answer["title"]) == ("RequestError", 401, "Invalid signature")
    assert answer["detail"] in answer["text"] and answer["requestId"] in answer["text"]
    [entry] = own_service.entries(request=answer["requestId"])
    assert entry["status"] == 401


def test_an_invalid_field_is_named(own_service, key, client, guild):
    [answer] = client.call(own_service.origin, key, ["queue", guild, -1])
    assert answer["status"] == 422 and [error["pointer"] for error in answer["errors"]] == ["/depth"]
    assert "/depth" in answer["text"]


def test_the_same_request_at_the_same_moment_is_accepted_each_time(own_service, key, client):
    beat = ["heartbeat", {"instance": 78}]
    assert client.call(own_service.origin, key, *[beat] * 20, at_once=True) == [{"result": "online"}] * 20
    own_service.sql("DELETE FROM bot_health WHERE instance = 78")


# Splitting


def outcome(stored: int) -> Answer:
    return Answer(body=json.dumps({"stored": stored, "unchanged": 0, "rejected": []}).encode())


def test_more_items_than_a_request_takes_are_split(client):
    items = posts(2_500)
    with StandIn(outcome(1_000), outcome(1_000), outcome(500)) as server:
        [answer] = client.call(server.origin, STRANGE, ["recordPosts", "1", items])
        batches = [json.loads(request.body) for request in server.received]
    assert answer["result"] == {"stored": 2_500, "unchanged": 0, "rejected": []}
    assert batches == [{"items": items[:1_000]}, {"items": items[1_000:2_000]}, {"items": items[2_000:]}]


def test_more_bytes_than_a_request_takes_are_split(client):
    limit = 8_388_608
    empty = len(json.dumps({"items": posts(2, caption="")}, separators=(",", ":")))
    # The first two fill a request to the byte. With a byte more, the second begins another.
    fitting = [4_000_000, limit - empty - 4_000_000]
    for more, sizes in ((0, [2, 1]), (1, [1, 2])):
        items = posts(3)
        for item, size in zip(items, [fitting[0], fitting[1] + more, 10]):
            item["caption"] = "x" * size
        with StandIn(outcome(1)) as server:
            client.call(server.origin, STRANGE, ["recordPosts", "1", items])
            bodies = [request.body for request in server.received]
        assert [len(json.loads(body)["items"]) for body in bodies] == sizes
        assert max(map(len, bodies)) <= limit and (more or len(bodies[0]) == limit)


# Retrying


def test_transient_errors_are_retried_and_each_attempt_is_signed_again(client):
    wait = {"Retry-After": "1"}
    failures = [problem(503, **wait), problem(429, **wait), Answer(502, b"<html>"), problem(504), Answer(cut=True)]
    with StandIn(*failures, Answer(body=b'{"state": "online"}')) as server:
        assert beats(client, server) == {"result": "online"}
        received = server.received
    assert len(received) == 6
    assert {(one.method, one.path, json.loads(one.body)["shardCount"]) for one in received} == {
        ("POST", "/api/v1/bot/heartbeat", 2)}
    assert len({one.body for one in received}) == 1
    for one in received:
        assert one.headers["dashboard-key"] == STRANGE.id
        assert one.headers["dashboard-signature"] == STRANGE.signature(
            one.headers["dashboard-timestamp"], one.method, one.path, one.body)
    assert len({one.headers["dashboard-signature"] for one in received}) == 6
    pauses = [later.at - earlier.at for earlier, later in zip(received, received[1:])]
    assert min(pauses[:2]) >= 1 and max(pauses[:2]) < 2 and max(pauses[2:]) < 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 431, 500, 501])
def test_permanent_errors_are_not_retried(client, status):
    with StandIn(problem(status, **{"Retry-After": "1"})) as server:
        answer = beats(client, server)
        assert len(server.received) == 1
    assert (answer["error"], answer["status"], answer["title"], answer["detail"], answer["requestId"]) == (
        "RequestError", status, f"Title {status}", f"Detail {status}.", f"request-{status}")


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_is_not_followed(client, status):
    with StandIn(Answer()) as other, StandIn(Answer(status, b"", {"Location": other.origin + "/"})) as server:
        answer = beats(client, server)
        assert not other.received and len(server.received) == 1
    assert answer["status"] == status and other.origin in answer["text"]


def test_the_last_error_is_raised_after_the_last_attempt(client):
    with StandIn(problem(503, **{"Retry-After": "0"})) as server:
        answer = beats(client, server, attempts=3)
        assert len(server.received) == 3
    assert (answer["status"], answer["detail"], answer["retryAfter"]) == (503, "Detail 503.", 0)


def test_a_longer_wait_than_the_longest_pause_is_left_to_the_caller(client):
    with StandIn(problem(429, **{"Retry-After": "3600"})) as server:
        answer = beats(client, server)
        assert len(server.received) == 1
    assert (answer["status"], answer["retryAfter"]) == (429, 3_600)


def test_no_answer_is_retried_and_then_an_error(client):
    with StandIn(Answer(cut=True)) as server:
        assert beats(client, server, attempts=2)["error"] == "UnreachableError"
        assert len(server.received) == 2
    [answer] = client.call(f"http://127.0.0.1:{free_port()}", STRANGE, ["heartbeat", {}], attempts=2)
    assert answer["error"] == "UnreachableError" and "127.0.0.1" in answer["text"]


@pytest.mark.parametrize("body", [b"<html>", b'["a list"]', b'"text"', b"null"])
def test_a_proxys_own_answer_is_an_error_with_its_status(client, body):
    with StandIn(Answer(403, body)) as server:
        answer = beats(client, server)
    assert (answer["status"], answer["requestId"], answer["errors"]) == (403, None, [])


def test_a_page_in_place_of_json_is_an_error(client):
    with StandIn(Answer(200, b"<html>")) as server:
        answer = beats(client, server)
        assert len(server.received) == 1
    assert (answer["error"], answer["status"]) == ("RequestError", 200)


# Before anything is sent

MADE = {
    "Python": "from dashboard_client import Dashboard\nDashboard({0}, {1}, {2})",
    "JavaScript": """
import {{ Dashboard }} from "./dashboard-client/index.js";
new Dashboard({{ url: {0}, key: {1}, secret: {2} }});
""",
}


@pytest.mark.parametrize("url, key, secret, told", [
    ("https://x.example", STRANGE.secret, STRANGE.id, "tdk_"), ("https://x.example", STRANGE.id, STRANGE.id, "tds_"),
    ("https://x.example/path", STRANGE.id, STRANGE.secret, "path"), ("ftp://x.example", STRANGE.id, STRANGE.secret, "https"),
])
def test_a_wrong_address_or_key_is_reported_without_the_secret(client, url, key, secret, told):
    done = client.run(MADE[client.language].format(*map(json.dumps, (url, key, secret))))
    assert done.returncode != 0
    # The first lines of a trace repeat the program.
    message = re.search(r"^(?:ValueError|TypeError): (.*)$", done.stderr, re.MULTILINE)
    assert message and told in message[1] and STRANGE.secret not in message[1]


@pytest.mark.parametrize("guild", ["", "1/../2", "１", "-1", "1?x=1"])
def test_an_id_of_a_server_consists_of_digits(client, guild):
    with StandIn(Answer()) as server:
        [answer] = client.call(server.origin, STRANGE, ["left", guild])
        assert not server.received
    assert answer["error"] in ("ValueError", "TypeError")


def test_ids_are_text_in_javascript_and_exact_numbers_in_python(client):
    # As a number of JavaScript's, it would be another account's.
    odd = 9007199254740993
    calls = [["recordPosts", odd, posts(1)], ["recordPosts", "1", posts(1, externalId=odd)],
             ["upsertAccounts", "1", [{"platform": "x", "handle": odd, "measuredAt": NOW}]]]
    with StandIn(outcome(1)) as server:
        answers = client.call(server.origin, STRANGE, *calls)
        bodies = [request.body for request in server.received]
        paths = [request.path for request in server.received]
    if client.language == "Python":
        assert paths[0] == f"/api/v1/bot/guilds/{odd}/posts" and json.loads(bodies[1])["items"][0]["externalId"] == odd
    else:
        assert not bodies and [answer["error"] for answer in answers] == ["TypeError"] * 3
        assert "item 0" in answers[1]["text"] and "externalId" in answers[1]["text"]


TIMES = {
    "Python": """
from datetime import datetime, timezone
from dashboard_client import Dashboard
dashboard = Dashboard({0}, {1}, {2})
dashboard.heartbeat(version="half a pair: \\ud83d", started_at=datetime(2026, 1, 2, tzinfo=timezone.utc))
try:
    dashboard.heartbeat(started_at=datetime(2026, 1, 2))
except ValueError as error:
    print(error)
""",
    "JavaScript": """
import {{ Dashboard }} from "./dashboard-client/index.js";
const dashboard = new Dashboard({{ url: {0}, key: {1}, secret: {2} }});
await dashboard.heartbeat({{ version: "half a pair: \\ud83d", startedAt: new Date("2026-01-02T00:00:00Z") }});
console.log("no time zone");
""",
}


def test_times_of_the_language_and_any_text_become_json(client):
    with StandIn(Answer(body=b'{"state": "online"}')) as server:
        done = client.run(TIMES[client.language].format(*map(json.dumps, (server.origin, STRANGE.id, STRANGE.secret))))
        [request] = server.received
    assert done.returncode == 0, done.stderr
    assert "no time zone" in done.stdout
    beat = json.loads(request.body)
    assert beat["startedAt"] in ("2026-01-02T00:00:00+00:00", "2026-01-02T00:00:00.000Z")
    assert beat["version"] == "half a pair: \ud83d"


# The guide


def test_the_guides_example_of_a_signature_is_right():
    text = GUIDE.read_text()
    found = {name: re.search(rf"^\| {name} \| `(.*)` \|$", text, re.MULTILINE)[1]
             for name in ("secret", "timestamp", "method", "path and query", "body", "signature")}
    key = Key("", found["secret"])
    assert found["signature"] == key.signature(
        found["timestamp"], found["method"], found["path and query"], found["body"].encode())
