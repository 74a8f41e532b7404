"""Invalid queries: each gets its 400 with the parameter named."""

import json
from urllib.parse import quote

import pytest

from harness.answers import expect_problem
from harness.cast import ADA, CASA_VERDE, HARBOR, NORTHLIGHT, client
from harness.endpoints import describe, operations
from harness.signing_in import bearer
from harness.wire import send_raw, status_of

HOSTILE = ["%00", "a%00b", "%ff", "%c3", "%ed%a0%80", "%f5%80%80%80", "%c0%af", "%", "%2", "%zz", "%u0041", "x" * 10_240]

BAD = {
    "integer": [
        "abc", "-1", "1.5", "1e2", "0x10", "%2B5", "+5", "5+", "%205", "5%20", "٣", "１", "true", "null", "[]", "1,2",
        "99999999999999999999", "9" * 400, "-0", "NaN", "Infinity"],
    "id": ["0", "-1", "abc", "01", "1.0", "+1", "9223372036854775808", "9" * 400, "1%20", "null", "٣", "1;2", "1%27"],
    "day": [
        "2026-02-30", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "yesterday", "2026-08-06T00:00:00Z",
        "20260806", "2026-08-06%20", "-2026-08-06", "0000-01-01", "99999-01-01", "٢٠٢٦-٠٨-٠٦"],
    "word": ["nonsense", "{FIRST}", "{first}%20", "%20{first}", "{first},{first}", "{first}%00", "0", "null", "*"],
    "text": ["%0a", "%1b[31m", "%7f", "%0d%0aX:1"],
    "cursor": [
        "x", "AAAA", "A" * 24, "A" * 3_000, "%F0%9F%A6%8A", "..", "MQ==", "null", "0", "%27%20OR%201=1", "-", "%2B%2F%3D"],
}


def kind(parameter: dict) -> str:
    schema = parameter["schema"]
    options = [schema, *schema.get("anyOf", [])]
    if parameter["name"] == "cursor":
        return "cursor"
    if any("enum" in option for option in options):
        return "word"
    if any(option.get("format") == "date" for option in options):
        return "day"
    if any(option.get("type") == "integer" for option in options):
        return "integer"
    return "id" if parameter["name"] in ("account", "brand", "group", "post") else "text"


def bad_values(parameter: dict) -> list[str]:
    schema = parameter["schema"]
    values = list(BAD[kind(parameter)])
    if "minimum" in schema and schema["minimum"] > -(2**63):
        values.append(str(schema["minimum"] - 1))
    if "maximum" in schema:
        values.append(str(schema["maximum"] + 1))
    first = schema.get("enum", [""])[0]
    values = [value.replace("{FIRST}", first.upper()).replace("{first}", first) for value in values]
    return [quote(value, safe="%+,;[]*&='.-") for value in values + HOSTILE]


@pytest.fixture(scope="module")
def lists(service):
    """Operations that take a query, with their addresses."""
    accounts = service.sql("SELECT min(id) FROM client_accounts WHERE client_id = 1")[0][0]
    return [
        (operation, operation.address(NORTHLIGHT, accountId=accounts))
        for operation in operations(describe(service))
        if operation.method == "get" and operation.is_of_guild and not operation.is_stream
    ]


def queries(operation) -> list[dict]:
    """Those that a person can send; test_bot_and_admins has those of signed requests."""
    return [parameter for parameter in operation.parameters if parameter["in"] == "query" and not operation.is_signed]


def test_every_parameter_refuses_invalid_values(service, ada, lists):
    tried = 0
    for operation, address in lists:
        for parameter in queries(operation):
            for value in bad_values(parameter):
                answer = ada.get(f"{address}?{parameter['name']}={value}")
                expect_problem(answer, 400, naming=parameter["name"])
                tried += 1
    assert tried > 300
    assert service.is_healthy()


def test_no_parameter_may_come_twice(ada, lists):
    for operation, address in lists:
        for parameter in queries(operation):
            name = parameter["name"]
            for query in (f"{name}=1&{name}=2", f"{name}=&{name}=", f"{name}&{name}"):
                expect_problem(ada.get(f"{address}?{query}"), 400, naming=name)


@pytest.mark.parametrize(
    "query, name",
    [("nonsense=1", "nonsense"), ("LIMIT=1", "LIMIT"), ("limit%00=1", None), ("%ff=1", None), ("%zz=1", None),
     ("=1", None), ("limit[]=1", "limit[]"), ("limit.x=1", "limit.x"), ("__proto__=1", "__proto__"),
     ("%6cimits=1", "limits"), ("x" * 5_000 + "=1", None), ("a=1&" * 200, None), ("<script>=1", "<script>")],
)
def test_every_list_refuses_an_unknown_parameter(ada, lists, query, name):
    for _, address in lists:
        expect_problem(ada.get(f"{address}?{query}"), 400, naming=name)


def test_an_empty_value_is_the_same_as_none(ada, lists):
    for operation, address in lists:
        names = [parameter["name"] for parameter in queries(operation)]
        if names:
            answer = ada.get(address + "?" + "&".join(f"{name}=" for name in names))
            assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("query, items", [("?", 50), ("?&", 50), ("?&&&", 50), ("?limit=5&", 5), ("?&limit=5", 5)])
