"""Processor time, read from /proc, and results of wrk."""

import os
import re
import subprocess
import sys

TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pids):
    return sum(used(pid, 11, 12) for pid in pids)


def database_seconds(cluster):
    """Of the processes that there are, and of those that have ended: the postmaster has waited for them."""
    processes = cluster.processes()
    return processor_seconds(processes) + used(processes[0], 13, 14)


def used(pid, *fields):
    try:
        with open(f"/proc/{pid}/stat") as file:
            numbers = file.read().rsplit(") ", 1)[1].split()
    except OSError:
        return 0
    return sum(int(numbers[field]) for field in fields) / TICK


def start(command, **options):
    """In a session of its own, as services and browsers are: Linux shares the cores among sessions (autogroup), and one
    for the service, its clients and the writers together, beside one for each of PostgreSQL's processes, leaves single
    connections waiting for up to half a second."""
    return subprocess.Popen(command, start_new_session=True, **options)


def wrk(url, headers, connections, seconds):
    """Starts it; `Load` reads its output at the end."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency"]
    for header in headers:
        command += ["-H", header]
    return start([*command, url], stdout=subprocess.PIPE, text=True)


class Load:
    def __init__(self, process):
        output = process.communicate()[0]
        assert process.returncode == 0, output
        self.requests = int(re.search(r"(\d+) requests in", output)[1])
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
        # On lines of their own: a share of the table above them may be 50 % or 99 % as well.
        self.p50, self.p99 = (re.search(rf"^ +{p}% +(\S+)$", output, re.MULTILINE)[1] for p in (50, 99))
        bad = re.search(r"Non-2xx.*", output)
        self.complaint = f"  {bad[0]}" if bad else ""


def steady(url, header, seconds, rate):
    """Starts requests at that rate; `SteadyLoad` reads their results."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "steady.py")
    return start([sys.executable, program, url, header, str(seconds), str(rate)], stdout=subprocess.PIPE, text=True)


class SteadyLoad:
    def __init__(self, process):
        output = process.communicate()[0]
        assert process.returncode == 0, output
        self.p99, self.maximum = (f"{float(text):.2f}ms" for text in output.split())
