"""Writes of bots through SQL: the guide's own example, and batches in the middle of which PostgreSQL is killed."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

import harness.clients
from harness.cluster import Cluster, binaries
from harness.service import Service
from harness.waiting import eventually

GUIDE = Path(__file__).parents[2] / "docs" / "bot-guide.md"
GUILD = 700_000_000_000_000_001
CLIENT = f"(SELECT client_id FROM dashboard.guilds WHERE guild_id = {GUILD})"
TABLES = ("posts", "post_metrics", "client_accounts", "account_metrics", "history_days")


@pytest.fixture(scope="module")
def fragile():
    """A cluster that may be killed, migrated by a service that has stopped."""
    cluster = Cluster()
    cluster.create("written")
    Service(cluster, "written").stop()
    cluster.sql(f"SELECT bot.guild_joined({GUILD}, 'Written')", "written")
    accounts = [
        {"platform": "x", "handle": f"a{number}", "measuredAt": "2026-01-01T00:00:00Z"} for number in range(50)
    ]
    cluster.sql(f"SELECT bot.upsert_accounts({GUILD}, '{json.dumps(accounts)}')", "written", "tracking_bot")
    yield cluster
    cluster.remove()


def batch(number: int) -> str:
    return json.dumps([
        {
            "platform": "x", "handle": f"a{post % 50}", "externalId": f"batch-{number}-{post}", "views": post,
            "postedAt": "2026-02-01T00:00:00Z", "measuredAt": "2026-03-01T00:00:00Z",
        }
        for post in range(1_000)
    ])


def writer(cluster: Cluster, first: int) -> subprocess.Popen:
    """psql that writes batch after batch, and prints a line after each that is stored."""
    psql = subprocess.Popen(
        [str(binaries() / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", cluster.address("written", "tracking_bot")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for number in range(first, first + 40):
            psql.stdin.write(f"SELECT bot.record_posts({GUILD}, '{batch(number)}') ->> 'stored';\n")
        psql.stdin.close()
    except BrokenPipeError:
        pass
    return psql


def state(cluster: Cluster) -> list:
    return [
        cluster.sql(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM dashboard.{table} t WHERE client_id = {CLIENT}",
                    "written")
        for table in TABLES
    ]


@pytest.mark.parametrize("round_number", range(3))
def test_a_batch_is_stored_whole_or_not_at_all_when_postgresql_is_killed(fragile, round_number):
    first = round_number * 100
    psql = writer(fragile, first)
    answers = [psql.stdout.readline().strip() for _ in range(2)]
    assert answers == ["1000", "1000"]
    # Somewhere in one of the next batches.
    time.sleep(0.01 + 0.03 * round_number)
    fragile.kill()
    answers += psql.stdout.read().split()
    psql.wait(10)
    fragile.start()

    sizes = fragile.sql(
        "SELECT split_part(external_id, '-', 2)::int, count(*) FROM dashboard.posts"
        f" WHERE external_id LIKE 'batch-%' AND split_part(external_id, '-', 2)::int >= {first} GROUP BY 1", "written")
    assert {size for _, size in sizes} == {"1000"}
    # All acknowledged batches are stored; at most one more, whose answer was lost.
    assert len(answers) <= len(sizes) <= len(answers) + 1
    posts, points, counted = fragile.sql(
        f"""SELECT (SELECT count(*) FROM dashboard.posts WHERE client_id = {CLIENT}),
                   (SELECT count(*) FROM dashboard.post_metrics WHERE client_id = {CLIENT}),
                   (SELECT sum(post_count) FROM dashboard.client_accounts WHERE client_id = {CLIENT})""", "written")[0]
    assert posts == points == counted


def test_sending_everything_again_stores_only_the_lost_items(fragile):
    def send(*numbers: int) -> list:
        statements = "".join(f"SELECT bot.record_posts({GUILD}, '{batch(number)}');\n" for number in numbers)
        answers = subprocess.run(
            [str(binaries() / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", fragile.address("written", "tracking_bot")],
            input=statements, capture_output=True, text=True, check=True, timeout=60).stdout
        return [json.loads(answer) for answer in answers.splitlines()]

    send(0, 1, 2)
    before = state(fragile)
    assert send(2, 0, 1) == [{"stored": 0, "unchanged": 1_000, "rejected": [], "repaired": 0}] * 3
    assert state(fragile) == before


COMMANDS = {"Python": [sys.executable, "-u", "-c"], "JavaScript": ["node", "--input-type=module", "-e"]}


@pytest.mark.parametrize("language, guild, name", [
    ("Python", 123456789012345678, "My server"), ("JavaScript", 123456789012345679, "My other server")])
def test_the_guides_example_writes_as_soon_as_the_database_is_there(fragile, tmp_path, language, guild, name):
    found = re.search(
        rf"^### A complete bot in {language}$.*?^```\w+\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"the guide has no complete bot in {language}"
    driver = tmp_path / "node_modules" / "pg"
    driver.mkdir(parents=True)
    (driver / "package.json").write_text('{"exports": "./pg.mjs"}')
    shutil.copy(Path(harness.clients.__file__).parent / "pg.mjs", driver)
    said = tmp_path / "said"
    fragile.kill()
    with said.open("w") as output:
        bot = subprocess.Popen(
            [*COMMANDS[language], found[1]], stdout=output, stderr=subprocess.STDOUT, cwd=tmp_path,
            env={
                "PATH": f"{binaries()}:{os.environ['PATH']}",
                "DATABASE_URL": f"postgresql://tracking_bot@{quote(str(fragile.folder), safe='')}/written"})
    try:
        eventually(lambda: "the database is unreachable" in said.read_text(), within=10)
        fragile.start()
        rows = eventually(lambda: fragile.sql(f"""
            SELECT g.name, a.handle, a.followers, p.external_id, p.views FROM dashboard.guilds g
              JOIN dashboard.client_accounts a USING (client_id) JOIN dashboard.posts p USING (client_id)
             WHERE g.guild_id = {guild}""", "written"), within=20)
        assert rows == [[name, "lena.glows", "184000", "7301", "15200"]]
        assert bot.poll() is None, "a bot goes on"
    finally:
        bot.kill()
        bot.wait(10)
    lines = said.read_text().splitlines()
    assert lines and all(line.startswith("the database is unreachable") or line.startswith("\t") for line in lines), lines
