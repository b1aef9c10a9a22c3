"""The store is damaged, locked, full or gone: the baseline serves, nothing advances, and the log says so."""

import os
import resource
import sqlite3

import pytest

from harness.application import Traffic, ask
from harness.playbook import canary, playbook, shadow
from harness.program import command
from harness.waiting import wait_until

STAGES = [shadow("300ms"), canary("50%", "60s")]


@pytest.fixture
def book(pair):
    return playbook(pair[0].url, pair[1].url, STAGES)


def test_a_damaged_store(book, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    store.write_bytes(b"SQLite format 3\0" + os.urandom(40_000))
    proxy = crossfade(book, store=store)
    failed = proxy.wait_for("journal_failed")
    assert failed["level"] == "error" and "damaged" in failed["error"] and str(store) in failed["error"]
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(traffic.answers) > 500, "traffic")
        assert {answer.arm for answer in traffic.answers} == {"stable"}
        assert traffic.errors() == [] and not pair[1].chats()
        assert proxy.get("/readyz")[0] == 503 and proxy.get("/healthz")[0] == 200
        assert proxy.status()["weights"] == {"challenger": 0} and not proxy.decisions()
        # The operator does what the message says.
        for path in (store, *tmp_path.glob("store.db-*")):
            path.unlink(missing_ok=True)
        proxy.wait_for("journal_recovered")
        proxy.wait_for_decision("advance", stage="canary")
    assert proxy.get("/readyz")[0] == 200
    assert traffic.errors() == []


def test_a_store_damaged_under_a_restart(book, crossfade, tmp_path):
    store = tmp_path / "store.db"
    proxy = crossfade(book, store=store)
    with Traffic(proxy.port, clients=1, pause=0.001):
        proxy.wait_for_decision("advance", stage="canary")
    proxy.terminate()
    assert proxy.wait() == 0
    content = bytearray(store.read_bytes())
    content[100 : len(content)] = os.urandom(len(content) - 100)
    store.write_bytes(content)
    again = crossfade(book, store=store)
    again.wait_for("journal_failed")
    assert ask(again.port).status == 200
    assert again.status()["weights"] == {"challenger": 0}


def test_a_store_that_another_program_has_locked_at_start(book, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    first = crossfade(book, store=store)
    first.terminate()
    first.wait()
    holder = sqlite3.connect(store, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    proxy = crossfade(book, store=store)
    failed = proxy.wait_for("journal_failed")
    assert "locked" in failed["error"]
    assert ask(proxy.port).arm == "stable" and not pair[1].chats()
    assert proxy.get("/readyz")[0] == 503
    holder.execute("ROLLBACK")
    holder.close()
    proxy.wait_for("journal_recovered")
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        proxy.wait_for_decision("advance", stage="canary")
    assert traffic.errors() == []


def test_a_store_that_another_program_locks_during_the_rollout(book, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    proxy = crossfade(book, store=store)
    holder = sqlite3.connect(store, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        proxy.wait_for("journal_failed")
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 500, "traffic goes on")
        assert proxy.status()["stage"] == "shadow", "advanced without a journal"
        assert proxy.steer("promote").returncode == 1, "promoted without a journal"
        holder.execute("ROLLBACK")
        holder.close()
        proxy.wait_for("journal_recovered")
        proxy.wait_for_decision("advance", stage="canary")
    assert traffic.errors() == []


def test_a_store_that_is_locked_during_a_canary(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    proxy = crossfade(playbook(pair[0].url, pair[1].url, [canary("50%")]), store=store)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(pair[1].chats()) > 50, "the canary has traffic")
        holder = sqlite3.connect(store, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        proxy.wait_for("journal_failed")
        # What cannot be journaled must not be risked: the baseline serves.
        proxy.wait_for_status(lambda status: status["weights"] == {"challenger": 0}, "weight 0 without a journal")
        wait_until_idle(pair[1], traffic)
        # A person may roll back all the same, and it is journaled as soon as that is possible.
        assert proxy.steer("rollback", "--reason", "by hand").returncode == 0
        assert proxy.status()["state"] == "rolled_back"
        holder.execute("ROLLBACK")
        holder.close()
        proxy.wait_for("journal_recovered")
        seen = len(pair[1].chats())
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 200, "traffic goes on")
        assert len(pair[1].chats()) == seen
    assert traffic.errors() == []
    done = command("decisions", "--store", store)
    assert "rollback" in done.stdout.splitlines()[-1], done.stdout
    assert proxy.status()["state"] == "rolled_back"


def wait_until_idle(gateway, traffic):
    """Until 200 answers came without one request to the gateway."""

    def is_idle():
        seen, answered = len(gateway.chats()), len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 200, "traffic goes on")
        return len(gateway.chats()) == seen

    wait_until(is_idle, "the candidate gets nothing")


def test_a_store_in_a_folder_that_is_not_there(book, crossfade, tmp_path):
    proxy = crossfade(book, store=tmp_path / "missing" / "store.db", ready=False)
    assert proxy.wait() in (1, 2)
    assert "cannot be opened" in proxy.text() and "missing" in proxy.text()


def test_a_store_of_another_program(book, crossfade, tmp_path):
    store = tmp_path / "store.db"
    other = sqlite3.connect(store)
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    proxy = crossfade(book, store=store, ready=False)
    assert proxy.wait() in (1, 2)
    assert "another program" in proxy.text()


def test_a_full_disk(book, pair, crossfade, tmp_path):
    """As far as a limit on the size of files is a full disk."""
    store = tmp_path / "store.db"
    proxy = crossfade(book, store=store)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        proxy.wait_for_decision("start")
        limit = max(path.stat().st_size for path in tmp_path.glob("store.db*"))
        limit_file_size(proxy.process.pid, limit)
        proxy.wait_for("journal_failed", 40)
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 200, "traffic goes on")
        assert proxy.process.poll() is None
        limit_file_size(proxy.process.pid, resource.RLIM_INFINITY)
        proxy.wait_for("journal_recovered")
    assert traffic.errors() == []


def limit_file_size(process, size):
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_reading_a_store_that_is_not_there(tmp_path):
    done = command("decisions", "--store", tmp_path / "nothing.db")
    assert done.returncode == 1 and "no such file" in done.stderr
    assert not (tmp_path / "nothing.db").exists()
