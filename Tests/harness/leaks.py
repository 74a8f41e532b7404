"""Secrets that the run has seen, and the logs and answers that must not contain them."""

import re

import httpx

GRAM = 12

PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]+")
WEBHOOK = re.compile(r"discord(?:app)?\.com/api/webhooks/\d", re.IGNORECASE)


class Detector:
    """Finds secrets in texts, and pieces of them that have at least twice as many letters as a gram.

    Every gram of a secret is indexed; of a text only every twelfth place is looked up. So the work grows with the
    length of the texts, not with that times the number of secrets.
    """

    def __init__(self, secrets):
        self.grams: dict[str, str] = {}
        for secret in secrets:
            # The secret part: of a JWT the signature, of the stand-in's codes too.
            part = secret.rpartition(".")[2]
            for start in range(len(part) - GRAM + 1):
                gram = part[start:start + GRAM]
                # Runs of one letter, as ids in refresh tokens have, and words are no secrets.
                if len(set(gram)) >= 6 and " " not in gram:
                    self.grams[gram] = secret

    def find(self, text: str) -> list[str]:
        pieces = (text[start:start + GRAM] for start in range(0, len(text), GRAM))
        return [f"a piece of {self.grams[piece][:8]}…" for piece in pieces if piece in self.grams] + [
            found.group() for rule in (PERSONAL, WEBHOOK) for found in rule.finditer(text)]


class Run:
    """Observations of all clients, browsers and services of the run."""

    def __init__(self):
        # Tokens, cookies, codes, states: in no log, no statement, no answer about an error.
        self.secrets: set[str] = set()
        # Form tokens: only the page of the form may contain them.
        self.proofs: set[str] = set()
        # Answers with an error, by their request.
        self.errors: dict[str, str] = {}

    def note_address(self, address: str):
        try:
            params = httpx.URL(address).params
        except httpx.InvalidURL:
            return
        # Tokens that tests make up are shorter, or have characters that none of the service's has.
        self.secrets |= {
            params[name] for name in ("code", "state") if re.fullmatch(r"[\w.-]{40,}", params.get(name, ""), re.ASCII)}

    def note(self, response: httpx.Response):
        for header in response.headers.get_list("set-cookie"):
            value = header.split(";")[0].partition("=")[2]
            if len(value) > 20:
                self.secrets.add(value)
        self.note_address(response.headers.get("location", ""))
        path = response.request.url.path
        if response.status_code >= 400:
            self.errors[f"{response.status_code} {response.request.method} {str(response.request.url)[:200]}"] = (
                response.read().decode("utf-8", "replace"))
        elif path.startswith("/api/v1/auth/") and response.is_closed and b"Token" in response.content:
            pair = response.json()
            self.secrets |= {pair[name] for name in ("accessToken", "refreshToken") if name in pair}
        if response.is_closed and response.headers.get("content-type", "").startswith("text/html"):
            self.proofs |= set(re.findall(r'name="_csrf" value="([^"]+)"', response.text))

    def watch_every_client(self):
        """Also those that a test makes for itself, or for one request."""
        send = httpx.Client.send

        def watched(client, request, **options):
            response = send(client, request, **options)
            self.note(response)
            return response

        httpx.Client.send = watched


run = Run()
