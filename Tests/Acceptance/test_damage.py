"""What was decided stays decided: the process killed at any moment, its store, log or mark damaged in any one place.

In the suite a short form. The long form:  KILLS=300 DAMAGES=200 python -m pytest test_damage.py -s
"""

import json
import os
import random
import resource
import shutil
import sqlite3
from collections import Counter

import pytest

from harness.application import Traffic, ask
from harness.playbook import canary, playbook, write
from harness.program import Crossfade, command
from harness.waiting import wait_until

KILLS = int(os.environ.get("KILLS", "8"))
DAMAGES = int(os.environ.get("DAMAGES", "18"))
SEED = int(os.environ.get("SEED", "11"))
PARTS = ("", "-wal", "-shm", "-mark")


def journaled(store):
    reader = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5)
    try:
        return [json.loads(body) for (body,) in reader.execute("SELECT body FROM decision ORDER BY position")]
    finally:
        reader.close()


def test_kills(pair, tmp_path):
    """Nothing that was logged or answered is forgotten, nothing in force is above the journal."""
    chance = random.Random(SEED)
    weights = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80)
    stages = [canary(f"{weight}%", "150ms", name=f"s{index}") for index, weight in enumerate(weights)]
    book = write(
        tmp_path / "playbook.yaml", playbook(pair[0].url, pair[1].url, [*stages, canary("90%", "1h", name="last")])
    )
    store = tmp_path / "store.db"
    kinds = Counter()
    proxy = Crossfade(book, store)
    for kill in range(KILLS):
        pair[1].behave(error_share=1 if chance.random() < 0.25 else 0)
        answered = []
        with Traffic(proxy.port, clients=2, pause=0.002) as traffic:
            wanted = chance.randrange(0, 120)
            wait_until(lambda: len(traffic.answers) >= wanted, "traffic", 30)
            if chance.random() < 0.7:
                name = chance.choice(["promote", "promote", "rollback", "pause", "resume"])
                code, body = proxy.post(f"/{name}", {})
                answered = [json.loads(body)] if code == 200 else []
                wanted = len(traffic.answers) + chance.choice((0, 0, 1, 5))
                wait_until(lambda: len(traffic.answers) >= wanted, "a little more traffic", 30)
            proxy.kill()
        before = journaled(store)
        last = before[-1]
        kinds[last["decision"]] += 1
        assert [line["seq"] for line in before] == list(range(1, len(before) + 1)), f"kill {kill}: a gap"
        known = {(line["seq"], line["decision"]) for line in before}
        told = {(line["seq"], line["decision"]) for line in proxy.decisions() + answered}
        assert told <= known, f"kill {kill}: {told - known} were told and are not journaled"
        proxy = Crossfade(book, store)
        status = proxy.status()
        since = [line["weights_after"]["challenger"] for line in journaled(store) if line["seq"] > last["seq"]]
        allowed = max([last["weights_after"]["challenger"], *since])
        assert status["weights"]["challenger"] <= allowed + 1e-9, f"kill {kill}: {status['weights']}, {last}"
        assert not proxy.events("journal_failed"), f"kill {kill}: {proxy.text()}"
        if last["decision"] == "rollback":
            assert status["state"] == "rolled_back", f"kill {kill}: {status['state']}"
        if status["state"] in ("rolled_back", "completed") or status["stage"] == "last":
            proxy.post("/rollback", {})
            assert proxy.post("/rearm", {"stage": "s0"})[0] == 200
        elif status["state"] == "paused":
            proxy.post("/resume", {})
    done = command("verify", "--store", store)
    proxy.close()
    assert done.returncode == 0, done.stdout + done.stderr
    print(f"\n{KILLS} kills after {dict(kinds)}: nothing forgotten, nothing above the journal")


def kept_only_in_the_mark(book, store, folder):
    """A rollback on a disk that takes nothing more: a limit on the size of files stands for it."""
    proxy = Crossfade(book, store)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(traffic.answers) > 40, "traffic")
        limit = max(path.stat().st_size for path in folder.glob("store.db*") if not path.name.endswith("-mark"))
        limit = max(limit, (folder / "store.db-mark").stat().st_size)
        fill(store, limit)
        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        proxy.wait_for("journal_failed", 40)
    code, body = proxy.post("/rollback", {"reason": "on a full disk"})
    assert code == 200 and "not journaled" in json.loads(body)["message"], body
    assert "not journaled" in proxy.wait_for_decision("rollback")["message"]
    proxy.kill()


