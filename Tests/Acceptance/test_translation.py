"""Applications that speak chat completions, and a candidate that speaks Anthropic's messages; and the other way round."""

import json

import anthropic
import openai
import pytest

from harness.anthropic import KEY, SIGNATURE, THOUGHT, StrictAnthropic
from harness.application import ask as send
from harness.kinds import KINDS, request
from harness.playbook import canary, playbook, shadow
from harness.program import APPLICATION_KEY

MODEL = "anthropic/claude-opus-4.7"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": "Tells the weather.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
    for name in ["weather", "now"]
]
QUESTION = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "What is the weather?", "cache_control": {"type": "ephemeral"}}]},
]


@pytest.fixture
def strict():
    gateway = StrictAnthropic()
    yield gateway
    gateway.stop()


@pytest.fixture
def to_anthropic(strict, gateway, crossfade):
    def start(stages, model="claude-opus-4-7", **candidate):
        stable = gateway()
        book = playbook(stable.url, strict.url, stages)
        book["baseline"]["vendor"] = "openrouter"
        book["candidates"][0].update(vendor="anthropic", key="${ANTHROPIC_KEY}", models={MODEL: model}, **candidate)
        return stable, crossfade(book, variables={"ANTHROPIC_KEY": KEY})

    return start


def client(proxy):
    return openai.OpenAI(base_url=proxy.url, api_key=APPLICATION_KEY, max_retries=0)


def gathered(stream):
    """A stream put together as applications do it."""
    message = {"role": "assistant", "content": "", "reasoning_details": [], "tool_calls": []}
    finish, usage = None, None
    for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            delta = choice.delta
            message["content"] += delta.content or ""
            message["reasoning_details"] += getattr(delta, "reasoning_details", None) or []
            for call in delta.tool_calls or []:
                if call.index == len(message["tool_calls"]):
                    message["tool_calls"].append({"id": call.id, "type": "function", "function": {"name": "", "arguments": ""}})
                function = message["tool_calls"][call.index]["function"]
                function["name"] += call.function.name or ""
                function["arguments"] += call.function.arguments or ""
    return message, finish, usage


def ask(api, messages, streams, **more):
    asked = dict(model=MODEL, messages=messages, tools=TOOLS, extra_body={"reasoning": {"effort": "high"}}, **more)
    if streams:
        return gathered(api.chat.completions.create(**asked, stream=True))
    answer = api.chat.completions.create(**asked)
    choice = answer.choices[0]
    return choice.message.model_dump(exclude_none=True), choice.finish_reason, answer.usage


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-sonnet-4-5"])
def test_a_turn_of_tools_and_thinking_with_the_sdk(model, streams, to_anthropic, strict):
    stable, proxy = to_anthropic([canary("100%")], model)
    api = client(proxy)
    message, finish, usage = ask(api, QUESTION, streams, temperature=0.7)
    assert finish == "tool_calls" and message["content"] == "I look."
    first, second = message["tool_calls"]
    assert first["function"]["name"] == "weather" and second["function"]["name"] == "now"
    assert json.loads(first["function"]["arguments"])["big"] == 12345678901234567890
    assert second["function"]["arguments"] == "{}"
    assert "".join(detail.get("text") or "" for detail in message["reasoning_details"]) == THOUGHT
    assert any(detail.get("signature") == SIGNATURE for detail in message["reasoning_details"])
    assert usage.prompt_tokens == 128 and usage.completion_tokens == 37
    assert usage.prompt_tokens_details.cached_tokens == 100
    # Back again with what the tools found: the vendor takes its own thinking only as it signed it.
    results = [{"role": "tool", "tool_call_id": call["id"], "content": "sun"} for call in message["tool_calls"]]
    message, finish, _ = ask(api, [*QUESTION, message, *results], streams)
    assert finish == "stop" and message["content"] == "Found: sun sun"
    assert not stable.chats() and len(strict.requests) == 2
    path, headers, body = strict.requests[-1]
    assert path == "/v1/messages" and APPLICATION_KEY not in json.dumps([headers, body])
    assert body["messages"][0]["content"][0]["cache_control"] == {"type": "ephemeral"}


def test_the_answer_says_what_it_was_translated_from(to_anthropic):
    _, proxy = to_anthropic([canary("100%")])
    answer = client(proxy).chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "hello"}]
    )
    assert answer.headers["x-crossfade-arm"] == "challenger"
    assert answer.headers["x-crossfade-translated"] == "messages"
    assert answer.parse().choices[0].message.content == "Hello from Claude."


def test_copies_are_said_in_the_candidates_dialect_and_read_in_it(to_anthropic, strict):
    stable, proxy = to_anthropic([shadow()])
    answer = client(proxy).chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "hello"}]
    )
    assert "x-crossfade-translated" not in answer.headers and len(stable.chats()) == 1
    status = proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["requests"], "a copy")
    assert status["arms"]["challenger"]["shadow"]["errors"] == 0
    assert [path for path, _, _ in strict.requests] == ["/v1/messages"]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
