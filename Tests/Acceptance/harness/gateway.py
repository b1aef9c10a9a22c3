"""A gateway with faults: its answers follow from the request alone, and it remembers what it was sent."""

import asyncio
import hashlib
import json
import random
import threading
import time
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Behavior:
    """How a gateway answers from now on; seconds and shares."""

    latency: float = 0.0
    error_share: float = 0.0
    error_status: int = 500
    error_headers: tuple = ()
    #: Accepts requests and never answers.
    hangs: bool = False
    #: Closes the connection in place of an answer.
    resets: bool = False
    #: Pieces of a streamed answer.
    pieces: int = 4
    #: Streams stop after so many pieces until `Gateway.release`; None: they do not.
    holds_after: int | None = None
    #: Streams end after so many pieces without their terminal event.
    cuts_after: int | None = None
    #: USD, as `usage.cost`; None: no cost is reported.
    cost: float | None = 0.001
    #: Said in place of the usual answer.
    text: str | None = None


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self):
        return json.loads(self.body)


class Gateway:
    """Speaks OpenRouter's chat completions, embeddings and models, and Anthropic's messages, over HTTP/1.1."""

    def __init__(self, behavior=Behavior(), seed=1):
        self.behavior = behavior
        self.requests = []
        self._random = random.Random(seed)
        self._connections = set()
        self._released = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the gateway does not listen"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def behave(self, **changes):
        self.behavior = replace(self.behavior, **changes)

    def release(self):
        """Lets held streams go on."""
        self._released.set()

    def chats(self):
        return [request for request in list(self.requests) if request.method == "POST"]

    def stop(self):
        """Gone: connections are closed and new ones refused."""
        if not self._loop.is_running():
            return
        self._released.set()
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # The server, on its own thread.

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024, limit=1 << 24)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.close()

    async def _shut(self):
        self._server.close()
        for writer in list(self._connections):
            writer.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader, writer):
        self._connections.add(writer)
        try:
            while True:
                request = await self._read(reader)
                if request is None:
                    return
                self.requests.append(request)
                if not await self._answer(request, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _read(self, reader):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {}
        for line in lines[1:]:
            if line:
                name, value = line.split(":", 1)
                headers[name.strip().lower()] = value.strip()
        body = b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int((await reader.readline()).split(b";")[0], 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        elif "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        return Recorded(method, path, headers, body)

    async def _answer(self, request, writer):
        behavior = self.behavior
        if request.method == "GET":
            return await self._send(writer, 200, json.dumps({"object": "list", "data": [{"id": "test/model"}]}))
        if behavior.hangs:
            await asyncio.Event().wait()
        if behavior.resets:
            writer.transport.abort()
            return False
        if behavior.latency:
            await asyncio.sleep(behavior.latency)
        if behavior.error_share and self._random.random() < behavior.error_share:
            status = behavior.error_status
            body = {"error": {"code": status, "message": f"the gateway says {status}"}}
            return await self._send(writer, status, json.dumps(body), behavior.error_headers)
        asked = request.json
        if request.path.endswith("/embeddings"):
            return await self._send(writer, 200, json.dumps(embeddings(asked)))
        dialect = Messages if request.path.endswith("/messages") else Chat
        answer = dialect(asked, request.body, behavior)
        if not asked.get("stream"):
            return await self._send(writer, 200, json.dumps(answer.whole()))
        return await self._stream(writer, answer.events(), behavior)

    async def _send(self, writer, status, body, headers=()):
        body = body.encode()
        fields = [("content-type", "application/json"), ("content-length", str(len(body))), *headers]
        writer.write(head(status, fields) + body)
        await writer.drain()
        return True

    async def _stream(self, writer, events, behavior):
        writer.write(head(200, [("content-type", "text/event-stream"), ("transfer-encoding", "chunked")]))
        for index, event in enumerate(events):
            if index == behavior.holds_after:
                await writer.drain()
                await asyncio.get_running_loop().run_in_executor(None, self._released.wait, 60)
            if index == behavior.cuts_after:
                writer.write(b"0\r\n\r\n")
                await writer.drain()
                return True
            data = event.encode()
            writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


def head(status, fields):
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def embeddings(asked):
    inputs = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
    data = [{"object": "embedding", "index": index, "embedding": [0.5, 0.25]} for index in range(len(inputs))]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    return {"object": "list", "data": data, "model": asked["model"], "usage": usage}


class Chat:
    """An answer in the form of chat completions."""

    def __init__(self, asked, body, behavior):
        self.model = asked.get("model", "none")
        question = asked["messages"][-1]["content"] if asked.get("messages") else ""
        self.text = behavior.text or f"You said: {question}"
        self.id = "gen-" + hashlib.sha256(question.encode()).hexdigest()[:16]
        self.pieces = behavior.pieces
        self.usage = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
        if behavior.cost is not None:
            self.usage["cost"] = behavior.cost

    def _form(self, kind, choice, **more):
        return {"id": self.id, "object": kind, "created": 1700000000, "model": self.model, "choices": [choice], **more}

    def whole(self):
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "native_finish_reason": "stop"}
        return self._form("chat.completion", choice, usage=self.usage)

    def events(self):
        yield ": OPENROUTER PROCESSING\n\n"
        width = max(1, -(-len(self.text) // self.pieces))
        for start in range(0, len(self.text), width):
            delta = {"role": "assistant", "content": self.text[start : start + width]}
            yield self._event({"index": 0, "delta": delta, "finish_reason": None})
        yield self._event({"index": 0, "delta": {"content": ""}, "finish_reason": "stop"})
        yield self._event({"index": 0, "delta": {"role": "assistant", "content": ""}}, usage=self.usage)
        yield "data: [DONE]\n\n"

    def _event(self, choice, **more):
        return f"data: {json.dumps(self._form('chat.completion.chunk', choice, **more))}\n\n"


class Messages:
    """An answer in the form of Anthropic's messages."""

    def __init__(self, asked, body, behavior):
        question = asked["messages"][-1]["content"]
        self.text = behavior.text or f"You said: {question}"
        self.message = {
            "id": "msg_" + hashlib.sha256(question.encode()).hexdigest()[:16],
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 20},
        }

    def whole(self):
        return {**self.message, "content": [{"type": "text", "text": self.text}], "stop_reason": "end_turn"}

    def events(self):
        block = {"type": "text", "text": ""}
        delta = {"stop_reason": "end_turn", "stop_sequence": None}
        for event in (
            {"type": "message_start", "message": {**self.message, "content": [], "stop_reason": None}},
            {"type": "content_block_start", "index": 0, "content_block": block},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": self.text}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 20}},
            {"type": "message_stop"},
        ):
            yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
