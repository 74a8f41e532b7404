"""Hostile load beside ordinary readers: whether memory, file descriptors and streams stay constant, and whether
the ordinary readers are answered.

40 clients send the input of `attacks.py`, at most 200 requests a second together, read the answer or hang up, and open
and drop streams; 30 more send heads and bodies byte by byte. All of it goes to 127.0.0.1.
"""

import asyncio
import json
import random
import time
import urllib.request

from attacks import Attacks
from soak import SAMPLE_SECONDS, Load

ATTACKERS, ATTACKS_PER_SECOND, SLOW_CLIENTS = 40, 200, 30
# No run sends more, however long it is.
MOST_ATTACKS = 2_000_000
FAILURES = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError, ValueError, IndexError)


class HostileLoad(Load):
    def __init__(self, service, cluster, seed):
        super().__init__(service, cluster)
        self.chance = random.Random(seed)
        self.attacks = Attacks(json.loads(self.fetch("/api/v1/openapi.json")), self.chance, self.attacker)
        self.sent = 0
        self.hostile_answers, self.faults, self.dropped = {}, {}, 0

    people_count = 30
    """The first ten are ordinary, the others attack: streams, rate limits and sessions of people are apart."""

    def attacker(self):
        return self.token(self.chance.randrange(Load.people_count, self.people_count))

    def fetch(self, path):
        with urllib.request.urlopen(self.service.url(path), timeout=10) as answer:
            return answer.read().decode()

    def open_streams(self):
        lines = self.fetch("/metrics").splitlines()
        return next(int(float(line.split()[1])) for line in lines if line.startswith("dashboard_streams_open "))

    # The attackers

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.service.port)

    async def attack(self, number):
        start = time.monotonic() + number / ATTACKS_PER_SECOND
        turn = 0
        while time.monotonic() < self.end and self.sent < MOST_ATTACKS:
            await asyncio.sleep(max(0, start + turn * ATTACKERS / ATTACKS_PER_SECOND - time.monotonic()))
            turn += 1
            self.sent += 1
            kind = self.chance.random()
            try:
                if kind < 0.1:
                    await self.drop_stream()
                elif kind < 0.25:
                    await self.hang_up()
                else:
                    await self.ask()
            except FAILURES:
                self.dropped += 1

    async def ask(self):
        name, content = self.attacks.of_any_kind()
        reader, writer = await self.connect()
        try:
            writer.write(content)
            if self.chance.random() < 0.5:
                writer.write_eof()
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            status = int(head.split()[1])
            self.hostile_answers[status] = self.hostile_answers.get(status, 0) + 1
            if status >= 500:
                self.faults[name, status] = self.faults.get((name, status), 0) + 1
                print(f"  {status} to {name}: {content[:300]!r}", flush=True)
        finally:
            writer.transport.abort()

    async def hang_up(self):
        """At a random moment of a request or its answer."""
        content = self.attacks.described() if self.chance.random() < 0.5 else self.request()[0]
        _, writer = await self.connect()
        writer.write(content[:self.chance.randrange(len(content))] if self.chance.random() < 0.3 else content)
        await asyncio.sleep(self.chance.random() * 0.05)
        writer.transport.abort()

    async def drop_stream(self):
        reader, writer = await self.connect()
        writer.write(self.attacks.stream())
        if self.chance.random() < 0.7:
            await asyncio.wait_for(reader.readline(), 5)
            await asyncio.sleep(self.chance.random() * 2)
        writer.transport.abort() if self.chance.random() < 0.5 else writer.close()

    async def trickle(self, number):
        """A head or a body, a byte at a time, until the service has had enough."""
        await asyncio.sleep(number * 0.1)
        while time.monotonic() < self.end:
            try:
                reader, writer = await self.connect()
                content = self.attacks.stream()[:-2] if self.chance.random() < 0.5 else \
                    b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999
                until = min(self.end, time.monotonic() + self.chance.uniform(5, 60))
                for byte in content:
                    if time.monotonic() > until or reader.at_eof():
                        break
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.2)
                writer.transport.abort()
            except FAILURES:
                self.dropped += 1
            await asyncio.sleep(0.1)

    # Samples

    async def record(self):
        begin, samples = time.monotonic(), []
        print("second   memory   descriptors   streams   ordinary answers   attacks   5xx", flush=True)
        while time.monotonic() < self.end:
            await asyncio.sleep(SAMPLE_SECONDS)
            second = time.monotonic() - begin
            memory, files = self.sample()
            streams = await asyncio.to_thread(self.open_streams)
            samples.append((second, memory, files, streams))
            print(f"{second:6.0f} {memory:7.1f} MB {files:>12} {streams:>9} {sum(self.answers.values()):>18} {self.sent:>9}"
                  f" {self.count_of_faults():>5}", flush=True)
        self.summarize(samples)

    def count_of_faults(self):
        return sum(self.faults.values()) + sum(count for status, count in self.answers.items() if status >= 500)

    def summarize(self, samples):
        for index, name in ((1, "memory in MB"), (2, "descriptors"), (3, "streams")):
            print(f"{name}: first {samples[0][index]:.1f}, last {samples[-1][index]:.1f}, "
                  f"slope of the second half {slope(samples[len(samples) // 2:], index) * 3600:+.1f} an hour")
        print(f"ordinary answers {dict(sorted(self.answers.items()))}, {self.broken} broken, {self.events} events")
        print(f"attacks {self.sent}, answers {dict(sorted(self.hostile_answers.items()))}, {self.dropped} without one")
        print(f"5xx {self.count_of_faults()}: {self.faults}")

    def tasks(self):
        yield from (self.attack(number) for number in range(ATTACKERS))
        yield from (self.trickle(number) for number in range(SLOW_CLIENTS))


def slope(samples, index):
    """Of the straight line through the samples, a second."""
    count = len(samples)
    middle, mean = sum(s[0] for s in samples) / count, sum(s[index] for s in samples) / count
    width = sum((s[0] - middle) ** 2 for s in samples)
    return sum((s[0] - middle) * (s[index] - mean) for s in samples) / width if width else 0.0


def hostile(service, cluster, seconds, seed):
    print(f"{seconds:.0f} seconds of hostile load, seed {seed}", flush=True)
    load = HostileLoad(service, cluster, seed)
    asyncio.run(load.run(seconds / 60))
    assert service.process.poll() is None, f"the service ended with {service.process.returncode}"
