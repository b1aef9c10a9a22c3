"""What a newcomer runs first: the demo, emulated gateways, and what README.md shows."""

import json
import re

import openai

from harness.application import Traffic, chat
from harness.playbook import canary, playbook
from harness.program import APPLICATION_KEY, BASELINE_KEY, CANDIDATE_KEY, ROOT, command
from harness.waiting import wait_until


def test_the_demo_goes_as_told():
    done = command("demo", "--fast", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    text = done.stdout + done.stderr
    assert re.search(r"rolled back challenger: error_rate [\d.]+% of \d+ requests, allowed 5\.0%", text)
    assert "no client saw an error" in text


def test_the_demo_keeps_its_store_when_asked_and_every_next_step_works(tmp_path):
    store = tmp_path / "demo.db"
    done = command("demo", "--fast", "--store", store, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = re.findall(rf"^  crossfade (\w+) (.*--store {re.escape(str(store))})  ", done.stdout, re.MULTILINE)
    assert [name for name, _ in steps] == ["decisions", "diffs", "report"]
    for name, arguments in steps:
        next_step = command(name, *arguments.split())
        assert next_step.returncode == 0 and next_step.stdout, f"{name}: {next_step.stderr}"
    verified = command("verify", "--store", store)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    report = json.loads(command("report", "--format", "json", "--store", store).stdout)
    [answers] = report["comparisons"]
    assert answers["candidate"] == "challenger" and answers["pairs"] > 50


def test_emulated_gateways_as_both_arms(emulated, crossfade):
    stable = emulated("--key", BASELINE_KEY, "--answers", "prompt")
    worse = emulated(
        "--key", CANDIDATE_KEY, "--answers", "prompt", "--degrade-after", "40req", "--degraded-error-rate", "100%"
    )
    proxy = crossfade(playbook(stable, worse, [canary("50%")]))
    api = openai.OpenAI(base_url=proxy.url, api_key=APPLICATION_KEY, max_retries=0)
    question = dict(model="anthropic/claude-opus-4.7", messages=[{"role": "user", "content": "hello"}])
    whole = api.chat.completions.create(**question)
    pieces = [chunk for chunk in api.chat.completions.create(**question, stream=True) if chunk.choices]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in pieces) == whole.choices[0].message.content
    with Traffic(proxy.port, clients=2, body=lambda: chat("hello", "anthropic/claude-opus-4.7")) as traffic:
        proxy.wait_for_decision("rollback")
    assert traffic.errors() == []
    wait_until(lambda: proxy.status()["state"] == "rolled_back", "rolled back")


def readme(language):
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)


def test_the_playbook_in_the_readme_is_valid_and_explained_as_shown(tmp_path):
    [text] = [block for block in readme("yaml") if block.startswith("crossfade: 1")]
    path = tmp_path / "playbook.yaml"
    path.write_text(text)
    done = command("check", path, LITELLM_API_KEY="none")
    assert done.returncode == 0, done.stderr
    [shown] = [block for block in readme("text") if block.startswith("Stages")]
    for line in shown.splitlines():
        assert line in done.stdout.splitlines(), f"check does not say: {line}"
