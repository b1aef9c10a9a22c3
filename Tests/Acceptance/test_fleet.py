"""Several processes that share a PostgreSQL are one rollout; requests wait for none of it."""

import json
import time

import pytest

from harness.application import Traffic, ask
from harness.playbook import canary, playbook
from harness.postgres import Postgres, binaries
from harness.program import command
from harness.waiting import wait_until

pytestmark = pytest.mark.skipif(binaries() is None, reason="no PostgreSQL is installed; Tests/run installs it")

STAGES = [canary("50%", "600s"), canary("60%", "600s", name="more")]


@pytest.fixture(scope="module")
def database():
    made = Postgres()
    yield made
    made.close()


@pytest.fixture
def fleet(pair, crossfade, database, request):
    """Starts replicas of one rollout, named after the test."""

    def start(count, stages=STAGES, **more):
        name = request.node.name.replace("_", "-")[:40]
        book = playbook(pair[0].url, pair[1].url, stages, name=name, **more)
        return [crossfade(book, store=database.url) for _ in range(count)]

    return start


def everywhere(replicas, seconds=10, **wanted):
    for replica in replicas:
        wait_until(
            lambda replica=replica: all(replica.status()[name] == value for name, value in wanted.items()),
            f"{wanted} everywhere",
            seconds,
        )


def test_a_command_given_to_one_holds_for_all(fleet):
    replicas = fleet(2)
    everywhere(replicas, state="running", weights={"challenger": 0.5})
    wait_until(lambda: len(replicas[0].status()["fleet"]["replicas"]) == 2, "each knows of the other")
    wait_until(
        lambda: sum(each["decides"] for each in replicas[0].status()["fleet"]["replicas"]) == 1, "one of them decides"
    )
    assert replicas[0].post("/pause", {"reason": "lunch", "actor": "ada"})[0] == 200
    everywhere(replicas, 3, state="paused")
    assert replicas[1].post("/resume", {"actor": "grace"})[0] == 200
    everywhere(replicas, 3, state="running")
    assert replicas[1].post("/promote", {"actor": "grace"})[0] == 200
    everywhere(replicas, 3, stage="more", weights={"challenger": 0.6})
    for replica in replicas:
        told = [each["decision"] for each in json.loads(replica.get("/decisions")[1])]
        assert told == ["start", "pause", "resume", "advance"]


def test_the_shared_journal_can_be_read(fleet, database):
    replica = fleet(1)[0]
    replica.wait_for_decision("start")
    done = command("decisions", "--json", CROSSFADE_STORE=database.url)
    assert done.returncode == 0, done.stderr
    assert replica.decisions()[0]["rollout"] in {json.loads(line)["rollout"] for line in done.stdout.splitlines()}


def test_a_rollback_by_one_reaches_the_other(fleet):
    replicas = fleet(2)
    everywhere(replicas, state="running", weights={"challenger": 0.5})
    assert replicas[1].post("/rollback", {"reason": "seen enough", "actor": "ada"})[0] == 200
    everywhere(replicas, 3, state="rolled_back", weights={"challenger": 0})
    for replica in replicas:
        assert {ask(replica.port).arm for _ in range(20)} == {"stable"}


def test_what_one_replica_sees_is_enough_to_take_a_dead_candidate_back_everywhere(fleet, pair):
    replicas = fleet(2)
    everywhere(replicas, state="running", weights={"challenger": 0.5})
    pair[1].behave(error_share=1)
    with Traffic(replicas[0].port, clients=2, pause=0.002):
        replicas[0].wait_for_decision("rollback", 15)
    everywhere(replicas, 3, state="rolled_back", weights={"challenger": 0})


def test_the_database_stopped_under_load(fleet, database):
    replicas = fleet(2)
    everywhere(replicas, state="running", weights={"challenger": 0.5})
    wait_until(lambda: not replicas[0].status()["fleet"]["stale"], "the store is heard of")
    with Traffic(replicas[0].port, clients=2, pause=0.005) as traffic:
        time.sleep(1)
        database.stop()
        try:
            wait_until(lambda: replicas[0].status()["fleet"]["stale"], "it says that it is stale", 4)
            assert replicas[0].post("/promote", {"actor": "ada"})[0] in (409, 503)
            assert replicas[0].post("/rollback", {"reason": "now", "actor": "ada"})[0] == 200
            everywhere(replicas[:1], 2, state="rolled_back", stage="canary")
        finally:
            database.start()
        everywhere(replicas, 20, state="rolled_back", weights={"challenger": 0}, stage="canary")
    assert traffic.errors() == []


def test_another_playbook_does_not_join(fleet):
    first = fleet(1)[0]
    everywhere([first], state="running", weights={"challenger": 0.5})
    stranger = fleet(1, stages=[canary("70%", "600s")])[0]
    wait_until(lambda: stranger.get("/readyz")[0] == 503, "it says that it is not ready")
    assert "another playbook" in stranger.get("/readyz")[1]
    assert {ask(stranger.port).arm for _ in range(20)} == {"stable"}
    assert first.status()["weights"] == {"challenger": 0.5}
