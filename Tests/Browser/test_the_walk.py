"""The main job from the sign-in to the sign-out, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from harness.cast import ADA, BOB, CHARLIE, HARBOR, NORTHLIGHT
from harness.service import Service
from harness.waiting import eventually


def sign_in_by_clicking(page, person: str):
    page.goto("/")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_role("link", name="Sign in with Discord").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("who are you")
    page.get_by_role("button", name=person).click()


def open_menu(page):
    """The person's menu, which folds on narrow screens."""
    button = page.get_by_role("button", name="Sign out")
    if not button.is_visible():
        page.locator("summary").filter(has_text=re.compile("ada|bob|charlie", re.I)).last.click()
    return button


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_ada_signs_in_looks_around_and_signs_out(visits, scripts):
    visit = visits(java_script_enabled=scripts)
    page = visit.page
    sign_in_by_clicking(page, "Ada")

    # Only her servers.
    expect(page.get_by_role("heading", level=1)).to_contain_text("Servers")
    for name in ("Northlight Creators", "Casa Verde Kollektiv", "Tiny Lantern Studio", "Retro Pixel Club"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    expect(page.get_by_text("Sunday Book Circle")).to_be_visible()
    expect(page.get_by_text("Harbor & Pine")).to_have_count(0)

    # One of them.
    page.get_by_role("link", name="Northlight Creators").click()
    expect(page).to_have_url(re.compile(f"/guilds/{NORTHLIGHT}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Northlight Creators")
    expect(page.get_by_role("heading", name="Needs attention", exact=True)).to_be_visible()

    # Accounts: filter, sort, one of them.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Accounts").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accounts")
    choose(page, "Platform", "TikTok", scripts)
    expect(page).to_have_url(re.compile("platform=tiktok"))
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.filter(has_text="Instagram")).to_have_count(0)
    expect(rows.filter(has_text="TikTok")).not_to_have_count(0)
    page.get_by_role("columnheader").get_by_role("link", name="Followers").click()
    expect(page).to_have_url(re.compile("sort=followers"))
    assert "platform=tiktok" in page.url, "the filter was lost with the new order"
    followers = [int(value) for value in page.locator("tbody tr td data[value]").evaluate_all(
        "all => all.map(each => each.value)")]
    assert followers == sorted(followers, reverse=True) and len(followers) > 3
    name = page.locator("tbody").get_by_role("link", name=re.compile("^@")).first
    handle = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(handle)

    # Posts: paging, search, reload.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Posts").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Posts")
    first = captions(page)
    page.get_by_role("link", name=re.compile("Next|More|Older", re.I)).click()
    expect(page).to_have_url(re.compile("cursor="))
    eventually(lambda: captions(page) != first)
    address = page.url
    second = captions(page)
    page.reload()
    assert page.url == address and captions(page) == second, "a reload shows something else"
    page.get_by_label("Search").fill("coffee-that-nobody-posted")
    page.get_by_label("Search").press("Enter")
    expect(page).to_have_url(re.compile("q=coffee"))
    expect(page.get_by_role("main")).to_contain_text(re.compile("match|nothing|no posts", re.I))

    # The person stays signed in after the access token expired.
    visit.context.clear_cookies(name="dashboard_access")
    page.goto("/")
    expect(page.get_by_role("link", name="Northlight Creators")).to_be_visible()

    # And signs out.
    open_menu(page).click()
    expect(page.get_by_role("link", name="Sign in")).not_to_have_count(0)
    page.goto(f"/guilds/{NORTHLIGHT}")
    expect(page).to_have_url(re.compile("/login"))
    visit.expect_no_complaints()


def choose(page, label: str, option: str, scripts: bool):
    page.get_by_label(label, exact=True).select_option(label=option)
    if not scripts:
        page.get_by_role("button", name="Apply").click()


def captions(page) -> list[str]:
    return page.get_by_role("rowheader").all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_theme_is_remembered(visits, scripts):
    visit = visits(ADA, java_script_enabled=scripts)
    page = visit.page
    page.goto(f"/guilds/{NORTHLIGHT}/tracking/posts?sort=views")

    def background() -> str:
        return page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") if scripts else ""

    light = background()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.get_by_role("button", name="Dark", exact=True)).to_have_attribute("aria-pressed", "true")
    assert not scripts or background() != light
    expect(page).to_have_url(re.compile(r"/tracking/posts\?sort=views"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Match system").click()
    expect(page.get_by_role("button", name="Match system")).to_have_attribute("aria-pressed", "true")
    visit.expect_no_complaints()


def test_colours_follow_the_system(visits):
    seen = set()
    for scheme in ("light", "dark"):
        page = visits(ADA, color_scheme=scheme).page
        page.goto("/")
        seen.add(page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
    assert len(seen) == 2


def test_a_person_without_verified_email_sees_the_reason_and_can_continue(visits):
    visit = visits()
    sign_in_by_clicking(visit.page, "Dana")
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("verified")
    expect(visit.page.get_by_role("main").get_by_role("link").first).to_be_visible()
    visit.expect_no_complaints()


def test_a_cancelled_sign_in_shows_that_nothing_was_stored(visits):
    page = visits().page
    page.goto("/login")
    page.get_by_role("link", name="Sign in with Discord").click()
    page.get_by_role("link", name=re.compile("Cancel")).click()
    expect(page.get_by_role("main")).to_contain_text("Nothing was stored")
    page.get_by_role("main").get_by_role("link", name=re.compile("again|sign in", re.I)).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_bob_can_view_and_sees_no_pages_for_admins(visits):
    page = visits(BOB).page
    page.goto("/")
    expect(page.get_by_role("main").get_by_role("link", name="Northlight Creators")).to_be_visible()
    expect(page.get_by_text("Casa Verde Kollektiv")).to_have_count(0)
    page.goto(f"/guilds/{NORTHLIGHT}")
    expect(page.get_by_role("link", name="Brands")).not_to_have_count(0)
    for name in ("Settings", "Audit log"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_another_tenants_server_is_a_page_without_its_data(visits):
    page = visits(ADA).page
    answer = page.goto(f"/guilds/{HARBOR}")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Harbor")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="Your servers").click()
    expect(page.get_by_role("link", name="Northlight Creators")).to_be_visible()


def test_charlie_sees_their_own(visits):
    page = visits(CHARLIE).page
    page.goto("/")
    page.get_by_role("link", name="Harbor & Pine").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbor & Pine")


def test_every_link_of_the_site_leads_somewhere(own_service: Service, visits):
    """From the list of servers on, without the lists' endless filters."""
    page = visits(ADA).page
    seen, queue = set(), ["/"]
    while queue:
        path = queue.pop()
        if path in seen or len(seen) > 120:
            continue
        seen.add(path)
        answer = page.request.get(path, max_redirects=5)
        assert answer.status == 200, f"{path}: {answer.status}"
        if "text/html" in answer.headers["content-type"]:
            for link in re.findall(r'<a\b[^>]*?\bhref="(/[^"#]*)', answer.text()):
                link = link.replace("&amp;", "&")
                # A row of each kind is enough.
                kind = re.sub(r"\d+", "#", link)
                if not link.startswith(("/api/", "/demo/")) and kind not in {re.sub(r"\d+", "#", known) for known in seen}:
                    queue.append(link)
    assert len(seen) > 10
