"""Whether the links of the documents work, and the map of the code shows the tree."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.dockerfile import REPOSITORY

DOCUMENTS = [path for folder in ("", "docs/", "clients/") for path in sorted(REPOSITORY.glob(f"{folder}*.md"))]
FOLDERS = ("Plugins", "Sources", "Tests", "clients", "deploy", "docs", "migrations", "script")
# A name that stands for any.
PLACEHOLDER = re.compile(r"\b(?:NNNN_name|Name\w*|SUBJECT)\b")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def prose(document: Path) -> str:
    """The text without blocks of code, whose lines may begin like headings."""
    return re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The addresses of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_link_of_a_document_leads_to_a_file_and_a_heading(document):
    for target, anchor in LINK.findall(prose(document)):
        path = document.parent / target if target else document
        assert path.exists(), target
        if anchor:
            assert path.suffix == ".md" and anchor in anchors(path), f"{target}#{anchor}"


@pytest.fixture(scope="module")
def paths() -> set[str]:
    """All files and folders of the repository, each with and without the ending of its name."""
    found = {path.relative_to(REPOSITORY) for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*")}
    return {str(path) for path in found} | {str(path.with_suffix("")) for path in found} | set(FOLDERS)


# The changelog is about files of its time.
@pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_path_in_a_document_exists(document, paths):
    # From the root, or from a folder of Sources or Tests (`Web/Features`, `Routing/Endpoint`).
    named = re.findall(r"`((?:[A-Z]+[a-z]\w+|%s)(?:/[\w.-]+)+)/?`" % "|".join(FOLDERS), prose(document))
    missing = {
        name for name in named if not PLACEHOLDER.search(name)
        and name not in paths and not any(path.endswith("/" + name) for path in paths)}
    assert not missing


def test_every_page_can_be_reached_from_the_readme():
    links = {REPOSITORY / target for target, _ in LINK.findall(prose(REPOSITORY / "README.md"))}
    assert {path for path in DOCUMENTS if path != REPOSITORY / "README.md"} <= links


def test_the_readme_fits_on_a_few_screens():
    assert len((REPOSITORY / "README.md").read_text().splitlines()) <= 120


@pytest.fixture
def copy(tmp_path) -> Path:
    """The tree that script/floors reads."""
    for folder in ("script", "Sources"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    (tmp_path / "docs").mkdir()
    shutil.copy(REPOSITORY / "docs/architecture.md", tmp_path / "docs")
    return tmp_path


def faults(copy: Path) -> list[str]:
    told = subprocess.run([copy / "script/floors"], capture_output=True, text=True)
    assert told.returncode == (1 if told.stdout else 0), told.stderr
    return told.stdout.splitlines()


def test_the_map_of_the_code_shows_the_tree(copy):
    assert faults(copy) == []


def test_a_new_folder_needs_a_row_in_the_map(copy):
    folder = copy / "Sources/Web/Features/Novelty"
    folder.mkdir()
    (folder / "Novelty.swift").write_text("enum Novelty {}\n")
    assert faults(copy) == ["docs/architecture.md has no row for the folder Web/Features/Novelty"]


def test_a_row_of_the_map_needs_a_folder(copy):
    shutil.rmtree(copy / "Sources/Formats/Coding")
    assert faults(copy) == ["docs/architecture.md has a row for Formats/Coding, which is no folder of Sources"]
