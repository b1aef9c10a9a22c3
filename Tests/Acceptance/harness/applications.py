"""Applications as a migration meets them: conversations with tools and thinking, and pictures, over OpenAI's client."""

import base64
import itertools
import json
import struct
import threading
import time
import zlib
from dataclasses import dataclass

import openai

from .program import APPLICATION_KEY

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@dataclass(frozen=True)
class Told:
    """One answer, as the application has it."""

    arm: str
    fallback: str | None
    began: float
    #: When the conversation that it belongs to began.
    conversation: float
    message: dict


class Applications:
    """So many of them, each with conversation after conversation until the test has seen enough; `failures` are exceptions."""

    def __init__(self, url, talk, clients=3):
        self.told = []
        self.failures = []
        self._talk = talk
        self._stopped = threading.Event()
        self._numbers = itertools.count()
        self._api = openai.OpenAI(base_url=url, api_key=APPLICATION_KEY, max_retries=0, timeout=30)
        self._threads = [threading.Thread(target=self._go, daemon=True) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def _go(self):
        while not self._stopped.is_set():
            conversation = time.monotonic()
            try:
                self._talk(lambda **asked: self._ask(conversation, asked), next(self._numbers))
            except Exception as error:  # Whatever an application meets is what the test asks for.
                self.failures.append(error)

    def _ask(self, conversation, asked):
        began = time.monotonic()
        answer = self._api.chat.completions.with_raw_response.create(**asked)
        message = joined(answer.parse()) if asked.get("stream") else answer.parse().choices[0].message.model_dump(exclude_none=True)
        headers = answer.headers
        self.told.append(Told(headers["x-crossfade-arm"], headers.get("x-crossfade-fallback"), began, conversation, message))
        return message

    def since(self, when):
        """Answers of conversations that began after `when`."""
        return [told for told in list(self.told) if told.conversation > when]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stopped.set()
        for thread in self._threads:
            thread.join(35)
        assert not any(thread.is_alive() for thread in self._threads), "a client waits for ever"


def joined(chunks):
    """A streamed message put together as applications do."""
    message = {"role": "assistant", "content": "", "reasoning_details": [], "tool_calls": [], "images": []}
    finished = None
    for chunk in chunks:
        for choice in chunk.choices:
            delta = choice.delta
            message["content"] += delta.content or ""
            message["reasoning_details"] += getattr(delta, "reasoning_details", None) or []
            message["images"] += getattr(delta, "images", None) or []
            for call in delta.tool_calls or []:
                if call.id:
                    function = {"name": call.function.name, "arguments": ""}
                    message["tool_calls"].append({"id": call.id, "type": "function", "function": function})
                message["tool_calls"][call.index]["function"]["arguments"] += call.function.arguments or ""
            finished = choice.finish_reason or finished
    assert finished, "a stream without its end"
    return {name: value for name, value in message.items() if value or name in ("role", "content")}


def conversation(ask, number):
    """A question, a call of a tool, what it found, and a further question; every other one is streamed."""
    asked = {
        "model": "anthropic/claude",
        "tools": [WEATHER],
        "stream": bool(number % 2),
        "extra_body": {"reasoning": {"effort": "high"}},
    }
    messages = [{"role": "system", "content": "Be short."}, {"role": "user", "content": f"The weather in town {number}?"}]
    message = ask(**asked, messages=messages)
    messages.append(message)
    for call in message.get("tool_calls", []):
        assert call["function"]["name"] == "weather" and isinstance(json.loads(call["function"]["arguments"]), dict)
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": "sunny"})
    assert message.get("tool_calls"), f"no tool was called: {message}"
    message = ask(**asked, messages=messages)
    assert message.get("content") and not message.get("tool_calls"), message
    messages += [message, {"role": "user", "content": "And tomorrow?"}]
    message = ask(**asked, messages=messages)
    assert message.get("content") or message.get("tool_calls"), message


def picture(ask, number):
    """A chat that asks for one picture; every other one is streamed."""
    asked = {"modalities": ["image", "text"], "image_config": {"aspect_ratio": "1:1"}}
    messages = [{"role": "user", "content": f"A red kite, number {number}"}]
    message = ask(model="google/gemini-2.5-flash-image", stream=bool(number % 2), messages=messages, extra_body=asked)
    assert len(pictures(message)) == 1, message


def pictures(message):
    """The bytes of a message's pictures."""
    urls = [image["image_url"]["url"] for image in message.get("images", [])]
    assert all(url.startswith("data:image/") for url in urls), urls
    return [base64.b64decode(url.split(",", 1)[1], validate=True) for url in urls]


def sides(png):
    """Width and height of a PNG that is whole: its parts are read and its dots counted."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, data = 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body), kind
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    assert kind == b"IEND"
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    assert len(zlib.decompress(data)) == height * (1 + (width * bits + 7) // 8)
    return width, height
