"""Emulated gateways: what they say, what they say wrongly when told to, and how they end."""

import json
import re
import signal
import socket
import subprocess
import time

import anthropic
import jsonschema
import openai
import pytest

from harness.application import ask
from harness.program import APPLICATION_KEY, BINARY, command, environment
from harness.questions import TICKET, TOOL, ask_all, mixed, random_schema, said, seeded, structured, tool, words


def port_of(url):
    return int(re.search(r":(\d+)", url).group(1))


@pytest.mark.parametrize("option, some", [("--fault", "cut-mid-event"), ("--mistake", "break-json:SHARE")])
def test_the_lists(option, some):
    done = command("emulate", option, "list", timeout=5)
    assert done.returncode == 0 and not done.stderr
    assert some in done.stdout.splitlines()


def test_two_gateways_say_the_same_without_variety(emulated):
    first, second = (port_of(emulated("--seed", seed, "--vendor", "openai")) for seed in ("1", "2"))
    bodies = mixed(60)
    for one, other in zip(ask_all(first, bodies), ask_all(second, bodies), strict=True):
        assert said(one) == said(other)
    assert len({said(answer) for answer in ask_all(first, [words(number) for number in range(50)])}) == 50


def test_with_variety_words_differ_and_calls_do_not(emulated):
    port = port_of(emulated("--variety", "0.7", "--words", "40"))
    texts = [said(answer)[0] for answer in ask_all(port, [words(1)] * 20)]
    assert len(set(texts)) == 20
    lengths = [len(text) for text in texts]
    assert max(lengths) / min(lengths) < 1.5
    shared = set.intersection(*(set(text.split()) for text in texts))
    assert len(shared) > 8, "they do not say the same"
    assert len({said(answer) for answer in ask_all(port, [tool(1)] * 20)}) == 1
    forms = {said(answer)[0] for answer in ask_all(port, [structured(1)] * 20)}
    assert len(forms) > 1
    assert len({shape(json.loads(form)) for form in forms}) == 1


def shape(value):
    if isinstance(value, dict):
        return tuple((key, shape(value[key])) for key in sorted(value))
    if isinstance(value, list):
        return tuple(shape(each) for each in value)
    return type(value).__name__


@pytest.mark.parametrize("stream", [False, True])
def test_what_it_fills_in_is_valid_by_the_schema(stream, emulated):
    port = port_of(emulated("--variety", "0.7"))
    rng = seeded(7)
    schemas = [
        {"type": "object", "properties": {"x": random_schema(rng)}, "required": ["x"], "additionalProperties": False}
        for _ in range(150)
    ]
    calls, forms = [], []
    for number, schema in enumerate(schemas):
        body = tool(number, stream)
        body["tools"] = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
        calls.append(body)
        body = structured(number, stream)
        body["response_format"]["json_schema"]["schema"] = schema
        forms.append(body)
    for schema, answer in zip(schemas, ask_all(port, calls), strict=True):
        jsonschema.validate(json.loads(said(answer)[1]), schema)
    for schema, answer in zip(schemas, ask_all(port, forms), strict=True):
        jsonschema.validate(json.loads(said(answer)[0]), schema)


def test_a_schema_that_contains_itself_ends(emulated):
    node = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "child": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
        "required": ["name", "child"],
    }
    schema = {"$defs": {"node": node}, **node}
    port = port_of(emulated())
    for number in range(10):
        body = structured(number)
        body["response_format"]["json_schema"]["schema"] = schema
        jsonschema.validate(json.loads(said(ask(port, body))[0]), schema)


