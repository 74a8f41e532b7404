"""The API's answers of the whole run, compared with its description."""

import json
import re
from collections import defaultdict

import httpx
from jsonschema import Draft202012Validator

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Those that the description has for all addresses together.
OTHERS = {405, 408, 413, 500, 501}
HEADERS = {
    "allow", "etag", "idempotency-replayed", "location", "ratelimit", "ratelimit-policy", "retry-after",
    "www-authenticate", "x-request-id"}
# Bodies of one kind of answer that are compared.
BODIES = 20


class Answers:
    def __init__(self):
        # By method, path, status and type: the names of the headers, and bodies.
        self.headers: dict[tuple, set[str]] = defaultdict(set)
        self.bodies: dict[tuple, list[bytes]] = defaultdict(list)

    def note(self, response: httpx.Response):
        request = response.request
        path = re.sub(r"/\d+(?=/|$)", "/1", request.url.path)
        if request.method not in METHODS or len(path) > 200:
            return
        kind = response.headers.get("content-type", "").split(";")[0]
        key = (request.method, path, response.status_code, kind)
        self.headers[key] |= {name.lower() for name in response.headers} & HEADERS
        if kind.endswith("json") and response.is_closed and len(self.bodies[key]) < BODIES:
            self.bodies[key].append(response.content)

    def watch(self, is_service):
        """All clients, also those that a test makes for itself; `is_service` tells the services' ports from others."""
        send = httpx.Client.send

        def watched(client, request, **options):
            response = send(client, request, **options)
            if is_service(response.request.url.port):
                self.note(response)
            return response

        httpx.Client.send = watched

    def faults(self, document: dict) -> tuple[int, list[str]]:
        """The number of kinds of answers that have a description, and how they differ from it."""
        patterns = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), methods)
            for path, methods in document["paths"].items()]
        compared, faults = 0, []
        for key in self.headers:
            method, path, *_ = key
            operations = [
                methods[method.lower()] for pattern, methods in patterns
                if pattern.fullmatch(path) and method.lower() in methods]
            if operations:
                compared += 1
                faults += self.faults_of(key, operations[0], document)
        return compared, faults

    def faults_of(self, key: tuple, operation: dict, document: dict) -> list[str]:
        _, _, status, kind = key
        shown = " ".join(map(str, key))
        described = operation["responses"].get(str(status))
        if described is None:
            if status not in OTHERS:
                return [f"{shown}: the status is not described"]
            described = operation["responses"]["default"]
        faults = []
        unknown = self.headers[key] - {name.lower() for name in described.get("headers", {})}
        if unknown:
            faults.append(f"{shown}: not described are {sorted(unknown)}")
        content = described.get("content", {})
        if kind and kind not in content:
            return [*faults, f"{shown}: the type is not described"]
        for body in self.bodies[key]:
            schema = content[kind]["schema"] | {"components": document["components"]}
            found = next(Draft202012Validator(schema).iter_errors(json.loads(body)), None)
            if found is not None:
                faults.append(f"{shown}: {found.json_path} {found.message[:200]}")
        return faults


answers = Answers()
