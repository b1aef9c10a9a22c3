"""Emulated vendors of pictures and videos, judged by the vendors' own clients: each makes a picture and gets it, and raises
its own error for what is refused and for what fails.

EvoLink and GrsAi publish no client for Python: what they answer is held against their documents by the Swift tests.
"""

import base64
import json
import os
import re
import struct
import subprocess
import sys
import urllib.request
import zlib
from pathlib import Path

import pytest

from harness.program import ROOT

KEY = "sk-candidate-93b2d4417e"


def size_of(png):
    """Reads a PNG as a reader does that trusts nothing, and says its sides."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, data, sides = 8, b"", None
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            sides = struct.unpack(">II", body[:8])
        if kind == b"IDAT":
            data += body
        place += 12 + length
    assert len(zlib.decompress(data)) == sides[1] * (1 + (sides[0] + 7) // 8)
    return sides


def fetched(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers["content-type"], answer.read()


def host_of(url):
    return re.match(r"https?://[^/]+", url).group()


def jobs(url):
    return json.loads(fetched(host_of(url) + "/emulated/jobs")[1])


# Replicate


@pytest.fixture
def replicate_to(emulated):
    import replicate

    def start(*arguments, key=KEY):
        url = emulated("--vendor", "replicate", "--key", KEY, *arguments)
        client = replicate.Client(api_token=key, base_url=host_of(url))
        client.poll_interval = 0.01
        return url, client

    return start


def test_replicate_makes_a_picture(replicate_to):
    url, client = replicate_to("--job-time", "50ms")
    asked = {"prompt": "A red kite", "aspect_ratio": "16:9", "num_outputs": 2}
    outputs = client.run("black-forest-labs/flux-schnell", input=asked)
    assert len(outputs) == 2
    kind, picture = fetched(outputs[1])
    assert kind == "image/png" and size_of(picture) == (1344, 768)
    assert fetched(outputs[0])[1] != picture
    # Without waiting it is polled.
    prediction = client.models.predictions.create(model="black-forest-labs/flux-1.1-pro", input=asked, wait=False)
    assert prediction.status == "starting" and prediction.input == asked
    prediction.wait()
    assert prediction.status == "succeeded" and prediction.output.startswith("http")
    assert prediction.metrics["predict_time"] > 0
    told = jobs(url)
    assert told["created"] == 2 and told["jobs"][1]["polled"] >= 1
    assert told["files_fetched"] == 2 and told["files_fetched_with_key"] == 0


def test_replicate_refuses_and_fails_in_its_own_words(replicate_to):
    import replicate.exceptions as errors

    _, client = replicate_to("--job-fail-rate", "100%")
    with pytest.raises(errors.ModelError, match="NSFW"):
        client.run("black-forest-labs/flux-schnell", input={"prompt": "x"})
    with pytest.raises(errors.ReplicateError) as refused:
        client.run("black-forest-labs/flux-schnell", input={"aspect_ratio": "16:9"})
    assert refused.value.status == 422 and "prompt is required" in refused.value.detail
    with pytest.raises(errors.ReplicateError) as refused:
        client.predictions.get("none")
    assert refused.value.status == 404
    _, client = replicate_to(key="r8_wrong")
    with pytest.raises(errors.ReplicateError) as refused:
        client.run("black-forest-labs/flux-schnell", input={"prompt": "x"})
    assert refused.value.status == 401 and refused.value.title == "Unauthenticated"


def test_replicate_cancels(replicate_to):
    url, client = replicate_to("--job-stuck-rate", "100%")
    prediction = client.predictions.create(version="black-forest-labs/flux-schnell", input={"prompt": "x"})
    prediction.cancel()
    assert prediction.status == "canceled"
    told = jobs(url)
    assert told["cancelled"] == 1 and told["jobs"][0]["state"] == "cancelled"


# fal.ai: its client speaks TLS only, and reads its hosts from the environment when it is loaded.


@pytest.fixture
def fal_to(emulated, tmp_path):
    text = (ROOT / "Tests/TestCertificates/TestCertificate.swift").read_text()
    certificate, key = (
        "\n".join(line.strip() for line in block.splitlines())
        for block in re.findall(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", text, re.S)
    )
    (tmp_path / "cert.pem").write_text(certificate + "\n")
    (tmp_path / "key.pem").write_text(key + "\n")

    def run(script, *arguments, key=KEY):
        options = ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
        url = emulated("--vendor", "fal", "--key", KEY, *options, *arguments)
        host = "localhost:" + re.search(r":(\d+)", url).group(1)
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={
                **os.environ,
                "FAL_KEY": key,
                "FAL_RUN_HOST": host,
                "FAL_QUEUE_RUN_HOST": host,
                "SSL_CERT_FILE": str(tmp_path / "cert.pem"),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_fal_makes_a_picture(fal_to):
    told = fal_to(
        """
import base64, fal_client, httpx, json, os
seen = []
result = fal_client.subscribe(
    "fal-ai/flux/dev",
    {"prompt": "A red kite", "image_size": {"width": 640, "height": 384}, "num_images": 2},
    on_queue_update=lambda status: seen.append(type(status).__name__),
)
picture = httpx.get(result["images"][1]["url"])
handle = fal_client.submit("fal-ai/flux/dev", {"prompt": "again"})
handle.get()
units = httpx.get(handle.response_url, headers={"Authorization": "Key " + os.environ["FAL_KEY"]}).headers
ledger = httpx.get("https://" + os.environ["FAL_RUN_HOST"] + "/emulated/jobs").json()
print(json.dumps([seen, result, base64.b64encode(picture.content).decode(), handle.status_url,
    units["x-fal-billable-units"], ledger]))
