"""A plugin of pytest for script/sanitize: gives every program the sanitizer's options, and fails a run with reports.

The tests start programs with an environment of their own, so the options are added where processes are made. Reports go
to files, since tests compare the output of programs.
"""

import os
import subprocess
from pathlib import Path

REPORTS = Path(os.environ["SANITIZER_REPORTS"]).absolute()
SUPPRESSIONS = Path(__file__).parent / "thread-suppressions.txt"
OPTIONS = {
    # Leaks are measured over time by script/bench: memory that lives until the end of the process is no fault here.
    "ASAN_OPTIONS": f"log_path={REPORTS}/address:detect_leaks=0",
    # The exit status is the program's own, which tests compare.
    "TSAN_OPTIONS": f"log_path={REPORTS}/thread:exitcode=0:suppressions={SUPPRESSIONS}",
    # The report of a crash is the sanitizer's.
    "SWIFT_BACKTRACE": "enable=no",
}


def pytest_addoption(parser):
    parser.addoption("--deselect-name", action="append", default=[], help="the name of a test function to leave out")


def pytest_configure(config):
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.iterdir():
        old.unlink()
    # Programs of PostgreSQL's user write there too.
    REPORTS.chmod(0o777)
    begin = subprocess.Popen.__init__

    def begin_with_options(self, *arguments, env=None, **options):
        begin(self, *arguments, env=(os.environ if env is None else env) | OPTIONS, **options)

    subprocess.Popen.__init__ = begin_with_options


def pytest_collection_modifyitems(config, items):
    left_out = config.getoption("--deselect-name")
    config.hook.pytest_deselected(items=[item for item in items if item.originalname in left_out])
    items[:] = [item for item in items if item.originalname not in left_out]


def pytest_sessionfinish(session):
    found = sorted(REPORTS.iterdir())
    for report in found[:5]:
        print(f"\n{report}:\n{report.read_text('utf-8', 'replace')[:6_000]}")
    if found:
        print(f"\n{len(found)} reports of the sanitizer are in {REPORTS}")
        session.exitstatus = 1