def test_punctuation_without_a_parameter_is_let_pass(service, ada, query, items):
    # Byte by byte, because a client library may tidy it up.
    request = f"GET /api/v1/guilds/{NORTHLIGHT}/posts{query} HTTP/1.1\r\nHost: x\r\nAuthorization: "
    answer = send_raw(service, request.encode() + ada.headers["authorization"].encode() + b"\r\n\r\n")
    assert status_of(answer) == 200
    assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["items"]) == items


def test_a_second_question_mark_is_the_name_of_a_parameter(ada):
    expect_problem(ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts??"), 400, naming="?")


@pytest.mark.parametrize("text", [
    "' OR 1=1 --", "%", "_", "\\", "%%%", "a\\", "🦊", "ＡＢＣ", "e\u0301", "\u202e", "<b>", "{}", "$1", "\ufeff", "x" * 200,
])
@pytest.mark.parametrize("list", ["posts", "accounts"])
def test_a_search_takes_any_text_as_text(ada, list, text):
    answer = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/{list}", params={"q": text})
    assert answer.status_code == 200, answer.text


WILDCARDS = ["%", "_", "\\%", "%25", ".*"]


@pytest.fixture(scope="module")
def adas_wildcards(own_service):
    """A post for each wildcard, and one that any of them would find."""
    captions = ", ".join(f"($${caption}$$)" for caption in [f"Card {one} end" for one in WILDCARDS] + ["Card any end"])
    own_service.sql(f"""
        INSERT INTO posts (client_id, account_id, platform, external_id, caption, posted_at)
        SELECT accounts.client_id, accounts.id, accounts.platform, gen_random_uuid(), captions.caption, now()
        FROM (VALUES {captions}) AS captions (caption),
            (SELECT * FROM client_accounts WHERE client_id = {client(NORTHLIGHT)} ORDER BY id LIMIT 1) AS accounts
    """)
    with bearer(own_service, ADA) as visitor:
        yield visitor


@pytest.mark.parametrize("wildcard", WILDCARDS)
def test_a_search_has_no_wildcards(adas_wildcards, wildcard):
    def found(text: str) -> list[str]:
        answer = adas_wildcards.get(f"/api/v1/guilds/{NORTHLIGHT}/posts", params={"q": text})
        return [post["caption"] for post in answer.json()["items"]]

    assert found(f"card {wildcard} END") == [f"Card {wildcard} end"]
    assert f"Card {wildcard} end" in found(wildcard) and "Card any end" not in found(wildcard)


@pytest.mark.parametrize("list", ["usage", "audit", "audit.csv", "posts"])
def test_a_first_day_after_the_last_is_refused_by_the_names_of_both(ada, list):
    answer = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/{list}?from=2026-08-07&to=2026-08-06")
    problem = expect_problem(answer, 422)
    assert [error["pointer"] for error in problem["errors"]] == ["from", "to"]


# Cursors


@pytest.mark.parametrize("limit, status", [("0", 400), ("1", 200), ("37", 200), ("100", 200), ("101", 400), ("-5", 400)])
@pytest.mark.parametrize("list", ["posts", "accounts", "brands", "groups"])
def test_a_page_has_one_to_a_hundred_items(ada, list, limit, status):
    answer = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/{list}?limit={limit}")
    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()["items"]) <= int(limit)
    else:
        expect_problem(answer, 400, naming="limit")


@pytest.fixture(scope="module")
def cursor(ada) -> str:
    return ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=2").json()["nextCursor"]


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v1/guilds/{CASA_VERDE}/posts?limit=2",
        f"/api/v1/guilds/{NORTHLIGHT}/posts?sort=views",
        f"/api/v1/guilds/{NORTHLIGHT}/posts?platform=tiktok",
        f"/api/v1/guilds/{NORTHLIGHT}/posts?q=a",
        f"/api/v1/guilds/{NORTHLIGHT}/posts?minViews=1",
        f"/api/v1/guilds/{NORTHLIGHT}/posts?from=2020-01-01",
        f"/api/v1/guilds/{NORTHLIGHT}/accounts?limit=2",
        f"/api/v1/guilds/{NORTHLIGHT}/brands?limit=2",
    ],
    ids=["another tenant", "another order", "another platform", "a search", "a minimum", "a first day", "accounts",
         "brands"],
)
def test_a_cursor_is_refused_for(ada, cursor, address):
    separator = "&" if "?" in address else "?"
    expect_problem(ada.get(f"{address}{separator}cursor={cursor}"), 400, naming="cursor")


def test_another_tenants_cursor_is_refused(charlie, ada, cursor):
    expect_problem(charlie.get(f"/api/v1/guilds/{HARBOR}/posts?cursor={cursor}"), 400, naming="cursor")


def test_a_cursor_of_which_a_letter_was_changed_is_refused(ada, cursor):
    for position in range(len(cursor)):
        other = "A" if cursor[position] not in "AB" else "z"
        changed = cursor[:position] + other + cursor[position + 1:]
        expect_problem(ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=2&cursor={changed}"), 400, naming="cursor")


def test_a_cursor_is_good_for_another_size_of_page(ada, cursor):
    assert ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=100&cursor={cursor}").status_code == 200
