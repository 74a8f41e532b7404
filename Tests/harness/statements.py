"""Statements of the services, as visible to any login that can read the server's activity."""

import json
import subprocess
import threading

from harness.cluster import Cluster, binaries

# The script of the sample data is part of the program, and has a connection of its own.
SAMPLE = r"""SELECT DISTINCT to_json(query)::text FROM pg_stat_activity
WHERE application_name LIKE 'tracking-dashboard%' AND application_name NOT LIKE '% demo' AND query <> '' \watch 0.2
"""


class Statements:
    """Gathered several times a second, in the background, as long as the cluster runs.

    A connection shows its last statement while it waits for the next one, so few are missed.
    """

    def __init__(self, cluster: Cluster):
        self.seen: set[str] = set()
        self.process = subprocess.Popen(
            [str(binaries() / "psql"), "-XqAt", cluster.address("postgres")], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdin.write(SAMPLE)
        self.process.stdin.flush()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith('"'):
                self.seen.add(json.loads(line))

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.reader.join(5)
