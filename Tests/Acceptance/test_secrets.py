"""Keys and prompts stay where they belong."""

import pytest

from harness.application import Traffic, ask, chat
from harness.playbook import canary, playbook, shadow, write
from harness.program import APPLICATION_KEY, BASELINE_KEY, CANDIDATE_KEY, SECRETS, command

PROMPT = "the-secret-ingredient-is-nutmeg"


#: What people put into prompts, and no store keeps.
PERSONAL = ("ada@example.com", "+44 20 7946 0958", "4111 1111 1111 1111", "sk-or-v1-0123456789abcdef0123456789abcdef")


def assert_silent(text, where, prompt=PROMPT):
    for secret in (*SECRETS, *PERSONAL, *([prompt] if prompt else [])):
        assert secret not in text, f"{secret} stands in {where}"


@pytest.mark.parametrize("samples", ["kept", "off"])
def test_no_secret_comes_out_anywhere(samples, pair, crossfade, tmp_path):
    """A prompt stands in the store's samples, unless they are off, and nowhere else; a key stands nowhere."""
    store = tmp_path / "store.db"
    more = {"samples": "off"} if samples == "off" else {}
    proxy = crossfade(
        playbook(pair[0].url, pair[1].url, [shadow("300ms"), canary("50%")], **more),
        "--log-level",
        "trace",
        "--log-exchanges",
        "100%",
        store=store,
    )
    with Traffic(proxy.port, clients=2, body=lambda: chat(f"{PROMPT} {' '.join(PERSONAL)}")) as traffic:
        proxy.wait_for_decision("advance", stage="canary")
        pair[1].behave(error_share=1)
        proxy.wait_for_decision("rollback")
        pair[0].stop()
        texts = {"an error's text": ask(proxy.port, chat(PROMPT)).body.decode()}
    assert traffic.answers
    for path in ("/status", "/metrics", "/decisions", "/readyz", "/healthz", "/diffs", "/"):
        texts[path] = proxy.get(path)[1]
    texts["crossfade status"] = command("status", "--admin", proxy.admin, "--json").stdout
    texts["crossfade decisions"] = command("decisions", "--store", store, "--json").stdout
    proxy.terminate()
    proxy.wait()
    texts["the log"] = proxy.text()
    for path in tmp_path.glob("store.db*"):
        texts[path.name] = path.read_bytes().decode("latin-1")
    assert "store.db" in texts
    is_kept = samples == "kept"
    for where, text in texts.items():
        assert_silent(text, where, prompt=None if is_kept and where.startswith("store.db") else PROMPT)
    assert is_kept == any(PROMPT in texts[where] for where in texts if where.startswith("store.db"))
    for path in tmp_path.glob("store.db*"):
        assert path.stat().st_mode & 0o077 == 0, f"others may read {path.name}"


def test_each_arm_gets_its_own_key_and_no_other(pair, rollout):
    proxy = rollout([shadow()])
    headers = {"x-api-key": APPLICATION_KEY, "cookie": "a=b"}
    assert ask(proxy.port, headers=headers).status == 200
    proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["requests"] == 1, "the copy")
    [live], [copy] = pair[0].chats(), pair[1].chats()
    assert live.headers["authorization"] == f"Bearer {BASELINE_KEY}"
    assert copy.headers["authorization"] == f"Bearer {CANDIDATE_KEY}"
    assert APPLICATION_KEY not in str(live.headers), "the baseline has a key of its own"
    assert APPLICATION_KEY not in str(copy.headers) and BASELINE_KEY not in str(copy.headers)
    assert "cookie" not in copy.headers and "x-api-key" not in copy.headers


def test_check_explains_without_telling_keys(pair, tmp_path):
    path = write(tmp_path / "p.yaml", playbook(pair[0].url, pair[1].url, [canary()]))
    for arguments in (["check", path], ["check", "--json", path]):
        done = command(*arguments)
        assert done.returncode == 0
        assert_silent(done.stdout + done.stderr, "what check says")


@pytest.mark.parametrize("url", ["http://user:{key}@127.0.0.1:1/v1", "http://127.0.0.1:1/v1?key={key}"])
def test_a_key_in_an_address_is_not_repeated(url, pair, tmp_path):
    book = playbook(pair[0].url, "${CANDIDATE_URL}", [canary()])
    path = write(tmp_path / "p.yaml", book)
    done = command("check", path, CANDIDATE_URL=url.format(key=CANDIDATE_KEY))
    assert_silent(done.stdout + done.stderr, "what check says")


def test_an_unset_key_is_named_and_refused_by_what_sends_requests(pair, tmp_path):
    book = playbook(pair[0].url, pair[1].url, [canary()])
    book["candidates"][0]["key"] = "${A_KEY_THAT_NOBODY_SET}"
    path = write(tmp_path / "p.yaml", book)
    looked = command("check", path)
    assert looked.returncode == 0 and "A_KEY_THAT_NOBODY_SET" in looked.stderr
    sent = command("run", path, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
    assert sent.returncode == 2 and "A_KEY_THAT_NOBODY_SET" in sent.stderr
