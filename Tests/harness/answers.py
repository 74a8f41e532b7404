"""What every answer has to be."""

import httpx

SECURITY_HEADERS = [
    "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
    "cache-control", "x-request-id",
]


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
    for name in SECURITY_HEADERS:
        assert answer.headers.get(name), f"{answer.request.url} {answer.status_code}: {name} is missing"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
