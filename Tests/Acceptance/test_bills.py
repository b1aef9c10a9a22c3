"""What OpenRouter bills is asked for afterwards, held against what its answers told, and seen wherever costs are."""

import http.client
import json
import re

import pytest
from harness.application import ask, chat
from harness.playbook import baseline, playbook, shadow, write
from harness.program import APPLICATION_KEY, command
from harness.waiting import wait_until

KEY = "vendor-key"


@pytest.fixture
def billed(emulated, pair, crossfade, tmp_path):
    """Starts a rollout from an emulated OpenRouter."""

    def start(*flags, store=None, **changes):
        vendor = emulated("--vendor", "openrouter", "--key", KEY, *flags)
        book = playbook(vendor, pair[1].url, [baseline()])
        book["baseline"].update(vendor="openrouter", key=KEY, **changes)
        book["baseline"] = {name: value for name, value in book["baseline"].items() if value is not None}
        path = tmp_path / "store.db"
        proxy = crossfade(book, store=path)
        return proxy, book, path

    return start


def bills(proxy):
    return proxy.status()["arms"]["stable"]["reconciliation"]


def abandon(port):
    """A stream whose client leaves when it has begun."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps(chat(stream=True))
    connection.request(
        "POST", "/v1/chat/completions", body, {"authorization": f"Bearer {APPLICATION_KEY}", "content-type": "application/json"}
    )
    answer = connection.getresponse()
    answer.read(1)
    connection.sock and connection.sock.close()
    answer.close()
    connection.close()


def metric(proxy, name, **labels):
    _, text = proxy.get("/metrics")
    inner = ",".join(f'{key}="{value}"' for key, value in labels.items())
    found = re.search(rf"^{name}{{{re.escape(inner)}}} (\S+)$", text, re.MULTILINE)
    return found and float(found.group(1))


def test_a_bill_that_is_higher_than_what_answers_told_is_seen_everywhere_and_after_a_restart(billed, crossfade):
    proxy, book, store = billed("--bill-drift", "5%", "--bill-after", "500ms")
    for number in range(3):
        assert ask(proxy.port, chat(f"question {number}")).status == 200
    wait_until(lambda: bills(proxy)["compared"] == 3, "three bills are there", 30)
    told = bills(proxy)
    assert told["state"] == "asking" and told["note"] is None
    assert told["drift"] == pytest.approx(0.05, abs=1e-6) and told["differing"] == 3
    assert told["billed"] == pytest.approx(told["streamed"] * 1.05)
    live = proxy.status()["arms"]["stable"]
    assert live["requests"] == 3 and live["errors"] == 0, "questions are nobody's requests"
    assert live["cost"] == pytest.approx(told["streamed"])
    assert metric(proxy, "crossfade_bill_drift", arm="stable") == pytest.approx(0.05, abs=1e-6)
    assert metric(proxy, "crossfade_billed_dollars_total", arm="stable") == pytest.approx(told["billed"])
    assert metric(proxy, "crossfade_bill_answers_total", arm="stable", result="billed") == 3
    screen = command("status", "--admin", proxy.admin).stdout
    assert "for 3 answers that told" in screen and "+5.0%" in screen
    assert KEY not in proxy.text()

    proxy.terminate()
    proxy.wait()
    again = crossfade(book, store=store)
    assert bills(again)["compared"] == 3 and bills(again)["drift"] == pytest.approx(0.05, abs=1e-6)
    again.terminate()
    again.wait()
    report = json.loads(command("report", "--store", store, "--format", "json").stdout)
    (bill,) = report["bills"]
    assert bill["arm"] == "stable" and bill["compared"] == 3 and bill["drift"] == pytest.approx(0.05, abs=1e-6)
    for form in ["md", "html"]:
        page = command("report", "--store", store, "--format", form).stdout
        assert "Billed" in page and "+5.0%" in page
    assert "billed,,stable,,drift,share,0.05" in command("report", "--store", store, "--format", "csv").stdout


def test_a_stream_that_its_client_left_has_a_bill_all_the_same(billed):
    proxy, _, _ = billed("--bill-after", "500ms", "--event-interval", "200ms")
    abandon(proxy.port)
    wait_until(lambda: bills(proxy)["found_answers"] == 1, "its bill is found", 30)
    assert bills(proxy)["found"] > 0 and bills(proxy)["billed"] is None
    assert proxy.status()["arms"]["stable"]["cost"] is None, "what is found is in no other figure"
    assert metric(proxy, "crossfade_billed_untold_dollars_total", arm="stable") == pytest.approx(bills(proxy)["found"])


@pytest.mark.parametrize(
    "flags, changes, state, word",
    [
        (["--bill-fault", "refused"], {}, "refused", "its key may not (403)"),
        ([], {"key": None}, "no_key", "no key of its own"),
        ([], {"reconcile": "0%"}, "off", "reconcile: 0%"),
    ],
)
def test_where_nothing_is_asked_status_says_why(emulated, pair, crossfade, flags, changes, state, word):
    vendor = emulated("--vendor", "openrouter", *flags)
    book = playbook(vendor, pair[1].url, [baseline()])
    book["baseline"].update({"vendor": "openrouter", "key": KEY, **changes})
    book["baseline"] = {name: value for name, value in book["baseline"].items() if value is not None}
    proxy = crossfade(book)
    for _ in range(2):
        assert ask(proxy.port).status == 200
    wait_until(lambda: bills(proxy)["state"] == state, "asking has ended", 30)
    assert word in bills(proxy)["note"] and bills(proxy)["answered"] == 0
    assert bills(proxy)["asked"] == (3 if state == "refused" else 0)
    assert word in command("status", "--admin", proxy.admin).stdout
    lines = [line for line in proxy.text().splitlines() if "what was billed" in line]
    assert len(lines) == (1 if state == "refused" else 0), "said once, and only where something has happened"


def test_a_record_that_is_not_there_is_asked_after_again(billed):
    proxy, _, _ = billed("--bill-fault", "missing")
    assert ask(proxy.port).status == 200
    wait_until(lambda: bills(proxy)["asked"] >= 2, "it is asked after again", 30)
    assert bills(proxy)["state"] == "asking" and bills(proxy)["waiting"] == 1
    assert bills(proxy)["answered"] == 0 and bills(proxy)["missing"] == 0
    assert ask(proxy.port).status == 200


def test_a_vendor_that_is_asked_too_often_is_left_in_peace_for_a_while(billed):
    proxy, _, _ = billed("--bill-fault", "limited", "--bill-after", "0ms")
    assert ask(proxy.port).status == 200
    wait_until(lambda: bills(proxy)["compared"] == 1, "the bill is there in the end", 30)
    assert bills(proxy)["asked"] == 2 and bills(proxy)["drift"] == pytest.approx(0)


def test_a_vendor_that_says_nothing_of_its_bills_holds_up_nobody(billed):
    proxy, _, _ = billed("--bill-fault", "silent")
    assert ask(proxy.port).status == 200
    wait_until(lambda: bills(proxy)["asked"] == 1, "a question is under way", 30)
    for number in range(50):
        answer = ask(proxy.port, chat(f"question {number}"), timeout=5)
        assert answer.status == 200 and answer.took < 2
    wait_until(lambda: bills(proxy)["waiting"] == 51, "all answers wait")
    assert bills(proxy)["asked"] == 1
    live = proxy.status()["arms"]["stable"]
    assert live["requests"] == 51 and live["errors"] == 0
    proxy.terminate()
    assert proxy.wait(10) == 0, "nor the end"


def test_copies_are_asked_after_too_and_a_change_of_the_playbook_keeps_what_waits(emulated, crossfade, tmp_path):
    vendor = emulated("--vendor", "openrouter", "--bill-drift", "10%")
    book = playbook(emulated("--vendor", "litellm"), vendor, [shadow()])
    book["candidates"][0].update(vendor="openrouter", key=KEY, overhead="50%")
    path = write(tmp_path / "playbook.yaml", book)
    proxy = crossfade(path)
    for number in range(2):
        assert ask(proxy.port, chat(f"question {number}")).status == 200
    proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["requests"] == 2, "both copies are over")
    book["candidates"][0]["effort_days"] = 2
    write(path, book)
    changed = command("apply", path, "--admin", proxy.admin, "--yes")
    assert changed.returncode == 0, changed.stderr

    def billed():
        return proxy.status()["arms"]["challenger"]["reconciliation"]

    wait_until(lambda: billed()["compared"] == 2, "both bills are there", 30)
    assert billed()["drift"] == pytest.approx(0.1), "the overhead is on both"
    assert billed()["streamed"] == pytest.approx(proxy.status()["arms"]["challenger"]["shadow"]["cost"])
    assert "reconciliation" not in proxy.status()["arms"]["stable"]
