"""What a candidate may cost in a day: spent, the baseline answers, and the log says so."""

import pytest

from harness.application import ask, chat
from harness.playbook import canary, playbook, shadow
from harness.questions import ask_all
from harness.waiting import wait_until


def start(pair, crossfade, stages, budgets, **more):
    return crossfade(playbook(pair[0].url, pair[1].url, stages, budgets=budgets, **more))


def test_a_spent_arm_is_answered_by_the_baseline(pair, crossfade):
    proxy = start(pair, crossfade, [canary("100%")], [{"arm": "challenger", "per_day": "$0.02"}])
    for _ in range(10):
        assert ask(proxy.port).arm == "challenger"

    def spent():
        ask(proxy.port)
        return proxy.events("budget_spent")

    [line] = wait_until(spent, "the budget is spent")
    assert line["candidate"] == "challenger" and line["budget"] == 0.02
    assert line["spent"] == pytest.approx(0.02, abs=0.005) and line["spent"] >= 0.02
    assert "tag" not in line and line["level"] == "warning"
    seen = len(pair[1].chats())
    # What is decided takes effect within 100 ms.
    assert seen <= 40
    answers = ask_all(proxy.port, [chat(str(number)) for number in range(100)])
    assert {answer.arm for answer in answers} == {"stable"} and {answer.status for answer in answers} == {200}
    assert len(pair[1].chats()) == seen
    assert proxy.status()["state"] == "running", "money spent is no fault of the candidate"
    assert len(proxy.events("budget_spent")) == 1, "said once"


def test_a_budget_for_a_tag_leaves_the_others_alone(pair, crossfade):
    proxy = start(
        pair,
        crossfade,
        [canary("100%")],
        [{"arm": "challenger", "tag": "team=search", "per_day": "$0.01"}],
        tags={"team": "header.x-team"},
    )

    def ask_as(team):
        return ask(proxy.port, headers={"x-team": team} if team else None)

    def spent():
        ask_as("search")
        return proxy.events("budget_spent")

    [line] = wait_until(spent, "the team's budget is spent")
    assert line["candidate"] == "challenger" and line["tag"] == "team=search" and line["budget"] == 0.01
    wait_until(lambda: ask_as("search").arm == "stable", "the team is answered by the baseline")
    for _ in range(20):
        assert ask_as("search").arm == "stable"
        assert ask_as("support").arm == "challenger"
        assert ask_as(None).arm == "challenger"


def test_nothing_is_copied_once_it_is_spent(pair, crossfade):
    proxy = start(pair, crossfade, [shadow("10m")], [{"arm": "challenger", "per_day": "$0.02"}])

    def spent():
        ask(proxy.port)
        return proxy.events("budget_spent")

    wait_until(spent, "the budget is spent")
    wait_until(lambda: idle(proxy, pair[1]), "no more copies")
    copied = len(pair[1].chats())
    ask(proxy.port)
    proxy.wait_for_status(lambda status: status["arms"]["challenger"]["shadow"]["dropped"] > 0, "a dropped copy")
    assert len(pair[1].chats()) == copied


def idle(proxy, gateway):
    seen = len(gateway.chats())
    ask_all(proxy.port, [chat(str(number)) for number in range(50)])
    return len(gateway.chats()) == seen


def test_what_was_spent_is_known_after_a_restart(pair, crossfade, tmp_path):
    store = tmp_path / "store.db"
    book = playbook(
        pair[0].url, pair[1].url, [canary("100%")], budgets=[{"arm": "challenger", "per_day": "$0.02"}]
    )
    first = crossfade(book, store=store)

    def spent():
        ask(first.port)
        return first.events("budget_spent")

    wait_until(spent, "the budget is spent")
    first.terminate()
    assert first.wait() == 0
    again = crossfade(book, store=store)
    answers = [ask(again.port) for _ in range(10)]
    assert {answer.arm for answer in answers} == {"stable"}, "a restart is no new day"
