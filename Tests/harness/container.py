"""A process in an image's root as a container's is: read-only, as the image's user, with nothing of root's."""

import re
import subprocess
import tempfile
from pathlib import Path

from harness.dockerfile import Stage
from harness.image import AS_ROOT, as_root, root_of, run
from harness.service import programs
from harness.waiting import eventually

# $1 root, $2 the folder with programs, secrets and volumes. The rest is the command.
MOUNTS = """
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/tmp"
mount -t tmpfs tmpfs "$1/run"
mkdir "$1/run/secrets"
mount --bind "$2/secrets" "$1/run/secrets"
mount --bind "$2/programs" "$1/usr/local/bin"
for where in "$2"/volumes/*.where; do mount --bind "${where%.where}" "$1$(cat "$where")"; done
mount -o remount,bind,ro "$1/usr/local/bin"
mount -o remount,bind,ro "$1/run/secrets"
mount -o remount,ro "$1/run"
mount -o remount,bind,ro "$1"
root=$1; shift 2; cd "$root"
exec chroot "$root" "$@"
"""


class Container:
    """Started when made; `stop` removes the files that it wrote."""

    def __init__(self, stage: Stage, environment: dict[str, str], secrets: dict[str, str]):
        self.stage = stage
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"} | stage.environment | environment
        self.root = root_of(stage)
        self.folder = Path(tempfile.mkdtemp(prefix="container-"))
        self.folder.chmod(0o755)
        self._fill(secrets)
        self.output = open(self.folder / "output", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                *AS_ROOT, "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
                "sh", "-euc", MOUNTS, "sh",
                str(self.root), str(self.folder), *self._as_user(stage.command),
            ],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT)
        # Of the command, seen from outside; inside it is 1.
        self.pid = eventually(self._find, within=10)

    def _fill(self, secrets: dict[str, str]):
        for name, value in secrets.items():
            path = self.folder / "secrets" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(value + "\n")
        (self.folder / "programs").mkdir()
        for name in ("dashboard", "health-beacon"):
            run("strip", "-o", self.folder / "programs" / name, programs() / name)
        (self.folder / "volumes").mkdir()
        for number, volume in enumerate(self.stage.volumes):
            # A new volume has the image's content and owner.
            as_root("cp", "--archive", f"{self.root}{volume}", self.folder / "volumes" / str(number))
            (self.folder / "volumes" / f"{number}.where").write_text(volume)

    def _as_user(self, command: list[str]) -> list[str]:
        return [
            "setpriv", f"--reuid={self.stage.user}", f"--regid={self.stage.user}", "--clear-groups", "--no-new-privs",
            "--bounding-set=-all", "--inh-caps=-all", "env", "-i",
            *(f"{name}={value}" for name, value in self.environment.items()), *command,
        ]

    def _find(self) -> int | None:
        assert self.process.poll() is None, self.log
        pid = self.process.pid
        while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            pid = int(children[0])
        return pid if Path(f"/proc/{pid}/comm").read_text().strip() == self.stage.command[0] else None

    # Looking

    @property
    def log(self) -> str:
        self.output.seek(0)
        return self.output.read()

    def status(self, name: str) -> str:
        """A line of /proc's on the process."""
        return re.search(rf"^{name}:\s*(.*)$", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)[1]

    def execute(self, *command: str, user=True) -> subprocess.CompletedProcess:
        """As `docker exec`; else as root, with all that root may."""
        return subprocess.run(
            [
                *AS_ROOT, "nsenter", "--target", str(self.pid), "--mount", "--pid", "--root", "--wd",
                *(self._as_user(list(command)) if user else command),
            ],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    # Stopping

    def end(self, within=10) -> int:
        """`docker stop`; the exit code."""
        as_root("kill", "-TERM", self.pid)
        return self.process.wait(within)

    def stop(self):
        if self.process.poll() is None:
            as_root("kill", "-KILL", self.pid)
            self.process.wait()
        self.output.close()
        as_root("rm", "-rf", "--one-file-system", self.folder)
