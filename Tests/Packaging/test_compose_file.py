"""The properties of docker-compose.yml, and whether it fits the service and the image."""

import re

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for

from harness.compose import FILE, load
from harness.dockerfile import REPOSITORY, last_stage

GIVEN = {"DASHBOARD_URL": "https://dashboard.example.org"}


def known_variables() -> set[str]:
    """Those that `Configuration` reads."""
    source = "".join(path.read_text() for path in (REPOSITORY / "Sources/App/Configuration").glob("*.swift"))
    return set(re.findall(r'reader\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', source))


@pytest.fixture(scope="module")
def compose():
    return load(**GIVEN)


def test_the_compose_file_follows_the_specification(compose):
    schema = get_builtin_schema("vendor.compose-spec")
    mistakes = list(validator_for(schema)(schema).iter_errors(compose))
    assert not mistakes, [f"{'/'.join(map(str, mistake.path))}: {mistake.message}" for mistake in mistakes]


def test_the_schema_finds_a_mistake(compose):
    schema = get_builtin_schema("vendor.compose-spec")
    assert not validator_for(schema)(schema).is_valid(compose | {"services": {"db": {"imagine": "postgres"}}})


def test_compose_sets_only_variables_of_the_service(compose):
    known = known_variables()
    assert {"DATABASE_URL", "PORT", "JWT_SECRET"} <= known
    for name in compose["services"]["dashboard"]["environment"]:
        assert name.removesuffix("_FILE") in known, name
    for name in last_stage().environment:
        assert name in known, name


def test_compose_requires_variables_without_a_default():
    with pytest.raises(AssertionError, match="DASHBOARD_URL is demanded"):
        load()


def test_secrets_are_files_and_not_variables(compose):
    for name, service in compose["services"].items():
        mounted = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        named = {value for key, value in service.get("environment", {}).items() if key.endswith("_FILE")}
        assert mounted == named, name
        for key, value in service.get("environment", {}).items():
            assert key.endswith("_FILE") or not re.search("SECRET|PASSWORD|TOKEN", key), f"{name}: {key}"
            assert not re.search("password=", str(value)), f"{name}: {key}"
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert set(compose["secrets"]) == used
    assert "/secrets/" in (REPOSITORY / ".gitignore").read_text().split()


def test_every_service_is_confined(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service and "docker.sock" not in str(service), name


def test_only_a_service_that_exits_at_once_runs_as_root(compose):
    as_root = [name for name, service in compose["services"].items() if service.get("user", "").startswith("0")]
    assert as_root == ["proxy-folder"]
    assert compose["services"]["proxy-folder"]["network_mode"] == "none"
    assert compose["services"]["proxy-folder"]["restart"] == "no"
    # The service's own user is the image's.
    assert "user" not in compose["services"]["dashboard"]
    assert {"db", "proxy"} <= {name for name, service in compose["services"].items() if "user" in service}


def test_the_proxy_cannot_reach_the_database(compose):
    networks = {name: set(service.get("networks", [])) for name, service in compose["services"].items()}
    assert not networks["db"] & networks["proxy"]
    assert networks["db"] & networks["dashboard"] and networks["proxy"] & networks["dashboard"]
    assert all(compose["networks"][name]["internal"] for name in networks["db"])
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_the_service_trusts_the_proxy_only(compose):
    proxy = compose["services"]["proxy"]["networks"]["web"]["ipv4_address"]
    assert compose["services"]["dashboard"]["environment"]["TRUSTED_PROXIES"] == proxy


def test_every_lasting_service_has_a_health_check_and_time_to_stop(compose):
    for name in ("db", "dashboard", "proxy"):
        service = compose["services"][name]
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert int(service["stop_grace_period"].removesuffix("s")) > 10, name


def test_every_mount_is_declared_and_exists(compose):
    for name, service in compose["services"].items():
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            assert (FILE.parent / source).is_file() if source.startswith("./") else source in compose["volumes"], name
    mounted = {volume.split(":")[1] for volume in compose["services"]["dashboard"]["volumes"]}
    assert mounted == set(last_stage().volumes)


def test_the_image_checks_liveness_and_compose_readiness(compose):
    assert "GET /healthz" in last_stage().health[-1]
    assert "GET /readyz" in compose["services"]["dashboard"]["healthcheck"]["test"][-1]
    assert f"/{last_stage().port} " in compose["services"]["dashboard"]["healthcheck"]["test"][-1]
    assert compose["services"]["proxy"]["environment"]["UPSTREAMS"] == f"dashboard:{last_stage().port}"
