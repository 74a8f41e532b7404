"""The clients for bots, as their readers run them: in a folder that holds a copy of the client."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from harness.signed import Key

CLIENTS = Path(__file__).parents[3] / "clients"
COPIED = {"Python": "python/dashboard_client", "JavaScript": "javascript/dashboard-client"}
COMMANDS = {"Python": [sys.executable, "-c"], "JavaScript": ["node", "--input-type=module", "-e"]}
PROGRAMS = {"Python": "call.py", "JavaScript": "call.mjs"}


class BotClient:
    def __init__(self, language: str, folder: Path):
        self.language, self.folder = language, folder
        copied = CLIENTS / COPIED[language]
        shutil.copytree(copied, folder / copied.name, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, program: str, given="", **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*COMMANDS[self.language], program], cwd=self.folder, env={"PATH": os.environ["PATH"]} | environment,
            input=given, capture_output=True, text=True, timeout=90)

    def call(self, origin: str, key: Key, *calls: list, at_once=False, attempts=6, longest_pause=5.0, timeout=20.0) -> list[dict]:
        """The result or error of each call. The names are JavaScript's; the first back-off has 10 ms."""
        order = {
            "url": origin, "key": key.id, "secret": key.secret, "calls": calls, "atOnce": at_once, "attempts": attempts,
            "firstPauseMs": 10, "longestPauseMs": longest_pause * 1_000, "timeoutMs": timeout * 1_000}
        program = (Path(__file__).parent / PROGRAMS[self.language]).read_text()
        done = self.run(program, json.dumps(order))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
