"""Arms behind a proxy: CONNECT, TLS with the arm inside, credentials for the proxy alone, and what is said of its refusals."""

import base64
import select
import socket
import threading

import pytest

from harness.application import ask
from harness.playbook import canary, playbook
from harness.program import command
from test_first_hour import certificate  # noqa: F401

USER = "tunnel:p@ss-77d0c1"


class Proxy:
    """A CONNECT proxy on this machine that remembers what it was asked."""

    def __init__(self, refuses=None):
        self.refuses = refuses
        self.heads = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(4096)
            if not more:
                return
            head += more
        self.heads.append(head.decode())
        if self.refuses:
            client.sendall(f"HTTP/1.1 {self.refuses} No\r\n\r\n".encode())
            client.close()
            return
        host, port = head.split(b" ")[1].decode().rsplit(":", 1)
        upstream = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with client, upstream:
            while True:
                ready, _, _ = select.select([client, upstream], [], [])
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    (upstream if one is client else client).sendall(data)


@pytest.fixture
def proxy():
    made = []

    def make(**options):
        made.append(Proxy(**options))
        return made[-1]

    yield make
    for each in made:
        each.listener.close()


def through(book, proxy, credentials=""):
    book["candidates"][0]["proxy"] = f"http://{credentials}127.0.0.1:{proxy.port}"
    return book


def test_an_arm_is_reached_through_its_proxy_and_the_other_is_not(pair, proxy, crossfade):
    between = proxy()
    book = through(playbook(pair[0].url, pair[1].url, [canary("100%")]), between, "tunnel:p%40ss-77d0c1@")
    running = crossfade(book)
    for _ in range(3):
        assert ask(running.port).arm == "challenger"
    [head] = between.heads
    port = pair[1].url.split(":")[2].split("/")[0]
    assert head.startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n")
    assert f"Proxy-Authorization: Basic {base64.b64encode(USER.encode()).decode()}\r\n" in head
    assert all("proxy-authorization" not in {n.lower() for n in r.headers} for r in pair[1].requests)
    assert USER not in running.text() and "p%40ss" not in running.text()


def test_tls_is_inside(emulated, pair, proxy, crossfade, certificate):  # noqa: F811
    arguments, authority = certificate
    between = proxy()
    url = emulated(*arguments).replace("127.0.0.1", "localhost")
    book = through(playbook(pair[0].url, url, [canary("100%")]), between)
    running = crossfade(book, "--ca-file", authority, "--ask-arms")
    assert running.wait_for("arm_asked", arm="challenger")["result"] == "ok"
    assert ask(running.port).arm == "challenger"
    assert all(head.startswith("CONNECT localhost:") for head in between.heads) and len(between.heads) >= 2
    done = command("probe", running.playbook, "--ca-file", authority)
    assert done.returncode in (0, 1) and len(between.heads) >= 3, done.stdout + done.stderr


def test_a_refusal_is_the_baselines_to_answer_and_is_said(pair, proxy, crossfade):
    between = proxy(refuses=407)
    running = crossfade(through(playbook(pair[0].url, pair[1].url, [canary("100%")]), between))
    answers = [ask(running.port) for _ in range(4)]
    assert all(answer.status == 200 and answer.arm == "stable" for answer in answers)
    assert not pair[1].chats()
    assert running.wait_for("upstream_down")["arm"] == "challenger"


def test_a_proxy_of_the_environment_that_nobody_uses_is_said(pair, crossfade):
    book = playbook("https://arm.invalid/v1", pair[1].url, [canary()])
    variables = {"HTTPS_PROXY": "http://tunnel:p%40ss-77d0c1@127.0.0.1:9"}
    running = crossfade(book, variables=variables)
    line = running.wait_for("notice", level="notice")
    assert "HTTPS_PROXY" in line["message"] and "proxy: environment" in line["message"]
    assert "p%40ss" not in running.text()
