"""Who is told of decisions: each vendor's documented form, proof of the sender, patience, and no secret in the log."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.playbook import canary, playbook, write
from harness.program import command
from harness.waiting import wait_until

SECRET = "sec-4f1d90b7aa31"


class Receiver:
    """A receiver on this machine: keeps what it got, answers as told."""

    def __init__(self):
        self.got = []
        #: Status and body of the answers, the last one for all that follow; None: none comes.
        self.answers = [(200, {})]
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((self.path, dict(self.headers.items()), body))
                answers = receiver.answers
                answer = answers[min(len(receiver.got), len(answers)) - 1]
                if answer is None:
                    time.sleep(20)
                    return
                text = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self):
        return [json.loads(body) for _, _, body in self.got]


@pytest.fixture
def receiver():
    made = []

    def make():
        made.append(Receiver())
        return made[-1]

    yield make
    for each in made:
        each.server.shutdown()
        each.server.server_close()


@pytest.fixture
def told(pair, crossfade):
    """Starts a rollout that tells these, and rolls it back."""

    def run(*hooks, steps=("rollback",)):
        hooks = [{"link": "https://ops.example/crossfade", **hook} for hook in hooks]
        proxy = crossfade(playbook(pair[0].url, pair[1].url, [canary()], on_decision=hooks))
        for step in steps:
            assert proxy.steer(step, "--reason", "for <the> test & more").returncode == 0
        return proxy

    return run


LINK = "https://ops.example/crossfade"


def slack(body, words):
    assert isinstance(body["text"], str) and words in body["text"]
    assert body["blocks"][0] == {"type": "section", "text": {"type": "mrkdwn", "text": body["blocks"][0]["text"]["text"]}}
    assert len(body["blocks"][0]["text"]["text"]) <= 3000
    assert f"<{LINK}|" in json.dumps(body["blocks"])


def teams(body, words):
    assert body["type"] == "message"
    [attachment] = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert card["type"] == "AdaptiveCard" and card["version"] and words in card["body"][0]["text"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": card["actions"][0]["title"], "url": LINK}]


def discord(body, words):
    assert words in body["content"] and len(body["content"]) <= 2000 and body["allowed_mentions"] == {"parse": []}
    [embed] = body["embeds"]
    assert embed["url"] == LINK and len(embed["description"]) <= 4096 and isinstance(embed["color"], int)
    datetime.fromisoformat(embed["timestamp"].replace("Z", "+00:00"))


def alertmanager(body, words):
    [alert] = body
    assert alert["labels"]["alertname"] and all(isinstance(each, str) for each in alert["labels"].values())
    assert words in alert["annotations"]["summary"] and alert["generatorURL"] == LINK
    assert datetime.fromisoformat(alert["startsAt"]) < datetime.fromisoformat(alert["endsAt"])


def feishu(body, words):
    assert body["msg_type"] == "text" and words in body["content"]["text"] and LINK in body["content"]["text"]
    key = f"{body['timestamp']}\n{SECRET}".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert abs(int(body["timestamp"]) - time.time()) < 3600


def dingtalk(body, words):
    assert body["msgtype"] == "markdown" and words in body["markdown"]["title"] and LINK in body["markdown"]["text"]


def wecom(body, words):
    assert body["msgtype"] == "markdown" and words in body["markdown"]["content"]
    assert len(body["markdown"]["content"].encode()) <= 4096


FORMS = {
    "slack": (slack, "/services/T0/B0/x", "/services/T0/B0/x", False),
    "teams": (teams, "/workflows/x?sig=y", "/workflows/x?sig=y", False),
    "discord": (discord, "/api/webhooks/1/x", "/api/webhooks/1/x", False),
    "alertmanager": (alertmanager, "", "/api/v2/alerts", False),
    "feishu": (feishu, "/open-apis/bot/v2/hook/x", "/open-apis/bot/v2/hook/x", True),
    "wecom": (wecom, "/cgi-bin/webhook/send?key=x", "/cgi-bin/webhook/send?key=x", False),
    "dingtalk": (dingtalk, "/robot/send?access_token=x", None, True),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_the_vendors_own(form, receiver, told):
    check, path, arrives, is_signed = FORMS[form]
    there = receiver()
    there.answers = [(200, {"errcode": 0, "code": 0})]
    proxy = told({form: there.url + path, **({"secret": SECRET} if is_signed else {})})
    decisions = [each["decision"] for each in proxy.decisions()]
    wait_until(lambda: len(there.got) == len(decisions), f"{len(decisions)} decisions")
    for path, headers, _ in there.got:
        assert headers["content-type"] == "application/json"
        assert arrives is None or path == arrives
    check(there.bodies()[-1], "rolled back")
    if form == "dingtalk":
        query = urllib.parse.parse_qs(urllib.parse.urlparse(there.got[-1][0]).query)
        text = f"{query['timestamp'][0]}\n{SECRET}".encode()
        sign = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()
        assert query == {"access_token": ["x"], "timestamp": query["timestamp"], "sign": [sign]}
    assert SECRET not in proxy.text()


def test_a_signed_webhook_is_the_decision_with_proof(receiver, told):
    there = receiver()
    proxy = told({"webhook": there.url + "/hook", "secret": SECRET})
    wait_until(lambda: len(there.got) == 2, "two decisions")
    for seq, (_, headers, body) in enumerate(there.got, 1):
        decision = json.loads(body)
        assert decision["seq"] == seq and decision["link"] == LINK and decision["rollout"] == "acceptance"
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        code = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{code}"
    assert len({headers["webhook-id"] for _, headers, _ in there.got}) == 2
    assert SECRET not in proxy.text()


def test_a_pager_rings_for_what_someone_should_see(receiver, told):
    there = receiver()
    there.answers = [(202, {"status": "success"})]
    proxy = told({"pagerduty": SECRET, "url": there.url + "/v2/enqueue"}, steps=("rollback", "rearm"))
    wait_until(lambda: len(there.got) == 3, "three decisions")
    (start, _, _), (rollback, _, _), (rearm, _, _) = there.got
    assert (start, rollback, rearm) == ("/v2/change/enqueue", "/v2/enqueue", "/v2/enqueue")
    change, trigger, resolve = there.bodies()
    assert all(each["routing_key"] == SECRET for each in (change, trigger, resolve))
    assert "event_action" not in change and change["payload"]["summary"]
    assert trigger["event_action"] == "trigger" and resolve["event_action"] == "resolve"
    assert trigger["dedup_key"] == resolve["dedup_key"]
    assert trigger["payload"]["severity"] == "critical" and trigger["payload"]["source"]
    assert len(trigger["payload"]["summary"]) <= 1024 and trigger["links"][0]["href"] == LINK
    assert SECRET not in proxy.text()


def test_a_busy_receiver_is_asked_again_and_keeps_nobody_else_waiting(receiver, told):
    hung, busy = receiver(), receiver()
    hung.answers = [None]
    busy.answers = [(503, {}), (200, {})]
    told({"webhook": hung.url + "/hung"}, {"slack": busy.url + "/busy"}, steps=())
    wait_until(lambda: len(busy.got) == 2, "the second attempt", 10)
    assert busy.got[0][2] == busy.got[1][2], "the same is told again"


def test_what_is_refused_is_said_once_and_not_repeated(receiver, told):
    there = receiver()
    there.answers = [(200, {"code": 19024, "msg": "Key Words Not Found"})]
    proxy = told({"feishu": there.url + f"/hook/{SECRET}"}, steps=())
    line = proxy.wait_for("webhook_failed")
    assert line["attempts"] == 1 and "feishu" in line["message"] and "19024" in line["message"]
    assert len(there.got) == 1 and SECRET not in proxy.text()


def test_check_says_who_is_told_and_refuses_what_makes_no_sense(pair, tmp_path):
    def check(hooks):
        book = playbook(pair[0].url, pair[1].url, [canary()], on_decision=hooks)
        return command("check", write(tmp_path / "book.yaml", book))

    done = check([{"slack": f"https://hooks.slack.com/{SECRET}"}, {"webhook": "https://h.example/x", "secret": SECRET}])
    assert done.returncode == 0 and "Slack and a webhook (signed)" in done.stdout and SECRET not in done.stdout
    assert check({"webhook": "https://h.example/x"}).returncode == 0
    for wrong in (
        [{"slack": "https://a.example/", "teams": "https://b.example/"}],
        [{"secret": SECRET}],
        [{"slack": "https://a.example/", "secret": SECRET}],
        [{"slack": "https://a.example/", "url": "https://b.example/"}],
    ):
        done = check(wrong)
        assert done.returncode == 2 and "on_decision" in done.stderr and SECRET not in done.stderr
