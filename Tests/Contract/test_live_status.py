"""The bot's state as it changes, pushed to everyone who watches."""

import asyncio
import json
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.answers import expect_problem
from harness.cast import ADA, BOB, CASA_VERDE, CHARLIE, HARBOR, NORTHLIGHT
from harness.forging import invented_people
from harness.numbers import Numbers
from harness.signing_in import bearer, sign_in
from harness.streams import Stream
from harness.waiting import eventually
from harness.wire import connect

PATH = f"/api/v1/guilds/{NORTHLIGHT}/status/stream"
STATUS = f"/api/v1/guilds/{NORTHLIGHT}/status"


@pytest.fixture(scope="module")
def ada(own_service):
    with bearer(own_service, ADA) as visitor:
        yield visitor


@pytest.fixture
def stream(own_service, ada):
    """An open stream of a bot that is well, its first event read."""
    own_service.heartbeat(status="healthy", shard_count=4, shards_down=0, guild_count=5, latency_ms=50, version="1.2.3")
    stream = Stream(ada, PATH)
    stream.until(state="online")
    yield stream
    stream.close()


def silence(service, seconds: int):
    service.sql(f"UPDATE bot_health SET last_heartbeat = clock_timestamp() - interval '{seconds} s'")


def test_a_stream_begins_with_the_present_state(own_service, ada):
    own_service.heartbeat(status="healthy", shard_count=4, shards_down=0, guild_count=5, latency_ms=50, version="1.2.3")
    eventually(lambda: ada.get(STATUS).json()["version"] == "1.2.3")
    own_service.cluster.sql(f"SELECT bot.queue_depth({NORTHLIGHT}, 17, 40)", own_service.database)
    stream = Stream(ada, PATH)
    first = stream.next(1)
    stream.close()
    assert stream.answer.headers["content-type"].startswith("text/event-stream")
    assert stream.answer.headers["cache-control"] == "no-store"
    assert first["state"] == "online" and first["version"] == "1.2.3"
    assert (first["shardCount"], first["shardsDown"], first["guildCount"], first["latencyMs"]) == (4, 0, 5, 50)
    assert first["beatsMissed"] == 0 and first["lastHeartbeat"].endswith("Z") and first["asOf"].endswith("Z")
    assert first["queueDepth"] is not None
    assert set(ada.get(STATUS).json()) == set(first)


def test_a_bot_that_reports_trouble_is_degraded_within_two_seconds(own_service, stream):
    own_service.heartbeat(status="degraded")
    stream.until(within=2, state="degraded")
    own_service.heartbeat(status="healthy")
    stream.until(within=2, state="online")


def test_a_bot_with_a_shard_down_is_degraded(own_service, stream):
    own_service.heartbeat(status="healthy", shard_count=4, shards_down=1)
    assert stream.until(within=2, state="degraded")["shardsDown"] == 1


@pytest.mark.parametrize("latency, state", [(1_001, "degraded"), (1_000, "online")])
def test_a_latency_above_a_second_is_degraded(own_service, stream, latency, state):
    own_service.heartbeat(status="healthy", latency_ms=latency)
    assert stream.until(within=2, latencyMs=latency)["state"] == state


def test_a_bot_that_stops_is_offline_at_once_and_back_at_once(own_service, stream):
    own_service.heartbeat(status="stopping")
    stream.until(within=2, state="offline")
    own_service.heartbeat(status="healthy")
    stream.until(within=2, state="online")


def test_a_bot_that_falls_silent_is_offline_within_five_seconds_of_the_ninety(own_service, stream, ada):
    silence(own_service, 89)
    offline = stream.until(within=1 + 5, state="offline")
    assert offline["beatsMissed"] >= 3 and offline["since"]
    assert ada.get(STATUS).json()["state"] == "offline"
    own_service.heartbeat(status="healthy")
    stream.until(within=2, state="online")


def test_a_silence_of_less_than_ninety_seconds_is_none(own_service, stream, ada):
    silence(own_service, 80)
    time.sleep(2.5)
    assert ada.get(STATUS).json()["state"] == "online"


