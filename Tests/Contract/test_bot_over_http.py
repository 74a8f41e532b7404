"""Writes of bots over HTTP: the guide's own examples, and batches that are wrong, repeated, parallel or cut off."""

import hashlib
import json
import re
import signal
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, NORTHLIGHT
from harness.clients import BotClient
from harness.endpoints import describe, operations
from harness.leaks import run
from harness.service import Service
from harness.signed import Key
from harness.signing_in import bearer, sign_in
from harness.waiting import eventually
from harness.wire import send_raw, status_of

GUIDE = Path(__file__).parents[2] / "docs" / "bot-guide.md"
GUILD = "900000000000000001"
ACCOUNTS = f"/api/v1/bot/guilds/{GUILD}/accounts"
POSTS = f"/api/v1/bot/guilds/{GUILD}/posts"


@pytest.fixture(scope="module")
def key(own_service):
    return Key.make(own_service)


def example(language: str) -> str:
    found = re.search(rf"^### In {language}$.*?^```\w+\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"the guide has no example in {language}"
    return found[1]


@pytest.mark.parametrize("language", ["Python", "JavaScript"])
def test_the_guides_example_has_the_documented_effect(own_service, key, language, tmp_path):
    guild = str(900000000000000100 + len(language))
    client = BotClient(language, tmp_path)
    for _ in range(2):
        done = client.run(
            example(language), DASHBOARD_URL=own_service.origin, DASHBOARD_KEY=key.id, DASHBOARD_SECRET=key.secret,
            GUILD_ID=guild)
        assert done.returncode == 0, done.stderr
        assert "online" in done.stdout and "rejected" not in done.stdout
    rows = own_service.sql(f"""
        SELECT a.handle, a.followers, p.external_id, p.views, q.depth, g.name
          FROM guilds g JOIN client_accounts a USING (client_id) JOIN posts p USING (client_id)
          JOIN guild_queue_depths q USING (client_id) WHERE g.guild_id = {guild}""")
    expected = {
        "Python": ["example", "1200", "video-1", "340", "0", "Example server"],
        "JavaScript": ["example", "800", "clip-1", "77", "3", "Example server"]}
    assert rows == [expected[language]]


# Batches


@pytest.fixture(scope="module")
def registered(own_service, key):
    """A server with ten accounts, which batches of posts are about."""
    assert key.post(own_service, f"/api/v1/bot/guilds/{GUILD}/joined", {"name": "Batches"}).status_code == 204
    accounts = [
        {"platform": "tiktok", "handle": f"person{number}", "externalId": str(number),
         "measuredAt": "2026-01-01T00:00:00Z", "followers": number} for number in range(10)]
    answer = key.post(own_service, ACCOUNTS, {"items": accounts})
    assert answer.json() == {"stored": 10, "unchanged": 0, "rejected": [], "repaired": 0}
    return own_service


def posts(count=1_000, start=0, views=5, minute=0) -> list[dict]:
    return [
        {"platform": "tiktok", "accountExternalId": str(number % 10), "externalId": f"post-{number}",
         "caption": f"Number {number} ✨", "postedAt": "2026-01-01T10:00:00Z", "views": views, "likes": 1,
         "measuredAt": f"2026-01-02T00:{minute:02}:00Z"} for number in range(start, start + count)]


def state(service) -> list[list[str]]:
    return service.sql(f"""
        SELECT (SELECT count(*) FROM posts JOIN guilds USING (client_id) WHERE guild_id = {GUILD}),
               (SELECT sum(views) FROM posts JOIN guilds USING (client_id) WHERE guild_id = {GUILD}),
               (SELECT count(*) FROM post_metrics JOIN guilds USING (client_id) WHERE guild_id = {GUILD}),
               (SELECT sum(post_count) FROM client_accounts JOIN guilds USING (client_id) WHERE guild_id = {GUILD})""")


def test_an_item_with_a_bad_field_is_named_and_the_other_999_are_stored(registered, key):
    batch = posts(start=10_000)
    batch[500]["views"] = -1
    answer = key.post(registered, POSTS, {"items": batch}).json()
    assert answer["stored"] == 999 and answer["unchanged"] == 0
    assert [(item["index"], item["field"]) for item in answer["rejected"]] == [(500, "views")]
    assert "whole number" in answer["rejected"][0]["message"]
    assert key.post(registered, POSTS, {"items": batch}).json()["unchanged"] == 999


def test_a_request_is_signed_with_its_method_and_address_to_the_byte(registered, key):
    settings = f"/api/v1/bot/guilds/{GUILD}/settings"
    lines = [("GET", settings), ("HEAD", settings), ("GET", settings + "?"), ("HEAD", settings + "?")]
    for sent in lines:
        for signed in lines:
            method, path = signed
            headers = "".join(f"{name}: {value}\r\n" for name, value in key.headers(path, b"", method).items())
            request = f"{sent[0]} {sent[1]} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
            assert status_of(send_raw(registered, request.encode())) == (200 if sent == signed else 401), (sent, signed)


def test_the_same_batches_in_parallel_and_out_of_order_end_as_once_in_order(registered, key):
    before = state(registered)[0]
    batches = [posts(start=20_000, views=minute, minute=minute) for minute in range(4)]
    statuses = []

    def send(order):
        for batch in order:
            statuses.append(key.post(registered, POSTS, {"items": batch}).status_code)

    orders = [batches, batches[::-1], batches[2:] + batches[:2]]
    threads = [threading.Thread(target=send, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200}
    after = state(registered)[0]
    grown = [int(new) - int(old) for new, old in zip(after, before)]
    assert grown == [1_000, 3_000, 4_000, 1_000]


def test_a_batch_that_is_cut_off_by_a_kill_ends_as_once(start_service):
    # Not demo mode, which takes no other servers than the sample's.
    settings = {"DASHBOARD_DISCORD_CLIENT_ID": "100000000000000099", "DASHBOARD_DISCORD_CLIENT_SECRET": "unused"}
    first = start_service(**settings)
    key = Key.make(first)
    assert key.post(first, f"/api/v1/bot/guilds/{GUILD}/joined", {"name": "Cut"}).status_code == 204
    accounts = [{"platform": "tiktok", "handle": f"p{n}", "externalId": str(n), "measuredAt": "2026-01-01T00:00:00Z"}
                for n in range(10)]
    assert key.post(first, ACCOUNTS, {"items": accounts}).status_code == 200
    batches = [posts(start=1_000 * number) for number in range(8)]
    broken = []

    def send(batch):
        try:
            key.post(first, POSTS, {"items": batch})
        except httpx.HTTPError as error:
            broken.append(error)

    threads = [threading.Thread(target=send, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    eventually(lambda: int(state(first)[0][0]) > 0, within=10, every=0.01)
    first.kill()
    for thread in threads:
        thread.join()
    assert broken, "the kill came too late to cut anything off"
    # A batch is there as a whole or not at all.
    assert int(state(first)[0][0]) % 1_000 == 0
    second = Service(first.cluster, first.database, **settings)
    second_key = Key.make(second)
    for batch in batches:
        assert second_key.post(second, POSTS, {"items": batch}).status_code == 200
    assert state(second) == [["8000", "40000", "8000", "8000"]]


def test_people_see_at_once_the_data_that_a_bot_wrote(own_service, key):
    path = f"/api/v1/bot/guilds/{NORTHLIGHT}"
    account = {"platform": "x", "handle": "fresh_from_the_bot", "measuredAt": "2026-01-01T00:00:00Z", "followers": 5}
    assert key.post(own_service, path + "/accounts", {"items": [account]}).json()["stored"] == 1
    with bearer(own_service, ADA) as ada:
        found = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/accounts", params={"q": "fresh_from"}).json()["items"]
    assert [item["handle"] for item in found] == ["fresh_from_the_bot"]


# Invalid batches

BODIES = {
    "no JSON": (b"{", 400), "nothing": (b"", 400), "cut off": (b'{"items":[{"caption":"\\u0000"},', 400),
    "a bracket that is not closed": (b'{"items":[[NaN]}', 400),
    "no UTF-8": (b'{"items":["\xff"]}', 400), "no items": (b"{}", 422), "items of another kind": (b'{"items":{}}', 422),
    "a field beside the items": (b'{"items":[],"itemz":[1]}', 422), "items twice": (b'{"items":[1],"items":[]}', 422),
    "a list": (b"[]", 422), "too many items": (json.dumps({"items": [{}] * 1_001}).encode(), 422),
    "more brackets than a batch needs": (b'{"items":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", 400),
    "too many bytes": (b'{"items":["' + b"x" * 9_000_000 + b'"]}', 413),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("path", [ACCOUNTS, POSTS], ids=["accounts", "posts"])
def test_an_invalid_batch_is_refused_as_a_whole(registered, key, path, kind):
    before = state(registered)
    body, status = BODIES[kind]
    expect_problem(key.post(registered, path, body=body), status)
    assert state(registered) == before


def test_items_of_every_wrong_kind_are_named(registered, key):
    good = posts(1, start=30_000)[0]
    wrong = [
        7, None, "x", [], {}, good | {"platform": "myspace"}, good | {"views": 1.5}, good | {"views": "many"},
        good | {"postedAt": "2026-13-01T00:00:00Z"}, good | {"measuredAt": "2099-01-01T00:00:00Z"},
        good | {"url": "javascript:alert(1)"}, good | {"unknown": 1}, good | {"accountExternalId": "nobody"},
        good | {"caption": "a\u0007b"}, good | {"externalId": "x" * 201}, good | {"likes": 10 ** 30},
    ]
    answer = key.post(registered, POSTS, {"items": wrong}).json()
    assert answer["stored"] == 0 and [item["index"] for item in answer["rejected"]] == list(range(len(wrong)))
    for item in answer["rejected"]:
        assert item["message"] and "SQL" not in item["message"]


# Keys


def test_endpoints_of_bots_refuse_unsigned_requests_and_peoples_tokens(own_service):
    signed = [operation for operation in operations(describe(own_service)) if operation.is_signed]
    assert len(signed) == 8
    with own_service.client() as nobody, bearer(own_service, ADA) as ada, sign_in(own_service, ADA) as browser:
        for operation in signed:
            for visitor in (nobody, ada, browser):
                expect_problem(visitor.request(operation.method, operation.address(), json={"depth": 1}), 401)


def test_the_operators_keys_are_listed_replaced_and_revoked(start_service):
    service = start_service()
    program = [service.folder / "dashboard", "api-key"]

    def order(*arguments):
        return subprocess.run([*program, *arguments], env=service.environment, capture_output=True, text=True, timeout=20)

    key = Key.make(service, "--guild", NORTHLIGHT, "--scopes", "queue")
    beat = "/api/v1/bot/heartbeat"
    queue = f"/api/v1/bot/guilds/{NORTHLIGHT}/queue"
    assert key.post(service, queue, {"depth": 1}).status_code == 204
    assert key.post(service, beat, {}).status_code == 403
    assert key.post(service, f"/api/v1/bot/guilds/{GUILD}/queue", {"depth": 1}).status_code == 404
    listed = json.loads(order("list", "--json").stdout)["items"]
    assert [(item["key"], item["guildId"], item["scopes"]) for item in listed] == [(key.id, NORTHLIGHT, ["queue"])]
    assert key.secret not in order("list", "--json").stdout + order("list").stdout
    number = listed[0]["id"]
    done = order("rotate", number, "--overlap-hours", "1")
    assert done.returncode == 0 and "tds_" in done.stdout
    run.secrets.add(done.stdout.split()[3])
    assert key.post(service, queue, {"depth": 2}).status_code == 204
    assert order("revoke", number).returncode == 0
    assert key.post(service, queue, {"depth": 3}).status_code == 401
    assert [order(*words).returncode for words in (
        ["revoke", number], ["rotate", number], ["create", "x", "--guild", "5"], ["create"], ["create", "x", "--scopes", "all"],
        ["create", "x", "--guild", NORTHLIGHT, "--scopes", "heartbeat"], ["nonsense"], ["--help"])] == [66, 66, 66, 64, 64, 64, 64, 0]


def test_a_signature_in_upper_case_is_accepted_once(registered, key):
    path = f"/api/v1/bot/guilds/{GUILD}/queue"
    headers = key.headers(path, b'{"depth":1}')
    upper = headers | {"Dashboard-Signature": headers["Dashboard-Signature"].upper()}
    assert upper != headers

    def send(headers) -> httpx.Response:
        return httpx.post(registered.origin + path, content=b'{"depth":1}', headers=headers)

    assert send(upper).status_code == 204
    # The same bytes in lower case are the same signature.
    assert "accepted before" in expect_problem(send(headers), 401)["detail"]


def test_a_401_names_the_fault_of_a_signature(start_service):
    service = start_service()
    path, body = f"/api/v1/bot/guilds/{NORTHLIGHT}/queue", b'{"depth":1}'
    key = Key.make(service, "--guild", NORTHLIGHT, "--scopes", "queue")

    def detail(headers, content=body) -> str:
        return expect_problem(httpx.post(service.origin + path, content=content, headers=headers), 401)["detail"]

    def order(*arguments):
        done = subprocess.run(
            [service.folder / "dashboard", "api-key", *arguments], env=service.environment, capture_output=True, text=True,
            timeout=20)
        assert done.returncode == 0, done.stderr
        run.secrets.update(re.findall(r"tds_\w+", done.stdout))

    unknown = Key("tdk_" + "a" * 16, key.secret)
    assert detail(unknown.headers(path, body)) == "There is no API key with the id in Dashboard-Key."
    late = key.headers(path, body) | {"Dashboard-Timestamp": "1767348000000"}
    assert "within five minutes of the server's time" in detail(late)
    # Of a wrong secret and a changed body, the text has what arrived, to compare.
    arrived = hashlib.sha256(body).hexdigest()
    wrong = detail(Key(key.id, key.secret[:-1] + ("b" if key.secret[-1] == "a" else "a")).headers(path, body))
    assert wrong.startswith("The signature does not match.") and arrived in wrong and "POST" in wrong
    changed = detail(key.headers(path, b'{"depth":2}'))
    assert changed.startswith("The signature does not match.") and arrived in changed
    assert detail(key.headers(path, b"")) == (
        "The signature is of a request without a body. Sign the SHA-256 of the body that is sent.")
    for text in (wrong, changed):
        assert key.secret not in text

    number = json.loads(subprocess.run(
        [service.folder / "dashboard", "api-key", "list", "--json"], env=service.environment, capture_output=True,
        text=True, timeout=20).stdout)["items"][0]["id"]
    order("rotate", number, "--overlap-hours", "0")
    assert detail(key.headers(path, body)) == "The key has ended, because it was replaced. Use the new key."
    large = b'{"items": ["' + b"x" * 1_000_000 + b'"]}'
    posts = f"/api/v1/bot/guilds/{NORTHLIGHT}/posts"
    # Before a large body is read.
    answer = httpx.post(service.origin + posts, content=large, headers=key.headers(posts, large))
    assert expect_problem(answer, 401)["detail"] == "The key has ended, because it was replaced. Use the new key."
    other = Key.make(service, "--guild", NORTHLIGHT, "--scopes", "queue")
    assert other.post(service, path, {"depth": 1}).status_code == 204
    service.sql(f"UPDATE api_keys SET revoked_at = now() WHERE public_id = '{other.id}'")
    assert detail(other.headers(path, body)) == "The key was revoked. Its server's admins can make another one."


def test_a_stop_lets_a_batch_under_way_finish(start_service):
    service = start_service()
    key = Key.make(service)
    assert key.post(service, f"/api/v1/bot/guilds/{GUILD}/joined", {"name": "Stop"}).status_code == 204
    accounts = [{"platform": "x", "handle": f"h{n}", "measuredAt": "2026-01-01T00:00:00Z"} for n in range(1_000)]
    answers = []
    thread = threading.Thread(target=lambda: answers.append(key.post(service, ACCOUNTS, {"items": accounts})))
    thread.start()
    eventually(lambda: service.sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%store_accounts%' AND pid <> pg_backend_pid() AND state = 'active'"), every=0.002)
    service.process.send_signal(signal.SIGTERM)
    thread.join()
    assert service.process.wait(12) == 0
    assert answers[0].status_code == 200 and answers[0].json()["stored"] == 1_000
