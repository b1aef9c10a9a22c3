"""What an application asks when it asks for more than words: tools, structured output, streams, several dialects."""

import http.client
import json
import random
import threading
from queue import Empty, Queue

from .application import send

TOOL = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "unit": {"enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city", "days", "unit"],
    "additionalProperties": False,
}
TICKET = {
    "type": "object",
    "properties": {
        "summary": {"type": "string"},
        "urgent": {"type": "boolean"},
        "orders": {"type": "array", "items": {"type": "integer"}},
        "customer": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "mood": {"enum": ["calm", "angry"]}},
            "required": ["name", "mood"],
            "additionalProperties": False,
        },
    },
    "required": ["summary", "urgent", "orders", "customer"],
    "additionalProperties": False,
}
WEATHER = {"type": "function", "function": {"name": "weather", "description": "Looks it up.", "parameters": TOOL}}


def words(number, stream=False):
    return question(number, stream)


def tool(number, stream=False):
    return question(number, stream, tools=[WEATHER])


def structured(number, stream=False):
    form = {"type": "json_schema", "json_schema": {"name": "ticket", "strict": True, "schema": TICKET}}
    return question(number, stream, response_format=form)


def question(number, stream, **more):
    body = {"model": "test/model", "messages": [{"role": "user", "content": f"Question {number} of many."}], **more}
    if stream:
        body.update(stream=True, stream_options={"include_usage": True})
    return body


def mixed(count):
    """So many questions: words, tools and structured output in turn, every second one as a stream."""
    kinds = (words, tool, structured)
    return [kinds[number % 3](number, stream=number // 3 % 2 == 1) for number in range(count)]


def ask_all(port, bodies, clients=8, headers=None):
    """Asks each body once, so many at a time, and returns the answers in the order of the bodies."""
    waiting = Queue()
    for item in enumerate(bodies):
        waiting.put(item)
    answers = [None] * len(bodies)
    failures = []

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while True:
                number, body = waiting.get_nowait()
                answers[number] = send(connection, body, headers=headers)
        except Empty:
            pass
        except (OSError, http.client.HTTPException) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not failures, failures[0]
    return answers


def random_schema(rng, depth=0):
    """A schema as tools declare them, drawn at random."""
    kinds = ["string", "integer", "number", "boolean", "enum", "format"]
    kind = rng.choice(kinds + (["object", "object", "array", "any"] if depth < 4 else []))
    if kind == "object":
        names = [f"{rng.choice('abcdef')}{index}" for index in range(rng.randint(1, 4))]
        return {
            "type": "object",
            "properties": {name: random_schema(rng, depth + 1) for name in names},
            "required": [name for name in names if rng.random() < 0.6],
            "additionalProperties": False,
        }
    if kind == "array":
        least = rng.randint(0, 3)
        return {"type": "array", "items": random_schema(rng, depth + 1), "minItems": least, "maxItems": least + 2}
    if kind == "any":
        return {"anyOf": [random_schema(rng, depth + 1), {"type": "null"}]}
    if kind == "enum":
        return {"enum": rng.sample(["one", "zwei", "trois", 4, None, 'a "quoted" word', "ünï"], 3)}
    if kind == "format":
        return {"type": "string", "format": rng.choice(["date", "date-time", "email", "uuid", "uri"])}
    if kind == "integer":
        low = rng.randint(-50, 50)
        return {"type": "integer", "minimum": low, "maximum": low + rng.randint(0, 30)}
    if kind == "number":
        return {"type": "number", "minimum": rng.randint(0, 5), "exclusiveMaximum": 9}
    if kind == "string":
        least = rng.randint(0, 10)
        return {"type": "string", "minLength": least, "maxLength": least + rng.randint(0, 40)}
    return {"type": kind}


def said(answer):
    """Text and the first tool call's arguments of a chat completion, streamed or not."""
    if not answer.headers["content-type"].startswith("text/event-stream"):
        message = answer.json["choices"][0]["message"]
        calls = message.get("tool_calls") or []
        return message.get("content"), calls[0]["function"]["arguments"] if calls else None
    text, arguments = "", ""
    for line in answer.body.decode().splitlines():
        if not line.startswith("data: {"):
            continue
        for choice in json.loads(line[6:]).get("choices", []):
            text += choice["delta"].get("content") or ""
            for call in choice["delta"].get("tool_calls") or []:
                arguments += call["function"].get("arguments") or ""
    return text or None, arguments or None


def seeded(seed):
    return random.Random(seed)
