"""What the benchmarks compare with is the same stack."""

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[3] / "bench"


def test_the_stack_by_hand_makes_what_three_lines_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)
    import synth_cost

    ours, by_hand = synth_cost.template(synth_cost.three_lines), synth_cost.template(synth_cost.by_hand)
    assert synth_cost.unlike(ours, by_hand) == []
    by_hand["Resources"]["AgentAccessLogEB0F33E0"]["Properties"]["RetentionInDays"] = 7
    assert synth_cost.unlike(ours, by_hand) == ["AgentAccessLogEB0F33E0"]
    for name in ("synth_cost", "import_time", "by_hand"):
        sys.modules.pop(name)
