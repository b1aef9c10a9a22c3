"""Whole migrations as an application lives through them: chats to Anthropic and back, pictures to a vendor that is not good."""

import json
import time
import urllib.request

import pytest

from harness.application import ask
from harness.applications import Applications, conversation, picture, pictures, sides
from harness.files import Files
from harness.playbook import canary, playbook, shadow
from harness.program import APPLICATION_KEY, CANDIDATE_KEY, command
from harness.waiting import wait_until
from test_media_sdks import jobs

#: Seconds within which a decision takes effect.
EFFECT = 0.1
PAINTER = "google/nano-banana"
ASKED = {
    "model": "google/gemini-2.5-flash-image",
    "modalities": ["image", "text"],
    "messages": [{"role": "user", "content": "A red kite"}],
}


def verified(proxy):
    done = command("verify", "--store", proxy.store)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def painting(emulated, crossfade):
    """Starts a rollout of pictures from OpenRouter to a vendor that makes them by jobs."""

    def start(stages, *manners, vendor="replicate", total="2s", price="$0.039", **changes):
        url = emulated("--vendor", vendor, "--key", CANDIDATE_KEY, *manners)
        book = playbook(emulated("--vendor", "openrouter"), url, stages, **changes)
        book["baseline"]["vendor"] = "openrouter"
        models = {"google/gemini-2.5-flash-image": PAINTER, "google/veo": "google/veo-3"}
        prices = {PAINTER: {"per_image": price}}
        book["candidates"][0].update(vendor=vendor, models=models, prices=prices)
        book["traffic"]["timeouts"].update(first_byte=total, idle=total, total=total)
        return crossfade(book), url

    return start


@pytest.fixture
def files():
    """A host of files that is no vendor's."""
    host = Files()
    yield host
    host.stop()


def test_chats_move_to_anthropic_and_back(emulated, crossfade):
    """1% to 100% and back, while conversations with tools and signed thinking go on: none of them meets an error."""
    steps = {"canary": "1%", "canary-5": "5%", "ramp": "25%", "full": "100%"}
    stages = [canary(weight, "300ms", name=name, min_samples=2) for name, weight in steps.items()]
    stages[-1]["hold"] = "60s"
    claude = emulated("--vendor", "anthropic", "--key", CANDIDATE_KEY)
    book = playbook(emulated("--vendor", "openrouter"), claude, stages)
    book["baseline"]["vendor"] = "openrouter"
    book["candidates"][0].update(vendor="anthropic", models={"anthropic/*": "claude-opus-4-7"})
    book["traffic"]["sticky"] = "conversation"
    book["rollback_when"] = {"error_rate": {"above": "2%"}}
    proxy = crossfade(book)
    with Applications(proxy.url, conversation) as applications:
        reached = [proxy.wait_for_decision("start")]
        reached += [proxy.wait_for_decision("advance", 60, stage=name) for name in list(steps)[1:]]
        full = time.monotonic() + EFFECT
        moved = wait_until(lambda: len(found := applications.since(full)) > 60 and found, "traffic at 100%")
        back = proxy.steer("rollback", "--reason", "the end of the story")
        assert back.returncode == 0, back.stderr
        over = time.monotonic() + EFFECT
        returned = wait_until(lambda: len(found := applications.since(over)) > 60 and found, "traffic after the rollback")
    assert applications.failures == []
    assert [told.fallback for told in applications.told if told.fallback] == []
    assert {told.arm for told in moved if told.began < over} == {"challenger"}
    assert {told.arm for told in returned} == {"stable"}
    # Between two decisions the candidate has about what the stage gives it: conversations are its units.
    for first, last, share in zip(reached, reached[1:], (0.01, 0.05, 0.25)):
        units = {told.conversation: told.arm for told in applications.since(first["_read"]) if told.conversation < last["_read"]}
        taken = sum(arm == "challenger" for arm in units.values())
        assert abs(taken - share * len(units)) <= 2 + 4 * (share * len(units)) ** 0.5, (share, taken, len(units))
    decided = [(line["decision"], line["stage"]) for line in proxy.decisions() if line["decision"] != "hold"]
    assert decided == [("start", "canary"), *(("advance", name) for name in list(steps)[1:]), ("rollback", "full")]
    assert proxy.decisions()[-1]["weights_after"] == {"challenger": 0}
    arm = proxy.status()["arms"]["challenger"]
    assert arm["errors"] == 0 and set(arm["outcomes"]) <= {"ok", "client_gone"}
    verified(proxy)


def test_pictures_of_a_vendor_that_fails_and_hangs_are_taken_back(painting):
    """Three jobs in ten fail, one never ends: rolled back, and every client got a picture."""
    fates = ["--job-time", "50ms", "--job-fail-rate", "30%", "--job-stuck-rate", "10%"]
    proxy, vendor = painting([canary("50%")], *fates, total="1500ms")
    with Applications(proxy.url, picture, clients=6) as applications:
        decision = proxy.wait_for_decision("rollback", 30)
        over = time.monotonic() + EFFECT
        wait_until(lambda: len(applications.since(over)) > 20, "traffic after the rollback")
    assert applications.failures == []
    for told in applications.told:
        [made] = pictures(told.message)
        assert sides(made) == ((1024, 1024) if told.arm == "challenger" else (1, 1))
    assert decision["metric"] == "error_rate" and decision["weights_after"] == {"challenger": 0}
    assert {told.arm for told in applications.since(over)} == {"stable"}
    rescued = [told for told in applications.told if told.fallback]
    assert rescued and {told.arm for told in rescued} == {"stable"}
    ledger = wait_until(lambda: settled(jobs(vendor)), "every job is over or called off")
    assert ledger["files_fetched_with_key"] == 0 and ledger["files_fetched"] > 0
    assert {"fails"} <= {job["fate"] for job in ledger["jobs"]}
    verified(proxy)


