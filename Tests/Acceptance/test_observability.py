"""What people and tools see: the status, the log, the metrics, the journal."""

import json
import re
from datetime import datetime, timezone

import jsonschema
import pytest
import yaml

from harness.application import Traffic, ask
from harness.playbook import baseline, canary, playbook, shadow, write
from harness.program import ROOT, command, schema

FIGURES = {
    "requests",
    "errors",
    "error_rate",
    "latency_p50",
    "latency_p95",
    "latency_p99",
    "ttft_p95",
    "cost",
    "shadow",
}
DECISION = {
    "ts",
    "level",
    "event",
    "message",
    "decision",
    "rollout",
    "stage",
    "candidate",
    "metric",
    "condition",
    "weights_before",
    "weights_after",
    "evidence",
    "seq",
    "actor",
    "playbook_sha256",
}


def test_the_status(pair, rollout):
    proxy = rollout([shadow("300ms"), canary("50%")])
    with Traffic(proxy.port, clients=2, pause=0.001):
        proxy.wait_for_decision("advance", stage="canary")
        status = proxy.wait_for_status(lambda status: status["arms"]["challenger"]["requests"] > 20, "canary requests")
    assert status["rollout"] == "acceptance" and status["state"] == "running"
    assert status["stage"] == "canary" and status["stage_index"] == 1
    assert status["weights"] == {"challenger": 0.5}
    datetime.fromisoformat(status["since"].replace("Z", "+00:00"))
    assert set(status["arms"]) == {"stable", "challenger"}
    for figures in status["arms"].values():
        assert FIGURES <= set(figures)
        assert FIGURES - {"shadow"} | {"dropped"} <= set(figures["shadow"])
        assert figures["errors"] == 0 and figures["error_rate"] == 0
        assert 0 < figures["latency_p50"] <= figures["latency_p95"] <= figures["latency_p99"] < 10_000
        assert figures["cost"] == pytest.approx(0.001 * figures["requests"])
    copies = status["arms"]["challenger"]["shadow"]
    assert copies["requests"] > 0 and copies["errors"] == 0 and copies["latency_p50"] > 0
    [condition] = status["guards"]
    assert {"metric", "above", "ratio_above", "candidate", "evidence", "threshold", "state"} <= set(condition)
    assert condition["metric"] == "error_rate" and condition["candidate"] == "challenger"
    assert condition["above"] == 0.02 and condition["ratio_above"] == 1.5
    assert condition["state"] == "undecided" and condition["threshold"] == pytest.approx(100)
    assert status["last_decision"]["decision"] == "advance"


def test_the_status_counts_every_request_once(pair, rollout):
    proxy = rollout([canary("50%")])
    for number in range(40):
        ask(proxy.port, {"model": "m", "messages": [{"role": "user", "content": str(number)}]})
    arms = proxy.wait_for_status(
        lambda status: sum(arm["requests"] for arm in status["arms"].values()) >= 40, "40 requests"
    )["arms"]
    assert arms["stable"]["requests"] == len(pair[0].chats())
    assert arms["challenger"]["requests"] == len(pair[1].chats())
    assert len(pair[0].chats()) + len(pair[1].chats()) == 40


def test_a_rollback_in_the_log_and_in_the_journal(pair, rollout):
    pair[1].behave(error_share=1)
    proxy = rollout([canary("50%")])
    with Traffic(proxy.port, clients=2, pause=0.001):
        line = proxy.wait_for_decision("rollback")
    assert DECISION <= set(line), DECISION - set(line)
    assert line["level"] == "warning"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["ts"])
    assert re.match(
        r"rolled back challenger: error_rate \d+(\.\d)?% of \d+ requests, allowed 2(\.0)?%", line["message"]
    )
    assert line["condition"] == {"above": 0.02, "ratio_above": 1.5}
    assert line["weights_before"] == {"challenger": 0.5} and line["weights_after"] == {"challenger": 0}
    evidence = line["evidence"]
    assert evidence["test"] == "sequential" and evidence["e_value"] >= evidence["threshold"] == pytest.approx(100)
    assert evidence["candidate"]["bad"] <= evidence["candidate"]["n"]
    assert evidence["baseline"]["bad"] == 0
    assert re.fullmatch("[0-9a-f]{64}", line["playbook_sha256"])

    code, body = proxy.get("/decisions")
    assert code == 200
    told = {decision["seq"]: decision for decision in json.loads(body)}
    assert [told[seq]["decision"] for seq in sorted(told)] == [each["decision"] for each in proxy.decisions()]
    journaled = told[line["seq"]]
    for name in DECISION - {"level", "event"}:
        assert journaled[name] == line[name] or name in ("condition", "evidence"), name
    assert journaled["evidence"]["candidate"] == evidence["candidate"]

    done = command("decisions", "--store", proxy.store, "--json")
    assert [json.loads(each)["seq"] for each in done.stdout.splitlines()] == sorted(told)


def test_each_command_is_one_line_in_the_log(rollout):
    proxy = rollout([canary()])
    assert proxy.steer("pause", "--reason", "once").returncode == 0
    proxy.wait_for("command", command="pause")
    assert proxy.steer("pause").returncode == 1
    proxy.wait_for_status(lambda status: status["state"] == "paused", "paused")
    done = [line for line in proxy.events("command", command="pause") if "refusal" not in line]
    assert len(done) == 1, f"{len(done)} lines for one command"