def test_the_sdks_read_calls_and_structured_output(emulated):
    url = emulated("--vendor", "openai")
    api = openai.OpenAI(base_url=url, api_key=APPLICATION_KEY, max_retries=0)
    question = {key: value for key, value in tool(1).items()}
    whole = api.chat.completions.create(**question).choices[0]
    assert whole.finish_reason == "tool_calls" and whole.message.content is None
    jsonschema.validate(json.loads(whole.message.tool_calls[0].function.arguments), TOOL)
    # What the tool returned is answered in words.
    messages = [
        *question["messages"],
        whole.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": whole.message.tool_calls[0].id, "content": "sunny"},
    ]
    after = api.chat.completions.create(**{**question, "messages": messages}).choices[0]
    assert after.finish_reason == "stop" and after.message.content

    flat = {"type": "function", "name": "weather", "parameters": TOOL}
    [item] = api.responses.create(model="test/model", input="hello", tools=[flat]).output
    assert item.type == "function_call" and item.name == "weather"
    jsonschema.validate(json.loads(item.arguments), TOOL)
    events = list(api.responses.create(model="test/model", input="hello", tools=[flat], stream=True))
    pieces = [event.delta for event in events if event.type == "response.function_call_arguments.delta"]
    assert "".join(pieces) == item.arguments
    form = {"format": {"type": "json_schema", "name": "ticket", "schema": TICKET}}
    answer = api.responses.create(model="test/model", input="hello", text=form)
    jsonschema.validate(json.loads(answer.output_text), TICKET)

    api = anthropic.Anthropic(base_url=url.removesuffix("/v1"), api_key=APPLICATION_KEY, max_retries=0)
    question = {
        "model": "test/model",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "hello"}],
        "tools": [{"name": "weather", "input_schema": TOOL}],
    }
    message = api.messages.create(**question)
    assert message.stop_reason == "tool_use" and message.content[0].name == "weather"
    jsonschema.validate(message.content[0].input, TOOL)
    with api.messages.stream(**question) as stream:
        streamed = stream.get_final_message()
    assert streamed.content[0].input == message.content[0].input and streamed.stop_reason == "tool_use"


def test_mistakes_strike_their_share(emulated):
    count = 600
    port = port_of(emulated("--vendor", "openai", "--mistake", "drop-tool-arguments:5%", "--mistake", "break-json:3%"))
    empty = [answer for answer in ask_all(port, [tool(number) for number in range(count)]) if said(answer)[1] == "{}"]
    # Binomial: four standard deviations are 21 and 17.
    assert abs(len(empty) - 30) <= 21
    broken = 0
    for answer in ask_all(port, [structured(number) for number in range(count)]):
        try:
            jsonschema.validate(json.loads(said(answer)[0]), TICKET)
        except ValueError:
            broken += 1
    assert abs(broken - 18) <= 17 and broken > 0


def test_another_language_and_no_usage(emulated):
    plain, other = (port_of(emulated("--words", "40", *more)) for more in ((), ("--mistake", "other-language:100%")))
    for stream in (False, True):
        ours, theirs = (said(ask(port, words(1, stream)))[0].split() for port in (plain, other))
        assert len(set(ours) & set(theirs)) < 8
    port = port_of(emulated("--mistake", "no-usage"))
    for stream in (False, True):
        assert b'"usage"' in ask(plain, words(1, stream)).body
        assert b'"usage"' not in ask(port, words(1, stream)).body


# The end.


@pytest.fixture
def gateway_process():
    """Starts an emulated gateway, and says its process and port."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [BINARY, "emulate", "--listen", "127.0.0.1:0", *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        started.append(process)
        return process, int(re.search(r"127\.0\.0\.1:(\d+)", process.stderr.readline()).group(1))

    yield start
    for process in started:
        process.kill()
        process.wait(10)


def request(body):
    body = json.dumps(body).encode()
    return b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def read_to_end(connection):
    read = b""
    try:
        while piece := connection.recv(65536):
            read += piece
    except ConnectionError:
        pass
    return read


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_moments_whatever_is_open(how, gateway_process):
    process, port = gateway_process("--latency", "1h")
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(40)]
    for connection in connections[:30]:
        connection.sendall(request(words(1, stream=True)))
    for connection in connections[:30]:
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    began = time.monotonic()
    process.send_signal(how)
    assert process.wait(10) == 0
    assert time.monotonic() - began < 6, "it outlived the signal"
    for connection in connections:
        read_to_end(connection)
        connection.close()


def test_it_ends_within_moments_under_pipelined_load(gateway_process):
    """One connection can keep an event loop busy for long; the end does not wait for its turn."""
    process, port = gateway_process("--words", "3000")
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(8)]
    for connection in connections:
        connection.sendall(request(words(1)) * 200)
    for connection in connections[:1]:
        assert connection.recv(65536)
    began = time.monotonic()
    process.terminate()
    assert process.wait(20) == 0
    assert time.monotonic() - began < 6, "it outlived the signal"
    for connection in connections:
        connection.close()


def test_an_answer_under_way_is_finished(gateway_process):
    process, port = gateway_process("--stream-events", "10", "--event-interval", "40ms")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request(words(1, stream=True)))
        first = connection.recv(65536)
        process.terminate()
        assert b"data: [DONE]" in first + read_to_end(connection)
    assert process.wait(10) == 0
    assert "1 answered whole, 0 cut short, 0 given up" in process.stderr.read()
