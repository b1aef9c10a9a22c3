"""What changed? Two emulated gateways, 2,000 shadowed exchanges, and each way in which the candidate may differ."""

import json
import re

import pytest

from harness.playbook import playbook, shadow
from harness.program import command
from harness.questions import ask_all, mixed, structured, tool, words
from harness.waiting import wait_until

EXCHANGES = 2000
BATCH = 200
#: As a model at this temperature would.
VARIED = ("--vendor", "openai", "--variety", "0.7", "--words", "40")


@pytest.fixture
def compare(emulated, crossfade):
    """Shadows the bodies between two gateways that are alike but for `mistakes`, and says what the program found."""

    def run(bodies, *mistakes, noise="100%", similarity=0.5, pauses=False):
        stable = emulated(*VARIED, "--seed", "1")
        challenger = emulated(*VARIED, "--seed", "2", *mistakes)
        book = playbook(
            stable,
            challenger,
            [shadow("10m")],
            shadow={"noise": noise, "max_in_flight": 512},
            compare={"text": {"similarity": similarity}, "per_second": 10000},
            rollback_when={"error_rate": {"above": "2%"}},
            pause_when={"mismatch_rate": {"above": "1%"}},
        )
        proxy = crossfade(book)
        # In batches, because what is not compared in time is dropped: here every pair is to be counted.
        for start in range(0, len(bodies), BATCH):
            answers = ask_all(proxy.port, bodies[start : start + BATCH])
            assert {answer.status for answer in answers} == {200}
            assert {answer.arm for answer in answers} == {"stable"}
            asked = start + len(answers)
            wait_until(lambda: compared(proxy) >= asked, lambda: f"{compared(proxy)} of {asked} pairs", 60)
        if pauses:
            # Pairs are weighed in the order of their exchanges, some seconds after they began.
            proxy.wait_for_decision("pause")
        return Found(proxy)

    return run


def compared(proxy):
    """Pairs, and exchanges that were not compared."""
    code, body = proxy.get("/metrics")
    assert code == 200, body
    names = ("crossfade_pairs_compared_total", "crossfade_comparisons_dropped_total")
    return sum(int(re.search(rf"^{name} (\d+)$", body, re.MULTILINE).group(1)) for name in names)


class Found:
    """What the log, the endpoints, `diffs` and `report` say of one run, once everything in it is counted."""

    def __init__(self, proxy):
        self.status = proxy.status()
        code, body = proxy.get("/diffs")
        assert code == 200, body
        self.served = listed(json.loads(body))
        proxy.terminate()
        assert proxy.wait() == 0
        self.decisions = proxy.decisions()
        done = command("diffs", "--json", "--store", proxy.store)
        assert done.returncode == 0, done.stderr
        self.diffs = listed(lines(done.stdout))
        done = command("report", "--format", "json", "--store", proxy.store)
        assert done.returncode == 0, done.stderr
        self.report = json.loads(done.stdout)
        [self.answers] = [each for each in self.report["comparisons"] if each["candidate"] == "challenger"]
        self.text = proxy.text()

    def kind(self, name):
        """Pairs with this kind of difference, how many of them it breaks, and how many of the baseline's own."""
        found = [each for each in self.answers["kinds"] if each["kind"] == name]
        return (found[0]["pairs"], found[0]["breaking"], found[0]["noise"]) if found else (0, 0, 0)

    def pauses(self):
        return [line for line in self.decisions if line["decision"] == "pause"]

    def guard(self):
        [guard] = [each for each in self.status["guards"] if each["metric"] == "mismatch_rate"]
        return guard


def lines(text):
    """JSON, or JSON lines."""
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


def listed(found):
    return found if isinstance(found, list) else found.get("diffs") or found.get("samples") or []


def kinds(sample):
    comparison = sample.get("comparison", sample)
    return [difference["kind"] for difference in comparison["differences"]]


