"""Windows of a real browser, and all errors of their pages."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from harness.leaks import run
from harness.signing_in import sign_in


# A violation of the content security policy is an error too.
TELL_VIOLATIONS = """addEventListener('securitypolicyviolation', event =>
    console.error(`policy: ${event.effectiveDirective} held back ${event.blockedURI}`))"""


@dataclass
class Visit:
    """One browser window of a person, and all errors of its pages."""

    page: Page
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def expect_no_complaints(self):
        assert not self.complaints, self.complaints


class Visits:
    def __init__(self, browser: Browser, service):
        self.browser, self.service = browser, service
        self.open: list[Visit] = []

    def __call__(self, person: str | None = None, *, width=1_280, height=800, **settings) -> Visit:
        """A new window, signed in as that person if one is named."""
        context = self.browser.new_context(
            base_url=self.service.origin, viewport={"width": width, "height": height}, reduced_motion="reduce",
            **settings)
        context.set_default_timeout(8_000)
        context.add_init_script(TELL_VIOLATIONS)
        visit = Visit(context.new_page(), context)
        visit.page.on("console", lambda message: self.note(visit, message.type, message.text))
        visit.page.on("request", lambda request: run.note_address(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))
        visit.page.on(
            "response", lambda answer: visit.complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        if person:
            with sign_in(self.service, person) as client:
                context.add_cookies([
                    {"name": name, "value": value, "url": self.service.origin, "httpOnly": True, "sameSite": "Lax"}
                    for name, value in client.cookies.items() if value
                ])
        self.open.append(visit)
        return visit

    @staticmethod
    def note(visit: Visit, kind: str, text: str):
        # A page that is a 4xx on purpose is no error; files that a page loads must exist.
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            visit.complaints.append(f"{kind}: {text}")

    def close(self):
        for visit in self.open:
            run.secrets |= {cookie["value"] for cookie in visit.context.cookies() if len(cookie["value"]) > 20}
            visit.context.close()
