"""Nothing that a candidate does in shadow changes what live clients get, or when; a smoke test, no measurement."""

import statistics

import pytest

from harness.application import Traffic, ask, chat
from harness.playbook import playbook, shadow
from harness.waiting import wait_until


def percentile(answers, share):
    return statistics.quantiles([answer.took for answer in answers], n=1000)[int(share * 1000) - 1]


def live(proxy, count=600):
    with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
        wait_until(lambda: len(traffic.answers) >= count, f"{count} answers", 40)
    assert traffic.errors() == []
    assert {answer.arm for answer in traffic.answers} == {"stable"}
    return traffic.answers


@pytest.mark.parametrize(
    "fault",
    [dict(hangs=True), dict(resets=True), dict(error_share=1), dict(latency=0.5)],
    ids=["hung", "resetting", "failing", "slow"],
)
def test_live_requests_do_not_notice_a_bad_shadow(fault, gateway, crossfade):
    compare(crossfade, gateway().url, gateway().url, gateway(**fault).url)


def test_live_requests_do_not_notice_a_flood(gateway, emulated, crossfade):
    # From processes of their own: a flood would slow this one down, and the clients in it.
    compare(crossfade, gateway().url, emulated(), emulated("--fault", "flood:100000"))


def compare(crossfade, stable, healthy, bad):
    taken = []
    for name, candidate in (("healthy", healthy), ("bad", bad)):
        book = playbook(stable, candidate, [shadow()], name=name, rollback_when={"error_rate": {"above": "99%"}})
        taken.append(percentile(live(crossfade(book)), 0.99))
    print(f"p99 with a healthy candidate {taken[0] * 1000:.1f} ms, with a bad one {taken[1] * 1000:.1f} ms")
    assert taken[1] < taken[0] * 4 + 0.1


def test_copies_beyond_the_limit_are_dropped_and_counted(gateway, crossfade):
    stable, hung = gateway(), gateway(hangs=True)
    book = playbook(
        stable.url, hung.url, [shadow()], shadow={"max_in_flight": 8}, rollback_when={"error_rate": {"above": "99%"}}
    )
    proxy = crossfade(book)
    answers = live(proxy, 300)
    dropped = proxy.wait_for("shadow_dropped")
    assert dropped["candidate"] == "challenger" and dropped["count"] > 0
    assert len(hung.chats()) <= 16, "more copies than the limit"

    def counted():
        return proxy.status()["arms"]["challenger"]["shadow"]["dropped"] >= len(answers) - 16

    wait_until(counted, "the dropped copies are counted")


def test_a_shadow_that_is_gone_is_told_once(pair, rollout):
    proxy = rollout([shadow()], rollback_when={"error_rate": {"above": "99%"}})
    assert ask(proxy.port).status == 200
    pair[1].stop()
    live(proxy, 100)
    down = proxy.wait_for("upstream_down", arm="challenger")
    assert down["port"] == pair[1].port
    live(proxy, 100)
    assert len(proxy.events("upstream_down", arm="challenger")) == 1


def test_the_budget_stops_the_copies(pair, rollout):
    pair[1].behave(cost=0.5)
    proxy = rollout([shadow()], shadow={"budget": "$3/day", "max_in_flight": 1})
    with Traffic(proxy.port, clients=1, pause=0.001) as traffic:
        spent = proxy.wait_for("budget_spent")
        copied = len(pair[1].chats())
        answered = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > answered + 200, "traffic goes on")
    assert spent["budget"] == 3 and spent["spent"] >= 3
    assert len(pair[1].chats()) <= copied + 5, "copies after the budget was spent"
    assert traffic.errors() == []


def test_a_copy_is_asked_what_the_live_one_was_asked(pair, rollout):
    proxy = rollout([shadow()])
    body = chat("compare me", stream=True, temperature=0.5)
    ask(proxy.port, body)
    wait_until(lambda: pair[1].chats(), "the copy")
    copy = pair[1].chats()[0]
    assert copy.path == pair[0].chats()[0].path
    told = copy.json
    assert told["messages"] == body["messages"] and told["temperature"] == 0.5 and told["model"] == body["model"]
