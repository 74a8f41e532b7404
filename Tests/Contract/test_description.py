"""The API's description, and whether the service answers as it says."""

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


def test_every_operation_has_a_name_of_its_own_and_says_how_it_fails(document):
    names = [details["operationId"] for methods in document["paths"].values() for details in methods.values()]
    assert len(set(names)) == len(names)
    for operation in operations(document):
        if operation.needs_sign_in:
            assert "401" in operation.answers, operation.name
        if operation.is_of_guild:
            assert {"403", "404"} <= operation.answers, operation.name
        if operation.has_body:
            assert {"413", "415", "422"} <= operation.answers, operation.name
        assert "503" in operation.answers or operation.path in ("/api/v1/openapi.json",), operation.name


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


# What a bearer token cannot do, what has no end, and what would end the session in the middle.
LEFT_OUT = [
    "/api/v1/auth/logout", "/api/v1/auth/logout-all", "/api/v1/auth/sessions/{sessionId}",
    "/api/v1/guilds/{guildId}/status/stream",
]

# Unknown methods are a 501, which is right and yet a server error to this tool.
SETTINGS = f"""
[parameters]
guildId = "{NORTHLIGHT}"

[phases.coverage]
unexpected-methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_service_answers_as_it_says(own_service, seed, tmp_path):
    # On a service of its own: it deletes brands, and whatever is in them.
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
        cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