def test_what_fails_before_its_first_token_is_the_baselines_to_answer(streams, to_anthropic, strict):
    stable, proxy = to_anthropic([canary("100%")])
    strict.breaks_with = "overloaded_error"
    asked = dict(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    if not streams:
        answer = client(proxy).chat.completions.with_raw_response.create(**asked)
        assert answer.headers["x-crossfade-fallback"] == "failed"
        assert "x-crossfade-translated" not in answer.headers
        return
    # In the middle of a stream it is the application's to see, and an error.
    with pytest.raises(openai.APIError, match="Overloaded"):
        list(client(proxy).chat.completions.create(**asked, stream=True))


def test_what_cannot_be_said_stays_on_the_baseline(to_anthropic, strict):
    stable, proxy = to_anthropic([canary("100%")])
    api = client(proxy)
    hello = [{"role": "user", "content": "hello"}]
    for more in [{"n": 2}, {"response_format": {"type": "json_object"}}, {"messages": [*hello, {"role": "assistant", "content": "Once"}]}]:
        api.chat.completions.create(**{"model": MODEL, "messages": hello, **more})
    assert len(stable.chats()) == 3 and not strict.requests


def test_its_own_chats_are_used_only_where_the_playbook_says_so(to_anthropic, strict):
    stable, proxy = to_anthropic([canary("100%")], routes={"chat": "native"})
    answer = client(proxy).chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "hello"}]
    )
    assert answer.headers["x-crossfade-fallback"] and strict.requests[0][0] == "/v1/chat/completions"


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
def test_messages_to_a_candidate_that_has_only_chats(streams, gateway, crossfade):
    stable, challenger = gateway(seed=1), gateway(seed=2, text="Hello from a chat.")
    book = playbook(stable.url, challenger.url, [canary("100%")])
    book["candidates"][0].update(routes={"messages": "chat"})
    proxy = crossfade(book)
    api = anthropic.Anthropic(base_url=f"http://127.0.0.1:{proxy.port}", api_key=APPLICATION_KEY, max_retries=0)
    asked = dict(model=MODEL, max_tokens=64, system="Be brief.", messages=[{"role": "user", "content": "hello"}])
    if streams:
        with api.messages.stream(**asked) as stream:
            message = stream.get_final_message()
    else:
        message = api.messages.create(**asked)
    assert message.content[0].text == "Hello from a chat." and message.stop_reason == "end_turn"
    assert message.usage.input_tokens > 0 and message.usage.output_tokens > 0
    assert challenger.requests[-1].path == "/v1/chat/completions"
    assert challenger.requests[-1].json["messages"][0] == {"role": "system", "content": "Be brief."}


#: The kinds that stay on the baseline, and why.
KEPT = {
    "n": "several_choices",
    "logprobs": "logprobs",
    "JSON": "schema_not_expressible",
    "sampling": "sampling_refused",
    "pictures out": "content_part",
}


@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-sonnet-4-5"])
def test_each_kind_is_answered_or_stays_with_a_reason(model, to_anthropic, strict):
    _, proxy = to_anthropic([canary("100%")], model)
    fates = {}
    for kind in KINDS:
        answer = send(proxy.port, request(kind, MODEL))
        assert answer.status == 200, (kind, answer.body)
        assert not answer.fallback, (kind, answer.fallback, strict.requests[-1])
        fates[kind] = answer.arm
    assert {kind for kind in KINDS if fates[kind] != "challenger"} == set(KEPT)
    reasons = proxy.wait_for_status(
        lambda status: sum(status["ineligible"].get("challenger", {}).values()) == len(KEPT), "the reasons"
    )["ineligible"]["challenger"]
    assert {reason for reason, count in reasons.items() if count} == set(KEPT.values())


CONVERSATIONS = {
    "plain": dict(messages=[{"role": "user", "content": "hello"}], max_tokens=64, temperature=0.5, stop=["END"]),
    "system": dict(messages=[{"role": "system", "content": "One."}, {"role": "user", "content": "hello"}], max_tokens=64),
    "turns": dict(
        messages=[
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b"},
            {"role": "user", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]},
        ],
        max_tokens=64,
    ),
    "picture": dict(
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is it?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                ],
            }
        ],
        max_tokens=64,
    ),
    "tools": dict(
        messages=[
            {"role": "user", "content": "weather?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "a", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Lima"}'}},
                    {"id": "b", "type": "function", "function": {"name": "now", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "a", "content": "sun"},
            {"role": "tool", "tool_call_id": "b", "content": "noon"},
            {"role": "user", "content": "and tomorrow?"},
        ],
        tools=TOOLS,
        tool_choice="required",
        max_tokens=64,
    ),
    "one tool": dict(
        messages=[{"role": "user", "content": "weather?"}],
        tools=TOOLS,
        tool_choice={"type": "function", "function": {"name": "weather"}},
        parallel_tool_calls=False,
        max_tokens=64,
    ),
}


def meaning(body):
    """A messages request without what may be spelled in more than one way."""

    def blocks(content):
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        said = []
        for part in parts:
            part = {name: value for name, value in part.items() if name not in ("cache_control", "is_error")}
            if isinstance(part.get("content"), list):
                part["content"] = "".join(inner["text"] for inner in part["content"])
            said.append(part)
        return said

    names = ["max_tokens", "temperature", "stop_sequences", "tool_choice", "thinking"]
    return {
        "system": "".join(block["text"] for block in blocks(body.get("system", []))),
        "messages": [(message["role"], blocks(message["content"])) for message in body["messages"]],
        "tools": [(tool["name"], tool.get("description"), tool["input_schema"]) for tool in body.get("tools", [])],
        **{name: body.get(name) for name in names},
    }


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_real_litellm_says_the_same(name, to_anthropic, strict):
    litellm = pytest.importorskip("litellm")
    _, proxy = to_anthropic([canary("100%")], "claude-sonnet-4-5")
    asked = CONVERSATIONS[name]
    ours = client(proxy).chat.completions.create(model=MODEL, **asked)
    theirs = litellm.completion(
        model="anthropic/claude-sonnet-4-5", api_base=f"{strict.url}/messages", api_key=KEY, num_retries=0, **asked
    )
    first, second = (meaning(body) for _, _, body in strict.requests)
    assert first == second
    # And it reads the answer as we do.
    for answer in ours, theirs:
        assert answer.choices[0].finish_reason == ours.choices[0].finish_reason
        assert answer.choices[0].message.content == ours.choices[0].message.content
        assert answer.usage.prompt_tokens == 128
