"""Texts from outside with markup, scripts, links or layout characters: shown as plain text."""

import json
import re
from pathlib import Path

import pytest

from harness.cast import ADA, BOB, NORTHLIGHT, client
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
    "\"\u0301><img src=x onerror=window.hacked=1>", "'\u0301 onmouseover='window.hacked=1", "<\u0338script>window.hacked=1",
    "𝕳𝖊𝖑𝖑𝖔", "ﷺ" * 20, "😀" * 40, "x" * 90,
]


# Begins like markup, and reverses the text behind it.
NAME = "<b>\u202eada</b>"
SCRIPT = "<script>window.hacked=1</script>\u202e"
PICTURE = '"><img src=x onerror=window.hacked=1>\u202e'


@pytest.fixture(scope="module")
def hostile(own_service):
    """Names, handles, captions and notes of the first server, all of them hostile."""
    texts = json.dumps(MARKS).replace("'", "''")
    own_service.sql(f"""
        CREATE TEMPORARY TABLE marks AS
        SELECT text, number FROM jsonb_array_elements_text('{texts}'::jsonb) WITH ORDINALITY AS list (text, number);
        UPDATE guilds SET name = '{PICTURE}' WHERE client_id = {TENANT};
        INSERT INTO users (id, username, global_name)
        VALUES ({ADA}, 'x', 'x'), ({BOB}, '{NAME}', '{PICTURE}') ON CONFLICT (id) DO UPDATE SET global_name = '{PICTURE}';
        INSERT INTO guild_guests (client_id, user_id, level, granted_by, ends_at)
        VALUES ({TENANT}, {BOB}, 'viewer', {ADA}, now() + interval '2 hours');
        UPDATE brands SET name = btrim(left(marks.text, 80)) || brands.id FROM marks
        WHERE client_id = {TENANT} AND marks.number = 1 + brands.id % {len(MARKS)};
        UPDATE account_groups AS groups SET name = btrim(left(marks.text, 80)) || groups.id FROM marks
        WHERE client_id = {TENANT} AND marks.number = 1 + groups.id % {len(MARKS)};
        UPDATE client_accounts AS accounts SET
            handle = replace(left(marks.text, 60), ' ', '_') || accounts.id, display_name = marks.text,
            notes = marks.text, url = 'https://example.org/"><script>window.hacked=1</script>?' || accounts.id,
            external_id = left(marks.text, 80) || accounts.id
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
    """Every page, from the list that the service makes its links from, and pages with filters and errors."""
    accounts = [row[0] for row in service.sql(
        f"SELECT id FROM client_accounts WHERE client_id = {TENANT} ORDER BY id LIMIT {len(MARKS)}")]
    listed = (Path(__file__).parents[2] / "Sources/Web/Pages/Frame/PagePath.swift").read_text()
    templates = [path for path in re.findall(r'Path[^"\n]*\("(/[^"]*)"\)', listed) if not path.startswith("/api/")]
    assert len(templates) > 20
    managed = [
        (kind, row[0]) for kind, table in (("brands", "brands"), ("groups", "account_groups"), ("accounts", "client_accounts"))
        for row in service.sql(f"SELECT id FROM {table} WHERE client_id = {TENANT} ORDER BY id LIMIT 5")
    ]
    base = f"/guilds/{NORTHLIGHT}"
    ids = {"guildId": NORTHLIGHT, "accountId": accounts[0], "guestId": "1", "sessionId": "1", "keyId": "1"}
    ids |= {"brandId": managed[0][1], "groupId": next(id for kind, id in managed if kind == "groups")}
    return [
        *(template.format(**ids) for template in templates), *(f"{base}/accounts/{id}" for id in accounts[1:]),
        f"{base}/tracking/accounts?limit=100", f"{base}/tracking/posts?limit=100", f"{base}/tracking/brands?limit=100",
        f"{base}/tracking/posts?q=%3Cscript%3E", f"{base}/tracking/accounts?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.hacked%3D1%3E",
        f"{base}/tracking/posts?q=%E2%80%AE%22%CC%81%3E%3Cb%3E", f"{base}/usage?from=%22%CC%81%3E%3Cscript%3E",
        "/%3Cscript%3Ewindow.hacked=1%3C/script%3E", "/login?returnTo=%22%3E%3Cscript%3E",
        *(f"{base}/{kind}/{id}/{deed}" for kind, id in managed for deed in ("edit", "delete")),
    ]


# Texts that turn others around, and stand in one line with others without being isolated from them.
NOT_ISOLATED = """() => {
    const found = []
    const turning = /[\\u202a-\\u202e\\u2066-\\u2069]/
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode
        if (!turning.test(node.data)) continue
        for (let place = node.parentElement; ; place = place.parentElement) {
            const {display, unicodeBidi} = getComputedStyle(place)
            if (display === 'inline' || display === 'contents') {
                if (/isolate|plaintext/.test(unicodeBidi)) break
                continue
            }
            // A line of its own ends whatever was begun in it.
            if (place.textContent.trim() !== node.data.trim()) found.push(place.outerHTML.slice(0, 200))
            break
        }
    }
    return found
}"""


@pytest.mark.parametrize("width", [1_280, 360])
def test_a_text_is_shown_as_text_everywhere(hostile, visits, width):
    visit = visits(ADA, width=width)
    # A sign-in reads names anew; the rest stays.
    hostile.sql(f"""
        UPDATE users SET global_name = '{SCRIPT}', username = '{NAME}' WHERE id = {ADA};
        UPDATE user_guilds SET name = '{PICTURE}' WHERE user_id = {ADA};
        UPDATE dashboard_sessions SET user_agent = '{SCRIPT}';
    """)
    page = visit.page
    turned = []
    for path in pages(hostile):
        page.goto(path)
        assert page.evaluate("typeof window.hacked") == "undefined", path
        # The pictures in the texts would load `x`; no element has an address or a handler from the texts.
        assert page.locator("body img[src='x'], body script, body [onerror], body [onmouseover], body [onload]").count() == 0, path
        assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0, path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} scrolls"
        turned += [f"{path}: {place}" for place in page.evaluate(NOT_ISOLATED)]
    assert not turned, "\n".join(turned)
    visit.expect_no_complaints()


def test_a_blocked_script_and_an_unisolated_name_are_detected(hostile, visits):
    visit = visits(ADA)
    page = visit.page
    page.goto("/")
    with page.expect_console_message(lambda message: message.text.startswith("policy: script-src")):
        page.evaluate("""document.body.insertAdjacentHTML('beforeend', '<img src="/x" onerror="window.hacked=1">')""")
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert [complaint for complaint in visit.complaints if "policy: script-src" in complaint]
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p>by <b>\u202eada</b> and</p><p><bdi>\u202eada</bdi> and</p>')")
    assert [place[:6] for place in page.evaluate(NOT_ISOLATED)] == ["<p>by "]


def test_a_caption_is_shown_in_full(hostile, visits):
    page = visits(ADA).page
    page.goto(f"/guilds/{NORTHLIGHT}/tracking/posts?limit=100")
    text = page.get_by_role("main").inner_text()
    for mark in MARKS[:5]:
        assert mark in text, mark


def test_links_to_other_sites_send_no_referrer(hostile, visits):
    page = visits(ADA).page
    for path in pages(hostile)[:5]:
        page.goto(path)
        outside = page.locator("a[href^='http']").evaluate_all("all => all.map(each => [each.href, each.rel])")
        for address, relation in outside:
            # It implies `noopener`.
            assert relation.split() == ["noreferrer"], address


def test_json_has_the_exact_text(hostile):
    with bearer(hostile, ADA) as visitor:
        posts = visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=100").json()["items"]
        captions = {post["caption"] for post in posts}
        assert any(f"{mark} {mark}" in captions for mark in MARKS[:5])
        raw = visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=100")
        assert raw.headers["content-type"].startswith("application/json")
        assert raw.headers["x-content-type-options"] == "nosniff"
