"""The table of systems, of which `Tests/vendors` makes the whole: here a row of each kind, held against what the README says."""

import pytest

from harness.columns import columns, line
from harness.program import ROOT
from harness.systems import SYSTEMS
from harness.table import Table

#: One for each form of errors, costs and answers that differs from the others'.
MEASURED = [
    "OpenRouter", "LiteLLM", "Portkey", "fal.ai, chats", "EvoLink, pictures", "Anthropic, messages",
    "Anthropic, chats translated", "Gemini", "xAI",
]


@pytest.mark.parametrize("name", MEASURED)
def test_a_row_holds_and_is_as_the_readme_has_it(name, emulated, crossfade):
    [system] = [system for system in SYSTEMS if system.name == name]
    row = Table(emulated, crossfade).measure(system)
    assert row.holds, columns(row)
    assert line(row) in (ROOT / "README.md").read_text().splitlines(), line(row)


def test_the_readme_has_all_of_them():
    shown = (ROOT / "README.md").read_text().splitlines()
    missing = [system.name for system in SYSTEMS if not any(text.startswith(f"| {system.name} | ") for text in shown)]
    assert not missing
