"""The API's description, and whether the service's answers match it."""

import subprocess
import sys

import pytest
from openapi_spec_validator import validate

from harness.endpoints import describe, operations
from harness.signing_in import tokens
from harness.cast import ADA, NORTHLIGHT


@pytest.fixture(scope="module")
def document(service) -> dict:
    return describe(service)


def test_the_description_is_valid(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def expected_failures(operation) -> set[str]:
    """The statuses that the rules of the product give, and no others."""
    headers = {parameter["name"]: parameter.get("required") for parameter in operation.parameters if parameter["in"] == "header"}
    takes_tokens = operation.path == "/api/v1/auth/refresh"
    changes = operation.method != "get"
    is_sign_in = "/auth/discord" in operation.path
    is_metrics = operation.path == "/metrics"
    rules = {
        # Invalid input, input that is too long, and an unreachable database.
        "400": True, "414": True, "431": True, "503": True,
        # Those that every request may get, such as 405 and 500.
        "default": True,
        "401": operation.needs_sign_in or takes_tokens or is_metrics,
        # The level in a server, the scope of a key; else a form of another site, or a page that embeds a sign-in.
        "403": operation.is_of_guild or operation.is_signed or changes or is_sign_in or is_metrics,
        "404": operation.is_signed or "{" in operation.path,
        "409": operation.is_of_guild and not operation.is_signed and changes and (
            operation.has_body or "Idempotency-Key" in headers or "cascade" in names_of(operation, "query")
            or "If-Match" in headers),
        "412": "If-Match" in headers,
        "413": operation.has_body, "415": operation.has_body,
        "422": operation.has_body or "Idempotency-Key" in headers or "from" in names_of(operation, "query"),
        "428": headers.get("If-Match") is True,
        # To sign out must always be possible.
        "429": (operation.needs_sign_in or takes_tokens or is_sign_in) and operation.path != "/api/v1/auth/logout",
    }
    return {status for status, applies in rules.items() if applies}


def names_of(operation, place: str) -> set[str]:
    return {parameter["name"] for parameter in operation.parameters if parameter["in"] == place}


def test_every_operation_has_a_name_of_its_own_and_documents_its_errors(document):
    names = [details["operationId"] for methods in document["paths"].values() for details in methods.values()]
    assert len(set(names)) == len(names)
    for operation in operations(document):
        failures = {status for status in operation.answers if status[0] not in "23"}
        assert failures == expected_failures(operation), operation.name


def test_parameters_are_described(document):
    for operation in operations(document):
        for parameter in operation.parameters:
            assert parameter["schema"], f"{operation.name} {parameter['name']}"
            if parameter["in"] == "query":
                assert parameter["description"], f"{operation.name} {parameter['name']}"


def test_the_page_of_it_lists_every_operation(document, nobody):
    page = nobody.get("/docs")
    assert page.status_code == 200
    for path in document["paths"]:
        assert path in page.text or path.replace("{", "&#123;").replace("}", "&#125;") in page.text


# Operations that would end the session, and those without an end.
LEFT_OUT = ["/api/v1/auth/logout", "/api/v1/auth/logout-all", "/api/v1/guilds/{guildId}/status/stream"]

# No session: a guessed one could be the tool's own.
SETTINGS = f"""
[parameters]
guildId = "{NORTHLIGHT}"
sessionId = "9000000000"
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_service_answers_as_described(own_service, seed, tmp_path):
    # On a service of its own: it deletes brands with their content.
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)
    left_out = [argument for path in LEFT_OUT for argument in ("--exclude-path", path)]
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run",
            own_service.origin + "/api/v1/openapi.json",
            "--header", f"Authorization: Bearer {tokens(own_service, ADA).access}", "--seed", str(seed),
            "--max-examples", "25", "--phases", "examples,coverage,fuzzing", "--mode", "all",
            # Refusing wrong values is tested elsewhere: here an empty one, which forms send, would count as wrong.
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
            "response_schema_conformance,response_headers_conformance",
            "--request-timeout", "10", "--no-color", "--generation-database", "none", "--suppress-health-check", "all",
            *left_out,
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=420)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
