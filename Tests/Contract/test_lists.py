"""Walking lists page by page while another connection adds rows: none is skipped and none comes twice."""

import threading

import pytest

from harness.cast import ADA, TINY_LANTERN, client
from harness.signing_in import bearer

TENANT = client(TINY_LANTERN)
POSTS = f"/api/v1/guilds/{TINY_LANTERN}/posts"
ACCOUNTS = f"/api/v1/guilds/{TINY_LANTERN}/accounts"

# Many equal keys: only the id distinguishes such rows. `paused`, and old, so that the demo's bot does not change them.
ROWS = f"""
    INSERT INTO account_groups (client_id, brand_id, name)
    SELECT {TENANT}, id, 'Walkers' FROM brands WHERE client_id = {TENANT};
    INSERT INTO client_accounts (client_id, group_id, platform, handle, display_name, status, followers, created_at)
    SELECT {TENANT}, (SELECT id FROM account_groups WHERE client_id = {TENANT} AND name = 'Walkers'),
        (ARRAY['instagram', 'tiktok', 'x'])[1 + n % 3],
        CASE WHEN n % 4 = 0 THEN 'Walker' || n ELSE 'walker_' || lpad((n / 3)::text, 3, '0') END, 'Walker ' || n % 7,
        'paused', CASE WHEN n % 5 = 0 THEN NULL ELSE n % 6 * 1000 END, now() - interval '1 day' * (n % 9)
    FROM generate_series(1, 260) AS n;
    INSERT INTO posts (client_id, account_id, platform, external_id, caption, posted_at, views, measured_at)
    SELECT {TENANT}, accounts.id, accounts.platform, 'walk-' || accounts.id || '-' || n, 'Walk ' || n % 3,
        date_trunc('hour', now()) - interval '30 days' - interval '1 hour' * (n * 7 % 11), n % 5 * 100, now()
    FROM (SELECT * FROM client_accounts WHERE client_id = {TENANT} AND status = 'paused' ORDER BY id LIMIT 120) AS accounts
    CROSS JOIN generate_series(1, 5) AS n;
    UPDATE client_accounts AS accounts SET last_post_at = latest.at
    FROM (SELECT account_id, max(posted_at) AS at FROM posts WHERE client_id = {TENANT} GROUP BY account_id) AS latest
    WHERE accounts.client_id = {TENANT} AND accounts.id = latest.account_id
"""


@pytest.fixture(scope="module")
def ada(own_service):
    own_service.sql(ROWS)
    with bearer(own_service, ADA) as visitor:
        yield visitor


class Writer:
    """Adds a row above, between and below those that are there, for as long as a walk lasts.

    Posts of the last 7 days would be measured by the demo's bot, which moves their accounts.
    """

    def __init__(self, service, table: str):
        self.service, self.table = service, table
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.write)

    def write(self):
        number = 0
        while not self.stopped.wait(0.01):
            number += 1
            if self.table == "posts":
                self.service.sql(f"""
                    INSERT INTO posts (client_id, account_id, platform, external_id, caption, posted_at, views)
                    SELECT {TENANT}, id, platform, gen_random_uuid(), 'Walk 1',
                        now() - interval '8 days' - interval '1 hour' * random() * 1300, {number % 7} * 100
                    FROM client_accounts WHERE client_id = {TENANT} AND status = 'paused' ORDER BY random() LIMIT 3
                """)
            else:
                self.service.sql(f"""
                    INSERT INTO client_accounts (client_id, group_id, platform, handle, status, followers)
                    SELECT {TENANT}, id, 'x', substr(md5(random()::text), 1, 12), 'paused', {number % 7} * 1000
                    FROM account_groups WHERE client_id = {TENANT} AND name = 'Walkers'
                """)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


