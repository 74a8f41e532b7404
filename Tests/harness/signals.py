"""Signals of the programs under test."""

import signal


def default_signals():
    """For `preexec_fn`: the program that runs the tests may ignore some, as `nohup` does, and its children inherit that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
