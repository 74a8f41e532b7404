"""Mixed load for a long time: whether memory and file descriptors stay constant.

200 requests a second (lists as JSON and pages, changes, refused and broken requests, clients that hang up), 200 streams that
are opened anew now and then, a heartbeat every 5 seconds, and a batch of 200 posts a second by SQL: new ones once a minute,
else newer numbers.
"""

import asyncio
import itertools
import json
import os
import random
import subprocess
import time

from bench import CLIENT, GUILD, USER, token

REQUESTS_PER_SECOND, STREAMS, WORKERS = 200, 200, 20
SAMPLE_SECONDS = 10


class Load:
    def __init__(self, service, cluster):
        self.service, self.cluster = service, cluster
        self.answers = {}
        self.broken = 0
        self.events = 0
        self.numbers = itertools.count()
        self.end = 0.0

    people_count = 10
    """Each has 20 of the streams, as many as a person may have."""

    def people(self):
        return [(USER + n, 1 + n) for n in range(1, self.people_count + 1)]

    def prepare(self):
        values = ", ".join(f"({user}, 'u{session}', {session})" for user, session in self.people())
        self.cluster.psql("dashboard", f"""
            CREATE TEMP TABLE people (id bigint, name text, session bigint);
            INSERT INTO people VALUES {values};
            INSERT INTO dashboard.users (id, username) SELECT id, name FROM people;
            INSERT INTO dashboard.user_guilds (user_id, guild_id, name, permissions) SELECT id, {GUILD}, 'Bench', 8 FROM people;
            INSERT INTO dashboard.dashboard_sessions (id, user_id, refresh_hash, expires_at, absolute_expires_at)
            OVERRIDING SYSTEM VALUE SELECT session, id, sha256(name::bytea), now() + interval '1 day',
                now() + interval '1 day' FROM people""")

    def token(self, person=None):
        """That of one of the first ten, of any if none is named. Tokens live for 15 minutes: made anew every 5."""
        age = int(time.monotonic() // 300)
        if getattr(self, "age", None) != age:
            self.age, self.tokens = age, [token(*person) for person in self.people()]
        return self.tokens[random.randrange(Load.people_count) if person is None else person]

    # Requests

    def request(self) -> tuple[bytes, bool]:
        """One at random, and whether its client hangs up before the answer."""
        number = next(self.numbers)
        api, pages = f"/api/v1/guilds/{GUILD}", f"/guilds/{GUILD}"
        kind = random.choices(range(8), (40, 25, 10, 8, 5, 5, 4, 3))[0]
        bearer, cookie = f"Authorization: Bearer {self.token()}\r\n", f"Cookie: dashboard_access={self.token()}\r\n"
        if kind == 0:
            return self.get(f"{api}/posts?limit={random.choice((10, 50))}&minViews={random.randrange(5000)}", bearer), False
        if kind == 1:
            page = random.choice(("", "/tracking/posts", "/tracking/accounts?sort=followers", "/usage", "/audit", "/status"))
            return self.get(pages + page, cookie + "Accept-Encoding: gzip\r\n"), False
        if kind == 2:
            return self.get("/api/v1/auth/me", bearer), False
        if kind == 3:
            body = json.dumps({"name": f"Brand {os.getpid()}-{number}"})
            head = f"POST {api}/brands HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: application/json\r\n"
            return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode(), False
        if kind == 4:
            return self.get(f"{api}/accounts/{number}/nothing", bearer), False
        if kind == 5:
            return self.get(f"{api}/posts?limit=x&{'y' * random.randrange(200)}={number}", bearer), False
        if kind == 6:
            return self.get(f"{api}/posts", f"Authorization: Bearer {'z' * random.randrange(900)}\r\n"), False
        return self.get(f"{pages}/tracking/posts?limit=100", cookie), True

    @staticmethod
    def get(path, headers):
        return f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()

    async def work(self, number):
        connection = None
        start = time.monotonic() + number / REQUESTS_PER_SECOND
        for turn in itertools.count():
            pause = start + turn * WORKERS / REQUESTS_PER_SECOND - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            if time.monotonic() > self.end:
                return
            request, hangs_up = self.request()
            try:
                if connection is None or random.random() < 0.01:
                    if connection:
                        connection[1].close()
                    connection = await asyncio.open_connection("127.0.0.1", self.service.port)
                connection[1].write(request)
                if hangs_up:
                    connection[1].transport.abort()
                    connection = None
                    continue
                status = await asyncio.wait_for(self.answer(connection[0]), 20)
                self.answers[status] = self.answers.get(status, 0) + 1
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                self.broken += 1
                connection = None

    @staticmethod
    async def answer(reader) -> int:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith("content-length:"))
        await reader.readexactly(length)
        return int(lines[0].split()[1])

    # Load beside the requests

    async def watch(self, number):
        while time.monotonic() < self.end:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.service.port)
                writer.write(self.get(f"/api/v1/guilds/{GUILD}/status/stream", f"Authorization: Bearer {self.token(number % Load.people_count)}\r\n"))
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
                status = int(head.split()[1])
                until = min(self.end, time.monotonic() + random.uniform(60, 600))
                # Refused if the stream before it is not gone yet.
                while status == 200 and (left := until - time.monotonic()) > 0:
                    line = await asyncio.wait_for(reader.readline(), left + 20)
                    if not line:
                        break
                    self.events += b"event: status" in line
                if status != 200:
                    self.answers[status] = self.answers.get(status, 0) + 1
                    await asyncio.sleep(1)
                writer.close()
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                self.broken += 1
            await asyncio.sleep(0.1)

    async def write(self):
        """As a bot does by SQL: a heartbeat now and then, and posts all the time."""
        writer = await asyncio.create_subprocess_exec(
            f"{self.cluster.bin}/psql", "-qXAt", "-h", self.cluster.folder, "-U", "tracking_bot", "dashboard",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for second in itertools.count():
            if time.monotonic() > self.end:
                break
            if second % 5 == 0:
                writer.stdin.write(f"SELECT bot.heartbeat(latency_ms => {random.randrange(40, 400)});\n".encode())
            writer.stdin.write(self.batch(second).encode())
            await writer.stdin.drain()
            await asyncio.sleep(1)
        writer.stdin.close()
        await writer.wait()

    def batch(self, second):
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        posts = [{
            "platform": self.platform, "handle": self.handle, "externalId": f"soak-{second // 60}-{n}", "caption": "Soak",
            "postedAt": "2026-01-01T00:00:00Z", "views": second * 9 + n, "likes": n, "comments": 1, "shares": 0, "measuredAt": moment,
        } for n in range(200)]
        return f"SELECT bot.record_posts({GUILD}, $soak${json.dumps(posts)}$soak$);\n"

    # Samples

    def sample(self):
        pid = self.service.process.pid
        return self.service.memory("VmRSS"), len(os.listdir(f"/proc/{pid}/fd"))

    async def record(self):
        begin, samples = time.monotonic(), []
        minutes = (self.end - begin) / 60
        print("minute   memory   descriptors   answers", flush=True)
        while time.monotonic() < self.end:
            await asyncio.sleep(SAMPLE_SECONDS)
            samples.append(self.sample())
            if len(samples) % max(1, int(minutes * 60 / SAMPLE_SECONDS / 12)) == 0:
                memory, files = samples[-1]
                print(f"{(time.monotonic() - begin) / 60:6.1f} {memory:7.1f} MB {files:>12} {sum(self.answers.values()):>10}", flush=True)
        quarter = max(1, len(samples) // 4)
        for name, part in (("second", samples[quarter:2 * quarter]), ("last", samples[-quarter:])):
            memory = sum(m for m, _ in part) / len(part)
            files = sum(f for _, f in part) / len(part)
            print(f"{name} quarter: {memory:.1f} MB, {files:.0f} descriptors on average")
        print(f"answers {dict(sorted(self.answers.items()))}, {self.broken} broken, {self.events} events")

    async def run(self, minutes):
        self.prepare()
        row = subprocess.run(
            [f"{self.cluster.bin}/psql", "-qXAt", "-h", self.cluster.folder, "-U", "dashboard", "dashboard", "-c",
             f"SELECT platform, handle FROM dashboard.client_accounts WHERE client_id = {CLIENT} LIMIT 1"],
            check=True, capture_output=True, text=True).stdout.strip()
        self.platform, self.handle = row.split("|")
        self.end = time.monotonic() + minutes * 60
        await asyncio.gather(
            *(self.work(number) for number in range(WORKERS)), *(self.watch(number) for number in range(STREAMS)), self.write(),
            *self.tasks(), self.record())

    def tasks(self):
        """Load beside all this."""
        return ()


def soak(service, cluster, minutes):
    asyncio.run(Load(service, cluster).run(minutes))
