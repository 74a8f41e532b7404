"""Requirements on every answer."""

import httpx

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://cdn.discordapp.com; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def expect_problem(answer: httpx.Response, *statuses: int, naming: str | None = None) -> dict:
    """The problem document (RFC 9457) of an answer that must be one.

    `naming`: the field that the document must name.
    """
    shown = f"{answer.request.method} {str(answer.request.url)[:200]} -> {answer.status_code} {answer.text[:500]}"
    assert answer.status_code in statuses, shown
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json", shown
    problem = answer.json()
    assert problem["status"] == answer.status_code, shown
    assert problem["title"] and problem["detail"] and problem["type"], shown
    assert problem["requestId"] == answer.headers["x-request-id"], shown
    assert problem["instance"] == answer.request.url.raw_path.decode().partition("?")[0], shown
    expect_security_headers(answer)
    if answer.status_code in (429, 503):
        assert int(answer.headers["retry-after"]) > 0, shown
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer"), shown
    if naming is not None:
        named = [complaint["pointer"] for complaint in problem.get("errors", [])]
        assert naming in named or f"/{naming}" in named, f"{shown}\nnames {named}, not {naming}"
        assert all(complaint["message"] for complaint in problem["errors"]), shown
    return problem


def expect_security_headers(answer: httpx.Response):
    shown = f"{answer.request.url} {answer.status_code}: {dict(answer.headers)}"
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers.get(name) == value, f"{name} of {shown}"
    assert answer.headers.get("cache-control") and answer.headers.get("x-request-id"), shown
    # Only answers of the API and files have the shorter one.
    policy = answer.headers["content-security-policy"]
    assert policy in (PAGE_POLICY, OTHER_POLICY), shown
    assert policy == PAGE_POLICY or not answer.headers.get("content-type", "").startswith("text/html"), shown
    assert answer.headers.get("permissions-policy") == (PERMISSIONS if policy == PAGE_POLICY else None), shown
    # The tests' services are asked over http; test_signing_in has one behind https.
    assert "strict-transport-security" not in answer.headers, shown