""",
        "--job-time",
        "300ms",
    )
    seen, result, picture, status_url, units, ledger = told
    assert seen[0] in ("Queued", "InProgress") and seen[-1] == "Completed"
    assert len(result["images"]) == 2 and result["images"][0]["width"] == 640
    assert size_of(base64.b64decode(picture)) == (640, 384)
    assert "/fal-ai/flux/requests/" in status_url and units == "1"
    assert ledger["created"] == 2 and ledger["files_fetched"] == 1 and ledger["files_fetched_with_key"] == 0


def test_fal_refuses_and_fails_in_its_own_words(fal_to):
    script = """
import fal_client, json
told = []
for asked in [{"prompt": "x"}, {}]:
    try:
        fal_client.subscribe("fal-ai/flux/dev", asked)
    except fal_client.FalClientHTTPError as error:
        told.append([error.status_code, str(error), error.error_type])
print(json.dumps(told))
"""
    failed, refused = fal_to(script, "--job-fail-rate", "100%")
    assert failed[0] == 422 and failed[2] == "content_policy_violation"
    assert refused[0] == 422 and "field required" in refused[1]
    told = fal_to(script, key="wrong")
    assert [status for status, _, _ in told] == [401, 401]


def test_fal_cancels(fal_to):
    told = fal_to(
        """
import fal_client, json
handle = fal_client.submit("fal-ai/flux/dev", {"prompt": "x"})
handle.cancel()
print(json.dumps(type(handle.status()).__name__))
""",
        "--job-stuck-rate",
        "100%",
    )
    assert told == "Completed"


# WaveSpeedAI


@pytest.fixture
def wavespeed_to(emulated):
    import wavespeed

    def start(*arguments, key=KEY):
        url = emulated("--vendor", "wavespeed", "--key", KEY, *arguments)
        return url, wavespeed.Client(api_key=key, base_url=host_of(url), retry_interval=0.01)

    return start


def test_wavespeed_makes_a_picture(wavespeed_to):
    url, client = wavespeed_to("--job-time", "50ms")
    asked = {"prompt": "A red kite", "size": "512*768"}
    for options in [{"poll_interval": 0.01}, {"enable_sync_mode": True}]:
        [address] = client.run("wavespeed-ai/z-image/turbo", asked, **options)["outputs"]
        assert size_of(fetched(address)[1]) == (512, 768)
    told = jobs(url)
    assert told["created"] == 2 and told["files_fetched_with_key"] == 0


def test_wavespeed_refuses_and_fails_in_its_own_words(wavespeed_to):
    _, client = wavespeed_to("--job-fail-rate", "100%")
    with pytest.raises(RuntimeError, match="content flagged as sensitive"):
        client.run("wavespeed-ai/z-image/turbo", {"prompt": "x"}, poll_interval=0.01)
    with pytest.raises(RuntimeError, match='property "prompt" is missing|property \\\\"prompt'):
        client.run("wavespeed-ai/z-image/turbo", {})
    _, client = wavespeed_to(key="wrong")
    with pytest.raises(RuntimeError, match="HTTP 401.*invalid api key"):
        client.run("wavespeed-ai/z-image/turbo", {"prompt": "x"})


def test_a_lost_creation_is_not_repeated_by_its_client(wavespeed_to):
    url, client = wavespeed_to("--job-lost-rate", "100%")
    with pytest.raises(RuntimeError, match="may already"):
        client.run("wavespeed-ai/z-image/turbo", {"prompt": "x"})
    told = jobs(url)
    assert told["created"] == 1 and told["jobs"][0]["fate"] == "lost"


def test_polls_that_fail_are_repeated_by_its_client(wavespeed_to):
    url, client = wavespeed_to("--poll-not-found", "1")
    with pytest.raises(RuntimeError, match="HTTP 404"):
        client.run("wavespeed-ai/z-image/turbo", {"prompt": "x"})
    assert jobs(url)["polled"] == 1


# Fates


def test_fates_strike_their_shares_and_the_same_ones_again(emulated):
    shares = ["--job-fail-rate", "30%", "--job-stuck-rate", "10%", "--file-missing-rate", "5%", "--seed", "7"]
    told = []
    for _ in range(2):
        url = emulated("--vendor", "evolink", *shares)
        for _ in range(400):
            body = json.dumps({"model": "gpt-image-1.5", "prompt": "x"}).encode()
            request = urllib.request.Request(url + "/images/generations", body, {"content-type": "application/json"})
            urllib.request.urlopen(request, timeout=10).read()
        told.append([job["fate"] for job in jobs(url)["jobs"]])
    assert told[0] == told[1]
    # Binomial: four standard deviations are 37, 24 and 17.
    assert abs(told[0].count("fails") - 120) <= 37
    assert abs(told[0].count("stuck") - 40) <= 24
    assert abs(told[0].count("file-missing") - 20) <= 17


def test_a_file_that_is_asked_for_with_a_key_is_told(emulated):
    url = emulated("--vendor", "evolink", "--key", KEY)
    headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
    body = json.dumps({"model": "gpt-image-1.5", "prompt": "x", "size": "1536x1024"}).encode()
    request = urllib.request.Request(url + "/images/generations", body, headers)
    task = json.loads(urllib.request.urlopen(request, timeout=10).read())
    assert task["status"] == "pending" and task["object"] == "image.generation.task"
    request = urllib.request.Request(f"{url}/tasks/{task['id']}", None, headers)
    [address] = json.loads(urllib.request.urlopen(request, timeout=10).read())["results"]
    assert size_of(fetched(address)[1]) == (1536, 1024)
    urllib.request.urlopen(urllib.request.Request(address, None, headers), timeout=10).read()
    told = jobs(url)
    assert (told["files_fetched"], told["files_fetched_with_key"]) == (2, 1)
