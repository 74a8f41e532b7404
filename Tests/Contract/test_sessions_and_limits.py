"""A person's own sessions, and limits of attempts."""

import pytest

from harness.answers import expect_problem
from harness.cast import ADA, BOB
from harness.forging import invented_people
from harness.signing_in import bearer
from harness.streams import Stream

SESSIONS = "/api/v1/auth/sessions"
ME = "/api/v1/auth/me"
SIGN_IN = "/api/v1/auth/discord"


def test_a_person_sees_their_own_sessions_only(service):
    with bearer(service, ADA) as here, bearer(service, ADA) as there, bearer(service, BOB) as bob:
        id = here.get(ME).json()["sessionId"]
        listed = here.get(SESSIONS).json()["items"]
        assert [entry["id"] for entry in listed if entry["isCurrent"]] == [id]
        ids = {entry["id"] for entry in listed}
        assert there.get(ME).json()["sessionId"] in ids
        assert bob.get(ME).json()["sessionId"] not in ids
        for entry in listed:
            assert entry["ipAddress"] != "127.0.0.1", "the address is not masked"


def test_one_session_can_be_ended_and_the_others_go_on(service):
    with bearer(service, ADA) as here, bearer(service, ADA) as there:
        id = there.get(ME).json()["sessionId"]
        assert here.delete(f"{SESSIONS}/{id}").status_code == 204
        expect_problem(there.get(ME), 401)
        assert here.get(ME).status_code == 200
        expect_problem(here.delete(f"{SESSIONS}/{id}"), 404)


def test_another_persons_session_is_unknown(service):
    with bearer(service, ADA) as ada, bearer(service, BOB) as bob:
        theirs = ada.get(ME).json()["sessionId"]
        never = bob.delete(f"{SESSIONS}/9000000000")
        answer = bob.delete(f"{SESSIONS}/{theirs}")
        assert expect_problem(answer, 404)["detail"] == expect_problem(never, 404)["detail"]
        assert ada.get(ME).status_code == 200


def test_signing_out_everywhere_ends_every_session_of_that_person_only(own_service):
    with bearer(own_service, ADA) as here, bearer(own_service, ADA) as there, bearer(own_service, BOB) as bob:
        assert here.post("/api/v1/auth/logout-all").status_code == 204
        expect_problem(here.get(ME), 401)
        expect_problem(there.get(ME), 401)
        assert bob.get(ME).status_code == 200


def test_the_end_of_a_session_ends_its_open_streams(own_service):
    [token] = invented_people(own_service, 1, "200000000000000001")
    with own_service.client(headers={"Authorization": f"Bearer {token}"}) as visitor:
        stream = Stream(visitor, "/api/v1/guilds/200000000000000001/status/stream")
        stream.next(3)
        assert visitor.post("/api/v1/auth/logout-all").status_code == 204
        assert stream.ended.wait(3), "a stream outlived its session"


def test_an_address_may_begin_ten_sign_ins_in_a_quarter_of_an_hour(start_service):
    service = start_service(RATE_LIMIT_SIGN_IN_PER_15_MINUTES="10")
    with service.client() as visitor:
        statuses = [visitor.get(SIGN_IN).status_code for _ in range(12)]
        assert statuses == [302] * 10 + [429] * 2
        assert 1 <= int(visitor.get(SIGN_IN).headers["retry-after"]) <= 900
        # A client cannot choose its own address.
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP"):
            assert visitor.get(SIGN_IN, headers={header: "203.0.113.9"}).status_code == 429
        assert visitor.get("/login").status_code == 200
    service.stop()


def test_behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(start_service):
    service = start_service(RATE_LIMIT_SIGN_IN_PER_15_MINUTES="2", TRUSTED_PROXIES="127.0.0.1")
    with service.client() as visitor:
        def begin(address: str) -> int:
            return visitor.get(SIGN_IN, headers={"X-Forwarded-For": address}).status_code

        assert [begin("203.0.113.1") for _ in range(3)] == [302, 302, 429]
        assert begin("203.0.113.2") == 302
        # The proxy appended the last address; those before it may be forged.
        assert begin("203.0.113.77, 203.0.113.1") == 429
    service.stop()


@pytest.mark.parametrize("value", ["nonsense", "10.0.0.0/33", "10.0.0.0/-1", "", "999.1.1.1, <script>", "::1%eth0"])
def test_a_broken_forwarded_address_is_no_fault(start_service, value):
    service = start_service(TRUSTED_PROXIES="127.0.0.1")
    with service.client() as visitor:
        answer = visitor.get(SIGN_IN, headers={"X-Forwarded-For": value})
        assert answer.status_code == 302
    service.stop()
