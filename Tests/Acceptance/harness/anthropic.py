"""Anthropic's messages as strictly as the vendor takes them: what it refuses is refused in its own words."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-ant-test"
SIGNATURE = "c2lnbmVkIGJ5IGFudGhyb3BpYw=="
REDACTED = "cmVkYWN0ZWQgYnkgYW50aHJvcGlj"
THOUGHT = 'Let me see: "é" \U0001f4a1 first.'
FIELDS = set(
    "model messages max_tokens system tools tool_choice thinking output_config stop_sequences stream temperature top_p "
    "top_k metadata cache_control service_tier".split()
)
TOOL = {"type", "name", "description", "input_schema", "cache_control", "strict"}
SAMPLING = {"temperature", "top_p", "top_k"}
BLOCKS = {
    "text": {"text"},
    "image": {"source"},
    "tool_use": {"id", "name", "input"},
    "tool_result": {"tool_use_id", "content", "is_error"},
    "thinking": {"thinking", "signature"},
    "redacted_thinking": {"data"},
}


class Refused(Exception):
    pass


def need(condition, message):
    if not condition:
        raise Refused(message)


def check(body, headers):
    need(headers.get("anthropic-version") == "2023-06-01", "anthropic-version: header is required")
    for name in body:
        need(name in FIELDS, f"{name}: Extra inputs are not permitted")
    need(isinstance(body.get("max_tokens"), int) and 1 <= body["max_tokens"] <= 128000, "max_tokens: Field required")
    newest = re.match(r"claude-opus-4-[789]", body["model"])
    if newest:
        for name in SAMPLING & set(body):
            raise Refused(f"`{name}` is deprecated for this model.")
        need(body["messages"][-1]["role"] == "user", "This model does not support assistant message prefill.")
    thinking = body.get("thinking")
    if thinking:
        need(thinking["type"] == ("adaptive" if newest else "enabled"), "thinking.type: not supported by this model")
        if thinking["type"] == "enabled":
            need(1024 <= thinking["budget_tokens"] < body["max_tokens"], "max_tokens must be greater than the budget")
        need(not SAMPLING & set(body), "temperature may only be set to 1 when thinking is enabled.")
    for tool in body.get("tools", []):
        need(set(tool) <= TOOL and tool.get("type", "custom") == "custom", "tools: Extra inputs are not permitted")
        need(tool["input_schema"].get("type") == "object", "tools.0.input_schema.type: Field required")
        need(re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", tool["name"]), "tools.0.name: String should match pattern")
    need(json.dumps(body).count('"cache_control"') <= 4, "A maximum of 4 blocks with cache_control may be provided.")
    check_messages(body["messages"], thinking, bool(body.get("tools")))


def check_messages(messages, thinking, has_tools):
    need(messages and messages[0]["role"] == "user", "messages: first message must use the user role")
    called = []
    for message in messages:
        need(set(message) == {"role", "content"}, "messages: Extra inputs are not permitted")
        need(message["role"] in ("user", "assistant"), "messages.role: Input should be 'user' or 'assistant'")
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        need(content, "messages: content must not be empty")
        results = []
        for number, block in enumerate(content):
            extra = set(block) - BLOCKS[block["type"]] - {"type", "cache_control"}
            need(not extra, f"messages: {extra}: Extra inputs are not permitted")
            if block["type"] == "text":
                need(block["text"].strip(), "messages: text content blocks must be non-empty")
            if block["type"] == "thinking":
                need(block["signature"] == SIGNATURE, "Invalid `signature` in `thinking` block")
                need(block["thinking"] == THOUGHT, "`thinking` blocks cannot be modified")
            if block["type"] == "redacted_thinking":
                need(block["data"] == REDACTED, "Invalid `data` in `redacted_thinking` block")
            if block["type"] == "tool_use":
                need(has_tools, "Requests which include `tool_use` blocks must define tools")
                need(isinstance(block["input"], dict), "tool_use.input: Input should be a valid dictionary")
                need(re.fullmatch(r"[a-zA-Z0-9_-]+", block["id"]), "tool_use.id: String should match pattern")
            if block["type"] == "tool_result":
                need(len(results) == number, "tool_result blocks must come first")
                results.append(block["tool_use_id"])
        need(sorted(results) == sorted(called), "`tool_use` ids were found without `tool_result` blocks after")
        called = [block["id"] for block in content if block["type"] == "tool_use"]
        if called and thinking:
            need("thinking" in content[0]["type"], "Expected `thinking` or `redacted_thinking`, but found `tool_use`")
    need(not called, "`tool_use` ids were found without `tool_result` blocks immediately after")


def answer(body):
    """Blocks and stop reason: it thinks where it may, calls its tools once, and then says what they found."""
    blocks = []
    if body.get("thinking"):
        blocks.append({"type": "thinking", "thinking": THOUGHT, "signature": SIGNATURE})
        blocks.append({"type": "redacted_thinking", "data": REDACTED})
    last = body["messages"][-1]["content"]
    results = [] if isinstance(last, str) else [block for block in last if block["type"] == "tool_result"]
    if body.get("tools") and not results and body.get("tool_choice", {}).get("type") != "none":
        blocks.append({"type": "text", "text": "I look."})
        arguments = {"city": "São Paulo \U0001f4a1", "big": 12345678901234567890, "list": []}
        blocks.append({"type": "tool_use", "id": "toolu_01", "name": body["tools"][0]["name"], "input": arguments})
        blocks.append({"type": "tool_use", "id": "toolu_02", "name": body["tools"][-1]["name"], "input": {}})
        return blocks, "tool_use"
    found = " ".join(result.get("content", "") for result in results)
    blocks.append({"type": "text", "text": f"Found: {found}" if results else "Hello from Claude."})
    return blocks, "end_turn"


def events(message, blocks, stop):
    usage = message.pop("usage")
    start = {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(blocks):
        kind = block["type"]
        if kind == "text":
            begun, deltas = {"type": "text", "text": ""}, [{"type": "text_delta", "text": c} for c in block["text"]]
        elif kind == "thinking":
            begun = {"type": "thinking", "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in re.findall(r".{1,5}", block["thinking"])]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        elif kind == "tool_use":
            begun = {**block, "input": {}}
            text = json.dumps(block["input"]) if block["input"] else ""
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in re.findall(r".{1,7}", text)]
        else:
            begun, deltas = block, []
        yield {"type": "content_block_start", "index": index, "content_block": begun}
        yield {"type": "ping"}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": usage}
    yield {"type": "message_stop"}


class StrictAnthropic:
    def __init__(self):
        self.requests = []
        # Set to an error's type to answer so in the middle of a stream, or with its status.
        self.breaks_with = None
        strict = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["content-length"]))
                body = json.loads(raw)
                strict.requests.append((self.path, dict(self.headers), body))
                if self.path != "/v1/messages" or self.headers.get("x-api-key") != KEY:
                    return self.document(404, error("not_found_error", "Not found"))
                try:
                    check(body, self.headers)
                except Refused as refusal:
                    return self.document(400, error("invalid_request_error", str(refusal)))
                blocks, stop = answer(body)
                usage = {"input_tokens": 21, "cache_creation_input_tokens": 7, "cache_read_input_tokens": 100}
                message = {"id": "msg_01", "type": "message", "role": "assistant", "model": body["model"]}
                message |= {"stop_sequence": None, "usage": {**usage, "output_tokens": 37}}
                if not body.get("stream"):
                    if strict.breaks_with:
                        return self.document(529, error(strict.breaks_with, "Overloaded"))
                    return self.document(200, {**message, "content": blocks, "stop_reason": stop})
                self.send_response(200)
                self.send_header("content-type", "text/event-stream; charset=utf-8")
                self.send_header("transfer-encoding", "chunked")
                self.send_header("request-id", "req_01")
                self.end_headers()
                for number, event in enumerate(events(message, blocks, stop)):
                    if strict.breaks_with and number == 6:
                        event = error(strict.breaks_with, "Overloaded")
                    data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                    if event["type"] == "error":
                        break
                self.wfile.write(b"0\r\n\r\n")

            def document(self, status, document):
                data = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def error(kind, message):
            return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_01"}

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
