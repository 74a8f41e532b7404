"""The properties of the Dockerfile that can be checked without building it."""

import re

from harness.dockerfile import REPOSITORY, build_image, last_stage
from harness.image import run
from harness.service import programs


def test_the_image_has_exactly_the_libraries_that_the_programs_name():
    needed = run(
        "bash", "-c", 'source script/lib.sh; library_packages "$@"', "bash", programs() / "dashboard",
        programs() / "health-beacon", cwd=REPOSITORY).split()
    libraries = {package for package in last_stage().packages if re.match(r"lib|zlib", package)}
    # Debian without the C library does not exist.
    assert libraries == set(needed) - {"libc6"}


def test_the_image_does_not_run_as_root():
    assert last_stage().user not in ("root", "0")


def test_both_stages_are_the_same_release_of_debian():
    assert build_image().endswith("-" + last_stage().release)


def test_the_image_builds_with_a_compiler_that_the_package_accepts():
    image = tuple(map(int, re.match(r"swift:(\d+)\.(\d+)", build_image()).groups()))
    package = re.match(r"// swift-tools-version: (\d+)\.(\d+)", (REPOSITORY / "Package.swift").read_text())
    assert image >= tuple(map(int, package.groups()))


def test_dockerignore_keeps_the_sources_of_the_image():
    ignored = (REPOSITORY / ".dockerignore").read_text().split()
    assert "secrets" in ignored and ".env" in ignored and ".git" in ignored
    for needed in ("Sources", "Plugins", "migrations", "Package.swift", "script", "Tests/Support"):
        assert not {needed, needed.split("/")[0]} & set(ignored), needed
