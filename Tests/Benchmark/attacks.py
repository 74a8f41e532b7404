"""Input of hostile clients: each function returns the bytes of one request, or bytes that are no request.

Nothing here opens a connection. Randomness comes from the caller, so that a seed repeats a run.
"""

import base64
import json
import re
import time

from bench import GUILD

API, PAGES = f"/api/v1/guilds/{GUILD}", f"/guilds/{GUILD}"
# If an attacker were signed out, the attacks that follow would be harmless.
ENDING = re.compile("/auth/|/sessions")
TEXTS = (
    "", "a", "%", "_", "\\", "'", "''", "\"", "%00", "\0", "\r\n", "é", "é", "🦊" * 40, "‮", "<script>", "../..",
    "-1", "0", "00", "+1", "1e9", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "NaN", "null",
    "true", "2026-02-30", "0001-01-01", "9999-12-31", "=1+1", "x" * 3_000, "[" * 40, "{}", "%zz", "%c3%28", "*", ";", "&", "=",
)


def request(method, target, headers="", body=b""):
    length = f"Content-Length: {len(body)}\r\n" if body or method not in ("GET", "HEAD", "OPTIONS") else ""
    return f"{method} {target} HTTP/1.1\r\nHost: x\r\n{headers}{length}\r\n".encode("utf-8", "surrogateescape") + body


def escaped(text):
    return "".join(f"%{byte:02X}" if byte <= 0x20 or byte >= 0x7F or chr(byte) in "#?&" else chr(byte) for byte in text.encode())


