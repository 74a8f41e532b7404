"""The database's clock was ahead once, and was set right: beats from the future keep no dead bot online."""

import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.signing_in import bearer
from harness.waiting import eventually

STATUS = f"/api/v1/guilds/{NORTHLIGHT}/status"


class ClockAhead:
    """While it is entered, these functions believe that it is a day later."""

    def __init__(self, service, *names):
        self.service, self.names = service, names

    def _definitions(self) -> list[str]:
        return [
            self.service.cluster.sql(
                f"SELECT encode(convert_to(pg_get_functiondef('dashboard.{name}'::regproc), 'UTF8'), 'hex')",
                self.service.database)[0][0]
            for name in self.names]

    def _define(self, text: str):
        self.service.sql(text)

    def __enter__(self):
        self.before = [bytes.fromhex(text).decode() for text in self._definitions()]
        for text in self.before:
            ahead = text.replace("clock_timestamp()", "(clock_timestamp() + interval '1 day')")
            assert ahead != text
            self._define(ahead)

    def __exit__(self, *_):
        for text in self.before:
            self._define(text)


@pytest.fixture
def ada(own_service):
    own_service.sql("DELETE FROM bot_health")
    with bearer(own_service, ADA) as visitor:
        yield visitor


def stored(service, columns: str) -> list[str]:
    return service.sql(f"SELECT {columns} FROM bot_health WHERE instance = 1")[0]


def test_a_stored_beat_from_the_future_becomes_now_and_ends(own_service, ada):
    with ClockAhead(own_service, "heartbeat"):
        # In one transaction, before the service sees it.
        assert own_service.sql("""
            SELECT bot.heartbeat(version => 'ahead'), bot.heartbeat(status => 'stopping'), bot.heartbeat();
            SELECT last_heartbeat > clock_timestamp() + interval '23 hours' FROM bot_health
            """)[-1] == ["t"]
    times = ("first_heartbeat", "last_heartbeat", "started_at", "state_since", "updated_at")
    past = " AND ".join(f"{time} <= clock_timestamp()" for time in times)
    eventually(lambda: stored(own_service, past) == ["t"], within=10)
    assert own_service.sql("SELECT count(*) FROM bot_health_rollups WHERE starts_at > clock_timestamp()") == [["0"]]
    assert own_service.sql(
        "SELECT count(*) FROM bot_incidents WHERE started_at > clock_timestamp() OR ended_at > clock_timestamp()") == [["0"]]
    # From now on it is silent like any other bot.
    told = eventually(lambda: (told := ada.get(STATUS).json()) and told["version"] == "ahead" and told, within=10)
    assert told["state"] == "online" and told["lastHeartbeat"] <= told["asOf"]
    own_service.sql("UPDATE bot_health SET last_heartbeat = last_heartbeat - interval '91 s'")
    eventually(lambda: ada.get(STATUS).json()["state"] == "offline", within=10)


def test_the_next_beat_is_at_its_own_time(own_service, ada):
    with ClockAhead(own_service, "heartbeat"):
        own_service.heartbeat(status="healthy")
    own_service.sql("BEGIN; SELECT bot.heartbeat(); COMMIT")
    assert stored(own_service, "last_heartbeat BETWEEN clock_timestamp() - interval '5 s' AND clock_timestamp()") == ["t"]


def test_pages_follow_a_clock_that_was_set_back(own_service, ada):
    own_service.heartbeat(status="healthy", version="before")
    with ClockAhead(own_service, "bot_states"):
        eventually(lambda: ada.get(STATUS).json()["state"] == "offline", within=10)
    own_service.heartbeat(status="healthy", version="after")
    eventually(lambda: ada.get(STATUS).json()["version"] == "after", within=10)
    assert ada.get(STATUS).json()["state"] == "online"
