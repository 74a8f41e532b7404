"""`script/english`: the limits hold, and a line or name over them is reported."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def run(folder: Path) -> list[str]:
    done = subprocess.run([folder / "script/english"], capture_output=True, text=True)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def tree(tmp_path) -> Path:
    """A tree with the script and no other file."""
    (tmp_path / "script").mkdir()
    shutil.copy(REPOSITORY / "script/english", tmp_path / "script")
    (tmp_path / "Tests").mkdir()
    assert run(tmp_path) == []
    return tmp_path


def test_the_repository_is_within_the_limits():
    assert run(REPOSITORY) == []


@pytest.mark.parametrize("name, text", [
    ("One.swift", "/// Whatever it sends.\nlet text = \"what\"\n"), ("one.sql", "-- Whatever it sends.\nSELECT 'what';\n"),
    ("one.py", '"""Whatever it sends."""\ntext = """what"""\n'), ("one.py", "text = 'what'  # Whatever it sends.\n"),
    ("one", "#!/bin/sh\n# Whatever it sends.\necho what\n")])
def test_a_comment_over_a_limit_is_reported(tree, name, text):
    (tree / "Tests" / name).write_text(text)
    first, *lines = run(tree)
    assert first.startswith("Tests: 333.3 of 1,000 words of comments are ")
    assert len(lines) == 1 and f"Tests/{name}:" in lines[0] and "Whatever it sends." in lines[0]


@pytest.mark.parametrize("name, text", [
    ("One.swift", "@Suite struct `A page` {\n    @Test func `says a word`() {}\n}\n"),
    ("one.py", "def test_a_page_says_a_word():\n    pass\n")])
def test_a_name_of_a_test_is_reported(tree, name, text):
    (tree / "Tests" / name).write_text(text)
    [line] = run(tree)
    assert line.startswith(f'Tests/{name}: "says" in the name of a test: ')
