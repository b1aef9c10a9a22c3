"""The command line: exit codes, messages, help."""

import json
import re
import socket
import subprocess

import pytest

from harness.playbook import baseline, canary, playbook, shadow, write
from harness.program import BINARY, command, environment


def subcommands():
    listed = command("--help").stdout.split("SUBCOMMANDS:")[1]
    return re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE)


@pytest.mark.parametrize("name", subcommands())
def test_every_command_has_help(name):
    for arguments in (["help", name], [name, "--help"]):
        done = command(*arguments)
        assert done.returncode == 0 and done.stdout.startswith("OVERVIEW: ")
        assert f"USAGE: crossfade {name}" in done.stdout
        # Every option is explained, beside its name or below it.
        for option in re.findall(r"^  (-[^\n]+(?:\n {10,}[^\n]+)*)", done.stdout, re.MULTILINE):
            words = re.sub(r"--?[a-z-]+,?|<[^>]+>|\s", "", option)
            assert len(words) > 5, f"{name} {option} is not explained"


def test_all_commands_are_there():
    expected = {
        "run",
        "check",
        "status",
        "pause",
        "resume",
        "promote",
        "rollback",
        "rearm",
        "decisions",
        "schema",
        "simulate",
        "verify",
        "demo",
        "emulate",
        "diffs",
        "report",
        "probe",
        "replay",
    }
    assert expected <= set(subcommands()), expected - set(subcommands())


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["nonsense"],
        ["run", "p.yaml", "--listen", "nowhere"],
        ["run", "p.yaml", "--log-format", "xml"],
        ["check"],
        ["schema", "nonsense"],
        ["run", "p.yaml", "--threads", "0"],
        ["status", "--nonsense"],
        ["run", "there-is-no-such-playbook.yaml"],
        ["check", "there-is-no-such-playbook.yaml"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(arguments):
    done = command(*arguments)
    assert done.returncode == 2, f"{done.returncode}: {done.stderr}"
    assert done.stderr and not done.stdout


def free_port():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("name", ["status", "rollback"])
def test_nobody_at_the_admin_address_is_1_at_once(name):
    done = command(name, "--admin", f"http://127.0.0.1:{free_port()}", timeout=5)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no crossfade answers at") and len(done.stderr.splitlines()) == 1


def test_check_tells_all_problems_at_once_each_with_its_place(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(
        "crossfade: 1\n"
        "name: broken\n"
        "baseline: { name: a, vendor: openruoter }\n"
        "candidates:\n"
        '  - { name: a, vendor: litellm, url: ftp://x, models: { "*": "*" } }\n'
        "confidense: 99%\n"
        "rollback_when: { error_rate: { above: 2 } }\n"
        "stages:\n"
        "  - { name: one, weight: 50%, hold: 1h }\n"
        "  - { name: two, weight: 5%, hold: soon }\n"
    )
    done = command("check", path)
    assert done.returncode == 2 and not done.stdout
    problems = done.stderr.splitlines()
    for line in problems:
        assert re.match(rf"{re.escape(str(path))}:\d+:\d+: (error|warning): ", line), line
    found = {int(line.split(":")[1]) for line in problems}
    assert {3, 5, 6, 7, 10} <= found, done.stderr
    assert "'openrouter'" in done.stderr and "'confidence'" in done.stderr, "the nearest word is not named"
    # Sorted, as an editor would show them.
    places = [tuple(map(int, line.split(":")[1:3])) for line in problems]
    assert places == sorted(places)

    done = command("check", "--json", path)
    report = json.loads(done.stdout)
    assert done.returncode == 2 and report["valid"] is False
    assert len(report["problems"]) == len(problems)


def test_check_of_several_playbooks(pair, tmp_path):
    good = write(tmp_path / "good.yaml", playbook(pair[0].url, pair[1].url, [baseline(), canary()]))
    bad = write(tmp_path / "bad.yaml", {"crossfade": 1})
    done = command("check", good, bad)
    assert done.returncode == 2 and "good.yaml: valid" in done.stdout and "bad.yaml" in done.stderr
    done = command("check", "--json", good, bad)
    assert [report["valid"] for report in json.loads(done.stdout)] == [True, False]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a: [", b"- 1\n", b"crossfade: 1\n" * 3, b"\t\n"])
def test_check_of_what_is_no_playbook(content, tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    done = command("check", path)
    assert done.returncode == 2 and str(path) in done.stderr


def test_status_as_json_and_as_text(rollout):
    proxy = rollout([canary("50%")])
    done = command("status", "--admin", proxy.admin, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["weights"] == {"challenger": 0.5}
    done = command("status", "--admin", proxy.admin)
    assert done.returncode == 0
    for word in ("acceptance", "canary", "challenger", "stable", "50%"):
        assert word in done.stdout
    assert "\x1b" not in done.stdout, "colours in a pipe"


def test_decisions_follow(pair, rollout):
    proxy = rollout([shadow("300ms"), canary("50%")])
    following = subprocess.Popen(
        [BINARY, "decisions", "--store", str(proxy.store), "--json", "--follow"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        first = json.loads(following.stdout.readline())
        assert first["decision"] == "start" and first["seq"] == 1
        assert proxy.steer("rollback", "--reason", "a person's").returncode == 0
        lines = []
        while not lines or lines[-1]["decision"] != "rollback":
            lines.append(json.loads(following.stdout.readline()))
        assert lines[-1]["reason"] == "a person's"
    finally:
        following.terminate()
        following.wait(10)


def test_text_for_people(rollout):
    proxy = rollout([canary("50%")])
    done = command("decisions", "--store", proxy.store)
    assert done.returncode == 0 and "start" in done.stdout and "started acceptance in stage canary" in done.stdout


def test_the_admin_endpoints_want_a_token_beyond_loopback(pair, crossfade, tmp_path):
    path = write(tmp_path / "p.yaml", playbook(pair[0].url, pair[1].url, [canary()]))
    done = command("run", path, "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0", "--store", tmp_path / "s.db")
    assert done.returncode == 2 and "token" in done.stderr


def test_the_admin_token(pair, crossfade):
    token = "a-token-of-some-length-0123456789"
    book = playbook(pair[0].url, pair[1].url, [canary()])
    proxy = crossfade(book, variables={"CROSSFADE_ADMIN_TOKEN": token})
    for path in ("/status", "/metrics", "/decisions", "/nothing"):
        assert proxy.get(path)[0] == 401, path
        assert proxy.get(path, token="wrong")[0] == 401, path
    assert proxy.post("/rollback", {}, token="wrong")[0] == 401
    assert proxy.get("/healthz")[0] == 200, "a probe needs no token"
    assert proxy.get("/status", token=token)[0] == 200
    assert command("status", "--admin", proxy.admin).returncode == 1
    assert command("status", "--admin", proxy.admin, "--json", CROSSFADE_ADMIN_TOKEN=token).returncode == 0
    assert command("pause", "--admin", proxy.admin, "--admin-token", token).returncode == 0
    assert token not in proxy.text()


def test_a_port_that_is_taken_is_1(pair, tmp_path):
    path = write(tmp_path / "p.yaml", playbook(pair[0].url, pair[1].url, [canary()]))
    done = command(
        "run", path, "--listen", f"127.0.0.1:{pair[0].port}", "--admin", "127.0.0.1:0", "--store", tmp_path / "s.db"
    )
    assert done.returncode == 1 and str(pair[0].port) in done.stderr
    done = command(
        "run", path, "--listen", "127.0.0.1:0", "--admin", f"127.0.0.1:{pair[0].port}", "--store", tmp_path / "s.db"
    )
    assert done.returncode == 1 and str(pair[0].port) in done.stderr
