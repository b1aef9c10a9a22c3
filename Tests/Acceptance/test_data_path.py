"""What passes through: bytes, headers, units, and what the playbook's traffic section says."""

import gzip
import hashlib
import http.client
import http.server
import json
import socket
import threading

import httpx
import pytest

from harness.application import Traffic, ask, chat
from harness.playbook import baseline, canary, playbook, shadow
from harness.waiting import wait_until


def test_a_request_reaches_the_baseline_byte_for_byte(pair, rollout):
    proxy = rollout([shadow()])
    body = (
        b'{ "model":\t"test/model",  "messages" : '
        b'[ {"role":"user","content":"\xc3\xa4\\u00e4 \\ud83d\\ude00"} ],"top_k":1.50e1 }'
    )
    headers = {"x-title": "App", "http-referer": "https://app.test", "x-own": "kept", "openai-beta": "x"}
    assert ask(proxy.port, body, path="/api/v1/chat/completions?a=b%20c", headers=headers).status == 200
    [request] = pair[0].chats()
    assert request.body == body
    assert request.path == "/v1/chat/completions?a=b%20c"
    assert {name: request.headers[name] for name in headers} == headers
    assert request.headers["host"] == f"127.0.0.1:{pair[0].port}"


def test_towards_a_candidate_the_model_is_replaced_and_dropped_fields_are_cut(gateway, crossfade):
    stable, candidate = gateway(), gateway()
    book = playbook(stable.url, candidate.url, [canary("100%")])
    book["candidates"][0].update(models={"big/*": "mapped-*"}, fields={"drop": ["provider", "secret_field"]})
    proxy = crossfade(book)
    body = (
        b'{"provider":{"order":["a"]},"model":"big/one", '
        b'"messages":[{"role":"user","content":"model provider"}],"secret_field":1,"n":1}'
    )
    assert ask(proxy.port, body).arm == "challenger"
    [request] = candidate.chats()
    assert request.json == {"model": "mapped-one", "messages": [{"role": "user", "content": "model provider"}], "n": 1}
    assert b'"model":"mapped-one", "messages":[{"role":"user","content":"model provider"}]' in request.body
    # A model without a line, and a request without a model, stay with the baseline.
    assert ask(proxy.port, chat(model="small/one")).arm == "stable"
    assert ask(proxy.port, b'{"messages":[{"role":"user","content":"hello"}]}').arm == "stable"


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[1,2]", b'{"model": 7}', b'{"model":"a","model":"b"', b"\xff\xfe"]
)
def test_what_cannot_be_read_is_the_baselines(body, gateway, crossfade):
    stable, candidate = gateway(error_share=1, error_status=400), gateway()
    proxy = crossfade(playbook(stable.url, candidate.url, [canary("100%")]))
    answer = ask(proxy.port, body)
    assert answer.status == 400 and answer.arm == "stable"
    assert stable.chats()[0].body == body and not candidate.chats()


def test_a_large_body_passes_and_beyond_the_limit_it_is_the_baselines(gateway, crossfade):
    stable, candidate = gateway(), gateway()
    traffic = {"sticky": "none", "max_body": "1MiB"}
    proxy = crossfade(playbook(stable.url, candidate.url, [canary("100%")], traffic=traffic))
    below, beyond = chat("x" * 900_000), chat("y" * 3_000_000)
    assert ask(proxy.port, below).arm == "challenger"
    assert candidate.chats()[0].json["messages"] == below["messages"]
    answer = ask(proxy.port, beyond)
    assert answer.status == 200 and answer.arm == "stable"
    assert hashlib.sha256(stable.chats()[0].body).digest() == hashlib.sha256(json.dumps(beyond).encode()).digest()
    assert answer.json["choices"][0]["message"]["content"].endswith("y" * 100)


def test_a_chunked_request_and_a_hundred_continue(pair, rollout):
    proxy = rollout([shadow()])

    def pieces():
        yield b'{"model":"test/model",'
        yield b'"messages":[{"role":"user","content":"in pieces"}]}'

    answer = httpx.post(f"{proxy.url}/chat/completions", content=pieces(), headers={"expect": "100-continue"})
    assert answer.json()["choices"][0]["message"]["content"] == "You said: in pieces"


def test_one_connection_carries_many_requests(pair, rollout):
    proxy = rollout([canary("50%")])
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
    connection.connect()
    local = connection.sock.getsockname()
    for number in range(50):
        connection.request("POST", "/v1/chat/completions", json.dumps(chat(str(number))))
        assert f"You said: {number}" in connection.getresponse().read().decode()
    assert connection.sock.getsockname() == local, "the connection was not kept"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        b"nonsense\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
    ids=["no-host", "two-framings", "two-lengths", "signed-length", "nonsense", "huge-head"],
)
def test_an_ambiguous_request_is_refused_and_goes_nowhere(request_bytes, pair, rollout):
    proxy = rollout([baseline()])
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as connection:
        connection.sendall(request_bytes)
        answer = b""
        try:
            while data := connection.recv(65536):
                answer += data
        except ConnectionResetError:
            pass
    assert answer.split(b" ")[1] in (b"400", b"431"), answer[:200]
    error = json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]
    assert error["metadata"]["source"] == "crossfade"
    assert not pair[0].requests
    assert ask(proxy.port).status == 200, "it serves on"


def test_other_paths_are_refused_and_other_methods_pass(pair, rollout):
    proxy = rollout([canary("100%")])
    assert httpx.get(f"http://127.0.0.1:{proxy.port}/v1/models").headers["x-crossfade-arm"] == "stable"
    answer = httpx.get(f"http://127.0.0.1:{proxy.port}/somewhere/else")
    assert answer.status_code == 404 and answer.json()["error"]["metadata"]["source"] == "crossfade"


