"""The kinds of chat requests that applications written for OpenRouter send."""

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    },
}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"answer": {"type": "string"}},
            "required": ["answer"],
            "additionalProperties": False,
        },
    },
}
PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def turn(text, **more):
    return {"role": "user", "content": text, **more}


CALL = {
    "role": "assistant",
    "content": None,
    "refusal": None,
    "reasoning": "I should look.",
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"place":"Lima"}'}}],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
QUESTION = [{"role": "system", "content": "Answer in one word."}, turn("Capital of Peru?")]

#: A kind's name to the fields that make it; `messages` are QUESTION where it names none.
KINDS = {
    "plain": {},
    "stream": {"stream": True},
    "stream with usage": {"stream": True, "stream_options": {"include_usage": True}},
    "tools": {"tools": [WEATHER], "tool_choice": "auto", "parallel_tool_calls": False},
    "tools in a stream": {"tools": [WEATHER], "stream": True},
    "tool results": {"tools": [WEATHER], "messages": [turn("Weather in Lima?"), CALL, RESULT]},
    "structured output": {"response_format": SCHEMA},
    "structured output in a stream": {"response_format": SCHEMA, "stream": True},
    "JSON": {"response_format": {"type": "json_object"}},
    "OpenRouter's own fields": {
        "provider": {"order": ["anthropic"], "allow_fallbacks": True, "sort": "price"},
        "route": "fallback",
        "transforms": ["middle-out"],
        "usage": {"include": True},
        "session_id": "s-1",
        "include_reasoning": True,
    },
    "reasoning": {"reasoning": {"effort": "high"}},
    "reasoning budget": {"reasoning": {"max_tokens": 2000}},
    "reasoning_effort": {"reasoning_effort": "low"},
    "sampling": {"temperature": 0.7, "top_p": 0.9, "frequency_penalty": 0.1, "presence_penalty": 0.1, "seed": 7, "stop": ["\n"]},
    "top_k": {"top_k": 40, "min_p": 0.05, "top_a": 0.1, "repetition_penalty": 1.1},
    "max_tokens": {"max_tokens": 100},
    "max_completion_tokens": {"max_completion_tokens": 100},
    "metadata": {"metadata": {"trace": "t"}, "user": "u-1", "prompt_cache_key": "k", "service_tier": "auto"},
    "n": {"n": 2},
    "logprobs": {"logprobs": True, "top_logprobs": 2},
    "tool_choice: required": {"tools": [WEATHER], "tool_choice": "required"},
    "a named tool": {"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "weather"}}},
    "reasoning_details": {
        "messages": [
            turn("Capital of Peru?"),
            {"role": "assistant", "content": "Lima", "reasoning": "r", "reasoning_details": [{"type": "reasoning.text", "text": "r"}]},
            turn("Sure?"),
        ]
    },
    "message names": {"messages": [turn("Hello", name="alice"), {"role": "assistant", "content": "Hi", "name": "bot"}, turn("?")]},
    "cache_control": {
        "messages": [
            {"role": "system", "content": [{"type": "text", "text": "Long.", "cache_control": {"type": "ephemeral"}}]},
            turn("Short?"),
        ],
        "tools": [{**WEATHER, "cache_control": {"type": "ephemeral"}}],
    },
    "pictures in": {
        "messages": [turn([{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": PICTURE}}])]
    },
    "pictures out": {"modalities": ["image", "text"], "image_config": {"aspect_ratio": "16:9"}},
}


def request(kind, model):
    return {"model": model, "messages": QUESTION, **KINDS[kind]}