def walk(visitor, address: str, limit: int, **query) -> list[dict]:
    rows, cursor = [], None
    for _ in range(2_000):
        params = query | {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = visitor.get(address, params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        assert page["items"] or not page["nextCursor"], "an empty page that goes on"
        assert len(page["items"]) == limit or not page["nextCursor"], "a short page that goes on"
        rows += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            return rows
    raise AssertionError("the list has no end")


def expected(service, table: str, condition="true") -> set[str]:
    return {row[0] for row in service.sql(
        f"SELECT list.id FROM {table} AS list WHERE list.client_id = {TENANT} AND ({condition})")}


class Walked:
    """The rows that stayed where they were while a walk lasted: the demo's own writer moves others."""

    SORTED_BY = {"posts": "views, posted_at", "client_accounts": "followers, last_post_at"}
    # The rows of this file, which the demo leaves alone.
    OWN = {"posts": "external_id LIKE 'walk-%'", "client_accounts": "display_name LIKE 'Walker %'"}

    def __init__(self, service, table: str, condition: str):
        self.service, self.table, self.condition = service, table, condition
        self.writer = Writer(service, table)

    def places(self) -> set[tuple[str, ...]]:
        return {tuple(row) for row in self.service.sql(
            f"SELECT list.id, {self.SORTED_BY[self.table]} FROM {self.table} AS list"
            f" WHERE list.client_id = {TENANT} AND ({self.condition})")}

    def __enter__(self):
        self.own = expected(self.service, self.table, f"({self.condition}) AND {self.OWN[self.table]}")
        self.before = self.places()
        self.writer.__enter__()
        return self

    def __exit__(self, *all):
        self.writer.__exit__(*all)
        self.ids = {id for id, *_ in self.before & self.places()}
        assert self.own and self.own <= self.ids, "a row that no one else changes was moved"


def expect_each_once(rows, wanted: set[str]):
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids), "a row came twice"
    assert wanted <= set(ids), f"{len(wanted - set(ids))} rows were skipped"


POST_FILTERS = {
    "all": ({}, "true"),
    "a platform": ({"platform": "tiktok"}, "platform = 'tiktok'"),
    "a minimum of views": ({"minViews": 200}, "views >= 200"),
    "a search": ({"q": "walk 1"}, "caption ILIKE '%walk 1%'"),
}


@pytest.mark.parametrize("limit", [1, 37, 100])
@pytest.mark.parametrize("sort", ["postedAt", "views"])
@pytest.mark.parametrize("kind", POST_FILTERS)
def test_every_post_comes_once(own_service, ada, sort, kind, limit):
    if limit == 1 and kind != "a minimum of views":
        limit = 7  # Row by row is for one filter only: it takes as many requests as there are rows.
    query, condition = POST_FILTERS[kind]
    with Walked(own_service, "posts", condition) as walked:
        rows = walk(ada, POSTS, limit, sort=sort, **query)
    expect_each_once(rows, walked.ids)
    keys = [row["views"] if sort == "views" else row["postedAt"] for row in rows]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("name", ["account", "brand", "group"])
def test_every_post_of_one_parent_comes_once(own_service, ada, name):
    parents = {
        "account": "SELECT min(account_id), 'list.account_id' FROM posts WHERE client_id = {}",
        "brand": "SELECT min(id), '0' FROM brands WHERE client_id = {}",
        "group": "SELECT id, '0' FROM account_groups WHERE client_id = {} AND name = 'Walkers'",
    }
    parent = own_service.sql(parents[name].format(TENANT))[0][0]
    rows = walk(ada, POSTS, 37, **{name: parent})
    if name == "account":
        assert {row["id"] for row in rows} == expected(own_service, "posts", f"account_id = {parent}")
    assert rows and {row[name]["id"] for row in rows} == {parent}
    expect_each_once(rows, {row["id"] for row in walk(ada, POSTS, 100) if row[name]["id"] == parent})


def test_days_are_those_of_the_servers_time_zone(own_service, ada):
    own_service.sql(f"UPDATE guild_settings SET timezone = 'Pacific/Kiritimati' WHERE client_id = {TENANT}")
    [[day]] = own_service.sql(f"""
        SELECT (min(posted_at) AT TIME ZONE 'Pacific/Kiritimati')::date FROM posts WHERE client_id = {TENANT}""")
    wanted = expected(own_service, "posts", f"(posted_at AT TIME ZONE 'Pacific/Kiritimati')::date = '{day}'")
    rows = walk(ada, POSTS, 100, **{"from": day, "to": day})
    assert {row["id"] for row in rows} == wanted and wanted
    own_service.sql(f"UPDATE guild_settings SET timezone = 'UTC' WHERE client_id = {TENANT}")


ACCOUNT_FILTERS = {
    "all": ({}, "true"),
    "a platform": ({"platform": "tiktok"}, "platform = 'tiktok'"),
    "a status": ({"status": "paused"}, "status = 'paused'"),
    "a search": ({"q": "WALKER 3"}, "display_name ILIKE '%walker 3%' OR handle ILIKE '%walker 3%'"),
}


@pytest.mark.parametrize("limit", [1, 37, 100])
@pytest.mark.parametrize("sort", ["handle", "followers", "lastPostAt", "createdAt"])
@pytest.mark.parametrize("kind", ACCOUNT_FILTERS)
def test_every_account_comes_once(own_service, ada, sort, kind, limit):
    if limit == 1 and kind != "a search":
        limit = 7
    query, condition = ACCOUNT_FILTERS[kind]
    with Walked(own_service, "client_accounts", condition) as walked:
        rows = walk(ada, ACCOUNTS, limit, sort=sort, **query)
    expect_each_once(rows, walked.ids)
    if sort == "handle":
        keys = [row["handle"].lower() for row in rows]
        assert keys == sorted(keys)
    else:
        # Accounts without a measurement sort below all others.
        keys = [row[sort] for row in rows if row[sort] is not None]
        assert [row[sort] for row in rows] == keys + [None] * (len(rows) - len(keys))
        assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("list, table", [("brands", "brands"), ("groups", "account_groups")])
def test_every_brand_and_group_comes_once(own_service, ada, list, table):
    rows = walk(ada, f"/api/v1/guilds/{TINY_LANTERN}/{list}", 1)
    expect_each_once(rows, expected(own_service, table))
    assert len(rows) == len(expected(own_service, table))


def test_an_account_has_its_history(own_service, ada):
    id = walk(ada, ACCOUNTS, 100, sort="lastPostAt")[0]["id"]
    account = ada.get(f"{ACCOUNTS}/{id}").json()
    assert account["id"] == id
    assert isinstance(account["followerHistory"], list) and isinstance(account["viewHistory"], list)


def test_ids_are_text_and_times_are_utc(ada):
    post = ada.get(POSTS, params={"limit": 1}).json()["items"][0]
    assert post["id"].isdigit() and post["account"]["id"].isdigit()
    assert post["postedAt"].endswith("Z")
    assert all(isinstance(post[name], int) for name in ("views", "likes", "comments", "shares"))
