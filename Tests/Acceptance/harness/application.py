"""The application's side: single requests, and traffic that goes on until the test has seen enough."""

import http.client
import json
import threading
import time
from dataclasses import dataclass

from .program import APPLICATION_KEY


@dataclass(frozen=True)
class Answer:
    """What the client got."""

    status: int
    headers: dict
    body: bytes
    #: Seconds from the request to the last byte.
    took: float
    at: float

    @property
    def arm(self):
        return self.headers.get("x-crossfade-arm")

    @property
    def fallback(self):
        return self.headers.get("x-crossfade-fallback")

    @property
    def json(self):
        return json.loads(self.body)


def chat(text="hello", model="test/model", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


def send(connection, body, path="/v1/chat/completions", headers=None):
    """One request on an open connection, to the last byte."""
    began = time.monotonic()
    connection.request(
        "POST",
        path,
        body if isinstance(body, bytes) else json.dumps(body).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {APPLICATION_KEY}", **(headers or {})},
    )
    answer = connection.getresponse()
    read = answer.read()
    ended = time.monotonic()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, fields, read, ended - began, ended)


def ask(port, body=None, path="/v1/chat/completions", headers=None, timeout=30):
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        return send(connection, body if body is not None else chat(), path, headers)
    finally:
        connection.close()


class Traffic:
    """So many clients, each asking again as soon as it has its answer, or at `pause` seconds between."""

    def __init__(self, port, clients=4, pause=0.0, body=None):
        self.answers = []
        self.failures = []
        self._body = body or chat
        self._pause = pause
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(port,), daemon=True) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def _ask(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not self._stopped.is_set():
            try:
                self.answers.append(send(connection, self._body()))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(error)
                connection.close()
                # A client that cannot connect does not try at the speed of the machine.
                self._stopped.wait(0.05)
            if self._pause:
                self._stopped.wait(self._pause)
        connection.close()

    def stop(self):
        self._stopped.set()
        for thread in self._threads:
            thread.join(35)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def errors(self):
        """Answers that an application would call an error, and requests without an answer."""
        return [answer for answer in self.answers if answer.status != 200] + list(self.failures)
