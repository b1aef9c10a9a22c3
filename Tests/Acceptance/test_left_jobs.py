"""A job at a vendor of pictures that a crash leaves behind is called off by whoever starts next."""

import json
import re
import threading
import urllib.request

from harness.application import ask
from harness.playbook import canary, playbook
from harness.waiting import wait_until

PICTURE = {"model": "test/model", "modalities": ["image", "text"], "messages": [{"role": "user", "content": "A kite"}]}


def test_a_job_that_a_crash_leaves_behind_is_called_off(emulated, pair, crossfade, tmp_path):
    vendor = re.match(r"https?://[^/]+", emulated("--vendor", "replicate", "--job-stuck-rate", "100%")).group()

    def jobs():
        with urllib.request.urlopen(f"{vendor}/emulated/jobs", timeout=10) as answer:
            return json.load(answer)

    book = playbook(pair[0].url, vendor, [canary("100%")])
    book["candidates"][0].update(vendor="replicate", key="candidate-key", models={"*": "google/nano-banana"})
    store = tmp_path / "store.db"
    proxy = crossfade(book, store=store)
    asking = threading.Thread(target=lambda: swallow(proxy.port), daemon=True)
    asking.start()
    wait_until(lambda: jobs()["polled"] > 0, "the job is asked after", 20)
    assert jobs()["cancelled"] == 0
    proxy.kill()
    again = crossfade(book, store=store)
    wait_until(lambda: jobs()["cancelled"] == 1, "the job is called off", 20)
    line = again.wait_for("notice")
    assert "earlier process" in line["message"] and "called off" in line["message"]
    assert "candidate-key" not in again.text()


def swallow(port):
    try:
        ask(port, PICTURE)
    except OSError:
        pass
