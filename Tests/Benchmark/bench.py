"""Fills a scratch cluster, runs the service on it, and measures requests, processor time, memory and streams.

Processor time is read from /proc and divided by the number of requests: unlike throughput it hardly depends on the
other load of the machine.
"""

import asyncio
import base64
import glob
import hashlib
import hmac
import json
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from measuring import Load, processor_seconds, start, wrk
from writes import measure_writes

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ["DASHBOARD_BINARY"]
SECRET = "benchmark-secret-" * 5
GUILD, CLIENT, USER = 900000000000000037, 37, 100000000000000001
CONNECTIONS, SECONDS, ROUNDS = 32, 8, 3


class Cluster:
    """A PostgreSQL server of its own, reached through a socket."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="dashboard-bench-")
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.prefix = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "dashboard", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c shared_buffers=512MB"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o", options, "start")
        self.psql("postgres", "CREATE DATABASE dashboard")
        self.address = f"host={self.folder} user=dashboard dbname=dashboard"

    def run(self, program, *arguments):
        subprocess.run([*self.prefix, f"{self.bin}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL)

    def psql(self, database, command=None, file=None):
        what = ["-c", command] if command else ["-f", file]
        subprocess.run(
            [f"{self.bin}/psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "dashboard", database, *what],
            check=True, stdout=subprocess.DEVNULL)

    def processes(self):
        with open(f"{self.folder}/data/postmaster.pid") as file:
            postmaster = int(file.readline())
        with open(f"/proc/{postmaster}/task/{postmaster}/children") as file:
            return [postmaster, *map(int, file.read().split())]

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Service:
    def __init__(self, cluster):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = tempfile.mkdtemp(prefix="dashboard-bench-")
        self.environment = {
            "PATH": os.environ["PATH"], "DATABASE_URL": cluster.address, "DATA_DIR": self.folder,
            "PORT": str(self.port), "JWT_SECRET": SECRET, "RATE_LIMIT_USER_PER_MINUTE": "10000000",
            "RATE_LIMIT_TENANT_PER_MINUTE": "10000000", "RATE_LIMIT_KEY_PER_MINUTE": "10000000",
            "RATE_LIMIT_SIGN_IN_PER_15_MINUTES": "10000000",
            # Not demo mode: nothing else shall write while this measures.
            "DASHBOARD_DISCORD_CLIENT_ID": "100000000000000099", "DASHBOARD_DISCORD_CLIENT_SECRET": "unused",
        }
        begin = time.monotonic()
        self.log = open(f"{self.folder}/log", "wb")
        self.process = start([BINARY, "serve"], env=self.environment, stdout=self.log)
        while not self.answers():
            time.sleep(0.001)
        self.start_milliseconds = (time.monotonic() - begin) * 1000

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return b" 200 " in connection.recv(64)
        except OSError:
            return False

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def api_key(self, guild, scopes):
        """The id and the secret of a new key, from the command line."""
        done = subprocess.run(
            [BINARY, "api-key", "create", "Benchmark", "--guild", str(guild), "--scopes", scopes], check=True,
            env=self.environment, capture_output=True, text=True)
        words = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[:2])
        return words["key"], words["secret"]

    def memory(self, key):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(rf"{key}:\s+(\d+)", file.read())[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)
        shutil.rmtree(self.folder, ignore_errors=True)


def token(user=USER, session=1):
    """An access token as the service signs it, for a session that is put into the database."""

    def mac(key, message):
        return hmac.new(key, message, hashlib.sha256).digest()

    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=")

    secret, now = SECRET.encode(), int(time.time())
    key = mac(mac(secret, b"key id"), b"")[:4].hex()
    claims = {
        "iss": "tracking-dashboard", "aud": "tracking-dashboard-api", "sub": str(user), "sid": str(session), "jti": "bench",
        "iat": now, "exp": now + 900, "username": "ada",
        "guilds": [{"id": str(GUILD), "clientId": str(CLIENT), "permissions": "8"}],
    }
    signed = encode({"alg": "HS256", "typ": "JWT", "kid": key}) + b"." + encode(claims)
    return (signed + b"." + base64.urlsafe_b64encode(mac(secret, signed)).rstrip(b"=")).decode()


def prepare(cluster):
    print("filling 2 million posts …", flush=True)
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": cluster.address, "DATA_DIR": "/nonexistent"}
    subprocess.run([BINARY, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
    cluster.psql("dashboard", file=f"{HERE}/fill.sql")
    cluster.psql("dashboard", f"""
        INSERT INTO dashboard.users (id, username) VALUES ({USER}, 'ada');
        INSERT INTO dashboard.user_guilds (user_id, guild_id, name, permissions) VALUES ({USER}, {GUILD}, 'Bench', 8);
        INSERT INTO dashboard.dashboard_sessions (id, user_id, refresh_hash, expires_at, absolute_expires_at)
        OVERRIDING SYSTEM VALUE VALUES (1, {USER}, sha256('x'), now() + interval '1 day', now() + interval '1 day')""")


def measure(name, service, cluster, path, headers, connections=CONNECTIONS, seconds=SECONDS, rounds=ROUNDS):
    for number in range(rounds):
        before = processor_seconds([service.process.pid]), processor_seconds(cluster.processes())
        load = Load(wrk(service.url(path), headers, connections, seconds))
        after = processor_seconds([service.process.pid]), processor_seconds(cluster.processes())
        own, database = ((b - a) / load.requests * 1e6 for a, b in zip(before, after))
        print(
            f"{name:<26} {number + 1}  {load.rate:>8.0f} /s  p50 {load.p50:>8}  p99 {load.p99:>8}"
            f"  service {own:6.1f} µs  PostgreSQL {database:6.1f} µs{load.complaint}", flush=True)


async def streams(service, cluster, count, tokens):
    """Opens streams, sends one event, and waits until each of them has it."""
    request = (
        f"GET /api/v1/guilds/{GUILD}/status/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {{}}\r\n\r\n")
    before = service.memory("VmRSS")
    readers = []
    for number in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(request.format(tokens[number % len(tokens)]).encode())
        readers.append((reader, writer))
    await asyncio.gather(*(reader.readuntil(b"event: status") for reader, _ in readers))
    grown = service.memory("VmRSS") - before
    spent = processor_seconds([service.process.pid])
    begin = time.monotonic()
    cluster.psql("dashboard", "SELECT bot.heartbeat(latency_ms => 77)")
    await asyncio.gather(*(asyncio.wait_for(reader.readuntil(b'"latencyMs":77'), 10) for reader, _ in readers))
    elapsed = time.monotonic() - begin
    spent = processor_seconds([service.process.pid]) - spent
    print(
        f"{count} streams: {grown:.0f} MB more, an event reached all of them after {elapsed * 1000:.0f} ms,"
        f" {spent / count * 1e6:.0f} µs of processor time each", flush=True)
    for _, writer in readers:
        writer.close()


def main():
    quick = "--quick" in sys.argv
    rounds = 1 if quick else ROUNDS
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    cluster = Cluster()
    service = None
    try:
        prepare(cluster)
        service = Service(cluster)
        print(f"ready after {service.start_milliseconds:.0f} ms on a migrated database")
        bearer = [f"Authorization: Bearer {token()}"]
        cookie = [f"Cookie: dashboard_access={token()}", "Accept: text/html"]
        posts, page = f"/api/v1/guilds/{GUILD}/posts", f"/guilds/{GUILD}/tracking/posts"
        if "soak" in sys.argv:
            from soak import soak
            soak(service, cluster, float(sys.argv[sys.argv.index("soak") + 1]))
            return
        if "hostile" in sys.argv:
            from hostile import hostile
            rest = sys.argv[sys.argv.index("hostile") + 1:]
            hostile(service, cluster, float(rest[0]) if rest else 180, int(rest[1]) if len(rest) > 1 else int(time.time()))
            return
        if "writes" in sys.argv:
            measure_writes(cluster, service, service.url(posts), bearer[0])
            return
        measure("healthz", service, cluster, "/healthz", [], rounds=rounds)
        measure("50 posts as JSON", service, cluster, posts, bearer, rounds=rounds)
        measure("50 posts as HTML", service, cluster, page, cookie, rounds=rounds)
        measure("JSON, one connection", service, cluster, posts, bearer, connections=1, rounds=1)
        measure("HTML, one connection", service, cluster, page, cookie, connections=1, rounds=1)
        print(f"peak memory {service.memory('VmHWM'):.0f} MB", flush=True)
        measure_writes(cluster, service, service.url(posts), bearer[0])
        if not quick:
            asyncio.run(streams_of_many(service, cluster, 5_000))
    finally:
        if service:
            service.stop()
        cluster.stop()


async def streams_of_many(service, cluster, count):
    # A person may have 20 streams.
    people = count // 20
    cluster.psql("dashboard", f"""
        INSERT INTO dashboard.users (id, username) SELECT {USER} + n, 'u' || n FROM generate_series(1, {people}) n;
        INSERT INTO dashboard.user_guilds (user_id, guild_id, name, permissions)
        SELECT {USER} + n, {GUILD}, 'Bench', 8 FROM generate_series(1, {people}) n;
        INSERT INTO dashboard.dashboard_sessions (id, user_id, refresh_hash, expires_at, absolute_expires_at)
        OVERRIDING SYSTEM VALUE SELECT 1 + n, {USER} + n, sha256(n::text::bytea), now() + interval '1 day',
            now() + interval '1 day' FROM generate_series(1, {people}) n""")
    await streams(service, cluster, count, [token(USER + n, 1 + n) for n in range(1, people + 1)])


if __name__ == "__main__":
    main()
