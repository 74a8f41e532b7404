"""The final address of a browser after a sign-in, for each `returnTo` of the link to the sign-in page."""

from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect

from harness.cast import NORTHLIGHT
from harness.windows import Visits

# As they would stand in a link: some escaped once, some escaped for the query as well.
LEAVING = {
    "two slashes": "//elsewhere.example",
    "escaped slashes": "%2f%2felsewhere.example",
    "slashes escaped twice": "/%252f%252felsewhere.example",
    "a slash that is left escaped": "/%2felsewhere.example",
    "a backslash": "/\\elsewhere.example",
    "an escaped backslash": "/%5celsewhere.example",
    "a tab": "/%09/elsewhere.example",
    "a tab that is left escaped": "/%2509/elsewhere.example",
    "a line feed": "/%0a/elsewhere.example",
    "a header": "/%0d%0aLocation:%20https://elsewhere.example",
    "an address": "https://elsewhere.example/",
    "an escaped address": "https%3a%2f%2felsewhere.example",
    "a user name": "/@elsewhere.example",
    "dots": "/..//elsewhere.example",
    "a script": "javascript:alert(1)",
    "three kilobytes": "/" + "a" * 3_000 + "//elsewhere.example",
}


@pytest.fixture(scope="module")
def visit(chromium, own_service):
    """One window, signed out before each test."""
    visits = Visits(chromium, own_service)
    yield visits()
    visits.close()


@pytest.fixture
def addresses(visit):
    """The addresses of the window, from one document to the next."""
    seen = []
    visit.context.clear_cookies()

    def note(request):
        if request.is_navigation_request():
            seen.append(request.url)

    visit.page.on("request", note)
    yield seen
    visit.page.remove_listener("request", note)


def sign_in_from(visit, link: str) -> bool:
    """False if the link was refused before any sign-in."""
    if visit.page.goto(link).status == 400:
        return False
    visit.page.get_by_role("link", name="Sign in with Discord").click()
    visit.page.get_by_role("button", name="Ada").click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Servers")
    return True


@pytest.mark.parametrize("kind", LEAVING)
def test_a_sign_in_never_leads_to_another_site_by(own_service, visit, addresses, kind):
    signed_in = sign_in_from(visit, "/login?returnTo=" + LEAVING[kind])
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in addresses} == {own_service.origin}
    assert visit.page.url == own_service.origin + "/" if signed_in else visit.page.url.startswith(own_service.origin)
    visit.expect_no_complaints()


@pytest.mark.parametrize("place", [f"/guilds/{NORTHLIGHT}/tracking/posts?sort=views&minViews=100", "/account/sessions"])
def test_a_sign_in_leads_back_to_the_requested_page(own_service, visit, addresses, place):
    visit.page.goto(place)
    assert visit.page.url == f"{own_service.origin}/login?returnTo={quote(place, safe='')}"
    visit.page.get_by_role("link", name="Sign in with Discord").click()
    visit.page.get_by_role("button", name="Ada").click()
    visit.page.wait_for_url(own_service.origin + place)
