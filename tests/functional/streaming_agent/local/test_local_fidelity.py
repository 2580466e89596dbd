"""What the run says of itself is what its documentation says."""

import re
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.local.fidelity import BEHAVIOURS, table

PAGE = Path(__file__).parents[4] / "docs" / "local.md"


def test_the_page_has_the_same_table() -> None:
    documented = re.search(r"<!-- table -->\n(.*)\n<!-- /table -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert documented is not None
    assert documented[1] == table()


def test_the_report_names_every_behaviour_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["local", "--report"]) == 0

    printed = capsys.readouterr().out
    assert all(one.text in printed for one in BEHAVIOURS)