def within(count, expected, deviations):
    return abs(count - expected) <= deviations


def test_an_equal_candidate_at_temperature_is_not_held_to_have_changed(compare):
    found = compare(mixed(EXCHANGES), noise="50%", similarity=0.6)
    assert found.answers["pairs"] + found.answers["incomparable"] >= EXCHANGES * 0.95
    assert found.answers["noise_pairs"] > EXCHANGES * 0.4
    assert found.pauses() == [] and found.guard()["state"] != "breached", found.guard()
    assert found.status["state"] == "running"
    # They are worded differently, and the baseline differs from itself just as often.
    assert found.answers["median_similarity"] < 0.98
    assert found.answers["mismatch_rate"] == pytest.approx(found.answers["noise_rate"], abs=0.04)
    assert found.answers["tool_call_validity"] == 1
    for kind in ("tool_arguments", "json_invalid", "json_schema", "json_shape", "language", "usage_missing"):
        assert found.kind(kind) == (0, 0, 0), kind


@pytest.mark.parametrize(
    "mistake, body, kind, share",
    [
        ("drop-tool-arguments", tool, ("tool_arguments", "tool_arguments_invalid"), 0.05),
        ("other-language", words, ("language",), 0.05),
        ("break-json", structured, ("json_invalid",), 0.03),
        ("break-schema", structured, ("json_schema", "json_shape"), 0.03),
    ],
)
def test_each_mistake_is_found_named_and_counted(mistake, body, kind, share, compare):
    bodies = [body(number, stream=number % 2 == 1) for number in range(EXCHANGES)]
    found = compare(bodies, "--mistake", f"{mistake}:{share:.0%}", pauses=True)
    pairs = found.answers["pairs"]
    assert pairs >= EXCHANGES * 0.95
    named = max((found.kind(name) for name in kind), key=lambda counts: counts[1])
    # Binomial: four standard deviations.
    expected = pairs * share
    assert within(named[1], expected, 4 * (expected * (1 - share)) ** 0.5), found.answers["kinds"]
    assert named[2] == 0, "the baseline does not do it"

    # The guard sees it in fewer pairs than there are, and the log says so.
    [pause] = found.pauses()
    assert pause["metric"] == "mismatch_rate" and pause["candidate"] == "challenger"
    taken = pause["evidence"]["candidate"]["n"]
    assert 0 < taken < pairs, f"it took {taken} of {pairs} pairs"
    print(f"{mistake} {share:.0%}: paused after {taken} pairs, {named[1]} of {pairs} in all")

    # Such pairs come first among those that were kept, in the store and at the endpoint.
    for source in (found.diffs, found.served):
        assert set(kind) & set(kinds(source[0])), kinds(source[0])
        assert len([each for each in source if set(kind) & set(kinds(each))]) >= min(20, named[1] // 2)
    assert "sk-" not in json.dumps(found.diffs)


def test_missing_usage_is_found_and_breaks_nothing(compare):
    found = compare(mixed(600), "--mistake", "no-usage:100%")
    pairs = found.answers["pairs"]
    assert found.kind("usage_missing")[0] == pairs, found.answers["kinds"]
    assert found.kind("usage_missing")[1:] == (0, 0)
    assert found.pauses() == []


def test_one_pair_is_shown_side_by_side(compare):
    found = compare([tool(number) for number in range(200)], "--mistake", "drop-tool-arguments:20%")
    assert found.diffs
    first = found.diffs[0]
    assert set(kinds(first)) & {"tool_arguments", "tool_arguments_invalid"}


def test_the_report_in_every_format(compare, tmp_path):
    found = compare(mixed(300), "--mistake", "drop-tool-call:10%")
    [row] = [row for row in found.report["worksheet"] if row["id"] == "cost_per_outcome"]
    assert {cell["arm"] for cell in row["cells"]} == {"stable", "challenger"}
    assert len(found.report["cost_stack"]) == 5
