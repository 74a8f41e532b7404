"""Invalid settings, and the sources of settings."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.brief import run
from harness.cast import ADA
from harness.service import JWT_SECRET, Service, free_port, programs
from harness.signing_in import bearer


MISTAKES = {
    "PORT": ["x", "-1", "65536", "8080 "],
    "HOST": ["nonsense", "256.1.1.1", "127.0.0.1:80", "192.0.2.1", "2001:db8::1"],
    "JWT_SECRET": ["hunter2-too-short"],
    "JWT_SECRET_PREVIOUS": ["hunter2-short-too"],
    "DISCORD_TOKEN_SECRET": ["hunter2-too-short"],
    "DISCORD_TOKEN_SECRET_PREVIOUS": ["hunter2-too-short"],
    "DATABASE_URL": [
        "hunter2", "postgresql://[broken", "postgresql://dash:hunter2@host/x?nonsense=1",
        "postgresql://dash:hunter2@host:99999/x", "host=h port=hunter2 password=hunter2",
        "postgresql://dash:hunter2@host/x?sslmode=hunter2",
        "postgresql://app:x@hunter2@db.example.org/d", "postgresql://u:123/hunter2@host/db", "service=hunter2",
        "host=a,b port=1,2,3 password=hunter2"],
    "DATABASE_POOL_SIZE": ["0", "many", "1e3"],
    "DATA_DIR": ["/etc/passwd", "/proc/nothing", "/proc/nothing/at/all"],
    "RATE_LIMIT_USER_PER_MINUTE": ["0", "-5", "lots"],
    "RATE_LIMIT_KEY_PER_MINUTE": ["0", " "],
    "RATE_LIMIT_SIGN_IN_PER_15_MINUTES": ["0"],
    "API_KEY_SCOPES": ["off", "ENFORCE"],
    "RATE_LIMIT_TENANT_PER_MINUTE": ["0", "1.5"],
    "CORS_ALLOWED_ORIGINS": ["*", "https://a.example/b,x", "https://a.example\nhttps://b.example", "x\x85y"],
    "TRUSTED_PROXIES": ["10.0.0.1/8", "x,y", "127.0.0.1\n10.0.0.1", "\x1b[31m", "x\u2028y"],
    "LOG_LEVEL": ["loud"],
    "LOG_FORMAT": ["xml"],
    "METRICS_TOKEN": ["hunter2-too-short"],
    "OPERATOR_NAME": ["a\x1b[31mb"],
    "OPERATOR_CONTACT": ["a\nb"],
    "DASHBOARD_URL": ["ftp://x", "dashboard.example.org", "https://example.org/path", "https://EXAMPLE.org", "https://"],
    "DASHBOARD_OAUTH_CALLBACK": ["https://elsewhere.example.org"],
    "DASHBOARD_DISCORD_CLIENT_ID": ["abc"],
    "DASHBOARD_DISCORD_CLIENT_SECRET": ["hunter2\nhunter2"],
    "DISCORD_API_BASE": ["discord.com", "https://discord.com/api/"],
    "JWT_SECRET_FILE": ["/nonexistent/hunter2"],
    "ENV_FILE": ["/nonexistent/file", "/", "/nonexistent\nfile"],
}


def test_every_variable_is_tried():
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    names = re.findall(r"^#(\w+)=", example, re.MULTILINE)
    assert len(names) > 20 and set(names) <= set(MISTAKES)


@pytest.mark.parametrize("name, value", [(name, value) for name in MISTAKES for value in MISTAKES[name]])
def test_a_wrong_setting_is_named_and_ends_the_start_with_78(name, value):
    done = run("serve", **{name: value})
    assert done.returncode == 78
    lines = [line for line in done.stderr.splitlines() if line.startswith(name + " ")]
    assert len(lines) == 1, done.stderr
    assert not done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    assert all(re.match("[A-Z0-9_]+ ", line) for line in done.stderr.splitlines()[1:]), done.stderr


@pytest.mark.parametrize("name", [
    "JWT_SECRET", "DISCORD_TOKEN_SECRET", "METRICS_TOKEN", "DATABASE_URL", "JWT_SECRET_FILE", "DATA_DIR", "ENV_FILE"])
def test_a_value_that_is_not_utf_8_is_a_mistake(name):
    done = run("serve", **{name: b"/hunter2-\xff" * 20})
    assert done.returncode == 78 and "hunter2" not in done.stdout + done.stderr
    [_, line] = done.stderr.splitlines()
    assert line.startswith(name + " ") and "UTF-8" in line


def test_a_folder_without_write_permission_is_reported_with_all_other_mistakes():
    folder = tempfile.mkdtemp(prefix="theirs-", dir="/tmp")
    os.chmod(folder, 0o555)
    # Root may write anywhere.
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    program = Path(tempfile.mkdtemp(prefix="program-", dir="/tmp"))
    program.chmod(0o755)
    shutil.copy(programs() / "dashboard", program)
    try:
        for path in (folder, folder + "/below/it"):
            done = subprocess.run(
                [*as_nobody, program / "dashboard"], env={"PATH": os.environ["PATH"], "DATA_DIR": path, "PORT": "x"},
                capture_output=True, text=True, timeout=20)
            assert done.returncode == 78 and not done.stdout
            assert [line.split()[:2] for line in done.stderr.splitlines()[1:]] == [["PORT", "must"], ["DATA_DIR", path]]
        assert not os.listdir(folder)
    finally:
        shutil.rmtree(folder)
        shutil.rmtree(program)


def test_all_mistakes_are_reported_at_once_with_a_line_for_each():
    wrong = {name: values[0] for name, values in MISTAKES.items() if not name.endswith("_SECRET_FILE")}
    done = run("serve", **wrong)
    assert done.returncode == 78
    for name in wrong:
        assert len([line for line in done.stderr.splitlines() if line.startswith(name + " ")]) == 1, (name, done.stderr)


ID, SECRET = "DASHBOARD_DISCORD_CLIENT_ID", "DASHBOARD_DISCORD_CLIENT_SECRET"


@pytest.mark.parametrize("given, missing", [
    ({ID: "123456789012345678"}, [SECRET]),
    ({SECRET: "hunter2"}, [ID]),
    ({ID: "123456789012345678", SECRET + "_FILE": "EMPTY"}, [SECRET]),
    ({SECRET + "_FILE": "EMPTY"}, [ID, SECRET]),
])
def test_with_half_of_discords_credentials_a_page_names_the_other_half(start_service, tmp_path, given, missing):
    (tmp_path / "empty").write_text("\n")
    given = {name: value.replace("EMPTY", str(tmp_path / "empty")) for name, value in given.items()}
    service = start_service(**given)
    assert service.entries(message="ready")[0]["mode"] == "normal"
    assert service.entries(level="warning")[0]["missing"] == " and ".join(missing)
    with service.client(follow_redirects=True) as visitor:
        page = visitor.get("/")
        assert page.status_code == 200 and f"http://127.0.0.1:{service.port}/api/v1/auth/discord/callback" in page.text
        assert [name for name in (ID, SECRET) if f">{name}<" in page.text] == missing
        assert visitor.get("/demo/discord/authorize").status_code == 404
        assert visitor.get("/api/v1/auth/discord").status_code == 503
    told = run("doctor", DATABASE_URL=service.environment["DATABASE_URL"], **given)
    assert told.returncode == 1 and "BAD   discord: " + " and ".join(missing) + " " in told.stdout
    service.stop()


def test_half_of_discords_credentials_is_no_matter_to_the_demo(start_service):
    service = start_service(arguments=("demo",), DASHBOARD_DISCORD_CLIENT_ID="123456789012345678")
    assert service.entries(message="ready")[0]["mode"] == "demo"
    service.stop()


@pytest.mark.parametrize("name, value", [
    ("PGSSLMODE", "hunter2"), ("PGPORT", "hunter2"), ("PGSERVICE", "hunter2"), ("PGGSSENCMODE", "hunter2"),
    ("PGTARGETSESSIONATTRS", "hunter2"), ("PGOPTIONS", "-chunter2=1"), ("PGTZ", "hunter/two"), ("PGDATESTYLE", "hunter2")])
def test_a_wrong_variable_of_libpqs_is_named_and_ends_the_start_with_78(cluster, name, value, tmp_path):
    address = cluster.address("postgres")
    file = tmp_path / "variables"
    file.write_text(f"{name}='{value}'\n")
    for given in ({name: value}, {"ENV_FILE": str(file)}):
        for command in (["serve"], ["migrate", "--dry-run"]):
            done = run(*command, DATABASE_URL=address, **given)
            assert done.returncode == 78 and not done.stdout, done
            [_, line] = done.stderr.splitlines()
            assert line.startswith(name + " ") and "hunter" not in line


def test_an_option_that_the_server_refuses_is_a_mistake_of_the_address(cluster):
    done = run("serve", DATABASE_URL=cluster.address("postgres") + " options='-c hunter2=bar'")
    assert done.returncode == 78 and "hunter2" not in done.stdout + done.stderr
    assert done.stderr.splitlines()[1].startswith("DATABASE_URL has an option that the database refuses")
    told = run("doctor", DATABASE_URL=cluster.address("postgres") + " options='-c hunter2=bar'")
    assert told.returncode == 78 and "BAD   configuration: DATABASE_URL has an option" in told.stdout


def test_a_service_of_libpqs_counts(cluster, tmp_path):
    file = tmp_path / "services"
    file.write_text("[mine]\n" + cluster.address("postgres").replace(" ", "\n").replace("'", "") + "\n")
    assert run("migrate", "--dry-run", DATABASE_URL="service=mine", PGSERVICEFILE=str(file)).returncode == 0
    done = run("serve", DATABASE_URL="service=other", PGSERVICEFILE=str(file))
    assert done.returncode == 78 and "DATABASE_URL has invalid settings: service must be" in done.stderr


@pytest.mark.parametrize(
    "address",
    ["postgresql://dash:hunter2@127.0.0.1:1/dash", "host=127.0.0.1 port=1 password=hunter2",
     "host=/nonexistent dbname=x"])
def test_a_database_that_cannot_be_reached_ends_the_start_without_the_password(address):
    done = run("serve", DATABASE_URL=address)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "hunter2" not in done.stdout + done.stderr


def test_an_unknown_command_is_refused():
    assert run("frobnicate").returncode == 64
    assert "usage" in run("help").stdout
    assert run("version").stdout.startswith("tracking-dashboard ")


def test_a_folder_that_cannot_be_made_is_refused(cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), DATA_DIR="/proc/nothing")
    assert done.returncode == 78 and "DATA_DIR" in done.stderr


def test_a_secret_comes_from_a_file_as_well(start_service, tmp_path):
    file = tmp_path / "secret"
    file.write_text(JWT_SECRET + "\n")
    service = start_service(JWT_SECRET="", JWT_SECRET_FILE=str(file))
    with bearer(service, ADA) as visitor:
        assert visitor.get("/api/v1/auth/me").status_code == 200
    service.stop()


def test_variables_come_from_a_file_and_the_environment_wins(start_service, tmp_path):
    file = tmp_path / "variables"
    file.write_text(f"# Comment\n\nexport JWT_SECRET='{JWT_SECRET}'\nLOG_FORMAT=text # not this\nOPERATOR_NAME=\"Z \\\"é\\\"\"\n")
    service = start_service(JWT_SECRET="", ENV_FILE=str(file), LOG_FORMAT="json")
    with bearer(service, ADA) as visitor:
        assert visitor.get("/api/v1/auth/me").status_code == 200
        assert "Z &quot;é&quot;" in visitor.get("/privacy").text
    assert not (Path(service.environment["DATA_DIR"]) / "token-secret").exists()
    service.stop()


def test_an_invalid_line_of_the_file_is_reported_with_all_other_mistakes(tmp_path):
    file = tmp_path / "variables"
    file.write_text("LOG_LEVEL=info\nJWT_SECRET 'hunter2'\nPORT=hunter2\n")
    done = run("serve", ENV_FILE=str(file), PORT="", HOST="x")
    assert done.returncode == 78 and "hunter2" not in done.stdout + done.stderr
    assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == ["ENV_FILE", "HOST", "PORT"], done.stderr
    assert f"{file}, line 2: " in done.stderr


def test_names_of_the_file_that_nothing_reads_are_warned_of_where_they_resemble_one(cluster, tmp_path):
    file = tmp_path / "variables"
    file.write_text("DASHBORD_URL=https://a.example\nOTHER_PROGRAM=1\nDISCORD_CLIENT_ID=hunter2\nPGAPPNAME=x\nLOG_LEVEL=info\n")
    cluster.create("misspelt")
    service = Service(cluster, "misspelt", ENV_FILE=str(file))
    said = [entry["message"] for entry in service.entries(level="warning") if "ENV_FILE" in entry["message"]]
    assert said == [
        "ENV_FILE sets DASHBORD_URL, which is not a known variable: is DASHBOARD_URL meant?",
        "ENV_FILE sets DISCORD_CLIENT_ID, which is not a known variable: is DASHBOARD_DISCORD_CLIENT_ID meant?"]
    service.stop()
    told = run("doctor", DATABASE_URL=cluster.address("misspelt"), ENV_FILE=str(file))
    assert told.returncode == 0 and all(f"note  configuration: {warning}" in told.stdout for warning in said), told


def test_unknown_names_are_reported_with_the_mistakes(tmp_path):
    file = tmp_path / "variables"
    file.write_text("DASHBORD_URL=https://a.example\n")
    given = {"ENV_FILE": str(file), "DISCORD_CLIENT_ID": "hunter2", "HOMES": "x", "RATE_LIMIT_USERS_PER_MINUTE": "", "PORT": "x"}
    hints = [
        "ENV_FILE sets DASHBORD_URL, which is not a known variable: is DASHBOARD_URL meant?",
        "DISCORD_CLIENT_ID is set, which is not a known variable: is DASHBOARD_DISCORD_CLIENT_ID meant?"]
    done = run("serve", **given)
    assert done.returncode == 78
    [_, mistake, *said] = done.stderr.splitlines()
    assert mistake.startswith("PORT must") and said == hints
    told = run("doctor", **given)
    assert all(f"note  configuration: {hint}" in told.stdout for hint in hints) and "problems: 1" in told.stdout


@pytest.mark.parametrize("name", ["JWT_SECRET_FILE", "ENV_FILE"])
def test_a_pipe_in_a_files_place_is_not_waited_for(name, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    done = run("serve", **{name: str(tmp_path / "pipe")})
    assert done.returncode == 78 and done.stderr.splitlines()[1].startswith(name + " names a file that cannot be read")


def test_without_a_secret_one_is_made_and_kept(start_service):
    service = start_service(JWT_SECRET="")
    kept = Path(service.environment["DATA_DIR"]) / "token-secret"
    secret = kept.read_text()
    assert len(secret) >= 64 and kept.stat().st_mode & 0o077 == 0
    service.stop()


def test_the_demo_is_for_this_machine_only(start_service):
    done = run("serve", HOST="0.0.0.0", DATABASE_URL="host=/nonexistent")
    assert done.returncode != 0
    port = free_port()
    service = start_service(HOST="0.0.0.0", PORT=str(port), DASHBOARD_URL=f"http://127.0.0.1:{port}")
    assert service.entries(message="ready")[0]["mode"] == "normal"
    with service.client() as visitor:
        assert visitor.get("/demo/discord/authorize").status_code == 404
        answer = visitor.get("/api/v1/auth/discord")
        assert answer.status_code == 503
    service.stop()
