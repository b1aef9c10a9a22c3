"""The end of a process is no end for its clients."""

import http.client
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from harness.application import Traffic, ask, chat
from harness.playbook import baseline, canary, playbook
from harness.waiting import wait_until


@pytest.mark.parametrize("stage, arm", [(baseline(), 0), (canary("100%"), 1)], ids=["baseline", "canary"])
def test_an_open_stream_finishes(stage, arm, pair, rollout):
    pair[arm].behave(holds_after=3)
    proxy = rollout([stage])
    with httpx.stream(
        "POST", f"{proxy.url}/chat/completions", json=chat("a long story", stream=True), timeout=30
    ) as answer:
        pieces = answer.iter_bytes()
        text = next(pieces)
        proxy.terminate()
        draining = proxy.wait_for("draining")
        assert draining["open"] == 1
        assert proxy.process.poll() is None
        wait_until(lambda: proxy.get("/readyz")[0] == 503, "not ready for more")
        pair[arm].release()
        text += b"".join(pieces)
    assert text.endswith(b"data: [DONE]\n\n")
    assert proxy.wait() == 0
    wait_until(lambda: proxy.process.poll() == 0, "the end")


def test_new_connections_are_refused_while_draining(pair, rollout):
    pair[0].behave(holds_after=1)
    proxy = rollout([baseline()])
    with httpx.stream("POST", f"{proxy.url}/chat/completions", json=chat("a story", stream=True), timeout=30) as answer:
        proxy.terminate()
        proxy.wait_for("draining")
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(proxy.port, timeout=5)
        pair[0].release()
        answer.read()
    assert proxy.wait() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_without_traffic_it_ends_at_once_with_0(how, rollout):
    proxy = rollout([canary()])
    proxy.process.send_signal(how)
    assert proxy.wait(10) == 0


def test_ending_under_load_breaks_no_answer(pair, rollout):
    pair[0].behave(latency=0.02)
    proxy = rollout([baseline()])
    with Traffic(proxy.port, clients=8) as traffic:
        wait_until(lambda: len(traffic.answers) > 100, "traffic")
        proxy.terminate()
        assert proxy.wait() == 0
    assert [answer for answer in traffic.answers if answer.status != 200] == []
    # A request that met a closing connection was not answered by halves: nothing of an answer had come.
    broken = [error for error in traffic.failures if isinstance(error, http.client.IncompleteRead)]
    assert broken == []


def test_the_journal_is_whole_after_the_end(pair, rollout):
    proxy = rollout([canary("50%")])
    ask(proxy.port)
    proxy.terminate()
    assert proxy.wait() == 0
    assert not list(proxy.store.parent.glob("*.db-wal")), "the write-ahead log was left behind"


def test_a_client_that_leaves_takes_its_upstream_request_along(pair, rollout):
    pair[0].behave(holds_after=2)
    proxy = rollout([baseline()])
    with httpx.stream("POST", f"{proxy.url}/chat/completions", json=chat("a story", stream=True), timeout=30) as answer:
        next(answer.iter_bytes())
    outcomes = proxy.wait_for_status(
        lambda status: status["arms"]["stable"]["outcomes"].get("client_gone"), "the client is gone"
    )["arms"]["stable"]
    assert outcomes["errors"] == 0
    assert json.dumps(outcomes["outcomes"]) == '{"client_gone": 1}'
    pair[0].release()


def test_streams_that_are_open_at_a_rollback_finish_on_their_arm(pair, rollout):
    pair[1].behave(holds_after=2)
    proxy = rollout([canary("100%")])

    def listen():
        return ask(proxy.port, chat("a long story", stream=True), timeout=60)

    with ThreadPoolExecutor(50) as pool:
        open_streams = [pool.submit(listen) for _ in range(50)]
        wait_until(lambda: len(pair[1].chats()) == 50, "50 streams")
        assert proxy.steer("rollback", "--reason", "while they are open").returncode == 0
        proxy.wait_for_status(lambda status: status["weights"] == {"challenger": 0}, "weight 0")
        assert ask(proxy.port).arm == "stable"
        pair[1].release()
        answers = [stream.result(60) for stream in open_streams]
    assert all(answer.arm == "challenger" and answer.body.endswith(b"data: [DONE]\n\n") for answer in answers)


def test_a_client_that_reads_slowly_is_waited_for_without_hoarding(gateway, crossfade):
    """Backpressure: an answer that nobody reads stays with the gateway, not in the proxy's memory."""
    stable = gateway(text="x" * 60_000_000, pieces=60)
    proxy = crossfade(playbook(stable.url, gateway().url, [baseline()]))
    before = resident_bytes(proxy.process.pid)
    with httpx.stream("POST", f"{proxy.url}/chat/completions", json=chat("a flood", stream=True), timeout=60) as answer:
        pieces = answer.iter_raw()
        received = len(next(pieces))
        # The gateway has sent what fits into the sockets' buffers, and waits.
        assert ask(proxy.port, path="/v1/embeddings", body={"model": "m", "input": "a"}).status == 200
        grown = resident_bytes(proxy.process.pid) - before
        received += sum(map(len, pieces))
    assert received > 60_000_000
    assert grown < 30_000_000, f"{grown} bytes held for one slow client"


def resident_bytes(process):
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
