"""The applications' own clients, unchanged but for their base URL."""

import asyncio

import anthropic
import httpx
import openai
import pytest

from harness.application import ask, chat
from harness.playbook import baseline, canary, shadow
from harness.program import APPLICATION_KEY

QUESTION = [{"role": "user", "content": "Say hello in five words."}]


def client(url, **options):
    return openai.OpenAI(base_url=url, api_key=APPLICATION_KEY, **options)


def said(stream):
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


@pytest.mark.parametrize("stages", [[baseline()], [shadow()], [canary("100%")]], ids=["baseline", "shadow", "canary"])
def test_answers_are_those_of_a_direct_call(stages, pair, rollout):
    proxy = rollout(stages)
    direct = client(pair[0].url).chat.completions.create(model="test/model", messages=QUESTION)
    through = client(proxy.url).chat.completions.create(model="test/model", messages=QUESTION)
    assert through.model_dump() == direct.model_dump()


@pytest.mark.parametrize("stages", [[baseline()], [shadow()], [canary("100%")]], ids=["baseline", "shadow", "canary"])
def test_streams_are_those_of_a_direct_call(stages, pair, rollout):
    proxy = rollout(stages)
    asked = dict(model="test/model", messages=QUESTION, stream=True)
    direct = [chunk.model_dump() for chunk in client(pair[0].url).chat.completions.create(**asked)]
    through = [chunk.model_dump() for chunk in client(proxy.url).chat.completions.create(**asked)]
    assert through == direct and len(through) > 3


def test_a_stream_is_the_same_byte_for_byte(pair, rollout):
    proxy = rollout([shadow()])
    body = chat("comments, events and all", stream=True)
    headers = {"authorization": f"Bearer {APPLICATION_KEY}"}
    direct = httpx.post(f"{pair[0].url}/chat/completions", json=body, headers=headers)
    through = httpx.post(f"{proxy.url}/chat/completions", json=body, headers=headers)
    assert through.content == direct.content
    assert through.content.startswith(b": OPENROUTER PROCESSING") and through.content.endswith(b"[DONE]\n\n")
    assert through.headers["content-type"] == direct.headers["content-type"]


def test_the_openrouter_path_works_too(pair, rollout):
    proxy = rollout([baseline()])
    answer = client(f"http://127.0.0.1:{proxy.port}/api/v1").chat.completions.create(model="m", messages=QUESTION)
    assert answer.choices[0].message.content == "You said: Say hello in five words."
    assert pair[0].requests[-1].path == "/v1/chat/completions"


def test_a_hundred_at_once(pair, rollout):
    proxy = rollout([canary("50%")])

    async def one(api, number):
        text = f"question {number}"
        asked = dict(model="test/model", messages=[{"role": "user", "content": text}])
        if number % 2:
            stream = await api.chat.completions.create(**asked, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])
        return (await api.chat.completions.create(**asked)).choices[0].message.content

    async def all_of_them():
        async with openai.AsyncOpenAI(base_url=proxy.url, api_key=APPLICATION_KEY, max_retries=0) as api:
            return await asyncio.gather(*(one(api, number) for number in range(100)))

    assert asyncio.run(all_of_them()) == [f"You said: question {number}" for number in range(100)]
    assert len(pair[0].chats()) > 20 and len(pair[1].chats()) > 20


@pytest.mark.parametrize(
    "status, error",
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (402, openai.APIStatusError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_errors_of_the_baseline_reach_the_sdk_as_they_are(status, error, pair, rollout):
    pair[0].behave(error_share=1, error_status=status)
    proxy = rollout([baseline()])
    with pytest.raises(error) as caught:
        client(proxy.url, max_retries=0).chat.completions.create(model="m", messages=QUESTION)
    assert caught.value.status_code == status
    assert f"the gateway says {status}" in str(caught.value)


def test_the_sdk_retries_what_the_baseline_refuses_and_says_so(pair, rollout):
    pair[0].behave(error_share=1, error_status=429, error_headers=(("retry-after-ms", "10"),))
    proxy = rollout([baseline()])
    with pytest.raises(openai.RateLimitError):
        client(proxy.url, max_retries=2).chat.completions.create(model="m", messages=QUESTION)
    counts = [request.headers["x-stainless-retry-count"] for request in pair[0].chats()]
    assert counts == ["0", "1", "2"]


def test_an_unreachable_baseline_is_an_error_in_openrouters_form(pair, rollout):
    proxy = rollout([baseline()])
    pair[0].stop()
    answer = ask(proxy.port)
    assert answer.status == 502
    assert answer.json["error"]["code"] == 502
    assert answer.json["error"]["metadata"]["source"] == "crossfade"
    with pytest.raises(openai.InternalServerError):
        client(proxy.url, max_retries=0).chat.completions.create(model="m", messages=QUESTION)


def test_embeddings_and_models_pass_through(pair, rollout):
    proxy = rollout([baseline()])
    api = client(proxy.url)
    direct = client(pair[0].url)
    asked = dict(model="test/embedder", input=["a", "b"], encoding_format="float")
    assert api.embeddings.create(**asked).model_dump() == direct.embeddings.create(**asked).model_dump()
    assert [model.id for model in api.models.list()] == [model.id for model in direct.models.list()]


@pytest.mark.parametrize("stages", [[baseline()], [canary("100%")]], ids=["baseline", "canary"])
def test_the_anthropic_sdk_works_too(stages, pair, rollout):
    proxy = rollout(stages)
    asked = dict(model="test/model", max_tokens=64, messages=QUESTION)
    answers = []
    for port in (pair[0].port, proxy.port):
        api = anthropic.Anthropic(base_url=f"http://127.0.0.1:{port}", api_key=APPLICATION_KEY)
        with api.messages.stream(**asked) as stream:
            answers.append((api.messages.create(**asked).model_dump(), stream.get_final_message().model_dump()))
    assert answers[0] == answers[1]
    assert answers[0][1]["content"][0]["text"] == "You said: Say hello in five words."


def test_the_candidate_never_sees_the_applications_credentials(pair, rollout):
    proxy = rollout([canary("100%")])
    headers = {
        "x-api-key": APPLICATION_KEY,
        "cookie": f"session={APPLICATION_KEY}",
        "http-referer": "https://app.test",
        "x-title": "The application",
        "x-openrouter-title": "The application",
    }
    assert ask(proxy.port, headers=headers).arm == "challenger"
    [request] = pair[1].chats()
    assert APPLICATION_KEY not in str(request.headers)
    assert not {"x-api-key", "cookie", "http-referer", "x-title", "x-openrouter-title"} & set(request.headers)
    assert request.headers["authorization"].startswith("Bearer sk-candidate-")
