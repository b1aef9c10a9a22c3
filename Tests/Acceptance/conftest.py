"""Fixtures of the acceptance tests: gateways and the program, ended with the test, whatever became of it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.gateway import Behavior, Gateway
from harness.playbook import playbook, write
from harness.program import BINARY, Crossfade, environment


def pytest_sessionstart(session):
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} is not there; run Tests/run --acceptance, or set CROSSFADE", 2)


@pytest.fixture
def gateway():
    """Makes gateways."""
    made = []

    def make(seed=1, **behavior):
        made.append(Gateway(Behavior(**behavior), seed))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def crossfade(tmp_path):
    """Starts the program; its log is judged when the test is over."""
    started = []

    def start(book, *arguments, store=None, **options):
        path = book if isinstance(book, Path) else write(tmp_path / f"playbook-{len(started)}.yaml", book)
        started.append(Crossfade(path, store or tmp_path / f"store-{len(started)}.db", *arguments, **options))
        return started[-1]

    yield start
    for each in started:
        each.close()
    for each in started:
        each.judge_log()


@pytest.fixture
def pair(gateway):
    """A baseline and a candidate that both work."""
    return gateway(seed=1), gateway(seed=2)


@pytest.fixture
def rollout(pair, crossfade):
    """Starts a rollout between the pair."""

    def start(stages, *arguments, store=None, **changes):
        baseline, candidate = pair
        return crossfade(playbook(baseline.url, candidate.url, stages, **changes), *arguments, store=store)

    return start


@pytest.fixture
def emulated():
    """Starts gateways with `crossfade emulate`, processes of their own, and says their base URLs."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [BINARY, "emulate", "--listen", "127.0.0.1:0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
        )
        started.append(process)
        for line in process.stdout:
            if match := re.search(r"https?://127\.0\.0\.1:\d+\S*", line):
                return match.group()
        raise AssertionError("the emulated gateway does not say where it is")

    yield start
    for process in started:
        process.terminate()
    for process in started:
        assert process.wait(10) == 0, "an emulated gateway did not end as asked"
