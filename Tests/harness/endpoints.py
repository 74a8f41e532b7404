"""The API's endpoints as its own description lists them."""

from collections import defaultdict
from dataclasses import dataclass, field

from harness.cast import NORTHLIGHT
from harness.service import Service


@dataclass
class Operation:
    method: str
    path: str
    parameters: list[dict]
    needs_sign_in: bool
    answers: set[str]
    content_types: set[str] = field(default_factory=set)
    has_body: bool = False
    # By a bot, with an API key, instead of by a person's session.
    is_signed: bool = False

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def is_of_guild(self) -> bool:
        return "{guildId}" in self.path

    @property
    def needs_admin(self) -> bool:
        """The rule of the product: viewers read tracking data, bonus, status and usage, admins do all else."""
        admins_reads = (
            "audit", "audit.csv", "problems", "settings", "access", "exports", "imports", "webhooks", "api-keys",
            "rejected-items")
        last = self.path.split("{guildId}")[1].strip("/").split("/")[0]
        return self.method != "get" or last in admins_reads

    @property
    def is_stream(self) -> bool:
        return "text/event-stream" in self.content_types

    def address(self, guild: str = NORTHLIGHT, **holes: str) -> str:
        return self.path.format_map(defaultdict(lambda: "1", {"guildId": guild} | holes))


def resolve(document: dict, schema: dict) -> dict:
    while "$ref" in schema:
        target = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


def operations(document: dict) -> list[Operation]:
    found = []
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            parameters = [
                parameter | {"schema": resolve(document, parameter["schema"])}
                for parameter in details.get("parameters", [])
            ]
            good = [answer for status, answer in details["responses"].items() if status.startswith("2")]
            found.append(Operation(
                method, path, parameters, bool(details.get("security")), set(details["responses"]),
                {kind for answer in good for kind in answer.get("content", {})}, "requestBody" in details,
                any("signature" in scheme for scheme in details.get("security", []))))
    return found


def operations_of_people(document: dict) -> list[Operation]:
    return [operation for operation in operations(document) if not operation.is_signed]


def describe(service: Service) -> dict:
    with service.client() as client:
        answer = client.get("/api/v1/openapi.json")
        assert answer.status_code == 200, f"/api/v1/openapi.json: {answer.status_code}"
        return answer.json()
