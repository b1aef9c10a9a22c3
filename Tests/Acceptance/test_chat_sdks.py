"""Emulated hosts and labs, judged by their own clients: each gets a chat, whole and streamed, and raises its own error for a
field that the vendor refuses; those that make pictures and videos get them.

`cometapi`, `fireworks-ai` and `portkey-ai` are OpenAI's client under another name and would repeat its verdict.
"""

import base64

import groq
import mistralai.client
import openai
import pytest
import together
from mistralai.client import errors as mistral_errors

from test_media_sdks import fetched, host_of, jobs, size_of

KEY = "sk-candidate-93b2d4417e"
HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture
def vendor(emulated):
    def start(name, *arguments):
        return emulated("--vendor", name, "--key", KEY, *arguments)

    return start


def test_groq(vendor):
    url = host_of(vendor("groq"))
    api = groq.Groq(api_key=KEY, base_url=url, max_retries=0)
    answer = api.chat.completions.create(model="openai/gpt-oss-120b", messages=HELLO)
    assert answer.choices[0].message.content and answer.usage.total_tokens
    chunks = list(api.chat.completions.create(model="openai/gpt-oss-120b", messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == answer.choices[0].message.content
    with pytest.raises(groq.BadRequestError, match="property 'provider' is unsupported"):
        api.chat.completions.create(model="m", messages=HELLO, extra_body={"provider": {}})
    with pytest.raises(groq.AuthenticationError):
        groq.Groq(api_key="wrong", base_url=url, max_retries=0).chat.completions.create(model="m", messages=HELLO)


def test_mistral(vendor):
    url = host_of(vendor("mistral"))
    api = mistralai.client.Mistral(api_key=KEY, server_url=url)
    answer = api.chat.complete(model="mistral-large", messages=HELLO)
    assert answer.choices[0].message.content
    pieces = [event.data.choices[0].delta.content for event in api.chat.stream(model="mistral-large", messages=HELLO) if event.data.choices]
    assert "".join(piece for piece in pieces if piece) == answer.choices[0].message.content
    with pytest.raises(mistral_errors.SDKError) as refused:
        mistralai.client.Mistral(api_key="wrong", server_url=url).chat.complete(model="m", messages=HELLO)
    assert refused.value.status_code == 401


def test_together(vendor):
    url = host_of(vendor("together", "--job-time", "20ms"))
    api = together.Together(api_key=KEY, base_url=url, max_retries=0)
    answer = api.chat.completions.create(model="zai-org/GLM-5.1", messages=HELLO)
    assert answer.choices[0].message.content
    with pytest.raises(together.BadRequestError):
        api.chat.completions.create(model="m", messages=HELLO, extra_body={"provider": {}})
    asked = dict(model="black-forest-labs/FLUX.1-schnell", prompt="A red kite", width=640, height=320)
    [picture] = api.images.generate(**asked, response_format="base64").data
    assert size_of(base64.b64decode(picture.b64_json)) == (640, 320)
    [picture] = api.images.generate(**asked).data
    assert size_of(fetched(picture.url)[1]) == (640, 320)
    video = api.videos.create(model="m", prompt="A red kite", seconds="4")
    while video.status == "in_progress":
        video = api.videos.retrieve(video.id)
    assert video.status == "completed"
    kind, film = fetched(video.outputs.video_url)
    assert kind == "video/mp4" and film[4:8] == b"ftyp"
    assert jobs(url)["files_fetched_with_key"] == 0


def test_openai_pictures_and_videos(vendor):
    url = vendor("openai", "--job-time", "20ms")
    api = openai.OpenAI(api_key=KEY, base_url=url, max_retries=0)
    answer = api.images.generate(model="gpt-image-1", prompt="A red kite", n=2, size="1536x1024")
    assert [size_of(base64.b64decode(picture.b64_json)) for picture in answer.data] == [(1536, 1024)] * 2
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    with pytest.raises(openai.BadRequestError, match="Unknown parameter: 'aspect_ratio'"):
        api.images.generate(model="gpt-image-1", prompt="x", extra_body={"aspect_ratio": "16:9"})
    video = api.videos.create(model="sora-2", prompt="A red kite", seconds="4", size="1280x720")
    assert video.status == "queued" and video.size == "1280x720"
    while video.status in ("queued", "in_progress"):
        video = api.videos.retrieve(video.id)
    assert video.status == "completed"
    assert api.videos.download_content(video.id).read()[4:8] == b"ftyp"
    told = jobs(url)
    assert told["contents"] == 1 and told["files_fetched"] == 0
    with pytest.raises(openai.NotFoundError):
        api.videos.retrieve("video_none")


def test_openai_videos_that_fail(vendor):
    api = openai.OpenAI(api_key=KEY, base_url=vendor("openai", "--job-fail-rate", "100%"), max_retries=0)
    video = api.videos.retrieve(api.videos.create(model="sora-2", prompt="x").id)
    assert video.status == "failed" and video.error.code == "moderation_blocked"
    with pytest.raises(openai.BadRequestError, match="safety system"):
        api.images.generate(model="gpt-image-1", prompt="x")
