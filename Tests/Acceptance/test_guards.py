"""Guards: what stands before the arms on the application's behalf, with the real SDK and on the wire."""

import asyncio
import json
import socket
import subprocess
import threading
import time
from collections import Counter

import httpx
import openai
import pytest
from harness.playbook import baseline, canary, playbook, shadow, write
from harness.program import BINARY, environment
from harness.waiting import wait_until

MESSAGES = [{"role": "user", "content": "hello"}]


def guarded(pair, crossfade, guards, stages=(), tags=None, *arguments, **changes):
    stable, challenger = pair
    book = playbook(
        stable.url,
        challenger.url,
        list(stages) or [baseline()],
        guards=guards,
        tags=tags,
        **changes,
    )
    book["baseline"].pop("key")
    return crossfade(book, *arguments)


def client(program, key="caller-a", **options):
    options = {"max_retries": 0, **options}
    return openai.OpenAI(base_url=program.url, api_key=key, **options)


def post(program, body=None, key="caller-a", **headers):
    body = body or {"model": "test/model", "messages": MESSAGES}
    headers = {"authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return httpx.post(f"{program.url}/chat/completions", json=body, headers=headers, timeout=30)


def counts(program):
    """Once batches have been handed over, some milliseconds after the answer."""
    time.sleep(0.1)
    return program.status()["guard_counts"]


def raw_stream(program, headers, key="caller-a", started=None):
    body = {"model": "test/model", "messages": MESSAGES, "stream": True}
    headers = {"authorization": f"Bearer {key}", **headers}
    with httpx.stream("POST", f"{program.url}/chat/completions", json=body, headers=headers, timeout=30) as answer:
        if started:
            started.set()
        return b"".join(answer.iter_raw()), answer


def in_threads(*calls):
    results = [None] * len(calls)

    def run(index):
        try:
            results[index] = calls[index]()
        except Exception as error:  # the test looks at it
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_double_click_on_a_stream_is_one_upstream_request_and_every_byte_alike(pair, crossfade):
    stable, _ = pair
    stable.behave(holds_after=2)
    program = guarded(pair, crossfade, {"idempotency": {}})
    headers = {"idempotency-key": "one"}

    def second():
        wait_until(lambda: len(stable.chats()) == 1, "it comes to that")
        return raw_stream(program, headers)

    def release():
        wait_until(lambda: counts(program)["idempotency"]["joined"] == 1, "it comes to that")
        stable.release()

    first, joined, _ = in_threads(lambda: raw_stream(program, headers), second, release)
    assert first[0] == joined[0] and b"[DONE]" in first[0]
    assert first[1].headers["x-crossfade-id"] == joined[1].headers["x-crossfade-id"]
    # Once it is whole it is kept.
    again = raw_stream(program, headers)
    assert again[0] == first[0]
    assert len(stable.chats()) == 1
    found = counts(program)["idempotency"]
    assert (found["joined"], found["replayed"]) == (1, 1)
    assert found["saved_dollars"] == pytest.approx(0.002)


def test_the_sdk_reads_a_shared_stream_as_its_own(pair, crossfade):
    stable, _ = pair
    stable.behave(latency=0.2)
    program = guarded(pair, crossfade, {"duplicates": {"window": "5s"}})

    def ask():
        stream = client(program).chat.completions.create(model="test/model", messages=MESSAGES, stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    answers = in_threads(ask, ask)
    assert answers == ["You said: hello"] * 2
    assert len(stable.chats()) == 1


def test_the_first_client_may_leave_without_hurting_the_second(pair, crossfade):
    stable, _ = pair
    stable.behave(holds_after=2)
    program = guarded(pair, crossfade, {"idempotency": {}})
    headers = {"authorization": "Bearer caller-a", "idempotency-key": "one"}
    body = {"model": "test/model", "messages": MESSAGES, "stream": True}
    body = json.dumps(body, separators=(",", ":")).encode()
    first = socket.create_connection(("127.0.0.1", program.port))
    lines = ["POST /v1/chat/completions HTTP/1.1", "host: h", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    first.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    assert first.recv(1 << 16)

    def release():
        wait_until(lambda: counts(program)["idempotency"]["joined"] == 1, "it comes to that")
        first.close()
        wait_until(lambda: program.status()["guard_counts"], "the program goes on")
        stable.release()

    joined, _ = in_threads(lambda: raw_stream(program, {"idempotency-key": "one"}), release)
    assert not isinstance(joined, Exception), joined
    assert b"[DONE]" in joined[0]
    assert len(stable.chats()) == 1
    assert program.status()["arms"]["stable"]["errors"] == 0


def test_another_body_under_the_same_key_is_422_and_callers_never_meet(pair, crossfade):
    stable, _ = pair
    program = guarded(pair, crossfade, {"idempotency": {}})
    assert post(program, idempotency_key="one").status_code == 200
    other = post(program, {"model": "test/model", "messages": [{"role": "user", "content": "else"}]}, idempotency_key="one")
    assert other.status_code == 422
    assert other.json()["error"]["metadata"]["source"] == "crossfade"
    assert post(program, key="caller-b", idempotency_key="one").status_code == 200
    assert len(stable.chats()) == 2


def test_who_takes_no_gzip_gets_no_answer_that_was_given_to_somebody_who_does(pair, crossfade):
    stable, _ = pair
    program = guarded(pair, crossfade, {"idempotency": {}})
    assert post(program, idempotency_key="one", accept_encoding="gzip").status_code == 200
    assert post(program, idempotency_key="one", accept_encoding="identity").status_code == 200
    assert len(stable.chats()) == 2
    assert post(program, idempotency_key="one", accept_encoding="gzip").status_code == 200
    assert len(stable.chats()) == 2


def test_errors_are_not_kept(pair, crossfade):
    stable, _ = pair
    stable.behave(error_share=1.0)
    program = guarded(pair, crossfade, {"idempotency": {}})
    assert post(program, idempotency_key="one").status_code == 500
    stable.behave(error_share=0.0)
    assert post(program, idempotency_key="one").status_code == 200


def test_without_guards_the_same_request_is_sent_twice_and_nothing_is_shown(pair, crossfade):
    stable, challenger = pair
    program = crossfade(playbook(stable.url, challenger.url, [baseline()]))
    for _ in range(2):
        assert post(program, idempotency_key="one").status_code == 200
    assert len(stable.chats()) == 2
    assert "guard_counts" not in program.status()


def test_a_retry_answers_where_the_first_attempt_failed_and_obeys_retry_after(pair, crossfade):
    stable, _ = pair
    stable.behave(error_share=1.0, error_status=503, error_headers=(("retry-after", "1"),))
    program = guarded(pair, crossfade, {"retries": {"max": 2, "backoff": "100ms"}})
    threading.Timer(0.5, lambda: stable.behave(error_share=0.0)).start()
    before = time.monotonic()
    answer = post(program)
    assert answer.status_code == 200 and answer.headers["x-crossfade-arm"] == "stable"
    assert time.monotonic() - before >= 1.0
    assert len(stable.chats()) == 2
    found = counts(program)["retries"]
    assert (found["sent"], found["helped"]) == (1, 1)
    # The judge sees one request, which failed.
    arm = program.status()["arms"]["stable"]
    assert (arm["requests"], arm["errors"]) == (1, 1)


def test_a_storm_cannot_feed_itself_and_the_arms_own_words_pass(pair, crossfade):
    stable, _ = pair
    stable.behave(error_share=1.0, error_status=503)
    program = guarded(pair, crossfade, {"retries": {"max": 3, "backoff": "1ms", "budget": "20%"}})
    for _ in range(100):
        answer = post(program)
        assert answer.status_code == 503
        assert answer.json()["error"]["message"] == "the gateway says 503"
    assert len(stable.chats()) <= 125
    assert counts(program)["retries"]["over_budget"] > 0


def test_what_may_have_had_an_effect_is_never_repeated(pair, crossfade):
    stable, _ = pair
    stable.behave(error_share=1.0, error_status=503)
    program = guarded(pair, crossfade, {"retries": {"backoff": "1ms"}})
    body = {"model": "test/model", "messages": MESSAGES, "store": True}
    assert post(program, body).status_code == 503
    assert len(stable.chats()) == 1


def test_a_storm_of_the_sdks_own_retries_is_answered_here(pair, crossfade):
    stable, _ = pair
    stable.behave(error_share=1.0, error_status=503)
    program = guarded(pair, crossfade, {"retry_cap": {"share": "20%"}})
    for number in range(60):
        retry = {"x_stainless_retry_count": "1"} if number % 2 else {"x_stainless_retry_count": "0"}
        answer = post(program, **retry)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            assert answer.json()["error"]["metadata"]["source"] == "crossfade"
    assert len(stable.chats()) <= 30 + 9
    assert counts(program)["retry_cap"]["refused"] >= 20
    # Others notice nothing.
    assert post(program, key="caller-b", x_stainless_retry_count="1").status_code == 503


def test_an_outage_of_the_baseline_is_answered_by_the_canary_and_counts_for_nobody(pair, crossfade):
    stable, challenger = pair
    program = guarded(
        pair, crossfade, {"failover": {"on": ["connect", "timeout", "429", "5xx"]}}, [canary("25%")]
    )
    stable.behave(error_share=1.0, error_status=503)
    shown = Counter()
    for number in range(40):
        answer = post(program, {"model": "test/model", "messages": [{"role": "user", "content": str(number)}]})
        assert answer.status_code == 200
        assert answer.headers["x-crossfade-arm"] == "challenger"
        shown[answer.headers.get("x-crossfade-fallback")] += 1
    assert shown["failed"] > 10 and shown[None] > 0
    wait_until(
        lambda: program.status()["arms"]["challenger"]["requests"] == shown[None],
        "only what was assigned to it counts",
    )
    assert program.status()["state"] == "running"
    assert counts(program)["failover"]["helped"] == shown["failed"]


def test_no_failover_in_shadow_stages_nor_against_a_demand(pair, crossfade):
    stable, challenger = pair
    program = guarded(pair, crossfade, {"failover": {}}, [shadow(), canary("25%")])
    stable.behave(error_share=1.0, error_status=503)
    assert post(program).status_code == 503
    assert program.steer("promote", "--reason", "test").returncode == 0
    demand = {"model": "test/model", "messages": MESSAGES, "provider": {"zdr": True}}
    assert post(program, demand).status_code == 503
    statuses = {post(program, {"model": "test/model", "messages": [{"role": "user", "content": str(n)}]}).status_code for n in range(8)}
    assert statuses == {200}


def test_a_failed_failover_gives_the_baselines_own_words_back(pair, crossfade):
    stable, challenger = pair
    program = guarded(pair, crossfade, {"failover": {}}, [canary("1%")])
    stable.behave(error_share=1.0, error_status=503)
    challenger.behave(error_share=1.0, error_status=401)
    for _ in range(5):
        answer = post(program)
        assert answer.status_code == 503
        assert answer.json()["error"]["message"] == "the gateway says 503"
        assert answer.headers["x-crossfade-arm"] == "stable"


def test_the_queue_is_fair_over_three_teams(pair, crossfade):
    stable, _ = pair
    stable.behave(latency=0.05)
    program = guarded(
        pair,
        crossfade,
        {"queue": {"in_flight": 2, "waiting": 200, "at_most": "20s", "fair_by": "tag.team"}},
        tags={"team": "header.x-team"},
    )

    async def play():
        served = Counter()
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(limits=limits, timeout=60) as http:
            stop = time.monotonic() + 6

            async def worker(team):
                while time.monotonic() < stop:
                    answer = await http.post(
                        f"{program.url}/chat/completions",
                        json={"model": "test/model", "messages": MESSAGES},
                        headers={"authorization": "Bearer k", "x-team": team},
                    )
                    if answer.status_code == 200:
                        # What is left in the queue at the end is served whoever it is.
                        served[team] += time.monotonic() < stop
                    else:
                        assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
                        await asyncio.sleep(0.05)

            teams = ["a"] * 60 + ["b"] * 8 + ["c"] * 8
            await asyncio.gather(*(worker(team) for team in teams))
        return served

    served = asyncio.run(play())
    mean = sum(served.values()) / 3
    assert mean > 50
    for team in "abc":
        assert abs(served[team] - mean) / mean < 0.1, served
    # To wait is no time of the arm's.
    assert program.status()["arms"]["stable"]["latency_p95"] < 500


def test_limits_hold_before_any_arm_is_paid(pair, crossfade):
    stable, _ = pair
    program = guarded(
        pair,
        crossfade,
        {"limits": [{"tag": "team=search", "per_minute": 3}, {"per": "caller", "per_day": "$0.0025"}]},
        tags={"team": "header.x-team"},
    )
    statuses = [post(program, key=f"k{n}", x_team="search").status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert post(program, key="k9", x_team="other").status_code == 200
    answers = []
    for _ in range(5):
        answers.append(post(program, key="spender"))
        time.sleep(0.05)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "what it may cost today is spent" in answers[-1].json()["error"]["message"]
    assert len(stable.chats()) == 7
    assert counts(program)["limits"]["team=search"] == 2


def test_threads_that_could_not_share_answers_are_refused(pair, crossfade, tmp_path):
    stable, challenger = pair
    path = write(tmp_path / "book.yaml", playbook(stable.url, challenger.url, [baseline()], guards={"duplicates": {}}))
    done = subprocess.run(
        [BINARY, "run", str(path), "--threads", "2", "--store", str(tmp_path / "s.db")],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=30,
    )
    assert done.returncode == 2 and "--threads 1" in done.stderr


def test_metrics_and_report_tell_what_the_guards_did(pair, crossfade):
    program = guarded(pair, crossfade, {"idempotency": {}})
    for _ in range(3):
        assert post(program, idempotency_key="one").status_code == 200
    wait_until(lambda: counts(program)["idempotency"]["replayed"] == 2, "it comes to that")
    metrics = httpx.get(f"{program.admin}/metrics").text
    assert 'crossfade_guard_requests_total{guard="idempotency",result="replayed"} 2' in metrics
    assert json.loads(httpx.get(f"{program.admin}/status").text)["guard_counts"]["idempotency"]["replayed"] == 2
