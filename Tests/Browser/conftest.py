"""A real browser, and pages that must not report errors."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from harness.cast import ADA
from harness.windows import Visit, Visits

expect.set_options(timeout=5_000)


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: install the package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium, own_service):
    visits = Visits(chromium, own_service)
    yield visits
    visits.close()


@pytest.fixture
def ada_visits(visits) -> Visit:
    return visits(ADA)
