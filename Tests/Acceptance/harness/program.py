"""The program under test: its commands, and `crossfade run` as a process whose log is read as it is written."""

import json
import os
import resource
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

import jsonschema

from .waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("CROSSFADE") or str(ROOT / ".build/debug/crossfade")

#: Keys of the tests' gateways. Whoever finds one outside the requests has found a leak.
BASELINE_KEY = "sk-baseline-7c1f0e55aa"
CANDIDATE_KEY = "sk-candidate-93b2d4417e"
APPLICATION_KEY = "sk-application-51e8c02f9d"
SECRETS = (BASELINE_KEY, CANDIDATE_KEY, APPLICATION_KEY)
KEYS = {"TEST_BASELINE_KEY": BASELINE_KEY, "TEST_CANDIDATE_KEY": CANDIDATE_KEY}


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSFADE")}
    return {**kept, **KEYS, **more}


def command(*arguments, timeout=60, **variables):
    """Runs a command to its end; the result has `returncode`, `stdout`, `stderr`."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, env=environment(**variables)
    )


@cache
def schema(name):
    """A validator of what `crossfade schema` prints."""
    printed = command("schema", name)
    assert printed.returncode == 0, printed.stderr
    form = json.loads(printed.stdout)
    jsonschema.Draft202012Validator.check_schema(form)
    return jsonschema.Draft202012Validator(form)


class Crossfade:
    """`crossfade run`, on ports of the system's choosing."""

    #: `descriptors`: how many the process may have at most.
    def __init__(self, playbook, store, *arguments, variables=None, ready=True, descriptors=None, listen="127.0.0.1"):
        self.playbook = playbook
        self.store = Path(store)
        self.lines = []
        self.plain = []
        self._seen = threading.Condition()
        self.process = subprocess.Popen(
            [BINARY, "run", str(playbook), "--listen", f"{listen}:0", "--admin", "127.0.0.1:0", "--store", str(store)]
            + [str(argument) for argument in arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**(variables or {})),
            preexec_fn=descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if ready:
            self.port = self.wait_for("listening", service="proxy")["port"]
            self.admin_port = self.wait_for("listening", service="admin")["port"]

    def _read(self):
        for line in self.process.stderr:
            with self._seen:
                try:
                    self.lines.append({**json.loads(line), "_read": time.monotonic()})
                except ValueError:
                    self.plain.append(line)
                self._seen.notify_all()

    # Addresses.

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def admin(self):
        return f"http://127.0.0.1:{self.admin_port}"

    # The log.

    def events(self, event, **fields):
        with self._seen:
            lines = list(self.lines)
        wanted = {"event": event, **fields}
        return [line for line in lines if all(line.get(name) == value for name, value in wanted.items())]

    def decisions(self):
        return self.events("decision")

    def wait_for(self, event, seconds=20, **fields):
        """The first line of this event with these fields, as soon as it is there."""
        deadline = time.monotonic() + seconds
        with self._seen:
            while True:
                for line in self.lines:
                    if line.get("event") == event and all(line.get(name) == value for name, value in fields.items()):
                        return line
                left = deadline - time.monotonic()
                ended = self.process.poll() is not None and not self._reader.is_alive()
                if left <= 0 or ended:
                    state = f"ended with {self.process.returncode}" if ended else f"not within {seconds} s"
                    raise AssertionError(f"no {event} {fields}: {state}\n{self.text()}")
                self._seen.wait(min(left, 0.2))

    def wait_for_decision(self, decision, seconds=20, **fields):
        return self.wait_for("decision", seconds, decision=decision, **fields)

    def text(self):
        lines = [json.dumps({name: value for name, value in line.items() if name != "_read"}) for line in self.lines]
        return "\n".join([*self.plain, *lines])

    # The admin endpoints.

    def get(self, path, token=None):
        """Status and body, also where the status says no."""
        return self._request("GET", path, None, token)

    def post(self, path, body, token=None):
        return self._request("POST", path, json.dumps(body).encode(), token)

    def _request(self, method, path, body, token):
        headers = {"content-type": "application/json"} if body is not None else {}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.admin + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def status(self):
        code, body = self.get("/status")
        assert code == 200, body
        return json.loads(body)

    def wait_for_status(self, condition, what, seconds=15):
        return wait_until(lambda: (lambda status: condition(status) and status)(self.status()), what, seconds)

    def steer(self, name, *arguments):
        done = command(name, "--admin", self.admin, *arguments)
        return done

    # The end.

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=40):
        code = self.process.wait(seconds)
        self._reader.join(10)
        return code

    def close(self):
        """Ends it, however the test ended, and then judges its whole log."""
        if self.process.poll() is None:
            self.terminate()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("SIGTERM did not end it\n" + self.text()) from None
        else:
            self.wait()

    def judge_log(self):
        """Every line is as `crossfade schema log` says, and none holds a key."""
        for line in self.lines:
            line = {name: value for name, value in line.items() if name != "_read"}
            problem = next(schema("log").iter_errors(line), None)
            assert problem is None, f"{problem.message}\nin the log line {json.dumps(line)}"
        text = self.text()
        for secret in SECRETS:
            assert secret not in text, "a key stands in the log"
