"""Every vendor as a candidate: each kind of request is answered there or stays on the baseline with a reason; none is refused.

The vendors are `crossfade emulate --vendor NAME`, which refuse what the real ones refuse.
"""

import json

import pytest

from harness.application import ask
from harness.kinds import KINDS, request
from harness.playbook import canary, playbook
from harness.program import command

KEY = "sk-candidate-93b2d4417e"

#: A vendor to the application's model, where one of its models has rules of its own, and the arm's further settings.
SPECIAL = {
    "portkey": {"headers": {"x-portkey-provider": "@openai"}},
}
MODELS = {"anthropic": "anthropic/claude-opus-4.7", "openai": "openai/gpt-5-mini", "moonshot": "moonshotai/kimi-k2.6", "xai": "x-ai/grok-4.7"}

#: The kinds that a vendor leaves to the baseline, and why.
KEPT = {
    "deepinfra": {"tool_choice: required": "schema_not_expressible", "a named tool": "schema_not_expressible"},
    "moonshot": {"tool_choice: required": "schema_not_expressible", "a named tool": "schema_not_expressible"},
    "groq": {"n": "several_choices", "logprobs": "logprobs", "structured output in a stream": "schema_not_expressible"},
    "mistral": {"n": "several_choices", "logprobs": "logprobs"},
    "zai": {"n": "several_choices", "logprobs": "logprobs"},
    "anthropic": {
        "n": "several_choices",
        "logprobs": "logprobs",
        "JSON": "schema_not_expressible",
        "sampling": "sampling_refused",
    },
}
#: Those that have no pictures in a chat's answer.
TEXT_ONLY = {
    "anthropic", "together", "fireworks", "siliconflow", "deepinfra", "groq", "openai", "gemini", "deepseek", "moonshot",
    "mistral", "xai", "zai", "minimax", "qwen",
}
#: Gateways without a row of their own, who wants to be paid first, and who only makes pictures.
NO_CHATS = {"openai-compatible", "tempo", "replicate", "grsai"}
REPORTED = {"openrouter", "litellm", "edenai", "xai"}


def rows():
    vendors = json.loads(command("vendors", "--json").stdout)
    return [row["name"] for row in vendors if row["is_arm"] and row["name"] not in NO_CHATS]


def kept_away(status):
    return status["ineligible"].get("challenger", {})


def table(emulated, crossfade, vendor):
    """What became of each kind: `answered`, `kept: REASON`, `refused: STATUS`."""
    model = MODELS.get(vendor, "test/model")
    book = playbook(emulated("--vendor", "openrouter"), None, [canary("100%")])
    book["baseline"]["vendor"] = "openrouter"
    arm = book["candidates"][0]
    arm.update({"vendor": vendor, "url": emulated("--vendor", vendor, "--key", KEY), **SPECIAL.get(vendor, {})})
    if vendor in MODELS:
        arm["models"] = {model: model.split("/")[1].replace("claude-opus-4.7", "claude-opus-4-7")}
    book["rollback_when"] = {"error_rate": {"above": "99%"}}
    book["own_mistakes"] = "rollback"
    proxy = crossfade(book)
    fates, before = {}, {}
    for kind in KINDS:
        answer = ask(proxy.port, request(kind, model))
        assert answer.status == 200, (vendor, kind, answer.body)
        if answer.arm == "challenger":
            fates[kind] = "answered"
        elif answer.fallback:
            fates[kind] = f"refused: {answer.fallback}"
        else:
            counts = kept_away(proxy.wait_for_status(
                lambda status: sum(kept_away(status).values()) > sum(before.values()), f"why {kind} was kept"))
            fates[kind] = f"kept: {', '.join(reason for reason in counts if counts[reason] > before.get(reason, 0))}"
            before = counts
    return fates, proxy


@pytest.mark.parametrize("vendor", rows())
def test_a_vendor_answers_each_kind_or_leaves_it_to_the_baseline_with_a_reason(emulated, crossfade, vendor):
    fates, proxy = table(emulated, crossfade, vendor)
    kept = dict(KEPT.get(vendor, {}))
    if vendor in TEXT_ONLY:
        kept["pictures out"] = "content_part"
    expected = {kind: f"kept: {kept[kind]}" if kind in kept else "answered" for kind in KINDS}
    assert fates == expected
    answered = sum(fate == "answered" for fate in fates.values())
    arm = proxy.wait_for_status(
        lambda status: status["arms"]["challenger"]["requests"] == answered, "all are counted"
    )["arms"]["challenger"]
    assert arm["errors"] == 0
    assert bool(arm["cost"]) == (vendor in REPORTED), "what it states is counted, and nothing is made up"
