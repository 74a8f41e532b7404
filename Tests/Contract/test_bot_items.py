"""Items of a batch are judged one by one, in SQL and over HTTP alike."""

import json
import subprocess

import pytest

from harness.cluster import binaries
from harness.signed import Key

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
