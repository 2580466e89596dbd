"""What the run says of itself is what its documentation says."""

import pytest
from streaming_agent.cli import main
from streaming_agent.local.fidelity import BEHAVIOURS


def test_the_report_names_every_behaviour_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["local", "--report"]) == 0

    printed = capsys.readouterr().out
    assert all(one.text in printed for one in BEHAVIOURS)
