"""Items of a batch are judged one by one, in SQL and over HTTP alike."""

import json
import subprocess

import pytest

from harness.answers import expect_problem
from harness.cast import ADA, BOB, NORTHLIGHT
from harness.cluster import binaries
from harness.numbers import Numbers
from harness.signed import Key
from harness.signing_in import bearer, sign_in
from harness.waiting import eventually

GUILD = 910_000_000_000_000_001
DOORS = ["SQL", "HTTP"]
MEASURED = "2026-01-02T00:00:00Z"


class Bot:
    """Sends the text of a batch through one of the two doors."""

    def __init__(self, service, door):
        self.service, self.door = service, door
        self.guild = GUILD + DOORS.index(door)
        self.key = Key.make(service)
        self.service.cluster.sql(f"SELECT bot.guild_joined({self.guild}, '{door}')", service.database, "tracking_bot")

    def send(self, kind: str, items: str) -> dict:
        if self.door == "HTTP":
            answer = self.key.post(
                self.service, f"/api/v1/bot/guilds/{self.guild}/{kind}", body=f'{{"items": {items}}}'.encode())
            assert answer.status_code == 200, answer.text
            return answer.json()
        function = {"accounts": "upsert_accounts", "posts": "record_posts"}[kind]
        done = subprocess.run(
            [binaries() / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
             self.service.cluster.address(self.service.database, "tracking_bot")],
            input=f"SELECT bot.{function}({self.guild}, $batch${items}$batch$)", capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def accounts(self, items: list[dict]) -> dict:
        return self.send("accounts", json.dumps(items))

    def posts(self, items: list[dict]) -> dict:
        return self.send("posts", json.dumps(items))

    def one(self, columns: str, post: str) -> list[str]:
        return self.service.sql(
            f"SELECT {columns} FROM posts JOIN guilds USING (client_id) WHERE guild_id = {self.guild}"
            f" AND external_id = '{post}'")[0]

    def count(self, like: str) -> int:
        return int(self.service.sql(
            "SELECT count(*) FROM posts JOIN guilds USING (client_id)"
            f" WHERE guild_id = {self.guild} AND external_id LIKE '{like}'")[0][0])


@pytest.fixture(scope="module", params=DOORS)
def bot(own_service, request):
    bot = Bot(own_service, request.param)
    account = {"platform": "tiktok", "handle": "ana", "externalId": "1", "measuredAt": "2026-01-01T00:00:00Z"}
    assert bot.accounts([account])["stored"] == 1
    return bot


def post(name: str, **values) -> dict:
    return {
        "platform": "tiktok", "handle": "ana", "externalId": name, "postedAt": "2026-01-01T10:00:00Z", "views": 5,
        "measuredAt": MEASURED} | values


def faults(answer: dict) -> list[tuple]:
    return [(item["index"], item["field"], item["message"]) for item in answer["rejected"]]


# Characters and nesting


def test_half_a_surrogate_pair_costs_no_item_of_a_thousand(bot):
    batch = [post(f"half-{number}", caption=f"Number {number}") for number in range(1_000)]
    batch[500]["caption"] = "cut \ud83d off"
    batch[501]["caption"] = "whole \U0001f600 and \udc00 half"
    batch[502]["caption"] = "no \x00 end"
    batch[503]["caption"] = "a path C:\\u0000 in words"
    assert bot.posts(batch) == {"stored": 1_000, "unchanged": 0, "rejected": [], "repaired": 3}
    kept = [bot.one("caption", f"half-{number}")[0] for number in range(499, 505)]
    assert kept == [
        "Number 499", "cut \ufffd off", "whole \U0001f600 and \ufffd half", "no \ufffd end", "a path C:\\u0000 in words",
        "Number 504"]
    assert bot.posts(batch) == {"stored": 0, "unchanged": 1_000, "rejected": [], "repaired": 3}


def test_texts_of_accounts_are_repaired_too(bot):
    answer = bot.accounts([{"platform": "x", "handle": "broken", "displayName": "Ana \ud83d", "measuredAt": MEASURED}])
    assert answer == {"stored": 1, "unchanged": 0, "rejected": [], "repaired": 1}
    rows = bot.service.sql(
        "SELECT display_name FROM client_accounts JOIN guilds USING (client_id)"
        f" WHERE guild_id = {bot.guild} AND handle = 'broken'")
    assert rows == [["Ana \ufffd"]]


def test_an_id_is_not_repaired_since_two_could_become_one(bot):
    answer = bot.posts([post("id-\ud800"), post("id-good"), post("id-2", handle="ana\x00"), post("id-3", caption="\ud800", views="x")])
    why = "must not contain U+0000 or half a surrogate pair"
    assert faults(answer) == [
        (0, "externalId", why), (2, "handle", why), (3, "views", "must be a whole number from 0 to 999999999999999")]
    assert answer["stored"] == 1 and answer["repaired"] == 0 and bot.count("id-%") == 1


def test_an_item_that_cannot_be_read_costs_only_itself(bot):
    good = [json.dumps(post(f"beside-{number}")) for number in range(3)]
    deep = "[" * 50_000 + "]" * 50_000
    items = [good[0], deep, good[1], '{"views": NaN}', '{"views": 1e999999}', f'{{"caption": {deep}}}', '{"a" 1}', good[2]]
    answer = bot.send("posts", "[" + ",\n".join(items) + "]")
    assert faults(answer) == [
        (1, None, "is nested too deeply"), (3, None, "is not valid JSON"), (4, None, "has a number that is too large"),
        (5, None, "is nested too deeply"), (6, None, "is not valid JSON")]
    assert answer["stored"] == 3 and bot.count("beside-%") == 3


def test_brackets_commas_and_quotes_in_texts_do_not_divide_items(bot):
    batch = [post("quoted-1", caption='a],[{"}" \\" \\\\ ,'), post("quoted-2", caption="\x00"), post("quoted-3", caption="},{")]
    assert bot.posts(batch)["stored"] == 3
    assert bot.one("caption", "quoted-1") == ['a],[{"}" \\" \\\\ ,']


# Numbers


def test_an_id_that_a_number_cannot_hold_is_refused_by_its_index(bot):
    why = "is a JSON number beyond 2^53, which may have been rounded: send ids as text"
    answer = bot.posts([
        post(7_301_000_000_000_000_001), post(9_007_199_254_740_991), post("7301000000000000001"),
        post("big-1", accountExternalId=9_007_199_254_740_993), post("big-2", accountExternalId=1.5), post(1e300)])
    assert faults(answer) == [
        (0, "externalId", why), (3, "accountExternalId", why),
        (4, "accountExternalId", "must be a whole number or a text: send ids as text"), (5, "externalId", why)]
    assert bot.count("9007199254740991") == bot.count("7301000000000000001") == 1 and answer["stored"] == 2
    answer = bot.accounts([
        {"platform": "x", "handle": "big", "externalId": 9_007_199_254_740_993, "measuredAt": MEASURED},
        {"platform": "x", "handle": 9_007_199_254_740_993, "measuredAt": MEASURED}])
    assert faults(answer) == [(0, "externalId", why), (1, "handle", why)] and answer["stored"] == 0


def test_a_number_with_nothing_behind_its_point_is_whole(bot):
    batch = json.dumps([post("whole", views=1234.0, likes="12.0", comments=3e2, accountExternalId=1.0), post(4711.0)])
    assert "1234.0" in batch and "4711.0" in batch
    answer = bot.send("posts", batch)
    assert answer["rejected"] == [] and answer["stored"] == 2
    assert bot.one("views, likes, comments", "whole") == ["1234", "12", "300"] and bot.count("4711") == 1
    assert faults(bot.posts([post("broken", views=1234.5)])) == [
        (0, "views", "must be a whole number from 0 to 999999999999999")]


def test_a_negative_count_is_unknown_and_the_other_numbers_count(bot):
    answer = bot.posts([post("hidden", views=900, likes=-1, comments=7, shares="-1")])
    assert answer["stored"] == 1 and answer["rejected"] == []
    assert bot.one("views, likes, comments, shares", "hidden") == ["900", "0", "7", "0"]
    # A post has to have views.
    assert [item["field"] for item in bot.posts([post("unseen", views=-1)])["rejected"]] == ["views"]
    account = {"platform": "x", "handle": "shy", "followers": 40, "measuredAt": "2026-01-02T00:00:00Z"}
    assert bot.accounts([account, account | {"followers": -1, "measuredAt": "2026-01-03T00:00:00Z"}])["rejected"] == []
    assert bot.service.sql(
        "SELECT followers FROM client_accounts JOIN guilds USING (client_id)"
        f" WHERE guild_id = {bot.guild} AND handle = 'shy'") == [["40"]]


# Times

SAME_MOMENT = [
    "2026-01-02T10:00:00Z", "2026-01-02T10:00:00+0000", "2026-01-02T12:00:00+02", "2026-01-02T10:00Z",
    "2026-01-02t10:00:00z", "2026-01-02 10:00:00Z", "2026-01-02 15:30+0530", "2026-01-02T10:00:00.000000000Z",
    "2026-01-02T10:00:00,0Z", "20260102T100000Z", "20260102T1000Z", "20260102t060000-0400", "2026-01-02T08:30:00-01:30"]


@pytest.mark.parametrize("text", SAME_MOMENT)
def test_every_form_of_a_time_with_a_zone_is_taken(bot, text):
    name = f"time-{SAME_MOMENT.index(text)}"
    answer = bot.posts([post(name, postedAt=text, measuredAt=text)])
    assert answer["rejected"] == [] and answer["stored"] == 1
    columns = "to_char(posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), posted_at = measured_at"
    assert bot.one(columns, name) == ["2026-01-02 10:00:00.000000", "t"]
    account = {"platform": "x", "handle": name, "measuredAt": text}
    assert bot.accounts([account])["stored"] == 1


NO_ZONE = "has no time zone: add Z or an offset, like 2026-05-01T12:00:00Z"
NO_TIME = "must be a time of ISO 8601 with a zone, like 2026-05-01T12:00:00Z"
FUTURE = "is in the future: it must be at most 5 minutes ahead of the database's clock"
FAULTY_TIMES = {
    "2026-01-02T10:00:00": NO_ZONE, "2026-01-02 10:00": NO_ZONE, "20260102T1000": NO_ZONE, "2026-01-02": NO_ZONE,
    "1999-12-31T23:59:59Z": "is before the year 2000", "2000-01-01T00:30+01": "is before the year 2000",
    "1970-01-01 00:00:00Z": "is before the year 2000", "2099-01-01T00:00:00Z": FUTURE, "2150-01-01T00:00Z": FUTURE,
    "2026-02-30T10:00:00Z": NO_TIME, "2026-01-02T25:00Z": NO_TIME, "yesterday": NO_TIME, "1767348000": NO_TIME,
    "2026-01-02T10:00:00 Z": NO_TIME, "2026-01-02T10:00:00+15": NO_TIME, "20260230T100000Z": NO_TIME, "": NO_TIME,
}


@pytest.mark.parametrize("field", ["postedAt", "measuredAt"])
def test_the_message_names_the_fault_of_a_time(bot, field):
    answer = bot.posts([post(f"faulty-{place}", **{field: text}) for place, text in enumerate(FAULTY_TIMES)])
    assert faults(answer) == [(place, field, why) for place, why in enumerate(FAULTY_TIMES.values())]
    assert faults(bot.posts([post("none", **{field: None})])) == [(0, field, "is missing")]


@pytest.mark.parametrize("text", SAME_MOMENT)
def test_a_heartbeat_takes_the_same_times_and_numbers(own_service, text):
    key = Key.make(own_service)
    body = json.dumps({"instance": 77, "startedAt": text, "shardCount": 2.0, "latencyMs": 83.0}).encode()
    assert b"2.0" in body
    assert key.post(own_service, "/api/v1/bot/heartbeat", body=body).json() == {"state": "online"}
    rows = own_service.sql("SELECT started_at = '2026-01-02T10:00:00Z', shard_count FROM bot_health WHERE instance = 77")
    assert rows == [["t", "2"]]
    faulty = key.post(own_service, "/api/v1/bot/heartbeat", {"startedAt": "2026-01-02T10:00:00"})
    assert faulty.status_code == 422 and "no time zone" in faulty.json()["errors"][0]["message"]


# What becomes of rejected items


def test_rejected_items_are_counted_logged_and_shown(start_service):
    service = start_service()
    key = Key.make(service, "--guild", NORTHLIGHT, "--scopes", "posts")
    name = service.sql(f"SELECT name FROM api_keys WHERE public_id = '{key.id}'")[0][0]
    path = f"/api/v1/guilds/{NORTHLIGHT}"
    with bearer(service, ADA) as ada, sign_in(service, ADA) as browser:
        def problems() -> dict:
            return {item["kind"]: item["count"] for item in ada.get(path + "/problems").json()["items"]}

        assert "bot_items_rejected" not in problems()
        assert ada.get(path + "/rejected-items").json()["items"] == []
        assert 'id="rejected"' not in browser.get(f"/guilds/{NORTHLIGHT}/api-keys").text

        wrong = [post("x", views="<b>many</b>"), post("y", measuredAt="2026-01-02T00:00:00"), post("z", veiws=1)]
        body = json.dumps({"items": wrong}).replace("}]}", "}, NaN]}").encode()
        assert len(key.post(service, f"/api/v1/bot{path[7:]}/posts", body=body).json()["rejected"]) == 4
        in_sql = json.dumps([{"platform": "myspace"}])
        service.cluster.sql(f"SELECT bot.upsert_accounts({NORTHLIGHT}, '{in_sql}')", service.database, "tracking_bot")

        items = ada.get(path + "/rejected-items").json()["items"]
        assert [(item["batch"], item["index"], item["field"], item["reason"], item["sender"], item["keyName"]) for item in items] == [
            ("accounts", 0, "platform", "invalid_value", "sql", None), ("posts", 3, None, "no_json", "key", name),
            ("posts", 2, "veiws", "unknown_field", "key", name),
            ("posts", 1, "measuredAt", "time_without_zone", "key", name),
            ("posts", 0, "views", "invalid_value", "key", name)]
        assert items[1]["item"] == "NaN" and items[3]["message"] == NO_ZONE and "many" in items[4]["item"]
        assert all(item["rejectedAt"].endswith("Z") for item in items)
        assert problems()["bot_items_rejected"] == 5
        page = browser.get(f"/guilds/{NORTHLIGHT}/api-keys").text
        assert 'id="rejected"' in page and NO_ZONE in page and "<b>many" not in page and "&lt;b&gt;many" in page
        assert "5 items of the bot were rejected" in browser.get(f"/guilds/{NORTHLIGHT}").text

        with sign_in(service, BOB) as viewer:
            page = viewer.get(f"/guilds/{NORTHLIGHT}")
            assert page.status_code == 200 and "were rejected" not in page.text

        # The last 20 are kept, however many come.
        many = [post(f"many-{number}", handle=f"unknown{number}") for number in range(300)]
        assert len(key.post(service, f"/api/v1/bot{path[7:]}/posts", {"items": many}).json()["rejected"]) == 300
        items = ada.get(path + "/rejected-items").json()["items"]
        assert [item["index"] for item in items] == list(range(299, 279, -1))
        assert {item["reason"] for item in items} == {"unknown_account"}
        assert problems()["bot_items_rejected"] == 20
        assert "20 or more items of the bot were rejected" in browser.get(f"/guilds/{NORTHLIGHT}").text

    line = service.entries(message="items of a bot were rejected")[0]
    assert (line["level"], line["key"], line["guild"], line["count"]) == ("warning", key.id, NORTHLIGHT, "4")
    assert line["first"] == "views must be a whole number from 0 to 999999999999999"
    expected = {
        "invalid_value": 2, "time_without_zone": 1, "unknown_field": 1, "no_json": 1, "unknown_account": 300}

    def counted() -> bool:
        numbers = Numbers(service)
        return {reason: numbers.sum("dashboard_bot_items_rejected_total", reason=reason) for reason in expected} == expected

    eventually(counted, within=30)


def test_rejected_items_are_no_business_of_viewers_and_other_servers(bot):
    bot.posts([post("foreign", views="secret-views")])
    path = f"/api/v1/guilds/{NORTHLIGHT}/rejected-items"
    with bearer(bot.service, BOB) as bob:
        expect_problem(bob.get(path), 403)
    with bearer(bot.service, ADA) as ada:
        assert "secret-views" not in ada.get(path).text


@pytest.mark.parametrize("handle", ["\u3164", "\u200d", "\U000e0041", "\u2800", "ana\u3164", "ana\u2800", "a\u034fna"])
def test_a_handle_that_is_invisible_or_looks_like_another_is_rejected(bot, handle):
    answer = bot.accounts([
        {"platform": "youtube", "handle": name, "measuredAt": MEASURED} for name in (handle, "seen")])
    assert [(item["index"], item["field"]) for item in answer["rejected"]] == [(0, "handle")]


def test_a_display_name_without_a_visible_character_is_none(bot):
    bot.accounts([{"platform": "youtube", "handle": "blankname", "displayName": "\u2800", "measuredAt": MEASURED}])
    assert bot.service.sql(
        f"SELECT display_name FROM client_accounts JOIN guilds USING (client_id) WHERE guild_id = {bot.guild}"
        " AND handle = 'blankname'") == [[""]]