def fill(store, size):
    """The log is made as long as the limit, by another writer that leaves it so."""
    writer = sqlite3.connect(store, isolation_level=None, timeout=5)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    holder = sqlite3.connect(store, isolation_level=None, timeout=5)
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM decision").fetchone()
    while store.with_name(store.name + "-wal").stat().st_size < size - 8192:
        writer.execute("UPDATE accounts SET at = at")
        writer.execute("CREATE TABLE IF NOT EXISTS filler (text)")
        writer.execute("INSERT INTO filler VALUES (?)", ("x" * 3000,))
    globals().setdefault("_held", []).append((writer, holder))


def rolled_back(book, store, _):
    proxy = Crossfade(book, store)
    with Traffic(proxy.port, clients=2) as traffic:
        wait_until(lambda: len(traffic.answers) > 40, "traffic")
        assert proxy.steer("rollback").returncode == 0
    proxy.kill()


def damages(store, chance):
    """Endless: a name, and what does it."""

    def flip(path):
        content = bytearray(path.read_bytes())
        at = chance.randrange(len(content))
        content[at] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        return f"a bit at {at} of {len(content)}"

    def cut(path):
        at = chance.randrange(path.stat().st_size)
        os.truncate(path, at)
        return f"cut at {at}"

    def empty(path):
        os.truncate(path, 0)
        return "emptied"

    def delete(path):
        path.unlink()
        return "deleted"

    def scramble(path):
        size = path.stat().st_size
        at = chance.randrange(size)
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(chance.randbytes(min(512, size - at)))
        return f"512 bytes at {at} of {size}"

    while True:
        part = chance.choice(["", "", "-wal", "-wal", "-mark"])
        path = store.with_name(store.name + part)
        does = chance.choices([flip, cut, empty, delete, scramble], [6, 2, 1, 1, 2])[0]
        if path.exists() and path.stat().st_size:
            yield part or "the store", path, does


