"""Pictures and videos at every vendor that has them: each kind of request is answered there or stays on the baseline with a
reason; none is refused. The vendors are `crossfade emulate --vendor NAME`, which refuse what the real ones refuse.
"""

import pytest

from harness.application import ask
from harness.playbook import canary, playbook

KEY = "sk-candidate-93b2d4417e"
MODEL = "test/painter"

#: By name: the fields beside model and prompt, and why it stays on the baseline where a vendor cannot; None: it never may.
KINDS = {
    "plain": ({}, set()),
    "several": ({"n": 2}, {"several_choices"}),
    "a size": ({"size": "1024x1024"}, {"schema_not_expressible"}),
    "sure words for a size": ({"resolution": "1K", "aspect_ratio": "3:2"}, {"schema_not_expressible"}),
    "other words for a size": ({"resolution": "4K", "aspect_ratio": "21:9"}, {"schema_not_expressible"}),
    "preferences of OpenRouter's": ({"provider": {"sort": "price"}, "session_id": "s"}, set()),
    "a demand": ({"provider": {"zdr": True}}, {"privacy_demand"}),
    "quality and form": ({"quality": "high", "output_format": "png"}, set()),
    "a seed": ({"seed": 7}, set()),
    "a picture to begin from": (
        {"input_references": [{"type": "image_url", "image_url": {"url": "https://example.org/ref.png"}}]},
        {"content_part"},
    ),
    "a stream": ({"stream": True}, {"endpoint_absent"}),
}
VENDORS = ["openrouter", "litellm", "openai", "together", "newapi", "xai", "zai", "deepinfra", "dmxapi", "cometapi"]


def kept_away(status):
    return status["ineligible"].get("challenger", {})


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_vendor_refuses_a_picture_for_what_was_asked(emulated, crossfade, vendor):
    book = playbook(emulated("--vendor", "openrouter"), None, [canary("100%")])
    book["baseline"]["vendor"] = "openrouter"
    arm = book["candidates"][0]
    arm.update({"vendor": vendor, "url": emulated("--vendor", vendor, "--key", KEY), "prices": {MODEL: {"per_image": "$0.04"}}})
    book["rollback_when"] = {"error_rate": {"above": "99%"}}
    proxy = crossfade(book)
    before, answered = {}, 0
    for kind, (fields, reasons) in KINDS.items():
        answer = ask(proxy.port, {"model": MODEL, "prompt": "A red kite", **fields}, path="/v1/images")
        assert answer.status == 200, (vendor, kind, answer.body)
        assert not answer.fallback, (vendor, kind, answer.fallback)
        if answer.arm == "challenger":
            answered += 1
            continue
        counts = kept_away(proxy.wait_for_status(
            lambda status: sum(kept_away(status).values()) > sum(before.values()), f"why {kind} was kept"))
        why = {reason for reason in counts if counts[reason] > before.get(reason, 0)}
        assert why <= reasons, (vendor, kind, why)
        before = counts
    figures = proxy.wait_for_status(
        lambda status: status["arms"]["challenger"]["requests"] == answered, "all that were answered")["arms"]["challenger"]
    assert figures["errors"] == 0 and figures["pictures"] >= answered > 3
    assert figures["cost"] > 0
