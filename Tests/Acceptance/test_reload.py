"""Another playbook for a running process: taken within a second, refused as a restart would, and no connection lost."""

import copy
import http.client
import json
import signal

import httpx
import pytest

from harness.application import Traffic, chat, send
from harness.playbook import canary, playbook, shadow, write
from harness.program import command
from harness.waiting import wait_until

LOWER = [shadow(), canary("20%")]


def book(pair, stages=(shadow(), canary("50%")), candidate=None):
    return playbook(pair[0].url, candidate or pair[1].url, copy.deepcopy(list(stages)))


def weight(proxy):
    return proxy.status()["weights"]["challenger"]


@pytest.fixture
def proxy(pair, crossfade):
    started = crossfade(book(pair), "--watch", "--threads", 2)
    assert started.steer("promote").returncode == 0
    return started


@pytest.mark.parametrize("how", ["watch", "hangup", "apply"])
def test_a_changed_playbook_is_taken_without_losing_a_connection(how, pair, crossfade):
    proxy = crossfade(book(pair), *(["--watch"] if how == "watch" else []))
    assert proxy.steer("promote").returncode == 0
    kept = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
    assert send(kept, chat()).status == 200
    for arm in pair:
        arm.behave(holds_after=3)
    with httpx.stream("POST", f"{proxy.url}/chat/completions", json=chat("a story", stream=True), timeout=30) as answer:
        pieces = answer.iter_bytes()
        text = next(pieces)
        write(proxy.playbook, book(pair, LOWER))
        if how == "hangup":
            proxy.process.send_signal(signal.SIGHUP)
        if how == "apply":
            done = command("apply", proxy.playbook, "--admin", proxy.admin)
            assert done.returncode == 0, done.stderr
            assert "stages.canary.weight: challenger 50.0% → challenger 20.0%" in done.stderr
        wait_until(lambda: weight(proxy) == 0.2, "the lower weight", 1.5)
        for arm in pair:
            arm.release()
        text += b"".join(pieces)
    assert text.endswith(b"data: [DONE]\n\n")
    for arm in pair:
        arm.behave(holds_after=None)
    assert send(kept, chat()).status == 200
    changed = proxy.wait_for("config_changed")
    assert "stages.canary.weight: challenger 50.0% → challenger 20.0%" in changed["changes"]
    assert command("verify", "--store", proxy.store).returncode == 0


@pytest.mark.parametrize(
    "text, says",
    [
        ("crossfade: 1\nname: [\n", "not YAML"),
        ("crossfade: 1\nname: acceptance\nstagse: []\n", "did you mean 'stages'?"),
    ],
)
def test_an_invalid_one_is_refused_with_its_problems_and_the_old_one_stays(text, says, proxy):
    proxy.playbook.write_text(text)
    assert says in proxy.wait_for("config_refused", 5)["problems"]
    assert weight(proxy) == 0.5
    done = command("apply", proxy.playbook, "--admin", proxy.admin)
    assert done.returncode == 2 and says in done.stderr


def test_what_a_restart_would_refuse_is_refused(pair, proxy):
    write(proxy.playbook, book(pair, [shadow(), canary("80%")]))
    assert "must not raise a weight" in proxy.wait_for("config_refused", 5)["problems"]
    done = command("apply", proxy.playbook, "--admin", proxy.admin)
    assert done.returncode == 2 and "must not raise a weight" in done.stderr
    assert weight(proxy) == 0.5


def test_another_gateway_under_the_old_name_begins_anew(pair, gateway, proxy):
    other = gateway(seed=3)
    with Traffic(proxy.port, clients=4, pause=0.001) as traffic:
        wait_until(lambda: len(traffic.answers) > 200, "traffic")
        write(proxy.playbook, book(pair, candidate=other.url))
        proxy.wait_for_status(lambda status: status["stage"] == "shadow", "the first stage", 5)
        status = proxy.status()
        assert status["weights"] == {"challenger": 0}
        # Copies alone, and none of the figures of before.
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 100, "traffic goes on")
        assert all(answer.arm == "stable" for answer in traffic.answers[answered + 20 :])
        status = proxy.status()
        assert status["arms"]["challenger"]["requests"] < 20
    assert traffic.errors() == []
    assert proxy.wait_for_decision("config_changed")["changes"].startswith("candidates.challenger.url")


def test_who_has_no_token_cannot_lead_requests_elsewhere(pair, gateway, tmp_path, proxy):
    elsewhere = write(tmp_path / "elsewhere.yaml", book(pair, candidate=gateway(seed=4).url))
    done = command("apply", elsewhere, "--admin", proxy.admin)
    assert done.returncode == 2 and "from that file only" in done.stderr
    named = book(pair)
    named["stages"][0]["name"] = "${TEST_CANDIDATE_KEY}"
    done = command("apply", write(tmp_path / "named.yaml", named), "--admin", proxy.admin)
    assert done.returncode == 2
    harmless = write(tmp_path / "harmless.yaml", book(pair, LOWER))
    done = command("apply", harmless, "--admin", proxy.admin, "--actor", "ada")
    assert done.returncode == 0 and "a restart would go back" in done.stderr
    assert weight(proxy) == 0.2
    assert proxy.wait_for_decision("config_changed")["actor"] == "ada"


def test_reloads_under_load_break_no_answer(pair, proxy):
    with Traffic(proxy.port, clients=8, pause=0.002) as traffic:
        for turn in range(20):
            stages = [shadow(f"{turn + 61}s"), canary("50%")]
            write(proxy.playbook, book(pair, stages))
            proxy.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(proxy.events("config_changed")) > turn, "taken", 10)
    assert traffic.errors() == [] and len(traffic.answers) > 100


def test_a_command_is_for_what_was_shown(proxy):
    seq = proxy.status()["last_decision"]["seq"]
    shown = {"actor": "ada", "stage": "canary", "seq": seq}
    code, body = proxy.post("/pause", {**shown, "seq": seq - 1})
    assert code == 409
    assert json.loads(body)["error"]["metadata"] == {
        "source": "crossfade", "reason": "moved", "stage": "canary", "seq": seq,
    }  # fmt: skip
    assert proxy.post("/pause", shown)[0] == 200
    assert proxy.post("/resume", shown)[0] == 409


def test_what_a_command_is_about_to_do_is_said_first(proxy):
    assert proxy.steer("rollback").returncode == 0
    done = proxy.steer("rearm", "--stage", "canary", "--yes")
    assert done.returncode == 0
    assert "canary: challenger 0% → 50%; 0 of its requests so far" in done.stderr
    done = proxy.steer("promote", "--json")
    assert json.loads(done.stdout)["skipped"] == "hold"


def test_the_drain_time_can_be_chosen(pair, rollout):
    pair[0].behave(holds_after=1)
    proxy = rollout([{"name": "baseline", "hold": "60s"}], "--drain-time", "300ms")
    with httpx.stream("POST", f"{proxy.url}/chat/completions", json=chat("a story", stream=True), timeout=30) as answer:
        pieces = answer.iter_bytes()
        next(pieces)
        proxy.terminate()
        assert proxy.wait_for("draining")["limit"] == 300
        with pytest.raises(httpx.HTTPError):
            list(pieces)
        assert proxy.wait_for("stopped")["cut_off"] == 1
    pair[0].release()