def test_silence_is_one_incident_that_the_next_beat_ends(own_service, stream, nobody_of_own):
    before = own_service.sql("SELECT coalesce(max(id), 0) FROM bot_incidents")[0][0]
    silence(own_service, 200)
    stream.until(within=6, state="offline")
    eventually(lambda: own_service.sql(f"SELECT 1 FROM bot_incidents WHERE id > {before}"))
    own_service.heartbeat(status="healthy")
    stream.until(within=2, state="online")
    rows = own_service.sql(
        f"SELECT state, reason, ended_at IS NOT NULL FROM bot_incidents WHERE id > {before} ORDER BY id")
    assert rows == [["offline", "silence", "t"]]
    shown = nobody_of_own.get("/api/v1/status").json()["incidents"]
    assert any(incident["reason"] == "silence" and incident["endedAt"] for incident in shown)


@pytest.fixture
def nobody_of_own(own_service):
    with own_service.client() as visitor:
        yield visitor


def test_a_queue_that_grows_is_pushed_to_its_own_server_only(own_service, stream):
    with bearer(own_service, CHARLIE) as charlie:
        other = Stream(charlie, f"/api/v1/guilds/{HARBOR}/status/stream")
        other.next(1)
        own_service.cluster.sql(f"SELECT bot.queue_depth({NORTHLIGHT}, 4711)", own_service.database, "tracking_bot")
        assert stream.until(within=2, queueDepth=4711)["queueAsOf"]
        assert all(event["queueDepth"] != 4711 for event in other.heard(1))
        other.close()


def test_changes_of_tracked_data_are_pushed_at_most_every_ten_seconds(own_service, stream):
    # The writer of the demo changes something now and then, too.
    with bearer(own_service, ADA) as ada:
        for _ in range(3):
            before = len(stream.changes)
            answer = ada.post(f"/api/v1/guilds/{NORTHLIGHT}/brands", json={"name": f"Live {before} {time.monotonic()}"})
            assert answer.status_code == 201
            # The last change is not lost.
            eventually(lambda: len(stream.changes) > before, within=12)
    gaps = [later - earlier for earlier, later in zip(stream.changes, stream.changes[1:])]
    assert gaps and min(gaps) > 9.5


def test_a_viewer_and_a_browser_may_watch_too(own_service):
    with bearer(own_service, BOB) as bob, sign_in(own_service, ADA) as browser:
        for visitor in (bob, browser):
            stream = Stream(visitor, PATH)
            assert stream.next(2)["state"]
            stream.close()


def test_a_browser_that_reconnects_is_renewed_on_the_fly(own_service):
    with sign_in(own_service, ADA) as browser:
        browser.cookies.delete("dashboard_access")
        stream = Stream(browser, PATH)
        assert stream.next(2)["state"]
        assert stream.answer.headers.get_list("set-cookie")
        stream.close()


@pytest.mark.parametrize("id", ["0", "1", "99999999999999999999", "abc", "-1", "x" * 5_000])
def test_a_client_that_reconnects_gets_the_present_state(own_service, id):
    with bearer(own_service, ADA) as visitor:
        visitor.headers["Last-Event-ID"] = id
        stream = Stream(visitor, PATH)
        assert stream.next(2)["state"]
        stream.close()


def test_a_stranger_gets_a_problem_and_no_stream(own_service, nobody_of_own, ada):
    expect_problem(nobody_of_own.get(PATH), 401)
    expect_problem(ada.get(f"/api/v1/guilds/{HARBOR}/status/stream"), 404)


def test_a_stream_has_a_comment_every_fifteen_seconds(own_service, ada):
    with ada.stream("GET", PATH, timeout=20) as answer:
        comments = (time.monotonic() for line in answer.iter_lines() if line.startswith(":"))
        # All streams get it at the same time, so the first may come at once.
        first, second = next(comments), next(comments)
        assert 14 < second - first < 16


def test_one_person_may_have_twenty_streams(own_service):
    with bearer(own_service, BOB) as bob:
        streams = []

        def has_twenty():
            streams.append(Stream(bob, PATH))
            if streams[-1].answer.status_code != 200:
                streams.pop()  # The place of a stream that has just ended.
            return len(streams) == 20

        eventually(has_twenty)
        assert all(stream.next(2) for stream in streams)
        expect_problem(bob.get(PATH), 429)
        with bearer(own_service, BOB) as again:
            expect_problem(again.get(PATH), 429)
        with bearer(own_service, ADA) as ada:
            other = Stream(ada, PATH)
            assert other.next(2)
            other.close()
        streams.pop().close()
        eventually(has_twenty)
        for stream in streams:
            stream.close()


