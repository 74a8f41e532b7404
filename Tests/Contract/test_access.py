"""Access by level: every route of the API's description, called by everyone of the cast."""

import pytest

from harness.answers import expect_problem
from harness.cast import ADAS, CASA_VERDE, HARBOR, NORTHLIGHT, client
from harness.endpoints import describe, operations_of_people
from harness.holes import ids_in

PAGES = [
    "", "/tracking", "/tracking/accounts", "/tracking/posts", "/tracking/brands", "/usage", "/status", "/settings", "/audit",
]


@pytest.fixture(scope="module")
def routes(service):
    found = [operation for operation in operations_of_people(describe(service)) if operation.is_of_guild]
    assert found
    return found


@pytest.fixture(scope="module")
def holes(service):
    known = {}

    def of(guild: str) -> dict[str, str]:
        if guild not in known:
            known[guild] = ids_in(service, guild)
        return known[guild]
    return of


def send(visitor, operation, guild, ids):
    address = operation.address(guild, **ids)
    body = {"json": {}} if operation.has_body else {}
    with visitor.stream(operation.method.upper(), address, **body) as answer:
        if not (operation.is_stream and answer.status_code == 200):
            answer.read()
        return answer


def test_the_description_lists_the_routes_of_the_guild(routes):
    listed = {operation.name.split("{guildId}")[1] for operation in routes}
    assert {"", "/accounts", "/accounts/{accountId}", "/posts", "/brands", "/groups", "/usage", "/status",
            "/status/stream"} <= listed


def test_every_route_without_a_session_is_a_401(service, nobody, routes, holes):
    for operation in routes:
        for guild in (NORTHLIGHT, HARBOR, "999999999999999999"):
            expect_problem(send(nobody, operation, guild, holes(NORTHLIGHT)), 401)


def test_a_server_of_another_tenant_is_the_same_404_as_one_that_does_not_exist(
    ada, bob, charlie, routes, holes,
):
    for operation in routes:
        for visitor, guild in ((ada, HARBOR), (bob, CASA_VERDE), (charlie, NORTHLIGHT)):
            theirs = expect_problem(send(visitor, operation, guild, holes(guild)), 404)
            nowhere = expect_problem(send(visitor, operation, "999999999999999999", holes(guild)), 404)
            for problem in (theirs, nowhere):
                problem.pop("requestId"), problem.pop("instance")
            assert theirs == nowhere, operation.name


def test_a_viewer_may_read_and_nothing_else(bob, routes, holes):
    for operation in routes:
        answer = send(bob, operation, NORTHLIGHT, holes(NORTHLIGHT))
        if operation.needs_admin:
            expect_problem(answer, 403)
        else:
            assert answer.status_code == 200, f"{operation.name}: {answer.status_code} {answer.text}"


def test_an_admin_may_read_everything(ada, routes, holes):
    for operation in routes:
        if operation.method == "get":
            for guild in ADAS:
                ids = holes(guild)
                if "" in [ids[name] for name in ids if "{" + name + "}" in operation.path]:
                    continue  # Tiny Lantern Studio has none of these.
                answer = send(ada, operation, guild, ids)
                assert answer.status_code == 200, f"{operation.name}: {answer.status_code} {answer.text}"


def test_ids_of_another_tenant_are_unknown_within_the_own_server(ada, charlie, routes, holes):
    for operation in routes:
        if operation.path.count("{") > 1:
            expect_problem(send(ada, operation, NORTHLIGHT, holes(HARBOR)), 404)
            expect_problem(send(ada, operation, NORTHLIGHT, holes(CASA_VERDE)), 404)
            expect_problem(send(charlie, operation, HARBOR, holes(NORTHLIGHT)), 404)


@pytest.mark.parametrize("name", ["account", "brand", "group"])
def test_a_filter_by_another_tenants_id_finds_nothing(ada, holes, name):
    stranger = holes(HARBOR)[f"{name}Id"]
    answer = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts", params={name: stranger})
    assert answer.status_code == 200 and answer.json() == {"items": [], "nextCursor": None}


def test_no_list_holds_rows_of_another_tenant(service, charlie):
    allowed = {row[0] for row in service.sql(f"SELECT id FROM client_accounts WHERE client_id = {client(HARBOR)}")}
    items = charlie.get(f"/api/v1/guilds/{HARBOR}/posts?limit=100").json()["items"]
    assert items and {post["account"]["id"] for post in items} <= allowed
    items = charlie.get(f"/api/v1/guilds/{HARBOR}/accounts?limit=100").json()["items"]
    assert {account["id"] for account in items} == allowed


def test_the_list_of_servers_holds_only_ones_own(ada, bob, charlie):
    def listed(visitor):
        answer = visitor.get("/api/v1/guilds")
        assert answer.status_code == 200
        return [guild["id"] for guild in answer.json()["items"]]

    assert sorted(listed(ada)) == ADAS
    assert listed(bob) == [NORTHLIGHT]
    assert listed(charlie) == [HARBOR]


def test_a_viewer_sees_no_settings(ada, bob):
    assert bob.get(f"/api/v1/guilds/{NORTHLIGHT}").json()["settings"] is None
    assert ada.get(f"/api/v1/guilds/{NORTHLIGHT}").json()["settings"]["timezone"] == "Europe/Berlin"


# Pages


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_server_send_strangers_to_sign_in(nobody, path):
    answer = nobody.get(f"/guilds/{NORTHLIGHT}{path}")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_another_tenants_server_are_not_there(ada_in_a_browser, path):
    theirs = ada_in_a_browser.get(f"/guilds/{HARBOR}{path}")
    nowhere = ada_in_a_browser.get(f"/guilds/999999999999999999{path}")
    assert theirs.status_code == nowhere.status_code == 404
    assert "Harbor" not in theirs.text
    assert theirs.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/", "/account", "/account/sessions"])
def test_personal_pages_send_strangers_to_sign_in(nobody, path):
    answer = nobody.get(path)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("path", ["/login", "/status", "/terms", "/privacy", "/docs"])
def test_public_pages_are_for_everyone(nobody, ada_in_a_browser, path):
    assert nobody.get(path).status_code == 200
    # The sign-in page redirects a signed-in person.
    assert ada_in_a_browser.get(path).status_code == (303 if path == "/login" else 200)


def test_the_public_status_has_no_data_of_a_server(nobody):
    for path in ("/status", "/api/v1/status"):
        answer = nobody.get(path)
        assert answer.status_code == 200
        for name in ("Northlight", "Casa Verde", "Harbor", "20000000000000000"):
            assert name not in answer.text
