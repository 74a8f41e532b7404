"""Writes of bots, through SQL and over HTTP: posts a second, processor time a post, and the latency of readers meanwhile.

Each writer has a connection, a tenant and, over HTTP, an API key of its own, and sends batches of 1,000 reports, one
transaction each. Nine of ten are of posts that are known, with newer numbers; one is of a new post. Each leaves a point
of history. Batches are made, and signed, beforehand.
"""

import hashlib
import hmac
import http.client
import json
import subprocess
import threading
import time

from measuring import Load, SteadyLoad, database_seconds, processor_seconds, steady, wrk

BATCHES, ROUNDS = 20, 3
READING_SECONDS = 4
# Of people who read, at a time: far more than a dashboard has.
STEADY_RATE = 200
# So many rounds are there for the time in which readers read.
ROUNDS_BESIDE_READERS = 6

# The batches of a tenant and a round. Tenant n has the posts (n - 1) * 20000 + 1 and following, measured two hours ago.
STATEMENT = """
    SELECT jsonb_agg(
        jsonb_build_object(
            'platform', platform, 'handle', handle, 'externalId', external_id, 'url', url, 'caption', caption,
            'postedAt', to_char(posted_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'views', views + {round}, 'likes', likes,
            'comments', comments, 'shares', shares,
            'measuredAt', to_char(now() - interval '1 hour' + {round} * interval '1 s', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
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


def psql(cluster, user, *options):
    command = [f"{cluster.bin}/psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", cluster.folder, "-U", user, "dashboard"]
    return subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class SQLWriter:
    name = "SQL"

    def __init__(self, cluster, service, tenant):
        self.guild = guild(tenant)
        self.psql = psql(cluster, "tracking_bot")

    def prepare(self, batch):
        quoted = batch.replace("'", "''")
        return f"SELECT bot.record_posts({self.guild}, '{quoted}') ->> 'stored';\n"

    def send(self, prepared):
        self.psql.stdin.write(prepared)
        self.psql.stdin.flush()
        return int(self.psql.stdout.readline())

    def close(self):
        self.psql.communicate()


class HTTPWriter:
    name = "HTTP"

    def __init__(self, cluster, service, tenant):
        self.path = f"/api/v1/bot/guilds/{guild(tenant)}/posts"
        self.key, self.secret = service.api_key(guild(tenant), "posts")
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port)

    def prepare(self, batch):
        body = f'{{"items": {batch}}}'.encode()
        timestamp = str(int(time.time() * 1000))
        lines = [timestamp, "POST", self.path, hashlib.sha256(body).hexdigest()]
        return body, {
            "Content-Type": "application/json", "Dashboard-Key": self.key, "Dashboard-Timestamp": timestamp,
            "Dashboard-Signature": hmac.new(self.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest(),
        }

    def send(self, prepared):
        self.connection.request("POST", self.path, *prepared)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return json.loads(text)["stored"]

    def close(self):
        self.connection.close()


def guild(tenant):
    return 900000000000000000 + tenant


class Rounds:
    """Numbers of rounds: each has newer and greater numbers than the ones before it."""

    def __init__(self, cluster):
        self.cluster, self.last = cluster, {}

    def next(self, tenant):
        self.last[tenant] = number = self.last.get(tenant, 0) + 1
        statement = STATEMENT.format(tenant=tenant, round=number)
        batches = psql(self.cluster, "dashboard", "-c", statement).communicate()[0].splitlines()
        assert len(batches) == BATCHES
        return batches


class Writing:
    """Writers, each on a thread, until their batches are used up or they are stopped."""

    def __init__(self, writers, batches):
        self.is_over = threading.Event()
        self.written, self.faults = 0, []
        self.threads = [threading.Thread(target=self.write, args=pair) for pair in zip(writers, batches)]
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def write(self, writer, batches):
        try:
            for batch in batches:
                if self.is_over.is_set():
                    return
                stored = writer.send(batch)
                assert stored == 1000, stored
                self.written += 1000
        except Exception as error:
            self.faults.append(error)

    def wait(self):
        """Answers the seconds that it took."""
        for thread in self.threads:
            thread.join()
        assert not self.faults, self.faults
        return time.monotonic() - self.began


def measure_alone(cluster, service, kind, tenants, rounds):
    writers = [kind(cluster, service, tenant) for tenant in tenants]
    for number in range(1, ROUNDS + 1):
        batches = [[writer.prepare(batch) for batch in rounds.next(tenant)] for writer, tenant in zip(writers, tenants)]
        before = processor_seconds([service.process.pid]), database_seconds(cluster)
        writing = Writing(writers, batches)
        elapsed = writing.wait()
        after = processor_seconds([service.process.pid]), database_seconds(cluster)
        own, database = ((b - a) / writing.written * 1e6 for a, b in zip(before, after))
        print(f"{kind.name}, {len(tenants)} writers  {number}  {writing.written / elapsed:>8.0f} posts/s"
              f"  {elapsed / BATCHES * 1000:4.0f} ms a batch  service {own:5.1f} µs  PostgreSQL {database:6.1f} µs a post",
              flush=True)
    for writer in writers:
        writer.close()


def measure_beside_readers(cluster, service, kind, tenants, rounds, read, tell):
    writers = [kind(cluster, service, tenant) for tenant in tenants]
    batches = [
        [writer.prepare(batch) for _ in range(ROUNDS_BESIDE_READERS) for batch in rounds.next(tenant)]
        for writer, tenant in zip(writers, tenants)]
    writing = Writing(writers, batches)
    process = read()
    process.wait()
    assert any(thread.is_alive() for thread in writing.threads), "the writers were through before the readers"
    writing.is_over.set()
    elapsed = writing.wait()
    for writer in writers:
        writer.close()
    tell(f"beside {len(tenants)} {kind.name} writers", process, f", {writing.written / elapsed:.0f} posts/s")


def tell_busy(name, process, more=""):
    load = Load(process)
    print(f"busy readers {name:<22}  p99 {load.p99:>8}  {load.rate:>6.0f} /s{load.complaint}{more}", flush=True)


def tell_steady(name, process, more=""):
    load = SteadyLoad(process)
    print(f"{STEADY_RATE} reads/s {name:<22}  p99 {load.p99:>8}  maximum {load.maximum:>8}{more}", flush=True)


def measure_writes(cluster, service, url, header):
    rounds = Rounds(cluster)
    for kind, first in ((SQLWriter, 50), (HTTPWriter, 60)):
        for tenants in [first], list(range(first + 1, first + 5)):
            measure_alone(cluster, service, kind, tenants, rounds)
    measure_readers(cluster, service, rounds, lambda: wrk(url, [header], 4, READING_SECONDS), tell_busy)
    measure_readers(cluster, service, rounds, lambda: steady(url, header, READING_SECONDS, STEADY_RATE), tell_steady)


def measure_readers(cluster, service, rounds, read, tell):
    for _ in range(ROUNDS):
        tell("alone", read())
    for _ in range(ROUNDS):
        for kind, first in ((SQLWriter, 50), (HTTPWriter, 60)):
            for tenants in [first], list(range(first + 1, first + 5)):
                measure_beside_readers(cluster, service, kind, tenants, rounds, read, tell)
