"""Whether the container can read the files of docs/operations.md: the commands there, run as the image's user."""

import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.dockerfile import REPOSITORY
from harness.image import AS_ROOT, as_root

# The image's user, with nothing of root's.
USER = ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
        "--inh-caps=-all"]
MOUNTED = "/saved/"
VOLUME = "/var/lib/tracking-dashboard/"


def commands() -> list[str]:
    text = (REPOSITORY / "docs/operations.md").read_text()
    block = re.search(r"^\*\*With Compose\*\*.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]
    return [line for line in block.replace("\\\n", "").splitlines() if line]


@pytest.fixture
def folder():
    folder = Path(tempfile.mkdtemp(prefix="restored-", dir="/tmp"))
    # Below a folder of the test that others may enter: the document's own folder must keep them out.
    folder.chmod(0o755)
    as_root("install", "-d", "-m", "0700", "-o", "10001", "-g", "10001", folder / "volume")
    yield folder
    as_root("rm", "-rf", folder / "volume")
    shutil.rmtree(folder)


class Host:
    """The machine on which the document's lines are typed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.copied: list[Path] = []

    def type(self, line: str):
        words = shlex.split(line, comments=True)
        if words[:3] == ["docker", "compose", "cp"]:
            self.copy(words[-2], words[-1])
        elif words[0] != "docker":
            subprocess.run(["sh", "-euc", "umask 077; " + line], cwd=self.folder, check=True)

    def copy(self, source: str, target: str):
        """As a container's file comes: its owner's alone."""
        path = self.folder / target
        if target.endswith("/"):
            path /= source.rpartition("/")[2]
        path.write_text(source)
        path.chmod(0o600)
        self.copied.append(path)

    def may_be_entered(self, path: str) -> bool:
        return subprocess.run([*AS_ROOT, *USER, "ls", self.folder / path], capture_output=True).returncode == 0

    def run(self, line: str) -> subprocess.CompletedProcess:
        """`docker compose run`: a mounted folder is reachable with any permissions above it, like a working folder."""
        words = shlex.split(line)
        place, _, target = words[words.index("--volume") + 1].removesuffix(":ro").partition(":")
        assert target + "/" == MOUNTED
        command = words[words.index("dashboard") + 1:]
        if command[0] == "dashboard":
            command = ["cat", command[-1]]
        command = [word.replace(MOUNTED, "./").replace(VOLUME, f"{self.folder}/volume/") for word in command]
        return subprocess.run(
            [*AS_ROOT, *USER, *command], cwd=place.replace("$PWD", str(self.folder)), capture_output=True, text=True)


def test_a_restore_with_compose_can_read_the_backup(folder):
    lines = commands()
    inside = [line for line in lines if line.startswith("docker compose run ")]
    assert len(inside) == 2 and any("token-secret" in line for line in inside)
    host = Host(folder)
    for line in lines:
        if line.startswith("chmod "):
            assert all(host.run(line).returncode != 0 for line in inside), "it is for nothing"
        host.type(line)
    for line in inside:
        done = host.run(line)
        assert done.returncode == 0, done.stderr
    assert {path.name for path in host.copied} == {"database", "token-secret", "discord-token-secret"}
    listed = as_root("stat", "--format=%a %u %n", *(folder / "volume" / f"{name}token-secret" for name in ("", "discord-")))
    assert [line.split()[:2] for line in listed.splitlines()] == [["600", "10001"]] * 2
    # Others of the machine are kept out.
    assert not host.may_be_entered("saved") and not host.may_be_entered(str(host.copied[0].parent))
