"""Reading pages without a browser."""

import html
import re

import httpx


def form_token(client: httpx.Client, path: str = "/") -> str:
    """The proof that a form of this site's page sends along."""
    page = client.get(path)
    assert page.status_code == 200, f"{path}: {page.status_code}"
    found = re.search(r'name="_csrf"\s+value="([^"]+)"', page.text)
    assert found, f"{path} has no form"
    return html.unescape(found.group(1))


def links(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)]