def test_a_conversation_stays_on_its_arm(pair, rollout):
    proxy = rollout([canary("50%"), canary("80%", name="ramp")], traffic={"sticky": "conversation"})

    def arm(conversation, turns):
        talk = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": f"conversation {conversation}"}]
        talk += [{"role": "assistant", "content": "yes"}, {"role": "user", "content": "go on"}] * turns
        return ask(proxy.port, {"model": "m", "messages": talk}).arm

    first = [arm(conversation, 0) for conversation in range(40)]
    assert {"stable", "challenger"} == set(first)
    assert [arm(conversation, 3) for conversation in range(40)] == first
    assert proxy.steer("promote").returncode == 0
    raised = [arm(conversation, 4) for conversation in range(40)]
    moved = [(before, after) for before, after in zip(first, raised, strict=True) if before != after]
    assert moved and set(moved) == {("stable", "challenger")}, "raising a weight took a conversation off the candidate"


@pytest.mark.parametrize(
    "sticky, body, headers",
    [
        ("header:x-user", {}, {"x-user": "{}"}),
        ("body:user", {"user": "{}"}, {}),
        ("conversation", {"session_id": "{}"}, {}),
        ("conversation", {}, {"x-session-id": "{}"}),
        (["header:x-absent", "body:user"], {"user": "{}"}, {}),
    ],
    ids=str,
)
def test_what_is_sticky_is_what_the_playbook_says(sticky, body, headers, pair, rollout):
    proxy = rollout([canary("50%")], traffic={"sticky": sticky})

    def arm(unit, text):
        fields = {name: value.format(unit) for name, value in body.items()}
        return ask(proxy.port, chat(text, **fields), headers={n: v.format(unit) for n, v in headers.items()}).arm

    first = [arm(unit, f"first {unit}") for unit in range(30)]
    assert {"stable", "challenger"} == set(first)
    assert [arm(unit, f"later {unit}") for unit in range(30)] == first


def test_rules(pair, rollout):
    rules = [
        {"match": {"model": "openai/*"}, "weight": "0%"},
        {"match": {"header.x-team": "internal"}, "weight": "100%"},
    ]
    proxy = rollout([canary("1%")], traffic={"sticky": "none", "rules": rules})
    internal = {"x-team": "internal"}
    assert {ask(proxy.port, headers=internal).arm for _ in range(20)} == {"challenger"}
    assert {ask(proxy.port, chat(model="openai/gpt"), headers=internal).arm for _ in range(20)} == {"stable"}
    others = [ask(proxy.port).arm for _ in range(100)]
    assert others.count("challenger") < 15


@pytest.mark.parametrize("allowed", [True, False])
def test_a_request_may_name_its_arm_where_that_is_allowed(allowed, pair, rollout):
    proxy = rollout([shadow()], traffic={"sticky": "none", "override": allowed})
    answer = ask(proxy.port, headers={"x-crossfade-arm": "challenger"})
    assert answer.arm == ("challenger" if allowed else "stable")
    ask(proxy.port)
    figures = proxy.wait_for_status(lambda status: status["arms"]["stable"]["requests"] >= 1, "a request")["arms"]
    assert figures["challenger"]["requests"] == 0, "an override counts for nobody"


def test_an_answer_that_breaks_off_is_no_ok(pair, rollout):
    pair[1].behave(cuts_after=2)
    proxy = rollout([canary("100%")])
    answer = ask(proxy.port, chat("a story", stream=True))
    assert answer.status == 200 and b"[DONE]" not in answer.body and not answer.fallback
    figures = proxy.wait_for_status(lambda status: status["arms"]["challenger"]["requests"] == 1, "counted")
    assert figures["arms"]["challenger"]["outcomes"] == {"incomplete": 1}


def test_compressed_answers_are_passed_on_and_read(gateway, crossfade):
    """Measured, too: the cost is in the compressed body."""
    whole = gzip.compress(
        json.dumps(
            {
                "id": "gen-1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}
                ],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "cost": 0.25},
            }
        ).encode()
    )

    class Zipped(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Zipped)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        proxy = crossfade(playbook(f"http://127.0.0.1:{server.server_port}/v1", gateway().url, [baseline()]))
        answer = ask(proxy.port, headers={"accept-encoding": "gzip"})
        assert answer.body == whole and answer.headers["content-encoding"] == "gzip"
        figures = proxy.wait_for_status(lambda status: status["arms"]["stable"]["requests"] == 1, "counted")
        assert figures["arms"]["stable"]["cost"] == 0.25 and figures["arms"]["stable"]["outcomes"] == {"ok": 1}
    finally:
        server.shutdown()
        server.server_close()


def test_decisions_are_told_to_a_webhook(pair, rollout):
    told = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        proxy = rollout([canary()], on_decision={"webhook": f"http://127.0.0.1:{server.server_port}/hook"})
        assert proxy.steer("rollback", "--reason", "to see the hook").returncode == 0
        wait_until(lambda: any(each["decision"] == "rollback" for each in told), "the webhook is told")
        assert [each["decision"] for each in told] == ["start", "rollback"]
    finally:
        server.shutdown()
        server.server_close()


def test_a_webhook_that_hangs_holds_nothing_up(pair, rollout):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = rollout(
            [shadow("200ms"), canary("50%")], on_decision={"webhook": f"http://127.0.0.1:{silent.getsockname()[1]}/"}
        )
        with Traffic(proxy.port, clients=2, pause=0.001) as traffic:
            proxy.wait_for_decision("advance", 5, stage="canary")
            pair[1].behave(error_share=1)
            proxy.wait_for_decision("rollback", 5)
        assert traffic.errors() == []
        proxy.terminate()
        assert proxy.wait(35) == 0, "the webhook held up the end"
