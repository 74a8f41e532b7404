"""`script/supervise`: the ends of the program that count as a crash."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from harness.dockerfile import REPOSITORY
from harness.signals import default_signals
from harness.waiting import eventually

SUPERVISE = REPOSITORY / "script/supervise"


@pytest.fixture
def supervised(tmp_path):
    """Starts it with a program, and with pauses that are noted and not made."""
    (tmp_path / "sleep").write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/pauses\n')
    (tmp_path / "sleep").chmod(0o755)
    started = []

    def start(program: str) -> subprocess.Popen:
        text = f"#!/bin/bash\necho $$ >> {tmp_path}/runs\n{program}\n"
        (tmp_path / "program").write_text(text)
        (tmp_path / "program").chmod(0o755)
        process = subprocess.Popen(
            [SUPERVISE, tmp_path / "program"], stderr=subprocess.PIPE, text=True, preexec_fn=default_signals,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def test_the_server_script_runs_the_service_under_it():
    assert 'exec script/supervise "$(' in (REPOSITORY / "script/server").read_text()


@pytest.mark.parametrize("name", ["SEGV", "ABRT", "ILL", "KILL"])
def test_the_program_is_restarted_after_a_crash_and_not_after_an_exit(supervised, tmp_path, name):
    process = supervised(f"[ $(wc -l < {tmp_path}/runs) -gt 1 ] && exit 7; kill -s {name} $$")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 7
    assert len(lines(tmp_path / "runs")) == 2 and lines(tmp_path / "pauses") == ["1"]
    assert f"killed by SIG{name}; starting it again in 1 s" in errors


def test_after_five_quick_restarts_it_gives_up_with_the_programs_code(supervised, tmp_path):
    process = supervised("kill -s SEGV $$")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGSEGV
    assert len(lines(tmp_path / "runs")) == 6 and lines(tmp_path / "pauses") == ["1", "2", "4", "8", "16"]
    assert "SIGSEGV again, after 5 quick restarts: giving up" in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_is_passed_on_and_ends_both(supervised, tmp_path, number):
    # Python takes SIGINT although the shell starts it with that ignored, as the service does.
    process = supervised(
        f"exec python3 -c 'import signal; signal.pthread_sigmask(0, [{number:d}]); "
        f'open("{tmp_path}/ready", "w"); signal.sigwait([{number:d}]); exit(3)\'')
    eventually((tmp_path / "ready").exists, within=20)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 3 and len(lines(tmp_path / "runs")) == 1


@pytest.mark.parametrize("name", ["TERM", "INT", "HUP"])
def test_a_program_that_ends_by_a_stop_signal_is_not_restarted(supervised, tmp_path, name):
    process = supervised(f"trap - {name}; exec python3 -c 'import os, signal; "
                         f"signal.signal(signal.SIG{name}, signal.SIG_DFL); os.kill(os.getpid(), signal.SIG{name})'")
    process.communicate(timeout=20)
    assert process.returncode == 128 + getattr(signal, f"SIG{name}") and len(lines(tmp_path / "runs")) == 1
