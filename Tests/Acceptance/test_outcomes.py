"""What became of an answer, as only the application knows: cost per outcome follows."""

import json

import pytest

from harness.application import ask, chat
from harness.playbook import canary, shadow
from harness.program import command
from harness.waiting import wait_until


def figures(report, arm):
    [found] = [each for each in report["figures"] if each["arm"] == arm and each["population"] == "live"]
    return found["figures"]


def report(proxy):
    proxy.terminate()
    assert proxy.wait() == 0
    done = command("report", "--format", "json", "--store", proxy.store)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_cost_per_outcome_follows_from_what_the_application_reports(pair, rollout):
    pair[1].behave(cost=0.004)
    proxy = rollout([canary("50%")])
    answers = [ask(proxy.port, chat(str(number))) for number in range(80)]
    arms = {name: [answer for answer in answers if answer.arm == name] for name in ("stable", "challenger")}
    assert all(len(mine) > 15 for mine in arms.values())
    # One in four failed at its task, although its answer was fine.
    told = [
        {"id": answer.headers["x-crossfade-id"], "success": number % 4 != 0}
        for mine in arms.values()
        for number, answer in enumerate(mine)
    ]
    # However soon it says so.
    code, body = proxy.post("/outcomes", [*told, {"id": "0" * 16, "success": True}])
    assert code == 200 and json.loads(body) == {"received": len(told) + 1, "accepted": len(told)}
    found = report(proxy)
    for name, price in (("stable", 0.001), ("challenger", 0.004)):
        mine = figures(found, name)
        successes = sum(number % 4 != 0 for number in range(len(arms[name])))
        assert mine["attempts"] == len(arms[name]) and mine["successes"] == successes
        assert mine["cost"] == pytest.approx(price * len(arms[name]))
        assert mine["cost_per_outcome"] == pytest.approx(price * len(arms[name]) / successes)
    [row] = [row for row in found["worksheet"] if row["id"] == "cost_per_outcome"]
    values = {cell["arm"]: cell["value"] for cell in row["cells"]}
    assert values["challenger"] == pytest.approx(figures(found, "challenger")["cost_per_outcome"])


def test_at_the_same_price_answers_that_are_seldom_of_use_pause_the_candidate(pair, rollout):
    proxy = rollout(
        [canary("50%")],
        pause_when={"cost_per_outcome": {"ratio_above": 1.5}},
        test={"threshold": {"window": "1m", "min_samples": 30}},
    )
    # All of it is of use at first, and the prices are the same.
    for number in range(100):
        ask(proxy.port, chat(str(number)))
    proxy.wait_for_status(lambda status: sum(arm["requests"] for arm in status["arms"].values()) == 100, "100 requests")
    assert proxy.status()["state"] == "running"

    def paused():
        told = []
        for number in range(20):
            answer = ask(proxy.port, chat(f"again {number}"))
            told.append({"id": answer.headers["x-crossfade-id"], "success": answer.arm == "stable"})
        assert proxy.post("/outcomes", told)[0] == 200
        return proxy.status()["state"] == "paused"

    wait_until(paused, lambda: proxy.status())
    decision = proxy.status()["last_decision"]
    assert decision["decision"] == "pause" and decision["metric"] == "cost_per_outcome"


def test_without_reports_a_normal_finish_is_the_outcome(pair, rollout):
    proxy = rollout([canary("50%")])
    answers = [ask(proxy.port, chat(str(number))) for number in range(40)]
    proxy.wait_for_status(lambda status: sum(arm["requests"] for arm in status["arms"].values()) == 40, "40 requests")
    found = report(proxy)
    for name in ("stable", "challenger"):
        mine = figures(found, name)
        assert mine["successes"] == len([answer for answer in answers if answer.arm == name])
        assert mine["cost_per_outcome"] == pytest.approx(0.001)


def test_a_later_request_can_say_it_in_a_header_that_goes_no_further(pair, rollout):
    proxy = rollout([canary("50%")])
    first = [ask(proxy.port, chat(str(number))) for number in range(20)]
    for number, answer in enumerate(first):
        told = answer.headers["x-crossfade-id"] + ("" if number % 4 else "; success=false")
        assert ask(proxy.port, chat(f"then {number}"), headers={"x-crossfade-outcome-of": told}).status == 200
    for gateway in pair:
        assert not any("x-crossfade-outcome-of" in request.headers for request in gateway.requests)
    reported = lambda: sum(
        float(line.rsplit(" ", 1)[1])
        for line in proxy.get("/metrics")[1].splitlines()
        if line.startswith("crossfade_reported_outcomes_total{")
    )
    wait_until(lambda: reported() == 20, lambda: f"{reported()} of 20 reported")
    found = report(proxy)
    assert sum(figures(found, name)["reported_outcomes"] for name in ("stable", "challenger")) == 20


def test_an_evaluator_scores_both_answers_of_copied_exchanges(pair, rollout):
    proxy = rollout(
        [shadow(), canary("50%")],
        shadow={"noise": "0%", "max_in_flight": 64},
        rollback_when={"score": {"ratio_below": 0.9}},
    )
    answers = [ask(proxy.port, chat(str(number))) for number in range(60)]
    ids = [answer.headers["x-crossfade-id"] for answer in answers]
    proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["requests"] == 60, "60 copies")
    # The application's own word on the answer that it got takes nothing from the evaluator's on both.
    code, body = proxy.post("/outcomes", [{"id": each, "success": True} for each in ids])
    assert code == 200 and json.loads(body)["accepted"] == 60
    code, body = proxy.post("/outcomes", [{"id": ids[0], "arm": "chalenger", "value": 0.5}])
    assert code == 409 and "stable, challenger" in body
    told = [{"id": each, "arm": arm, "value": value} for each in ids for arm, value in (("stable", 0.9), ("challenger", 0.2))]
    code, body = proxy.post("/outcomes", [*told, {"id": "0" * 16, "arm": "challenger", "value": 0.5}])
    assert code == 200 and json.loads(body) == {"received": 121, "accepted": 120}
    decision = proxy.wait_for_decision("rollback")
    assert decision["metric"] == "score" and decision["stage"] == "shadow"
    assert "score 0.200 over" in decision["message"] and "the baseline's 0.900" in decision["message"]
