"""After kill -9 at any moment: the same stage or rolled back, and never more weight than the journal says."""

import json
import random

import pytest

from harness.application import Traffic, ask
from harness.playbook import baseline, canary, playbook, shadow
from harness.program import command
from harness.waiting import wait_until

STAGES = [
    baseline("300ms"),
    shadow("300ms"),
    canary("5%", "300ms"),
    canary("20%", "300ms", name="ramp-20"),
    canary("50%", "300ms", name="ramp-50"),
    canary("100%", "60s", name="full", holdback="10%"),
]


def journaled(store):
    done = command("decisions", "--store", store, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("seed", range(6))
def test_kill_at_a_random_moment_of_a_good_rollout(seed, pair, crossfade, tmp_path):
    random_moment = random.Random(seed)
    store = tmp_path / "store.db"
    book = playbook(pair[0].url, pair[1].url, STAGES)
    proxy = crossfade(book, store=store)
    wanted = random_moment.randrange(0, 2000)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(traffic.answers) >= wanted, "traffic", 30)
        proxy.kill()
    before = journaled(store)
    again = crossfade(book, store=store)
    last = before[-1]
    restored = again.wait_for("restored")
    assert restored["seq"] == last["seq"]
    assert restored["stage"] == last["stage"]
    assert restored["weights"]["challenger"] <= last["weights_after"]["challenger"]
    # The log may be one decision behind the journal, never ahead of it.
    assert {line["seq"] for line in proxy.decisions()} <= {line["seq"] for line in before}
    with Traffic(again.port, clients=2, pause=0.001) as traffic:
        again.wait_for_decision("advance", 40, stage="full") if last["stage"] != "full" else None
        assert ask(again.port).status == 200
    assert traffic.errors() == []
    after = journaled(store)
    assert [line["seq"] for line in after] == list(range(1, len(after) + 1)), "the journal has a gap"