def test_the_exchange_log_and_the_answers_ids(pair, rollout):
    proxy = rollout([canary("50%")], "--log-exchanges", "100%")
    answers = [ask(proxy.port) for _ in range(10)]
    ids = [answer.headers["x-crossfade-id"] for answer in answers]
    assert len(set(ids)) == 10
    for answer, identity in zip(answers, ids, strict=True):
        line = proxy.wait_for("exchange", id=identity)
        assert line["arm"] == answer.arm and line["outcome"] == "ok" and line["population"] == "live"
        assert line["cost"] == 0.001 and line["latency"] > 0


def test_the_log_keeps_the_time(pair, rollout):
    """Of decisions and of exchanges alike, or their order could not be told from it."""
    proxy = rollout([canary("100%")], "--log-exchanges", "100%")
    before = datetime.now(timezone.utc)
    identity = ask(proxy.port).headers["x-crossfade-id"]
    told = datetime.fromisoformat(proxy.wait_for("exchange", id=identity)["ts"].replace("Z", "+00:00"))
    behind = (before - told).total_seconds()
    # Milliseconds are cut, not rounded.
    assert behind <= 0.002, f"the exchange ended {behind * 1000:.0f} ms before it began, says the log"
    assert proxy.steer("pause").returncode == 0
    told = datetime.fromisoformat(proxy.wait_for_decision("pause")["ts"].replace("Z", "+00:00"))
    assert before <= told <= datetime.now(timezone.utc)


def test_outcomes_that_the_application_reports(pair, rollout):
    proxy = rollout([canary("50%")])
    identity = ask(proxy.port).headers["x-crossfade-id"]

    def report():
        code, body = proxy.post("/outcomes", [{"id": identity, "success": True}, {"id": "0" * 16, "success": False}])
        assert code == 200, body
        return json.loads(body)

    assert report() == {"received": 2, "accepted": 1}
    assert report()["accepted"] == 0, "an outcome is counted once"
    code, body = proxy.post("/outcomes", {"id": 7})
    assert code == 400 and "error" in json.loads(body)


def test_the_metrics(pair, rollout):
    proxy = rollout([canary("50%")])
    for _ in range(10):
        ask(proxy.port)
    proxy.wait_for_status(lambda status: sum(arm["requests"] for arm in status["arms"].values()) == 10, "10 requests")
    code, body = proxy.get("/metrics")
    assert code == 200
    sample = re.compile(r'[a-zA-Z_:][\w:]*(\{(\w+="[^"]*",?)*\})? (-?[\d.e+-]+|NaN|[+-]Inf)')
    told = set()
    for line in body.splitlines():
        if line.startswith("# "):
            kind, name = line.split(" ")[1:3]
            assert kind in ("HELP", "TYPE") and name.startswith(("crossfade_", "process_"))
            assert (kind, name) not in told, f"{kind} {name} twice"
            told.add((kind, name))
        else:
            assert sample.fullmatch(line), line
    assert re.search(r'crossfade_\w*weight\w*\{[^}]*candidate="challenger"[^}]*\} 0\.5', body), body


def test_the_dashboard_is_one_page_that_asks_nobody_else(rollout):
    code, body = rollout([canary()]).get("/")
    assert code == 200 and body.lstrip().lower().startswith("<!doctype html")
    assert not re.findall(r'(?:src|href)="https?://', body)


def test_the_playbooks_are_valid_and_their_schema_says_so():
    paths = sorted(ROOT.glob("playbooks/*.yaml"))
    assert paths
    keys = {name: "x" for path in paths for name in re.findall(r"\$\{(\w+)\}", path.read_text())}
    done = command("check", *paths, **keys)
    assert done.returncode == 0, done.stderr
    for path in paths:
        problems = list(schema("playbook").iter_errors(yaml.safe_load(path.read_text())))
        assert not problems, f"{path.name}: {problems[0].message}"


@pytest.mark.parametrize("stages", [[baseline()], [shadow(), canary("5%")], [canary("1%", "2h", min_samples=5)]])
def test_the_tests_own_playbooks_are_valid_by_the_schema(stages):
    jsonschema.validate(playbook("http://a.test/v1", "http://b.test/v1", stages), schema("playbook").schema)


@pytest.mark.parametrize(
    "change",
    [
        {"crossfade": 2},
        {"stages": []},
        {"confidence": 0.99},
        {"rollback_when": {"errors": {"above": "2%"}}},
        {"shadows": {}},
        {"baseline": None},
        {"stages": [{"name": "x", "weight": 5, "hold": "1h"}]},
    ],
    ids=str,
)
def test_the_schema_refuses_what_check_refuses(change, tmp_path):
    book = {**playbook("http://a.test/v1", "http://b.test/v1", [canary()]), **change}
    book = {key: value for key, value in book.items() if value is not None}
    done = command("check", write(tmp_path / "broken.yaml", book))
    assert done.returncode == 2, done.stdout
    assert not schema("playbook").is_valid(book)
