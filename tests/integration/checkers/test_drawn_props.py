"""Whatever is asked for, the answer is a template that cfn-lint accepts or a sentence with a code; never the kernel's.

`DRAWN_PLANS` says how many plans are drawn; `make nightly` draws 10,000, other ones each time.
"""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from streaming_agent_construct import StreamingAgentError
from tests.integration.kept import Kept

from .linters import cfn_lint
from .prop_strategies import PLANS, Asked, Plan

NUMBER = int(os.environ.get("DRAWN_PLANS", "300"))


@dataclass
class Outcomes:
    """What became of all plans."""

    folder: Path
    refusals: list[StreamingAgentError] = field(default_factory=list)
    templates: dict[Path, Plan] = field(default_factory=dict)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    (folder / "main.py").write_text("print('an agent')\n", encoding="utf-8")
    found = Outcomes(tmp_path_factory.mktemp("templates"))
    _draw(lambda plan: _ask(plan, folder, found))
    return found


@pytest.mark.timeout(0)
def test_every_plan_is_synthesised_or_refused_with_a_code(outcomes: Outcomes) -> None:
    """Any other error of a plan has failed the drawing, and names the smallest plan that it found."""
    assert len(outcomes.templates) + len(outcomes.refusals) >= NUMBER
    assert len(outcomes.templates) > NUMBER / 5
    assert len({refusal.code for refusal in outcomes.refusals}) > 15
    for refusal in outcomes.refusals:
        assert re.fullmatch(rf"[^\n]+ \({refusal.code}\)", str(refusal))


@pytest.mark.timeout(0)
def test_cfn_lint_accepts_every_template(outcomes: Outcomes, kept: Kept) -> None:
    found = {path: said for path, said in cfn_lint(list(outcomes.templates), kept).items() if said}
    assert found == {}, [outcomes.templates[path] for path in found]


def _ask(plan: Plan, folder: Path, found: Outcomes) -> None:
    number = len(found.templates)
    outdir = found.folder / f"cdk.out{number}"
    asked = Asked(folder, outdir, plan["known"])
    try:
        asked.api(plan)
        asked.app.synth()
    except StreamingAgentError as refusal:
        found.refusals.append(refusal)
    else:
        (written,) = outdir.glob("*.template.json")
        kept = found.folder / f"{number}.json"
        written.rename(kept)
        found.templates[kept] = plan
    finally:
        shutil.rmtree(outdir)


def _draw(ask: Callable[[Plan], None]) -> None:
    phases = [Phase.generate, Phase.shrink]
    nightly = "DRAWN_PLANS" in os.environ

    @settings(
        max_examples=NUMBER,
        deadline=None,
        database=None,
        derandomize=not nightly,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(plan=PLANS)
    def draw(plan: Plan) -> None:
        ask(plan)

    draw()
