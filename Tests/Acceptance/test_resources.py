"""What the process shares and can run out of: descriptors, places at its ports, the names it listens on."""

import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from harness.application import ask, chat
from harness.playbook import baseline, canary, playbook

LIMIT = 200


def crowd(stack, port, count):
    """Connections that never ask for anything; the kernel takes in those that the program does not."""
    held = []
    for _ in range(count):
        try:
            held.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=2)))
        except OSError:
            break
    return held


def cpu(proxy):
    fields = open(f"/proc/{proxy.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_more_clients_than_descriptors_wait_and_are_answered_and_no_arm_is_blamed(gateway, crossfade):
    stable, challenger = gateway(seed=1, latency=0.05), gateway(seed=2, latency=0.05)
    proxy = crossfade(playbook(stable.url, challenger.url, [canary("50%")]), descriptors=LIMIT)
    fitted = proxy.wait_for("limits_fitted")
    assert fitted["descriptors"] == LIMIT and fitted["clients"] < fitted["clients_asked"]
    with ThreadPoolExecutor(150) as clients:
        answers = list(clients.map(lambda n: ask(proxy.port, chat(f"question {n}")), range(300)))
    assert [answer.body for answer in answers if answer.status != 200] == []
    assert {answer.fallback for answer in answers} == {None}
    assert proxy.status()["arms"]["challenger"]["errors"] == 0


def test_idle_connections_beyond_the_descriptors_spin_nothing_and_make_room(pair, crossfade):
    stable, challenger = pair
    proxy = crossfade(playbook(stable.url, challenger.url, [canary("50%")]), descriptors=LIMIT)
    with ExitStack() as stack:
        assert len(crowd(stack, proxy.port, LIMIT + 100)) > LIMIT
        limit = proxy.wait_for("limit_reached", limit="client_connections")
        assert limit["allowed"] < LIMIT
        before = cpu(proxy)
        # Those that have said nothing for a while leave, and the request behind them in the queue is answered.
        assert ask(proxy.port, chat("after the crowd")).status == 200
        assert cpu(proxy) - before < 5
        assert proxy.get("/healthz")[0] == 200
        assert proxy.steer("rollback", "--reason", "in a crowd").returncode == 0
    assert ask(proxy.port, chat("alone again")).status == 200


def test_the_soft_limit_is_raised_at_the_start(pair, crossfade):
    stable, challenger = pair
    proxy = crossfade(playbook(stable.url, challenger.url, [baseline()]))
    soft, hard = resource.prlimit(proxy.process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard


def test_unfinished_admin_connections_lock_out_neither_probes_nor_commands(pair, crossfade):
    stable, challenger = pair
    proxy = crossfade(playbook(stable.url, challenger.url, [canary("50%")]))
    with ExitStack() as stack:
        for number, held in enumerate(crowd(stack, proxy.admin_port, 300)):
            if number % 2:
                held.sendall(b"GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        began = time.monotonic()
        assert proxy.get("/healthz")[0] == 200
        assert proxy.steer("rollback", "--reason", "in a crowd").returncode == 0
        assert time.monotonic() - began < 5


def test_localhost_is_served_in_both_families(pair, crossfade):
    stable, challenger = pair
    proxy = crossfade(playbook(stable.url, challenger.url, [baseline()]), listen="localhost")
    assert ask(proxy.port, chat("by the old family")).status == 200
    if socket.has_ipv6:
        try:
            held = socket.create_connection(("::1", proxy.port), timeout=2)
        except OSError as error:
            assert "assign" in str(error) or "not supported" in str(error), error
        else:
            held.sendall(b"GET /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert held.recv(100).startswith(b"HTTP/1.1 ")
            held.close()
