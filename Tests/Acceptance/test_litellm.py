"""A real LiteLLM proxy as the candidate."""

import json
import re

import openai
import pytest

from harness.application import Traffic, ask, chat
from harness.litellm import ANSWER, MASTER_KEY, LiteLLM
from harness.playbook import baseline, canary, playbook, shadow
from harness.program import APPLICATION_KEY, command
from harness.tap import Tap
from harness.waiting import wait_until

MODEL = "anthropic/claude-opus-4.7"


@pytest.fixture(scope="module")
def litellm(tmp_path_factory):
    process = LiteLLM(tmp_path_factory.mktemp("litellm"))
    yield process.wait_until_ready()
    process.kill()


@pytest.fixture
def tap(litellm):
    tap = Tap(litellm.port)
    yield tap
    tap.close()


@pytest.fixture
def to_litellm(gateway, crossfade, tap):
    """Starts a rollout from a baseline, with a key of its own, to LiteLLM."""

    def start(stages, models=None, **changes):
        stable = gateway(text=ANSWER)
        book = playbook(stable.url, tap.url, stages, name="openrouter-to-litellm", **changes)
        # The application's own key goes through to the baseline.
        del book["baseline"]["key"]
        book["baseline"]["name"] = "openrouter"
        book["candidates"][0].update(
            name="litellm", vendor="litellm", key="${LITELLM_API_KEY}", models=models or {MODEL: "claude-opus"}
        )
        return stable, crossfade(book, variables={"LITELLM_API_KEY": MASTER_KEY})

    return start


def asked():
    return chat("hello", MODEL)


def test_the_sdk_gets_litellms_answers(to_litellm):
    _, proxy = to_litellm([canary("100%")])
    api = openai.OpenAI(base_url=proxy.url, api_key=APPLICATION_KEY)
    question = dict(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    answer = api.chat.completions.with_raw_response.create(**question)
    assert answer.headers["x-crossfade-arm"] == "litellm"
    assert "x-litellm-model-id" in answer.headers
    assert answer.parse().choices[0].message.content == ANSWER
    chunks = list(api.chat.completions.create(**question, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == ANSWER
    cost = proxy.wait_for_status(lambda status: status["arms"]["litellm"]["cost"], "a cost")["arms"]["litellm"]["cost"]
    assert 0.0001 < cost < 0.01


def test_a_model_without_a_line_stays_with_the_baseline(to_litellm):
    stable, proxy = to_litellm([canary("100%")])
    assert ask(proxy.port, chat("hello", "meta/llama")).arm == "openrouter"
    assert stable.chats()[-1].json["model"] == "meta/llama"


@pytest.mark.parametrize("model", ["limited", "broken"])
def test_errors_of_litellm_roll_it_back_unnoticed(model, to_litellm):
    _, proxy = to_litellm([canary("50%")], models={MODEL: model})
    with Traffic(proxy.port, clients=2, body=asked) as traffic:
        decision = proxy.wait_for_decision("rollback", 40)
    assert decision["candidate"] == "litellm" and decision["metric"] == "error_rate"
    assert traffic.errors() == []
    expected = {"limited": {"rate_limited", "failed"}, "broken": {"failed"}}[model]
    outcomes = proxy.status()["arms"]["litellm"]["outcomes"]
    assert set(outcomes) <= expected | {"client_gone"}, outcomes


def test_a_report_of_copies_to_litellm(to_litellm, tmp_path):
    stable, proxy = to_litellm([shadow("10m")], shadow={"noise": "20%"}, compare={"per_second": 1000})
    with Traffic(proxy.port, clients=2, body=asked) as traffic:
        wait_until(lambda: len(traffic.answers) >= 150, "traffic")
    assert traffic.errors() == []
    proxy.wait_for_status(lambda status: status["arms"]["litellm"]["shadow"]["requests"] > 40, "copies")
    proxy.terminate()
    assert proxy.wait() == 0
    done = command("report", "--format", "json", "--store", proxy.store)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    [answers] = report["comparisons"]
    assert answers["candidate"] == "litellm" and answers["pairs"] > 40
    # Both say the same; what LiteLLM leaves out of OpenRouter's form is listed.
    assert answers["mismatch_rate"] == 0, answers
    lost = {each["field"] for each in report["inventory"]["lost_fields"]}
    assert "choices.native_finish_reason" in lost, lost
    copies = [each for each in report["figures"] if (each["arm"], each["population"]) == ("litellm", "shadow")]
    figures = copies[0]["figures"]
    assert figures["attempts"] > 40 and figures["errors"] == 0 and figures["cost"] > 0
    for form in ("md", "html", "csv"):
        path = tmp_path / f"report.{form}"
        done = command("report", "--format", form, "--store", proxy.store, "-o", path)
        assert done.returncode == 0, done.stderr
        text = path.read_text()
        assert "litellm" in text and "openrouter" in text
        assert APPLICATION_KEY not in text and MASTER_KEY not in text
    assert not re.findall(r'(?:src|href)="https?://', (tmp_path / "report.html").read_text())


def test_the_whole_story(to_litellm, litellm, tap):
    """Baseline, shadow, canary, ramp; then LiteLLM dies. Last in this file, because it stays dead."""
    stable, proxy = to_litellm(
        [
            baseline("500ms"),
            shadow("1s"),
            canary("10%", "1s", min_samples=10),
            canary("50%", "60s", name="ramp"),
        ]
    )
    with Traffic(proxy.port, clients=2, body=asked) as traffic:
        proxy.wait_for_decision("advance", 40, stage="ramp")
        answered = len([answer for answer in traffic.answers if answer.arm == "litellm"])
        wait_until(
            lambda: len([answer for answer in traffic.answers if answer.arm == "litellm"]) > answered + 20,
            "LiteLLM answers live requests",
        )
        litellm.kill()
        decision = proxy.wait_for_decision("rollback")
        before = len(traffic.answers)
        wait_until(lambda: len(traffic.answers) > before + 50, "traffic goes on")

    assert traffic.errors() == [], "a client saw an error"
    told = [(line["decision"], line["stage"]) for line in proxy.decisions() if line["decision"] != "hold"]
    assert told == [
        ("start", "baseline"),
        ("advance", "shadow"),
        ("advance", "canary"),
        ("advance", "ramp"),
        ("rollback", "ramp"),
    ]
    assert decision["weights_after"] == {"litellm": 0}
    status = proxy.status()
    assert status["state"] == "rolled_back"
    assert status["arms"]["litellm"]["shadow"]["requests"] > 0
    assert status["arms"]["litellm"]["cost"] > 0
    assert APPLICATION_KEY.encode() not in tap.heard, "LiteLLM saw the application's key"
    assert MASTER_KEY.encode() in tap.heard
    assert b'"model":"claude-opus"' in tap.heard.replace(b'": "', b'":"')
    assert {request.headers["authorization"] for request in stable.chats()} == {f"Bearer {APPLICATION_KEY}"}
