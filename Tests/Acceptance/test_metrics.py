"""The metrics as Prometheus reads them: its own linter, its own rules, a real scrape, and every name that our files use."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from harness.application import ask
from harness.playbook import canary, shadow
from harness.program import ROOT
from harness.waiting import wait_until

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "crossfade-tests/prometheus/usr/bin"
DEPLOY = ROOT / "deploy"


def tool(name):
    found = shutil.which(name) or shutil.which(name, path=str(CACHE))
    assert found, f"{name} is not there; Tests/run gets it"
    return found


def metrics(proxy):
    code, body = proxy.get("/metrics")
    assert code == 200
    return body


def value(body, sample):
    [found] = re.findall("^" + re.escape(sample) + r" (\S+)$", body, re.M) or [None]
    return found and float(found)


@pytest.fixture
def busy(pair, rollout):
    """A canary that fails half of the time, after some traffic."""
    pair[1].behave(error_share=1)
    proxy = rollout([canary("50%")], shadow={"budget": "$5/day"})
    answers = [ask(proxy.port) for _ in range(30)]
    assert all(answer.status == 200 for answer in answers)
    total = lambda status: sum(arm["requests"] for arm in status["arms"].values())
    proxy.wait_for_status(lambda status: total(status) >= 30, "30 requests")
    return proxy


def test_the_linter_of_prometheus_has_nothing_to_say(busy):
    done = subprocess.run([tool("promtool"), "check", "metrics"], input=metrics(busy), capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_what_an_operator_asks_first(busy):
    body = metrics(busy)
    rescues = value(body, 'crossfade_rescues_total{arm="challenger"}')
    assert rescues > 0 and value(body, 'crossfade_client_errors_total{arm="challenger"}') == 0
    assert value(body, 'crossfade_client_errors_total{arm="stable"}') == 0
    assert value(body, 'crossfade_decisions_total{decision="start"}') == 1
    assert value(body, 'crossfade_upstream_up{arm="stable"}') == 1
    assert value(body, 'crossfade_requests_in_flight{arm="stable",population="live"}') == 0
    assert value(body, 'crossfade_budget_left_dollars{budget="shadow"}') == 5
    assert re.search(r'^crossfade_build_info\{version="[^"]+"\} 1$', body, re.M)
    count = value(body, 'crossfade_request_duration_seconds_count{arm="stable",population="live"}')
    assert count == value(body, 'crossfade_request_duration_seconds_bucket{arm="stable",population="live",le="+Inf"}')
    assert count == value(body, 'crossfade_requests_total{arm="stable",population="live",outcome="ok"}')
    assert value(body, "process_resident_memory_bytes") > 1 << 20
    assert value(body, "process_open_fds") > 3
    assert time.time() - value(body, "process_start_time_seconds") < 3600


def test_errors_without_a_net_reach_the_client(pair, rollout):
    pair[0].behave(error_share=1)
    proxy = rollout([canary("1%")])
    failed = sum(ask(proxy.port).arm == "stable" for _ in range(5))
    sample = 'crossfade_client_errors_total{arm="stable"}'
    wait_until(lambda: value(metrics(proxy), sample) == failed, f"{failed} errors of the baseline")


def test_prometheus_scrapes_it(busy, tmp_path):
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s"}
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{busy.admin_port}"]
    config["rule_files"] = [str(DEPLOY / "prometheus/crossfade.rules.yml")]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    log = (tmp_path / "prometheus.log").open("w+")
    process = subprocess.Popen(
        [
            tool("prometheus"),
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            "--web.listen-address=127.0.0.1:0",
        ],
        stderr=log,
        stdout=log,
        cwd=tmp_path,
    )
    try:

        def told():
            log.seek(0)
            text = log.read()
            return "Server is ready" in text and re.search(r"address=127\.0\.0\.1:([1-9]\d*)", text)

        port = wait_until(told, "Prometheus is ready", 30).group(1)

        def answers(query):
            url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]["result"]

        [up] = wait_until(lambda: answers('up{job="crossfade"} == 1'), "a scrape", 30)
        assert up["value"][1] == "1"
        assert answers("histogram_quantile(0.95, crossfade_request_duration_seconds_bucket)")
        assert answers("crossfade_stage_info")[0]["metric"]["stage"] == "canary"
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def test_the_alerts_do_what_their_tests_say():
    rules = DEPLOY / "prometheus/crossfade.rules.test.yml"
    for arguments in (["check", "config", DEPLOY / "prometheus/prometheus.yml"], ["test", "rules", rules]):
        done = subprocess.run([tool("promtool"), *map(str, arguments)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_name_in_alerts_and_dashboard_is_there(busy):
    body = metrics(busy)
    there = set(re.findall(r"^(\w+?)(?:\{| )", body, re.M)) - {"#"}
    # Those that show up with the first of their kind.
    there |= {"crossfade_ineligible_total", "crossfade_shadow_drops_total", "crossfade_cost_dollars_total"}
    rules = yaml.safe_load((DEPLOY / "prometheus/crossfade.rules.yml").read_text())
    board = json.loads((DEPLOY / "grafana/crossfade.json").read_text())
    texts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    texts += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    used = {name for text in texts for name in re.findall(r"\b((?:crossfade|process)_\w+)", text)}
    assert len(used) > 15 and not used - there, used - there
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_a_verdict_for_other_tools(pair, rollout):
    proxy = rollout([shadow("60s"), canary("5%")])
    code, body = proxy.get("/verdict")
    answer = json.loads(body)
    assert code == 200 and answer["verdict"] == "inconclusive" and answer["stage"] == "shadow" and answer["reason"]
    hook = {"name": "podinfo", "namespace": "test", "phase": "Progressing", "metadata": {}}
    assert proxy.post("/verdict", hook)[0] == 409
    assert proxy.post("/verdict?expect=pass,inconclusive", hook)[0] == 200
    assert proxy.steer("rollback", "--reason", "for the test").returncode == 0
    code, body = proxy.get("/verdict")
    assert code == 200 and json.loads(body)["verdict"] == "fail"
    assert proxy.post("/verdict?expect=pass,inconclusive", hook)[0] == 409
    assert proxy.post("/verdict?expect=fail", hook)[0] == 200