def test_the_end_of_a_session_does_not_leave_its_page_waiting(own_service):
    with bearer(own_service, ADA) as visitor:
        assert visitor.post("/api/v1/auth/logout").status_code == 204
        expect_problem(visitor.get(PATH), 401)


def test_streams_end_cleanly_when_the_service_stops(start_service):
    service = start_service()
    with bearer(service, ADA) as visitor:
        streams = [Stream(visitor, PATH) for _ in range(5)]
        for stream in streams:
            stream.next(2)
        started = time.monotonic()
        assert service.end() == 0
        assert time.monotonic() - started < 5
        for stream in streams:
            assert stream.ended.wait(2)
            assert stream.error is None, f"the stream broke off: {stream.error!r}"


def test_two_services_on_one_database_send_the_same_events(own_service, start_service, ada):
    second = start_service(own_service.database)
    own_service.heartbeat(status="healthy")
    with bearer(second, ADA) as visitor:
        streams = [Stream(ada, PATH), Stream(visitor, PATH)]
        for stream in streams:
            stream.until(state="online")
        own_service.heartbeat(status="stopping")
        for stream in streams:
            stream.until(within=2, state="offline")
        for stream in streams:
            stream.close()
    second.stop()


# Many at once


async def watch(port: int, token: str, opened: list, arrivals: list):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    await reader.readuntil(b"data: ")
    opened.append(json.loads(await reader.readline())["state"])
    while line := await reader.readline():
        if line.startswith(b"data: ") and json.loads(line[6:])["state"] == "degraded":
            arrivals.append(time.monotonic())
            break
    writer.close()


def test_five_hundred_streams_all_receive_a_change_within_a_second(own_service):
    people = invented_people(own_service, 25, NORTHLIGHT)
    own_service.heartbeat(status="healthy")

    async def run() -> float:
        arrivals, opened = [], []
        tasks = [
            asyncio.create_task(watch(own_service.port, person, opened, arrivals))
            for person in people for _ in range(20)
        ]
        while len(opened) < 500:
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.02)
        started = time.monotonic()
        await asyncio.to_thread(own_service.heartbeat, status="degraded")
        await asyncio.wait_for(asyncio.gather(*tasks), 10)
        assert len(arrivals) == 500
        return max(arrivals) - started

    started = time.monotonic()
    # In a thread of its own: the browser's library keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(run())).result() < 1
    assert time.monotonic() - started < 15
    own_service.heartbeat(status="healthy")


def test_a_watcher_that_does_not_read_delays_no_other_watcher(own_service, stream):
    [token] = invented_people(own_service, 1, NORTHLIGHT)
    with connect(own_service) as lazy:
        lazy.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        for number in range(30):
            own_service.heartbeat(status="degraded" if number % 2 == 0 else "healthy")
        own_service.heartbeat(status="stopping")
        stream.until(within=3, state="offline")
    own_service.heartbeat(status="healthy")


def test_a_stream_whose_client_left_before_the_answer_is_not_kept(own_service):
    [token] = invented_people(own_service, 1, NORTHLIGHT)
    request = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    before = Numbers(own_service).one("dashboard_streams_open")
    # With 20 that are kept, a person gets no more.
    for _ in range(200):
        with connect(own_service) as connection:
            connection.sendall(request)
            # The connection is reset, not only ended.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    eventually(lambda: Numbers(own_service).one("dashboard_streams_open") == before, within=3)
    with connect(own_service) as connection:
        connection.sendall(request)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_the_state_of_a_server_that_the_bot_left_can_be_read(ada):
    for guild in (CASA_VERDE, "200000000000000004"):
        assert ada.get(f"/api/v1/guilds/{guild}/status").status_code == 200


def test_uptime_adds_up(nobody):
    answer = nobody.get("/api/v1/status").json()
    lengths = {"24h": 86_400, "7d": 604_800, "30d": 2_592_000, "90d": 7_776_000}
    for period in answer["periods"]:
        total = sum(period[f"{name}Seconds"] for name in ("online", "degraded", "offline", "unknown"))
        assert abs(total - lengths[period["name"]]) <= 5, period
        assert period["uptime"] is None or 0 <= period["uptime"] <= 1
    assert len(answer["days"]) == 90
