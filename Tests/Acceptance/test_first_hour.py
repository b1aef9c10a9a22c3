"""The first start: what people are told on a terminal, and what is said of a wrong key, path or address."""

import os
import pty
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from harness.playbook import canary, playbook, shadow, write
from harness.program import BINARY, CANDIDATE_KEY, KEYS, ROOT, SECRETS, environment


@pytest.fixture
def certificate(tmp_path):
    """Arguments for an emulated gateway, and the file of the authority."""
    text = (ROOT / "Tests/TestCertificates/TestCertificate.swift").read_text()
    blocks = [
        "\n".join(line.strip() for line in block.splitlines()) + "\n"
        for block in re.findall(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", text, re.S)
    ]
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path, block in zip(paths, blocks, strict=True):
        path.write_text(block)
    return ["--tls-cert", str(paths[0]), "--tls-key", str(paths[1])], paths[0]


def asked(crossfade, candidate, *arguments, baseline="http://127.0.0.1:9/v1"):
    proxy = crossfade(playbook(baseline, candidate, [canary()]), "--ask-arms", *arguments)
    return proxy.wait_for("arm_asked", arm="challenger")


def test_an_arm_that_is_as_the_playbook_says(emulated, crossfade):
    line = asked(crossfade, emulated("--key", CANDIDATE_KEY))
    assert line["result"] == "ok" and line["level"] == "info"
    assert re.match(r"challenger answers: \d+ models", line["message"])


def test_a_wrong_key(emulated, crossfade):
    line = asked(crossfade, emulated("--key", "sk-another"))
    assert line["result"] == "wrong_key" and line["level"] == "warning" and "'key'" in line["message"]


class OnlyBelowV1(BaseHTTPRequestHandler):
    """As New-API: the API is below /v1, and a page for browsers everywhere else."""

    def do_GET(self):
        is_there = self.path == "/v1/models"
        body = b'{"data":[{"id":"m"}]}' if is_there else b"<!doctype html><title>a gateway</title>"
        self.send_response(200)
        self.send_header("content-type", "application/json" if is_there else "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_url_without_v1(crossfade):
    with ThreadingHTTPServer(("127.0.0.1", 0), OnlyBelowV1) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        line = asked(crossfade, base)
        server.shutdown()
    assert line["result"] == "wrong_path" and f"say url: {base}/v1 " in line["message"]


def test_nobody_there(crossfade):
    line = asked(crossfade, "http://127.0.0.1:9/v1")
    assert line["result"] == "unreachable" and "127.0.0.1:9" in line["message"]


def test_a_certificate_of_its_own(emulated, crossfade, certificate):
    arguments, authority = certificate
    url = emulated("--key", CANDIDATE_KEY, *arguments)
    line = asked(crossfade, url)
    assert line["result"] == "untrusted" and "--ca-file" in line["message"]
    assert asked(crossfade, url, "--ca-file", authority)["result"] == "ok"


def test_a_log_for_machines_asks_nobody(pair, rollout):
    proxy = rollout([canary()])
    proxy.status()
    assert not pair[0].requests and not pair[1].requests


def on_a_terminal(book, store, until):
    """What `run` writes on a terminal of its own, until all of the words are there."""
    ours, theirs = pty.openpty()
    arguments = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--store", str(store)]
    process = subprocess.Popen(
        [BINARY, "run", str(book), *arguments], stdout=theirs, stderr=theirs, env=environment(NO_COLOR="1")
    )
    os.close(theirs)
    text = ""
    try:
        while not all(word in text for word in until):
            text += os.read(ours, 4096).decode()
    finally:
        process.terminate()
        process.wait(20)
        os.close(ours)
    return text.replace("\r\n", "\n")


def test_a_terminal_is_told_what_to_change_first(pair, tmp_path):
    book = write(tmp_path / "book.yaml", playbook(pair[0].url, pair[1].url, [shadow(), canary("5%")]))
    text = on_a_terminal(book, tmp_path / "store.db", ["challenger answers", "stable answers", "admin listens"])
    assert text.startswith("Crossfade ")
    lines = text.splitlines()
    [change] = [number for number, line in enumerate(lines) if "baseURL" in line]
    assert re.search(r"baseURL http://127\.0\.0\.1:\d+/v1$", lines[change])
    assert lines[change + 1].strip() == f"was {pair[0].url}"
    assert re.search(r"dashboard +http://127\.0\.0\.1:\d+/\n", text)
    assert re.search(r"now +stage 1 of 2, shadow: copies 100% to challenger", text)
    assert re.search(r"next +canary: sends 5% to challenger", text)
    first = next(number for number, line in enumerate(lines) if re.match(r"\d{4}-", line))
    assert first > change, "the log begins after the greeting"
    assert not any(secret in text for secret in SECRETS)


def without_keys(*arguments):
    env = {name: value for name, value in environment().items() if name not in KEYS}
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, env=env, timeout=60)


@pytest.mark.parametrize("name", ["check", "simulate", "report", "verify"])
def test_reading_a_playbook_needs_no_keys(name, crossfade, pair, tmp_path):
    book = write(tmp_path / "book.yaml", playbook(pair[0].url, pair[1].url, [canary()]))
    store = tmp_path / "store.db"
    crossfade(book, store=store).close()
    scenario = tmp_path / "scenario.yaml"
    figures = {"runs": 2, "rate": "10/s", "baseline": {"error_rate": "1%"}, "candidate": {"error_rate": "5%"}}
    scenario.write_text(yaml.safe_dump(figures))
    arguments = {
        "check": ["check", book],
        "simulate": ["simulate", book, "--scenario", scenario],
        "report": ["report", book, "--store", store],
        "verify": ["verify", "--store", store, "--playbook", book],
    }[name]
    done = without_keys(*arguments)
    assert done.returncode == 0, done.stderr
    assert "TEST_CANDIDATE_KEY is not set" in done.stderr


@pytest.mark.parametrize("name", ["run", "probe"])
def test_sending_needs_the_keys(name, pair, tmp_path):
    book = write(tmp_path / "book.yaml", playbook(pair[0].url, pair[1].url, [canary()]))
    done = without_keys(name, book)
    assert done.returncode == 2 and "TEST_CANDIDATE_KEY is not set" in done.stderr
