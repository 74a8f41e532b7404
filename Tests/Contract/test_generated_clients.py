"""Clients generated from the description by two generators: they work, and their types have different names."""

import csv
import importlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.endpoints import describe
from harness.signing_in import bearer, tokens

TOOLS = Path(sys.executable).parent


def generate(folder: Path, *command: str):
    done = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=folder, capture_output=True, text=True, timeout=120,
        env=os.environ | {"PATH": f"{TOOLS}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(own_service, tmp_path_factory):
    """The folder of the description, from which Python imports."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "description.json").write_text(json.dumps(describe(own_service)))
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def operations(own_service, folder):
    """The modules of a client's operations, by group and name, and the client."""
    # A warning names each operation or type that was left out.
    generate(
        folder, "openapi-python-client", "generate", "--path", "description.json", "--output-path", "typed_client",
        "--meta", "none", "--fail-on-warning")
    package = importlib.import_module("typed_client")
    client = package.AuthenticatedClient(
        own_service.origin, tokens(own_service, ADA).access, raise_on_unexpected_status=True)
    return lambda group, name, *values, **named: importlib.import_module(
        f"typed_client.api.{group}.{name}").sync_detailed(*values, client=client, **named)


@pytest.fixture(scope="module")
def types(folder):
    """The classes of all schemas, which reject unknown members."""
    generate(
        folder, "datamodel-codegen", "--input", "description.json", "--input-file-type", "openapi", "--output",
        "checked_types.py", "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin")
    return importlib.import_module("checked_types")


def test_every_object_has_a_name_of_its_own(own_service):
    """An object without a name gets one from a generator, which may be the name of another."""
    document = describe(own_service)

    def unnamed(schema, path: str):
        if isinstance(schema, dict):
            if "properties" in schema:
                yield path
            for name, value in schema.items():
                yield from unnamed(value, f"{path}/{name}")
        elif isinstance(schema, list):
            for place, value in enumerate(schema):
                yield from unnamed(value, f"{path}/{place}")

    assert list(unnamed(document["paths"], "")) == []
    for name, schema in document["components"]["schemas"].items():
        inner = [list(unnamed(value, name)) for value in schema.get("properties", {}).values()]
        assert inner == [[]] * len(inner)


def test_a_generated_client_creates_changes_and_deletes_a_brand(operations):
    models = importlib.import_module("typed_client.models")
    made = operations(
        "brands", "post_guilds_guild_id_brands", NORTHLIGHT, body=models.BrandInput("Made by a program"))
    assert made.status_code == 201 and isinstance(made.parsed, models.Brand)
    brand, tag = made.parsed, made.headers["etag"]
    assert made.headers["location"].endswith("/" + brand.id)

    cursor, names = None, []
    while True:
        further = {} if cursor is None else {"cursor": cursor}
        page = operations("brands", "get_guilds_guild_id_brands", NORTHLIGHT, limit=1, **further).parsed
        assert isinstance(page, models.BrandList)
        names += [item.name for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names.count("Made by a program") == 1 and len(names) > 1

    change = models.BrandChange(name="Renamed by a program")
    address = ("brands", "patch_guilds_guild_id_brands_brand_id", NORTHLIGHT, brand.id)
    changed = operations(*address, body=change, if_match=tag)
    assert changed.status_code == 200 and changed.parsed.name == "Renamed by a program"
    stale = operations(*address, body=change, if_match=tag)
    assert stale.status_code == 412 and isinstance(stale.parsed, models.Problem)
    assert stale.parsed.current_version == changed.parsed.version
    taken = operations(
        "brands", "post_guilds_guild_id_brands", NORTHLIGHT, body=models.BrandInput("Renamed by a program"))
    assert taken.status_code == 409 and taken.parsed.errors[0].pointer == "/name"

    delete = ("brands", "delete_guilds_guild_id_brands_brand_id", NORTHLIGHT, brand.id)
    gone = operations(*delete, if_match=changed.headers["etag"])
    assert gone.status_code == 204 and gone.parsed is None
    assert operations(*delete).status_code == 404


def test_a_generated_client_reads_the_csv_file(operations):
    file = operations("audit_csv", "get_guilds_guild_id_audit_csv", NORTHLIGHT)
    assert file.status_code == 200
    rows = list(csv.reader(io.StringIO(file.content.decode())))
    assert rows[0][0] == "id" and len(rows) > 1


def test_generated_types_take_every_answer(own_service, types):
    """They refuse a member that the description does not have, and a value of another type."""
    reads = {
        "/auth/me": types.Me, "/auth/sessions": types.SessionList, "/guilds": types.GuildList, "/status": types.BotUptime,
    } | {
        f"/guilds/{NORTHLIGHT}{path}": model for path, model in {
            "": types.Guild, "/accounts": types.AccountList, "/posts": types.PostList, "/brands": types.BrandList,
            "/groups": types.AccountGroupList, "/usage": types.Usage, "/audit": types.AuditEntryList,
            "/settings": types.GuildSettings, "/access": types.GuestList, "/api-keys": types.ApiKeyList,
            "/problems": types.ServerProblemList, "/status": types.BotStatus}.items()
    }
    with bearer(own_service, ADA) as ada:
        for path, model in reads.items():
            answer = ada.get("/api/v1" + path)
            assert answer.status_code == 200, path
            model.model_validate_json(answer.text)
        account = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/accounts?limit=1").json()["items"][0]["id"]
        types.AccountDetail.model_validate_json(ada.get(f"/api/v1/guilds/{NORTHLIGHT}/accounts/{account}").text)
        types.Problem.model_validate_json(ada.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=0").text)