class Attacks:
    def __init__(self, description, chance, token):
        """The description is that of OpenAPI; `token` gives an access token."""
        self.chance, self.token = chance, token
        self.operations = [
            (method.upper(), path, operation) for path, methods in description["paths"].items()
            for method, operation in methods.items()
            if method == "get" or (method in ("post", "put", "patch", "delete") and not ENDING.search(path))]

    def text(self):
        text = self.chance.choice(TEXTS)
        if self.chance.random() < 0.3:
            text += self.chance.choice(TEXTS)
        return text

    def bearer(self):
        return f"Authorization: Bearer {self.token()}\r\n"

    # Of the grammar of HTTP

    def random_bytes(self):
        return self.chance.randbytes(self.chance.randrange(1, 2_000))

    def damaged(self):
        """A request with some bytes changed, left out or doubled."""
        whole = bytearray(request("GET", f"{API}/posts?limit=10", self.bearer()))
        for _ in range(self.chance.randrange(1, 6)):
            place = self.chance.randrange(len(whole))
            match self.chance.randrange(3):
                case 0: whole[place] = self.chance.randrange(256)
                case 1: del whole[place]
                case 2: whole[place:place] = whole[place:place + 20]
        return bytes(whole) + b"\r\n\r\n"

    def large_body(self):
        size = self.chance.choice((1_048_577, 3_000_000))
        return request("POST", f"{API}/brands", self.bearer() + "Content-Type: application/json\r\n", b" " * size)

    def chunked_body(self):
        """Some too large, some with broken chunks, some that never end."""
        head = f"POST {API}/brands HTTP/1.1\r\nHost: x\r\n{self.bearer()}Content-Type: application/json\r\n" \
            "Transfer-Encoding: chunked\r\n\r\n"
        chunk = self.chance.choice((b"2\r\n{}\r\n", b"zz\r\n{}\r\n", b"fffffffffffffffff\r\n{}\r\n", b"-1\r\n", b"10000\r\n" + b" " * 65_536 + b"\r\n"))
        return head.encode() + chunk * self.chance.randrange(1, 40) + self.chance.choice((b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b""))

    def long_head(self):
        return request("GET", "/healthz", "".join(f"X-{n}: {'y' * 200}\r\n" for n in range(self.chance.randrange(1, 400))))

    # Of callers

    def forged_token(self):
        whole = bytearray(self.token().encode())
        match self.chance.randrange(4):
            case 0: whole[self.chance.randrange(len(whole))] ^= 1 << self.chance.randrange(7)
            case 1: whole = whole[:self.chance.randrange(len(whole))]
            case 2:
                header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=")
                whole = header + b"." + whole.split(b".")[1] + b"."
            case 3: whole = b"A" * self.chance.randrange(9_000)
        text = whole.decode("latin-1")
        header = self.chance.choice((f"Authorization: Bearer {text}", f"Cookie: dashboard_access={text}; dashboard_refresh={text[:80]}"))
        return request("GET", self.chance.choice((f"{API}/posts", PAGES, "/api/v1/auth/me")), header + "\r\n")

    def forged_signature(self):
        stamp = self.chance.choice((str(int(time.time() * 1000)), self.text(), "0"))
        key = self.chance.choice(("tdk_" + "a" * 16, "tdk_" + "".join(self.chance.choices("abcdef0123456789", k=16)), "x"))
        code = self.chance.choice(("0" * 64, self.chance.randbytes(32).hex(), "zz"))
        headers = f"Dashboard-Key: {key}\r\nDashboard-Timestamp: {stamp}\r\nDashboard-Signature: {code}\r\n".replace("\0", "")
        return request("POST", "/api/v1/bot/heartbeat", headers + "Content-Type: application/json\r\n", b"{}")

    # Of parameters and bodies

    def described(self):
        """An operation of the description, with values that its parameters and body do not have."""
        method, path, operation = self.chance.choice(self.operations)
        target = path
        for name in [piece[1:-1] for piece in path.split("/") if piece.startswith("{")]:
            value = str(GUILD) if name == "guildId" else self.chance.choice(("1", "37", escaped(self.text()) or "1"))
            target = target.replace("{" + name + "}", value)
        query = [
            f"{parameter['name']}={escaped(self.text())}" for parameter in operation.get("parameters", [])
            if parameter.get("in") == "query" and self.chance.random() < 0.5]
        if query:
            target += "?" + "&".join(query)
        headers = self.bearer()
        if self.chance.random() < 0.5:
            headers += "If-Match: " + self.chance.choice(('"1"', "*", '"', 'W/"2", "3"')) + "\r\n"
        if "requestBody" not in operation:
            return request(method, target, headers)
        return request(method, target, headers + "Content-Type: application/json\r\n", self.json())

    def json(self):
        names = ("name", "platform", "handle", "groupId", "brandId", "url", "notes", "items", "userId", "level", "timezone")
        value = {name: self.value(0) for name in self.chance.sample(names, self.chance.randrange(1, 6))}
        whole = bytearray(json.dumps(value, ensure_ascii=self.chance.random() < 0.5).encode("utf-8", "surrogatepass"))
        if self.chance.random() < 0.3:
            whole[self.chance.randrange(len(whole))] = self.chance.randrange(256)
        return bytes(whole)

    def value(self, depth):
        kind = self.chance.randrange(6)
        if kind == 0 and depth < 40:
            return [self.value(depth + 1) for _ in range(self.chance.randrange(4))]
        if kind == 1 and depth < 40:
            return {self.text()[:50]: self.value(depth + 1)}
        return self.chance.choice((self.text(), 10 ** self.chance.randrange(25), -1.5, True, None, "5"))

    def form(self):
        fields = "&".join(f"{self.chance.choice(('name', '_csrf', 'handle', self.text()))}={self.text()}" for _ in range(9))
        headers = f"Cookie: dashboard_access={self.token()}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        page = self.chance.choice(("/tracking/brands/new", "/settings", "/tracking/accounts/new", "/guests"))
        return request("POST", PAGES + page, headers, fields.encode("utf-8", "surrogatepass"))

    def search(self):
        page = self.chance.choice((f"{API}/posts", f"{API}/accounts", f"{API}/brands", f"{API}/audit"))
        return request("GET", f"{page}?q={escaped(self.text())}", self.bearer())

    def stream(self):
        return request("GET", f"{API}/status/stream", self.bearer())

    def of_any_kind(self):
        kinds = (
            self.random_bytes, self.damaged, self.large_body, self.chunked_body, self.long_head, self.forged_token,
            self.forged_signature, self.described, self.form, self.search)
        kind = self.chance.choices(kinds, (6, 8, 1, 3, 2, 10, 8, 30, 8, 12))[0]
        return kind.__name__, kind()
