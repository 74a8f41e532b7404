"""A page of another site cannot do anything with the cookies of a person who is signed in here."""

import re
from urllib.parse import urljoin

import pytest

from harness.cast import ADA, BOB, NORTHLIGHT, client
from harness.elsewhere import FETCH, SEND_FORM, Elsewhere
from harness.endpoints import describe, operations
from harness.signing_in import sign_in
from harness.waiting import eventually

PLACES = [
    "/", "/account", "/account/sessions", "/status", f"/guilds/{NORTHLIGHT}", f"/guilds/{NORTHLIGHT}/access",
    f"/guilds/{NORTHLIGHT}/tracking/posts",
]
GUEST = {"userId": BOB, "level": "admin", "hours": "720"}


# Cookies know no ports: to the browser another port of the same address is another origin of the same site, to which
# SameSite=Lax sends cookies along. `localhost` is another site.
@pytest.fixture(scope="module", params=["127.0.0.1", "localhost"], ids=["of the same site", "of another site"])
def elsewhere(request):
    site = Elsewhere(request.param)
    yield site
    site.stop()


@pytest.fixture
def visit(own_service, visits):
    """Ada, with another session and a guest that an attack might end."""
    own_service.sql(f"""
        DELETE FROM guild_guests;
        INSERT INTO guild_guests (client_id, user_id, level, granted_by, ends_at)
        VALUES ({client(NORTHLIGHT)}, 300000000000000001, 'viewer', {ADA}, now() + interval '2 hours')
    """)
    with sign_in(own_service, ADA):
        yield visits(ADA)


def state(service) -> list:
    """All that the requests of this file could change."""
    tables = ("dashboard_sessions", "guild_guests", "guild_settings", "users", "user_guilds", "audit_log")
    return [
        service.sql(f"SELECT count(*), md5(string_agg(each::text, '|' ORDER BY each::text)) FROM {name} AS each")
        for name in tables
    ]


def refused(service) -> list[dict]:
    return service.entries(level="info", status=403)


def forms(page) -> dict[str, tuple[str, list]]:
    """A form of each kind that the site's pages post, without its proof, with its address."""
    found = {}
    for place in PLACES:
        page.goto(place)
        for action, fields in page.locator("form[method=post]").evaluate_all(
            """all => all.map(form => [form.getAttribute('action'),
                [...new FormData(form)].filter(([name]) => name !== '_csrf')])"""
        ):
            found[re.sub(r"\d+", "#", action)] = (urljoin(page.url, action), fields)
    address, _ = found["/guilds/#/access"]
    return found | {"/guilds/#/access": (address, list(GUEST.items()))}


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
def test_no_form_changes_anything(own_service, visit, elsewhere, encoding):
    page = visit.page
    all_forms = forms(page)
    assert {"/logout", "/preferences/theme", "/account/sessions/end-all", "/account/sessions/#/end", "/guilds/#/access",
            "/guilds/#/access/#/end"} <= set(all_forms)
    before, cookies, known = state(own_service), visit.context.cookies(), len(refused(own_service))
    for address, fields in all_forms.values():
        page.goto(elsewhere.origin)
        with page.expect_navigation(url=own_service.origin + "/**") as navigation:
            page.evaluate(SEND_FORM, [address, "post", fields, encoding])
        assert navigation.value.status == 403, address
    assert state(own_service) == before and visit.context.cookies() == cookies
    # They did arrive, and those of the same site as Ada's.
    eventually(lambda: len(refused(own_service)) == known + len(all_forms))
    users = {entry.get("user") for entry in refused(own_service)[known:]}
    assert users == ({ADA} if "127.0.0.1" in elsewhere.origin else {None})


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_no_script_changes_anything_or_reads_an_answer(own_service, visit, elsewhere, mode):
    page = visit.page
    page.goto("/account/sessions")
    session = page.request.get("/api/v1/auth/me").json()["sessionId"]
    [[guest]] = own_service.sql("SELECT id FROM guild_guests")
    before, known = state(own_service), len(refused(own_service))
    page.goto(elsewhere.origin)
    changing = [operation for operation in operations(describe(own_service)) if operation.method != "get"]
    assert {"post", "delete"} <= {operation.method for operation in changing}
    for operation in changing:
        address = own_service.origin + operation.address(sessionId=session, guestId=guest)
        for type in (None, "text/plain", "application/json"):
            body = None if type is None else '{"userId":"%(userId)s","level":"admin","hours":720}' % GUEST
            heard = page.evaluate(FETCH, [address, operation.method.upper(), mode, type, body])
            assert heard in ("TypeError", "opaque 0 0"), f"{operation.name}: {heard}"
    assert state(own_service) == before
    assert len(refused(own_service)) > known, "no request arrived"


def test_no_script_reads_answers_for_ada(own_service, visit, elsewhere):
    page = visit.page
    page.goto(elsewhere.origin)
    for path in ("/api/v1/auth/me", f"/api/v1/guilds/{NORTHLIGHT}/posts", "/account/sessions"):
        assert page.evaluate(FETCH, [own_service.origin + path, "GET", "cors", None, None]) == "TypeError", path
    page.evaluate("""address => new Promise(done => {
        const frame = document.createElement('iframe')
        frame.onload = done
        frame.src = address
        document.body.append(frame)
    })""", own_service.origin + "/account/sessions")
    assert page.frames[1].url.startswith("chrome-error:"), "a page of this site is shown in a frame"
