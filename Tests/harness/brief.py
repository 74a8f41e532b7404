"""The program, called so that it ends by itself."""

import os
import subprocess
import tempfile

from harness.service import programs


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """In a folder of its own; with a wrong configuration nothing may be in it afterwards."""
    with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
        settings = {"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": "0"} | environment
        done = subprocess.run(
            [programs() / "dashboard", *arguments], env=settings, capture_output=True, text=True, timeout=20)
        if done.returncode == 78:
            assert not os.listdir(folder), "something was started"
        return done
