"""The image of the Dockerfile's last stage, made with debootstrap: no Docker engine is needed, but root is.

The folder is kept, as $XDG_CACHE_HOME/tracking-dashboard/image-HASH/root, until base or RUN lines change.
"""

import hashlib
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from harness.dockerfile import Stage

AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]


def run(*command, **settings) -> str:
    """The command's output. Fails if the command fails."""
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=600, **settings)
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout[-3_000:]}"
    return done.stdout


def as_root(*command, **settings) -> str:
    return run(*AS_ROOT, *command, **settings)


def root_of(stage: Stage) -> Path:
    """The image's root, created if it does not exist. Nothing may be written into it."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tracking-dashboard"
    key = hashlib.sha256("\n".join([stage.base, *stage.runs, os.uname().machine]).encode()).hexdigest()[:16]
    folder = caches / f"image-{key}"
    if not folder.exists():
        caches.mkdir(parents=True, exist_ok=True)
        for old in caches.glob("image-*"):
            as_root("rm", "-rf", "--one-file-system", old)
        # Under another name until it is complete.
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=caches))
        make(unfinished / "root", stage)
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    return folder / "root"


def make(root: Path, stage: Stage):
    sources = mirrors(stage.release)
    as_root(
        "debootstrap", "--variant=minbase",
        # Only apt over HTTPS needs it before the image's own packages are there.
        *(["--include=ca-certificates"] if any(address.startswith("https:") for address, _, _ in sources) else []),
        stage.release, root, next(address for address, suite, _ in sources if suite == stage.release))
    write(root / "etc/apt/sources.list", "".join(f"deb {' '.join(source)}\n" for source in sources))
    write(root / "etc/apt/apt.conf.d/90this-machine", connection_settings())
    # As in Docker's own images of Debian: files lost in a power failure can be created again.
    write(root / "etc/dpkg/dpkg.cfg.d/unsafe-io", "force-unsafe-io\n")
    for line in stage.runs:
        as_root(
            "unshare", "--mount", "--propagation", "private", "sh", "-ec",
            'mount -t proc proc "$1/proc"; exec chroot "$1" env -i "PATH=$2" DEBIAN_FRONTEND=noninteractive sh -c "$3"',
            "sh", root, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", line)


def mirrors(release: str) -> list[tuple[str, str, str]]:
    """The source of that release of Debian in this machine's apt: address, suite, component."""
    lines = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    found = sorted({tuple(line.split()) for line in lines.splitlines() if line.count(" ") == 2})
    wanted = [source for source in found if source[1].split("-")[0] == release and source[2] == "main"]
    assert any(suite == release for _, suite, _ in wanted), f"apt of this machine knows no mirror of Debian {release}"
    return wanted


def connection_settings() -> str:
    """Proxies and the like, as this machine's apt has them."""
    kinds = ("Acquire::http", "Acquire::Check", "Acquire::Retries")
    return "".join(line + "\n" for line in run("apt-config", "dump", "Acquire").splitlines() if line.startswith(kinds))


def write(path: Path, text: str):
    subprocess.run([*AS_ROOT, "tee", path], input=text, text=True, stdout=subprocess.DEVNULL, check=True)