@pytest.mark.parametrize("prepare", [rolled_back, kept_only_in_the_mark])
def test_single_damages(prepare, pair, tmp_path):
    """A rollback is remembered, or the baseline serves and it is said why."""
    chance = random.Random(SEED)
    book = write(
        tmp_path / "playbook.yaml",
        playbook(pair[0].url, pair[1].url, [canary("50%", "1h"), canary("90%", "1h", name="ramp")]),
    )
    folder = tmp_path / "work"
    folder.mkdir()
    store = folder / "store.db"
    prepare(book, store, folder)
    whole = tmp_path / "whole"
    shutil.copytree(folder, whole)
    outcomes = Counter()
    every = damages(store, chance)
    for number in range(DAMAGES // 2):
        for path in folder.iterdir():
            path.unlink()
        for path in whole.iterdir():
            shutil.copy(path, folder)
        part, path, does = next(every)
        what = f"damage {number}: {part}: {does(path)}"
        proxy = Crossfade(book, store)
        seen = len(pair[1].chats())
        status = proxy.status()
        assert all(ask(proxy.port).status == 200 for _ in range(12)), what
        assert len(pair[1].chats()) == seen, f"{what}: the candidate serves again\n{proxy.text()}"
        assert status["weights"] == {"challenger": 0}, what
        if status["state"] == "rolled_back":
            outcomes["remembered"] += 1
        else:
            outcomes["said to be damaged"] += 1
            assert "damaged" in proxy.wait_for("journal_failed")["error"], what
            assert proxy.get("/readyz")[0] == 503 and "damaged" in status["journal_fault"], what
            looked = command("verify", "--store", store)
            assert looked.returncode == 1 and "Traceback" not in looked.stderr, what + looked.stdout
        proxy.kill()
    print(f"\n{DAMAGES // 2} damages, {prepare.__name__}: {dict(outcomes)}; none forgotten")


@pytest.fixture
def damaged(pair, tmp_path):
    """A rollback in the store, and the store replaced by the one of before."""
    book = write(tmp_path / "playbook.yaml", playbook(pair[0].url, pair[1].url, [canary("50%", "1h")]))
    store = tmp_path / "store.db"
    proxy = Crossfade(book, store)
    proxy.wait_for_decision("start")
    proxy.terminate()
    proxy.wait()
    before = store.read_bytes()
    rolled_back(book, store, tmp_path)
    for part in ("-wal", "-shm"):
        store.with_name(store.name + part).unlink(missing_ok=True)
    store.write_bytes(before)
    return book, store


def test_a_person_takes_a_damaged_store_as_it_is(damaged, pair, crossfade):
    book, store = damaged
    looked = command("verify", "--store", store)
    assert looked.returncode == 1 and "its mark knows decision 2" in looked.stdout, looked.stdout
    assert "can be trusted up to decision 1" in looked.stdout
    shown = command("decisions", "--store", store)
    assert shown.returncode == 1 and "damaged" in shown.stderr and "start" in shown.stdout
    proxy = crossfade(book, store=store)
    assert "its mark knows decision 2" in proxy.wait_for("journal_failed")["error"]
    assert proxy.steer("promote").returncode == 1
    done = proxy.steer("rearm", "--reason", "looked at it")
    assert done.returncode == 0, done.stderr
    assert [line["decision"] for line in journaled(store)] == ["start", "rollback", "rearm"]
    assert "damaged" in journaled(store)[1]["message"]
    assert proxy.get("/readyz")[0] == 200 and proxy.status()["weights"] == {"challenger": 0.5}
    assert command("verify", "--store", store).returncode == 0
    proxy.kill()
    again = crossfade(book, store=store)
    assert again.status()["weights"] == {"challenger": 0.5} and not again.events("journal_failed")


def test_a_store_that_cannot_be_read_is_put_aside(damaged, crossfade):
    book, store = damaged
    store.write_bytes(random.Random(1).randbytes(20_000))
    proxy = crossfade(book, store=store)
    proxy.wait_for("journal_failed")
    assert proxy.steer("rearm").returncode == 0
    assert store.with_name(store.name + ".damaged-1").stat().st_size == 20_000
    assert [line["decision"] for line in journaled(store)] == ["start", "rollback", "rearm"]


@pytest.mark.parametrize("part", ["", "-wal", "-mark"])
@pytest.mark.parametrize("does", ["deleted", "emptied", "replaced"])
def test_hands_in_the_folder_while_it_runs(part, does, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    proxy = crossfade(playbook(pair[0].url, pair[1].url, [canary("50%", "1h")]), store=store)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(pair[1].chats()) > 20, "the canary has traffic")
        path = store.with_name(store.name + part)
        if does == "deleted":
            path.unlink()
        elif does == "emptied":
            os.truncate(path, 0)
        else:
            other = tmp_path / "other"
            other.write_bytes(path.read_bytes()[: 1 << 14])
            other.rename(path)
        if part == "":
            proxy.wait_for("journal_failed")
            proxy.wait_for_status(lambda status: status["weights"] == {"challenger": 0}, "weight 0")
        assert proxy.steer("rollback").returncode == 0
    assert traffic.errors() == []
    proxy.kill()
    seen = len(pair[1].chats())
    again = crossfade(proxy.playbook, store=store)
    assert again.status()["weights"] == {"challenger": 0}, f"{does}: {again.text()}"
    assert all(ask(again.port).status == 200 for _ in range(12))
    assert len(pair[1].chats()) == seen


def test_a_second_process_by_a_hard_link_and_without_the_lock_file(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(pair[0].url, pair[1].url, [canary()])
    first = crossfade(book, store=store)
    link = tmp_path / "link.db"
    os.link(store, link)
    (tmp_path / "store.db.lock").unlink()
    for path in (store, link):
        second = crossfade(book, store=path, ready=False)
        assert second.wait() == 1
        assert f"in use by process {first.process.pid}" in second.text()
    assert first.get("/readyz")[0] == 200
