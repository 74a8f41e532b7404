"""Waiting by asking again, never by sleeping for a fixed time."""

import time


def eventually(check, within=5.0, every=0.02):
    """The result of `check` as soon as it is true; fails with its last result if it never is.

    An exception of `check` counts as no.
    """
    deadline = time.monotonic() + within
    while True:
        try:
            last = check()
            if last:
                return last
        except Exception as error:  # noqa: BLE001
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; last answer: {last!r}")
        time.sleep(every)