@pytest.mark.parametrize("attempt", range(4))
def test_kill_before_and_about_the_first_decision(attempt, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(pair[0].url, pair[1].url, [canary("50%")])
    proxy = crossfade(book, store=store, ready=False)
    if attempt:
        # As soon as the store's file is there: in the middle of making it.
        wait_until(lambda: store.exists(), "the store", 10)
    for _ in range(attempt - 1):
        ask_nothing(proxy)
    proxy.kill()
    again = crossfade(book, store=store)
    status = again.status()
    assert status["state"] == "running" and status["stage"] == "canary"
    assert len([line for line in journaled(store) if line["decision"] == "start"]) == 1


def ask_nothing(proxy):
    """Lets a little happen without waiting for a length of time."""
    wait_until(lambda: proxy.lines or proxy.process.poll() is not None, "a line", 10)


@pytest.mark.parametrize("seed", range(3))
def test_kill_right_after_a_rollback(seed, pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    pair[1].behave(error_share=1)
    book = playbook(pair[0].url, pair[1].url, [canary("50%")])
    proxy = crossfade(book, store=store)
    with Traffic(proxy.port, clients=2):
        proxy.wait_for_decision("rollback")
        proxy.kill()
    pair[1].behave(error_share=0)
    seen = len(pair[1].chats())
    again = crossfade(book, store=store)
    restored = again.wait_for("restored")
    assert restored["state"] == "rolled_back" and restored["weights"] == {"challenger": 0}
    with Traffic(again.port, clients=2) as traffic:
        wait_until(lambda: len(traffic.answers) > 200, "traffic goes on")
    assert traffic.errors() == [] and len(pair[1].chats()) == seen, "a rolled-back candidate got traffic"
    assert [line["decision"] for line in journaled(store)].count("rollback") == 1


def test_a_rollback_stays_until_rearm(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(
        pair[0].url, pair[1].url, [shadow("200ms"), canary("50%")], rollback_when={"error_rate": {"above": "30%"}}
    )
    proxy = crossfade(book, store=store)
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        assert proxy.steer("rearm").returncode == 1, "nothing was rolled back"
        proxy.wait_for_decision("advance", stage="canary")
        pair[1].behave(error_share=1)
        rolled_back = proxy.wait_for_decision("rollback")
        pair[1].behave(error_share=0)
        assert proxy.steer("promote").returncode == 1, "a rolled-back rollout was promoted"
        done = proxy.steer("rearm", "--stage", "canary", "--reason", "fixed", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["decision"] == "rearm"
        seen = len(pair[1].chats())
        wait_until(lambda: len(pair[1].chats()) > seen + 50, "the candidate has traffic again")
        status = proxy.status()
        assert status["state"] == "running" and status["stage"] == "canary"
        since = [line for line in proxy.decisions() if line["seq"] > rolled_back["seq"]]
        assert [line["decision"] for line in since] == ["rearm"], "the old evidence counts on"
    assert traffic.errors() == []
    proxy.kill()
    again = crossfade(book, store=store)
    assert again.status()["stage"] == "canary" and again.status()["state"] == "running"


def test_evidence_survives_a_clean_restart(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(pair[0].url, pair[1].url, [canary("50%")])
    proxy = crossfade(book, store=store)
    with Traffic(proxy.port, clients=2) as traffic:
        wait_until(lambda: len(traffic.answers) > 200, "traffic")
    counted = proxy.wait_for_status(
        lambda status: status["arms"]["challenger"]["requests"] == len(pair[1].chats()), "all counted"
    )["arms"]
    proxy.terminate()
    assert proxy.wait() == 0
    again = crossfade(book, store=store)
    assert again.status()["arms"]["challenger"]["requests"] == counted["challenger"]["requests"]


def test_a_changed_playbook_of_the_same_name(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    stages = [canary("10%", "60s"), canary("50%", "60s", name="ramp")]
    proxy = crossfade(playbook(pair[0].url, pair[1].url, stages), store=store)
    assert proxy.steer("promote").returncode == 0
    proxy.terminate()
    proxy.wait()

    # A hold may change: it goes on in its stage, and says that the playbook is another.
    longer = [canary("10%", "60s"), canary("50%", "90s", name="ramp")]
    again = crossfade(playbook(pair[0].url, pair[1].url, longer), store=store)
    assert again.status()["stage"] == "ramp" and again.status()["weights"] == {"challenger": 0.5}
    assert journaled(store)[-1]["decision"] == "config_changed"
    again.terminate()
    again.wait()

    # The stage it is in is gone: refused, with what to do.
    refused = crossfade(playbook(pair[0].url, pair[1].url, [canary("10%")]), store=store, ready=False)
    assert refused.wait() == 2
    assert "ramp" in refused.text(), refused.text()
    assert len(refused.plain) == 1, "one line says what is wrong: " + refused.text()


def test_two_of_them_cannot_share_a_store(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(pair[0].url, pair[1].url, [canary()])
    crossfade(book, store=store)
    second = crossfade(book, store=store, ready=False)
    assert second.wait() in (1, 2)
    assert "in use by process" in second.text()


def test_pause_resume_promote_and_approval(pair, rollout):
    proxy = rollout(
        [
            canary("10%", "300ms"),
            canary("20%", "300ms", name="asking", approval=True),
            canary("50%", "60s", name="ramp"),
        ]
    )
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        paused = proxy.steer("pause", "--reason", "lunch", "--actor", "ada")
        assert paused.returncode == 0, paused.stderr
        line = proxy.wait_for_decision("pause")
        assert line["actor"] == "ada" and line["reason"] == "lunch"
        assert proxy.steer("pause").returncode == 1, "paused twice"
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 500, "traffic goes on")
        status = proxy.status()
        assert status["state"] == "paused" and status["weights"] == {"challenger": status["weights"]["challenger"]}
        assert status["stage"] in ("canary", "asking")
        stage = status["stage"]
        assert proxy.steer("resume").returncode == 0
        if stage == "canary":
            proxy.wait_for_decision("advance", stage="asking")
        proxy.wait_for_status(lambda status: status["waiting_for"] == "approval", "waits for approval")
        assert proxy.steer("promote", "--reason", "looks good").returncode == 0
        proxy.wait_for_decision("advance", stage="ramp")
        rolled = proxy.steer("rollback", "--reason", "changed my mind")
        assert rolled.returncode == 0
        proxy.wait_for_status(lambda status: status["state"] == "rolled_back", "rolled back by hand")
    assert traffic.errors() == []


def test_a_stage_without_traffic_does_not_advance(pair, rollout):
    proxy = rollout([canary("10%", "200ms"), canary("50%", "200ms", name="ramp")])
    proxy.wait_for_decision("hold", reason="no_traffic")
    assert proxy.status()["stage"] == "canary" and proxy.status()["waiting_for"] == "no_traffic"
    with Traffic(proxy.port, clients=1, pause=0.001):
        proxy.wait_for_decision("advance", stage="ramp")
