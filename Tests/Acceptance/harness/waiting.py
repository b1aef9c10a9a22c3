"""Waiting for a condition, with a deadline: nothing in these tests waits for a length of time."""

import time


def wait_until(condition, what, seconds=15):
    """Polls until `condition()` is true, and returns what it returned; after `seconds` fails, naming `what`."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.01)
