"""Texts from outside that would like to be markup, scripts, links or layout: shown as the text that they are."""

import json

import pytest

from harness.cast import ADA, NORTHLIGHT, client
from harness.signing_in import bearer

TENANT = client(NORTHLIGHT)

MARKS = [
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror=window.hacked=1>",
    "'><svg/onload=window.hacked=1>",
    "</title><script>window.hacked=1</script>",
    "</textarea><script>window.hacked=1</script>",
    "<!--", "]]>", "&lt;b&gt;", "&#60;script&#62;", "{{7*7}}", "${7*7}", "\u202egnp.exe", "\u2066\u2067", "a\u0301" * 40,
    "`onmouseover=window.hacked=1`", "javascript:window.hacked=1", "data:text/html,<script>window.hacked=1</script>",
    "𝕳𝖊𝖑𝖑𝖔", "ﷺ" * 20, "😀" * 40, "x" * 90,
]


@pytest.fixture(scope="module")
def hostile(own_service):
    """Names, handles, captions and notes of the first server, all of them hostile."""
    texts = json.dumps(MARKS).replace("'", "''")
    own_service.sql(f"""
        CREATE TEMPORARY TABLE marks AS
        SELECT text, number FROM jsonb_array_elements_text('{texts}'::jsonb) WITH ORDINALITY AS list (text, number);
        UPDATE guilds SET name = '"><img src=x onerror=window.hacked=1>' WHERE client_id = {TENANT};
        UPDATE user_guilds SET name = '"><img src=x onerror=window.hacked=1>' WHERE guild_id = {NORTHLIGHT};
        UPDATE users SET global_name = '<script>window.hacked=1</script>', username = '<b>ada</b>' WHERE id = {ADA};
        UPDATE brands SET name = btrim(left(marks.text, 80)) || brands.id FROM marks
        WHERE client_id = {TENANT} AND marks.number = 1 + brands.id % 5;
        UPDATE account_groups AS groups SET name = btrim(left(marks.text, 80)) || groups.id FROM marks
        WHERE client_id = {TENANT} AND marks.number = 1 + groups.id % 5;
        UPDATE client_accounts AS accounts SET
            handle = replace(left(marks.text, 60), ' ', '_') || accounts.id, display_name = marks.text,
            notes = marks.text, url = 'https://example.org/"><script>window.hacked=1</script>?' || accounts.id,
            external_id = left(marks.text, 100)
        FROM marks WHERE client_id = {TENANT} AND marks.number = 1 + accounts.id % {len(MARKS)};
        UPDATE posts SET caption = marks.text || ' ' || marks.text,
            url = 'https://example.org/"onmouseover="window.hacked=1' || posts.id
        FROM marks WHERE client_id = {TENANT} AND marks.number = 1 + posts.id % {len(MARKS)};
        SELECT append_audit_at(NULL, {TENANT}, 'user', {ADA}, 'brand.created', 'brand', left(marks.text, 200),
            jsonb_build_object('name', jsonb_build_array(NULL, marks.text), marks.text, marks.text), 'page', NULL)
        FROM marks;
        SELECT bot.heartbeat(status => 'healthy', version => '<img src=x onerror=window.hacked=1>')
    """)
    return own_service


def pages(service) -> list[str]:
    accounts = [row[0] for row in service.sql(
        f"SELECT id FROM client_accounts WHERE client_id = {TENANT} ORDER BY id LIMIT {len(MARKS)}")]
    base = f"/guilds/{NORTHLIGHT}"
    return [
        "/", base, f"{base}/tracking/accounts?limit=100", f"{base}/tracking/posts?limit=100", f"{base}/tracking/brands",
        f"{base}/tracking/posts?q=%3Cscript%3E", f"{base}/tracking/accounts?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.hacked%3D1%3E",
        f"{base}/usage", f"{base}/status", f"{base}/settings", f"{base}/audit", "/status", "/%3Cscript%3Ewindow.hacked=1%3C/script%3E",
        *(f"{base}/accounts/{id}" for id in accounts),
    ]


@pytest.mark.parametrize("width", [1_280, 360])
def test_a_text_is_shown_as_text_everywhere(hostile, visits, width):
    visit = visits(ADA, width=width)
    # A sign-in reads names anew; the rest stays.
    hostile.sql(f"UPDATE users SET global_name = '<script>window.hacked=1</script>', username = '<b>ada</b>' WHERE id = {ADA}")
    page = visit.page
    for path in pages(hostile):
        page.goto(path)
        assert page.evaluate("typeof window.hacked") == "undefined", path
        # `x` is what the texts' pictures would load; nothing has an address or a handler that they brought along.
        assert page.locator("main img[src='x'], main script, main [onerror], main [onmouseover], main [onload]").count() == 0, path
        assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0, path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} scrolls"
    visit.expect_no_complaints()


def test_a_caption_is_to_be_read_in_full(hostile, visits):
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}/tracking/posts?limit=100")
    text = page.get_by_role("main").inner_text()
    for mark in MARKS[:5]:
        assert mark in text, mark


def test_links_to_elsewhere_do_not_tell_where_one_came_from(hostile, visits):
    page = visits(ADA).page
    for path in pages(hostile)[:5]:
        page.goto(path)
        outside = page.locator("a[href^='http']").evaluate_all("all => all.map(each => [each.href, each.rel])")
        for address, relation in outside:
            assert "noreferrer" in relation or "noopener" in relation, address


def test_json_holds_the_very_text(hostile):
    with bearer(hostile, ADA) as visitor:
        posts = visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=100").json()["items"]
        captions = {post["caption"] for post in posts}
        assert any(f"{mark} {mark}" in captions for mark in MARKS[:5])
        raw = visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=100")
        assert raw.headers["content-type"].startswith("application/json")
        assert raw.headers["x-content-type-options"] == "nosniff"
