"""Emulated Anthropic, as strict as the vendor: judged by its own client, and the candidate of an application that chats."""

import json

import anthropic
import httpx
import openai
import pytest

from harness.playbook import canary, playbook
from harness.program import APPLICATION_KEY
from test_media_sdks import host_of
from test_translation import CONVERSATIONS

KEY = "sk-candidate-93b2d4417e"
NEW, OLD = "claude-opus-4-7", "claude-haiku-4-5"
TRIGGER = "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"
TOOL = {
    "name": "weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
HELLO = [{"role": "user", "content": "What is the weather?"}]


@pytest.fixture
def claude(emulated):
    """A client of the emulated vendor; `key` and `version` as the test wants them."""
    url = host_of(emulated("--vendor", "anthropic", "--key", KEY))

    def start(key=KEY, **headers):
        return anthropic.Anthropic(base_url=url, api_key=key, max_retries=0, default_headers=headers)

    start.url = url
    return start


def both(api, **asked):
    """The message, whole and put together from its stream."""
    whole = api.messages.create(**asked)
    with api.messages.stream(**asked) as stream:
        streamed = stream.get_final_message()
    return whole, streamed


def test_words(claude):
    api = claude()
    for message in both(api, model=NEW, max_tokens=100, messages=HELLO):
        assert message.content[0].text and message.stop_reason == "end_turn"
        assert message.usage.input_tokens and message.usage.output_tokens
    assert [model.id for model in api.models.list()][0] == NEW
    assert api.messages.with_raw_response.create(model=NEW, max_tokens=9, messages=HELLO).headers["request-id"]


@pytest.mark.parametrize("model, thinking", [(NEW, {"type": "adaptive", "display": "summarized"}), (OLD, {"type": "enabled", "budget_tokens": 2000})])
def test_a_turn_of_thinking_and_tools(model, thinking, claude):
    api = claude()
    asked = dict(model=model, max_tokens=4096, tools=[TOOL], thinking=thinking)
    first = both(api, **asked, messages=HELLO)
    for message in first:
        assert [block.type for block in message.content] == ["thinking", "tool_use"] and message.stop_reason == "tool_use"
        assert message.content[0].thinking and message.content[0].signature
    assert first[0].content[0] == first[1].content[0] and first[0].content[1].input == first[1].content[1].input
    blocks = [block.model_dump(exclude_none=True) for block in first[1].content]
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": blocks[-1]["id"], "content": "sunny"}]}
    for message in both(api, **asked, messages=[*HELLO, {"role": "assistant", "content": blocks}, result]):
        assert message.stop_reason == "end_turn" and message.content[-1].type == "text"
    forged = [{**blocks[0], "thinking": "Something else."}, *blocks[1:]]
    with pytest.raises(anthropic.BadRequestError, match="cannot be modified"):
        api.messages.create(**asked, messages=[*HELLO, {"role": "assistant", "content": forged}, result])
    with pytest.raises(anthropic.BadRequestError, match="without `tool_result` blocks"):
        api.messages.create(**asked, messages=[*HELLO, {"role": "assistant", "content": blocks}, *HELLO])


def test_thinking_that_is_left_out_or_redacted(claude):
    asked = dict(model=NEW, max_tokens=4096, thinking={"type": "adaptive"})
    for message in both(claude(), **asked, messages=HELLO):
        assert message.content[0].thinking == "" and message.content[0].signature
    for message in both(claude(), **asked, messages=[{"role": "user", "content": TRIGGER}]):
        assert [block.type for block in message.content] == ["thinking", "redacted_thinking", "text"]


@pytest.mark.parametrize(
    "more, words",
    [
        ({"extra_body": {"provider": {}}}, "provider: Extra inputs are not permitted"),
        # The client's own version of the API knows no sampling, whatever the model.
        ({"extra_body": {"temperature": 0.5}}, "temperature: Extra inputs are not permitted"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "thinking.type.enabled"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "It is"}]}, "prefill"),
        ({"max_tokens": 500_000}, "maximum allowed number of output tokens"),
    ],
)
def test_refusals(more, words, claude):
    with pytest.raises(anthropic.BadRequestError, match=words):
        claude().with_options(timeout=10).messages.create(**{"model": NEW, "max_tokens": 4096, "messages": HELLO, **more})


def test_keys_models_and_versions(claude):
    asked = dict(model=OLD, max_tokens=100, messages=HELLO)
    with pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
        claude(key="wrong").messages.create(**asked)
    with pytest.raises(anthropic.NotFoundError, match="model: gpt-5"):
        claude().messages.create(**{**asked, "model": "gpt-5"})
    older = claude(**{"anthropic-version": "2023-06-01"})
    assert older.messages.create(**asked, extra_body={"temperature": 0.5}).content
    with pytest.raises(anthropic.BadRequestError, match="`temperature` is deprecated for this model"):
        older.messages.create(**{**asked, "model": NEW}, extra_body={"temperature": 0.5})
    answer = httpx.post(claude.url + "/v1/messages", json=asked, headers={"x-api-key": KEY})
    assert answer.status_code == 400 and answer.json()["error"]["message"] == "anthropic-version: header is required"


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [NEW, OLD])
def test_an_application_that_chats(model, streams, claude, emulated, crossfade):
    """Tools and thinking there and back, with OpenAI's client on the application's side."""
    book = playbook(emulated("--vendor", "openrouter"), claude.url + "/v1", [canary("100%")])
    book["baseline"]["vendor"] = "openrouter"
    book["candidates"][0].update(vendor="anthropic", models={"anthropic/*": model})
    proxy = crossfade(book)
    api = openai.OpenAI(base_url=proxy.url, api_key=APPLICATION_KEY, max_retries=0)
    function = {"name": "weather", "parameters": TOOL["input_schema"]}
    asked = dict(
        model="anthropic/claude",
        tools=[{"type": "function", "function": function}],
        temperature=0.7,
        extra_body={"reasoning": {"effort": "high"}},
        stream=streams,
    )

    def ask(messages):
        answer = api.chat.completions.with_raw_response.create(**asked, messages=messages)
        assert answer.headers["x-crossfade-arm"] == "challenger" and "x-crossfade-fallback" not in answer.headers
        if not streams:
            return answer.parse().choices[0].message.model_dump(exclude_none=True)
        message = {"role": "assistant", "content": "", "reasoning_details": [], "tool_calls": []}
        for chunk in answer.parse():
            for choice in chunk.choices:
                message["content"] += choice.delta.content or ""
                message["reasoning_details"] += getattr(choice.delta, "reasoning_details", None) or []
                for call in choice.delta.tool_calls or []:
                    if call.id:
                        message["tool_calls"].append({"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": ""}})
                    message["tool_calls"][call.index]["function"]["arguments"] += call.function.arguments or ""
        return message

    message = ask(HELLO)
    [call] = message["tool_calls"]
    assert call["function"]["name"] == "weather" and "city" in json.loads(call["function"]["arguments"])
    assert any(detail.get("signature") for detail in message["reasoning_details"])
    # The vendor takes its own thinking only as it signed it.
    message = ask([*HELLO, message, {"role": "tool", "tool_call_id": call["id"], "content": "sunny"}])
    assert message["content"] and not message.get("tool_calls")


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_what_litellm_says_to_it_is_taken(name, claude):
    litellm = pytest.importorskip("litellm")
    answer = litellm.completion(
        model=f"anthropic/{OLD}", api_base=claude.url + "/v1/messages", api_key=KEY, num_retries=0, **CONVERSATIONS[name]
    )
    message = answer.choices[0].message
    assert message.content or message.tool_calls
