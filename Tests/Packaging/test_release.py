"""The archive that `script/release` makes: its files, and that its programs run."""

import hashlib
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from harness.cluster import Cluster
from harness.dockerfile import REPOSITORY
from harness.image import run
from harness.service import programs
from harness.waiting import eventually


def release(folder: Path) -> Path:
    """The archive, made of the programs that are tested."""
    run(
        "script/release", folder, cwd=REPOSITORY,
        env=os.environ | {"DASHBOARD_BINARY": str(programs() / "dashboard"), "SOURCE_DATE_EPOCH": "1750000000"})
    [archive] = folder.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    return release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    run("tar", "xzf", archive, "-C", folder)
    [only] = folder.iterdir()
    return only


def members(archive: Path) -> dict[str, tarfile.TarInfo]:
    """By their paths below the one folder."""
    with tarfile.open(archive) as tar:
        return {member.name.partition("/")[2]: member for member in tar.getmembers() if not member.isdir()}


def test_it_is_named_after_version_and_machine(archive, unpacked):
    version = run(programs() / "dashboard", "version").split()[1]
    machine = run("dpkg", "--print-architecture").strip()
    assert unpacked.name == f"tracking-dashboard-{version}-linux-{machine}"
    assert archive.name == unpacked.name + ".tar.gz"
    with tarfile.open(archive) as tar:
        assert {name.split("/")[0] for name in tar.getnames()} == {unpacked.name}


def test_its_checksum_is_right_and_is_the_only_one(archive):
    [line] = (archive.parent / "SHA256SUMS").read_text().splitlines()
    assert line == f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}"
    assert run("sha256sum", "--check", "SHA256SUMS", cwd=archive.parent) == f"{archive.name}: OK\n"


def test_it_has_programs_service_files_and_documents(archive):
    expected = {"bin/dashboard", "bin/health-beacon", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".env.example"}
    expected |= {f"deploy/{name}" for name in ("dashboard.service", "Caddyfile", "nginx.conf")}
    for folder in ("deploy/monitoring", "docs", "docs/screenshots"):
        files = [path for path in (REPOSITORY / folder).iterdir() if path.is_file()]
        assert files
        expected |= {f"{folder}/{path.name}" for path in files}
    clients = {
        str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "clients").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"}
    assert {"clients/README.md", "clients/python/dashboard_client/client.py",
            "clients/javascript/dashboard-client/client.js"} <= clients
    expected |= clients
    found = members(archive)
    assert {name for name in found if not name.startswith("licences/")} == expected
    for name in expected:
        if not name.startswith("bin/"):
            with tarfile.open(archive) as tar:
                assert tar.extractfile(found[name]).read() == (REPOSITORY / name).read_bytes(), name


def test_its_files_belong_to_root_and_are_world_readable(archive):
    for name, member in members(archive).items():
        assert (member.uid, member.gid, member.mtime) == (0, 0, 1750000000), name
        assert member.isreg(), name
        assert member.mode == (0o755 if name.startswith("bin/") else 0o644), name


def test_it_has_the_licences_of_all_that_the_programs_load_and_of_swift(unpacked):
    needed = run(
        "bash", "-c", 'source script/lib.sh; library_packages "$@"', "bash", unpacked / "bin/dashboard",
        unpacked / "bin/health-beacon", cwd=REPOSITORY).split()
    assert {"libpq5", "libmicrohttpd12", "libcurl4", "libssl3", "libc6"} <= set(needed)
    assert {path.name for path in (unpacked / "licences").iterdir()} == {*needed, "swift"}
    for package in needed:
        assert (unpacked / "licences" / package).read_bytes() == Path(f"/usr/share/doc/{package}/copyright").read_bytes()
    swift = (unpacked / "licences/swift").read_text()
    assert "Apache License" in swift and "Runtime Library Exception" in swift


def test_the_links_of_its_documents_are_not_broken(unpacked):
    for document in [*unpacked.glob("*.md"), *unpacked.glob("docs/*.md"), *unpacked.glob("clients/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.relative_to(unpacked)}: {target}"


def test_its_programs_are_stripped_and_run(unpacked):
    for name in ("dashboard", "health-beacon"):
        sections = run("readelf", "--sections", "--wide", unpacked / "bin" / name)
        assert ".text" in sections and ".symtab" not in sections and ".debug_info" not in sections, name
        assert (unpacked / "bin" / name).stat().st_size < (programs() / name).stat().st_size
    told = run(unpacked / "bin/dashboard", "version")
    assert told == run(programs() / "dashboard", "version") and unpacked.name.split("-")[2] in told
    assert "health-beacon [options]" in run(unpacked / "bin/health-beacon", "--help")


def test_its_programs_work_with_a_database(unpacked):
    cluster = Cluster()
    try:
        cluster.create("released")
        settings = {"PATH": os.environ["PATH"], "DATABASE_URL": cluster.address("released")}
        assert "applied 1 " in run(unpacked / "bin/dashboard", "migrate", env=settings)
        run(unpacked / "bin/health-beacon", "--once", env=settings)
        assert eventually(lambda: cluster.sql("SELECT count(*) FROM dashboard.bot_health", "released")) == [["1"]]
    finally:
        cluster.remove()


def test_the_same_programs_and_commit_give_the_same_archive(archive, tmp_path):
    assert release(tmp_path).read_bytes() == archive.read_bytes()