def settled(ledger):
    over = {"succeeded", "failed", "cancelled"}
    return all(job["state"] in over for job in ledger["jobs"]) and ledger


def test_a_job_that_never_ends_is_called_off_and_the_picture_is_the_baselines(painting):
    proxy, vendor = painting([canary("100%")], "--job-stuck-rate", "100%", total="1s")
    for stream in (False, True):
        answer = ask(proxy.port, {**ASKED, "stream": stream})
        assert answer.status == 200 and answer.fallback == "timeout" and b"data:image/png;base64," in answer.body
    ledger = wait_until(lambda: settled(jobs(vendor)), "both are called off")
    assert [job["state"] for job in ledger["jobs"]] == ["cancelled", "cancelled"]
    assert [job["cancels"] for job in ledger["jobs"]] == [1, 1]


@pytest.mark.parametrize("manner", ["--jobs-at", "--files-at"])
def test_a_host_that_the_vendor_names_is_told_no_key(manner, painting, files):
    """Jobs are asked after at the arm's own host, whatever its documents say; files are fetched from where they are."""
    proxy, vendor = painting([canary("100%")], manner, files.url)
    for stream in (False, True):
        answer = ask(proxy.port, {**ASKED, "stream": stream})
        assert answer.status == 200 and answer.arm == "challenger" and not answer.fallback, answer.fallback
        if not stream:
            [made] = pictures(answer.json["choices"][0]["message"])
            assert sides(made) == ((64, 64) if manner == "--files-at" else (1024, 1024))
    assert len(files.asked) == (2 if manner == "--files-at" else 0)
    for path, fields in files.asked:
        assert set(fields) <= {"host", "user-agent", "accept", "accept-encoding"}
        assert CANDIDATE_KEY not in path + str(fields)
    told = jobs(vendor)
    assert told["created"] == 2 and told["strays_with_key"] == 0 and told["files_fetched_with_key"] == 0


@pytest.mark.parametrize("vendor", ["replicate", "fal", "wavespeed", "evolink"])
def test_a_video_outlives_the_process_that_promised_it(vendor, painting, crossfade):
    proxy, url = painting([canary("100%")], "--job-time", "1s", vendor=vendor)
    asked = {"model": "google/veo", "prompt": "Waves"}
    promise = ask(proxy.port, asked, "/api/v1/videos")
    assert promise.status == 202 and promise.arm == "challenger", promise.body
    assert promise.json["id"].startswith("cf.challenger.")
    proxy.kill()
    later = crossfade(proxy.playbook, store=proxy.store)
    path = f"/api/v1/videos/{promise.json['id']}"

    def completed():
        status, kind, body = get(later, path)
        assert status == 200 and json.loads(body)["status"] in ("pending", "in_progress", "completed"), body
        return json.loads(body)["status"] == "completed"

    wait_until(completed, "the video is made")
    status, kind, body = get(later, path + "/content")
    assert status == 200 and kind == "video/mp4" and body[4:8] == b"ftyp"
    told = jobs(url)
    assert told["created"] == 1 and told["files_fetched_with_key"] == 0


def get(proxy, path):
    request = urllib.request.Request(f"http://127.0.0.1:{proxy.port}{path}", None, {"authorization": f"Bearer {APPLICATION_KEY}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers["content-type"], answer.read()


def test_copies_of_pictures_are_whole_jobs(painting):
    """Number, kind and size are compared, never what is in them; each copy is paid for from the day's budget."""
    proxy, vendor = painting([shadow()], "--job-time", "20ms", shadow={"budget": "$0.20/day"})
    for _ in range(4):
        answer = ask(proxy.port, ASKED)
        assert answer.arm == "stable" and pictures(answer.json["choices"][0]["message"])
    ran = proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["requests"] == 4, "copies")
    copies = ran["arms"]["challenger"]["shadow"]
    assert copies["outcomes"] == {"ok": 4} and copies["cost"] == pytest.approx(4 * 0.039)
    told = jobs(vendor)
    assert told["created"] == told["files_fetched"] == 4 and told["files_fetched_with_key"] == 0
    found = wait_until(lambda: len(listed := json.loads(proxy.get("/diffs")[1])) == 4 and listed, "compared pairs")
    assert {pair["mismatch"] for pair in found} == {False}

    def spent():
        counts = proxy.status()["arms"]["challenger"]["shadow"]
        if counts["requests"] == jobs(vendor)["created"]:
            ask(proxy.port, ASKED)
        return proxy.events("budget_spent")

    wait_until(spent, "the budget is spent")
    assert jobs(vendor)["created"] <= 7


def test_a_copy_of_another_size_is_a_difference_that_is_named(painting, files):
    """The baseline's picture is one dot, that of the vendor's files 64 by 64."""
    proxy, _ = painting([shadow()], "--job-time", "20ms", "--files-at", files.url)
    ask(proxy.port, ASKED)
    [pair] = wait_until(lambda: json.loads(proxy.get("/diffs")[1]), "the compared pair")
    [found] = [each for each in pair["differences"] if each["kind"] == "media"]
    assert "1x1" in found["baseline"] and "64x64" in found["candidate"], found
    assert not [each for each in pair["differences"] if each["kind"] == "model"], "it names the model that made it"
    shown = command("diffs", "--store", proxy.store)
    assert shown.returncode == 0 and "64x64" in command("diffs", "--store", proxy.store, "--show", pair["id"]).stdout
