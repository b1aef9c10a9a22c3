"""The worksheet's figures, recomputed by other means: from the store's rows, and from the log of single exchanges."""

import json
import math
import sqlite3

import pytest

from harness.application import ask, chat
from harness.playbook import canary, playbook
from harness.program import command

ARMS = ("stable", "challenger")
EXCHANGES = 240
#: USD per million tokens; each of the gateway's answers has 10 tokens in and 20 out.
PRICES = {"test/model": {"input": 3.0, "output": 15.0}}
DERIVED = (10 * 3.0 + 20 * 15.0) / 1e6


@pytest.fixture
def rehearsed(pair, crossfade):
    """A rollout with failures, rescues, retries, reported and derived costs, and outcomes that the application told."""
    stable, challenger = pair
    stable.behave(cost=0.00137)
    challenger.behave(cost=None, error_share=0.15)
    book = playbook(
        stable.url,
        challenger.url,
        [canary("50%", hold="1h")],
        rollback_when={"error_rate": {"above": "90%"}},
    )
    book["candidates"][0] |= {"prices": PRICES, "effort_days": 2.5}
    proxy = crossfade(book, "--log-exchanges", "100%")
    asked, told = {}, []
    for number in range(EXCHANGES):
        headers = {"x-stainless-retry-count": "1"} if number % 7 == 0 else {}
        answer = ask(proxy.port, chat(str(number), stream=number % 3 == 0), headers=headers)
        assert answer.status == 200
        exchange = answer.headers["x-crossfade-id"]
        asked[exchange] = number % 7 == 0
        if number % 4 == 0 and not answer.fallback:
            told.append({"id": exchange, "success": number % 8 == 0})
    assert proxy.post("/outcomes", told)[0] == 200
    proxy.terminate()
    assert proxy.wait() == 0
    done = command("report", "--format", "json", "--store", proxy.store, proxy.playbook)
    assert done.returncode == 0, done.stderr
    return Rehearsed(json.loads(done.stdout), proxy, asked, {each["id"]: each["success"] for each in told})


class Rehearsed:
    def __init__(self, report, proxy, is_retry, told):
        self.report, self.is_retry, self.told = report, is_retry, told
        self.lines = proxy.events("exchange")
        # Read as any program would read it, not as Crossfade does.
        with sqlite3.connect(f"file:{proxy.store}?mode=ro", uri=True) as store:
            [(state,)] = store.execute("SELECT state FROM accounts WHERE rollout = 'acceptance'")
        self.journal = json.loads(state)

    def cell(self, row, arm):
        [found] = [each for each in self.report["worksheet"] if each["id"] == row]
        [value] = [each["value"] for each in found["cells"] if each["arm"] == arm]
        return value

    def layer(self, name, arm):
        [found] = [layer for layer in self.report["cost_stack"] if layer["id"] == name]
        [value] = [each["value"] for each in found["cells"] if each["arm"] == arm]
        return value

    def attempts(self, arm, population="live"):
        return [line for line in self.lines if (line["arm"], line["population"]) == (arm, population)]

    def kept(self, arm):
        """What the journal keeps of the arm's live attempts."""
        [found] = [
            cell["value"]
            for cell in self.journal["cells"]
            if (self.journal["arms"][cell["key"]["arm"]], cell["key"]["population"]) == (arm, 0)
        ]
        return found


def cost_per_outcome(found, arm):
    live = found.attempts(arm)
    normal = {line["id"] for line in live if line["outcome"] == "ok"}
    successes = sum(found.told.get(exchange, True) for exchange in normal)
    return sum(line.get("cost", 0) for line in live) / successes


def quantile(values, share):
    return sorted(values)[math.ceil(share * len(values)) - 1]


@pytest.mark.parametrize("arm", ARMS)
def test_the_worksheet_follows_from_single_exchanges_to_the_cent(rehearsed, arm):
    live = rehearsed.attempts(arm)
    assert len(live) > EXCHANGES / 4
    bad = [line for line in live if line["outcome"] != "ok"]
    assert bool(bad) == (arm == "challenger")
    # Far below a cent: a millionth of one.
    assert rehearsed.cell("cost_per_outcome", arm) == pytest.approx(cost_per_outcome(rehearsed, arm), abs=1e-8)
    assert rehearsed.cell("retry_rate", arm) == pytest.approx(
        sum(rehearsed.is_retry[line["id"]] for line in live) / len(live)
    )
    assert rehearsed.cell("errors_per_thousand", arm) == pytest.approx(1000 * len(bad) / len(live))
    answered = [line["latency"] for line in live if line["outcome"] == "ok"]
    # The report's histogram is 1% wide at most.
    assert rehearsed.cell("latency_p95", arm) == pytest.approx(quantile(answered, 0.95), rel=0.02, abs=0.01)
    assert rehearsed.cell("effort_days", arm) == (2.5 if arm == "challenger" else 0)


@pytest.mark.parametrize("arm", ARMS)
def test_the_worksheet_follows_from_the_journal_to_the_cent(rehearsed, arm):
    kept = rehearsed.kept(arm)
    attempts = sum(kept["outcomes"].values())
    bad = attempts - kept["outcomes"]["ok"]
    cost = kept["cost"]["reported"] + kept["cost"]["derived"]
    reports = kept["reports"]
    successes = kept["normalFinishes"] - reports["normalFailures"] + reports["otherSuccesses"]
    assert rehearsed.cell("cost_per_outcome", arm) == pytest.approx(cost / successes, abs=1e-8)
    assert rehearsed.cell("retry_rate", arm) == pytest.approx(kept["retries"] / attempts)
    assert rehearsed.cell("errors_per_thousand", arm) == pytest.approx(1000 * bad / attempts)


def test_the_cost_stack_follows_from_single_exchanges_to_the_cent(rehearsed):
    spent = {arm: sum(line.get("cost", 0) for line in rehearsed.attempts(arm)) for arm in ARMS}
    for arm in ARMS:
        assert rehearsed.layer("usage", arm) == pytest.approx(spent[arm], abs=1e-8)
    answered = [line for line in rehearsed.attempts("challenger") if line["outcome"] == "ok"]
    assert spent["challenger"] == pytest.approx(DERIVED * len(answered), abs=1e-8)
    # The candidate's 30 tokens an answer, at the difference of the two arms' prices for such an answer.
    assert rehearsed.layer("route_prices", "challenger") == pytest.approx((DERIVED - 0.00137) * len(answered), abs=1e-8)
    rescues = rehearsed.attempts("stable", "rescue")
    assert len(rescues) == len(rehearsed.attempts("challenger")) - len(answered)
    assert rehearsed.layer("failure_waste", "challenger") == pytest.approx(0.00137 * len(rescues), abs=1e-8)
