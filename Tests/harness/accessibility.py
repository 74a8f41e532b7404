"""Whether a page is accessible, and fits its window."""

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def examine(visit):
    found = Axe().run(visit.page, options={"runOnly": {"type": "tag", "values": WCAG}})
    violations = [
        f"{violation['id']}: {violation['help']}\n    " + "\n    ".join(
            node["html"][:160] + " | " + str(node.get("failureSummary", ""))[:300].replace("\n", " ")
            for node in violation["nodes"][:3])
        for violation in found.response["violations"]
    ]
    assert not violations, "\n".join(violations)


def expect_no_sideways_scrolling(page):
    # Measured in the browser: the elements that stick out, and their cause.
    out = page.evaluate("""() => {
        const width = document.documentElement.clientWidth
        if (document.documentElement.scrollWidth <= width) return []
        return [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > width + 1)
            .slice(0, 5).map(each => each.outerHTML.slice(0, 120))
    }""")
    assert out == [], out
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
