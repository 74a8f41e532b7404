"""Rights are read from Discord again while a session continues."""

import httpx

from harness.cast import ADA, BOB, NORTHLIGHT
from harness.service import Service
from harness.signing_in import sign_in


def go_on(browser: httpx.Client) -> dict[str, str]:
    """Uses the refresh cookie alone, like a page whose access cookie expired; returns the person's levels."""
    browser.cookies.delete("dashboard_access")
    answer = browser.get("/api/v1/auth/me")
    assert answer.status_code == 200, answer.text
    return {guild["id"]: guild["level"] for guild in answer.json()["guilds"]}


def age(service: Service, person: str, more: str = ""):
    service.sql(f"UPDATE users SET guilds_read_at = now() - interval '16 minutes'{more} WHERE id = {person}")


def test_a_list_that_is_old_is_read_again_and_one_that_is_not_is_kept(service):
    with sign_in(service, BOB) as browser:
        # As if Bob had been an admin when the list was read.
        service.sql(f"UPDATE user_guilds SET permissions = 8 WHERE user_id = {BOB}")
        assert go_on(browser) == {NORTHLIGHT: "admin"}
        age(service, BOB)
        assert go_on(browser) == {NORTHLIGHT: "viewer"}


def test_an_expired_token_is_renewed_and_each_refresh_token_is_used_once(service):
    with sign_in(service, ADA) as browser:
        seen = set()
        for _ in range(3):
            age(service, ADA, ", token_expires_at = now() - interval '1 day'")
            assert go_on(browser)[NORTHLIGHT] == "admin"
            [[state, is_valid, sealed]] = service.sql(
                "SELECT guilds_source_state, token_expires_at > now(), encode(refresh_token_ciphertext, 'hex') "
                f"FROM users WHERE id = {ADA}")
            assert (state, is_valid) == ("current", "t")
            seen.add(sealed)
        assert len(seen) == 3


def test_a_token_of_another_person_is_not_used_and_the_session_continues(service):
    with sign_in(service, BOB) as browser:
        # Sealed for another person: it cannot be decrypted, and is not used.
        age(service, BOB, f", access_token_ciphertext = (SELECT access_token_ciphertext FROM users WHERE id = {ADA})")
        assert go_on(browser) == {NORTHLIGHT: "viewer"}
        [[state]] = service.sql(f"SELECT guilds_source_state FROM users WHERE id = {BOB}")
        assert state == "unavailable"
