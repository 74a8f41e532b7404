"""What bots write through SQL: posts a second, and how readers fare meanwhile.

Each writer has a connection and a tenant of its own and sends batches of 1,000 reports, one transaction each. Nine of
ten are of posts that are known, with newer numbers; one is of a new post. Each leaves a point of history.
"""

import os
import re
import subprocess
import time

BATCHES = 20

# One file of statements for a tenant and a round. Tenant n has the posts (n - 1) * 20000 + 1 and following.
STATEMENTS = """
    SELECT format('SELECT bot.record_posts(%s, %L) ->> ''stored'';', 900000000000000000 + {tenant}, jsonb_agg(
        jsonb_build_object(
            'platform', platform, 'handle', handle, 'externalId', external_id, 'url', url, 'caption', caption,
            'postedAt', to_char(posted_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'views', views + {round}, 'likes', likes,
            'comments', comments, 'shares', shares,
            'measuredAt', to_char(now() - interval '1 hour' + {round} * interval '1 s', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))
    FROM (
        SELECT posts.platform, accounts.handle, posts.url, posts.caption, posts.posted_at, posts.views, posts.likes,
            posts.comments, posts.shares, (row_number() OVER (ORDER BY posts.id) - 1) / 1000 AS batch,
            posts.external_id || CASE WHEN posts.id % 10 = 0 THEN '-new-{round}' ELSE '' END AS external_id
        FROM dashboard.posts JOIN dashboard.client_accounts AS accounts
            ON accounts.client_id = posts.client_id AND accounts.id = posts.account_id
        WHERE posts.client_id = {tenant} AND posts.id <= {tenant} * 20000
    ) AS numbered
    GROUP BY batch ORDER BY batch
"""


def psql(cluster, *options, **settings):
    command = [f"{cluster.bin}/psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", cluster.folder, "dashboard", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **settings)


def write(cluster, tenants, number):
    """All writers at once; answers seconds, and PostgreSQL's of processor time."""
    files = []
    for tenant in tenants:
        files.append(f"/tmp/dashboard-bench-{os.getpid()}-{tenant}.sql")
        made = psql(cluster, "-U", "dashboard", "-o", files[-1], "-c", STATEMENTS.format(tenant=tenant, round=number))
        assert made.wait() == 0
    spent = processor_seconds(cluster)
    begin = time.monotonic()
    writers = [psql(cluster, "-U", "tracking_bot", "-f", file) for file in files]
    answers = [writer.communicate()[0].split() for writer in writers]
    elapsed = time.monotonic() - begin
    assert answers == [["1000"] * BATCHES] * len(tenants), answers
    for file in files:
        os.remove(file)
    return elapsed, processor_seconds(cluster) - spent


def processor_seconds(cluster):
    """Of all backends that have ended: they are children that the postmaster has waited for."""
    left = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tracking_bot'"
    while psql(cluster, "-U", "dashboard", "-c", left).communicate()[0].strip() != "0":
        time.sleep(0.05)
    with open(f"{cluster.folder}/data/postmaster.pid") as file:
        postmaster = int(file.readline())
    with open(f"/proc/{postmaster}/stat") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def reader(url, header, seconds):
    command = ["wrk", "-t1", "-c4", f"-d{seconds}", "--latency", "-H", header, url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def p99(process):
    output = process.communicate()[0]
    return re.search(r"99%\s+(\S+)", output)[1], re.search(r"Requests/sec:\s+(\S+)", output)[1]


def measure_writes(cluster, url, header):
    tenants = {1: [50], 4: [51, 52, 53, 54]}
    for count, its in tenants.items():
        for number in range(1, 4):
            elapsed, spent = write(cluster, its, number)
            print(f"{count} writers {number}: {count * BATCHES * 1000 / elapsed:>8.0f} posts/s"
                  f"  {elapsed / BATCHES * 1000:.0f} ms a batch"
                  f"  PostgreSQL {spent / (count * BATCHES * 1000) * 1e6:.1f} µs a post", flush=True)
    alone = reader(url, header, 4)
    print("readers alone: p99 {}, {} requests/s".format(*p99(alone)))
    for count, its in tenants.items():
        reading = reader(url, header, 4)
        elapsed, _ = write(cluster, its, 4)
        print("readers beside {} writers: p99 {}, {} requests/s; {:.0f} posts/s".format(
            count, *p99(reading), count * BATCHES * 1000 / elapsed), flush=True)
