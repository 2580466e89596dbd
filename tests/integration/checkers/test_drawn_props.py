"""Whatever is asked for, the answer is a template that checkers accept or a sentence with a code; never the kernel's.

`DRAWN_PLANS` says how many plans are drawn; `make nightly` draws 10,000, other ones each time. Without it they are
always the same, what became of them is kept for as long as the constructs are, and cfn-lint reads a third of them.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aws_cdk import Validations
from hypothesis import HealthCheck, Phase, given, settings

from streaming_agent_construct import StreamingAgentError
from tests.integration.looking_on import REPORT, VALIDATOR, findings_in_the_report, validator, violations
from tests.kept import ROOT, Kept

from .linters import cfn_lint
from .prop_strategies import PLANS, Asked, Plan

NIGHTLY = "DRAWN_PLANS" in os.environ
OUTCOMES = "outcomes.json"
NUMBER = int(os.environ.get("DRAWN_PLANS", "300"))


@dataclass
class Outcomes:
    """What became of all plans."""

    folder: Path
    refusals: list[tuple[str, str]] = field(default_factory=list)
    """The code and the sentence of each plan that was refused."""
    templates: dict[str, str] = field(default_factory=dict)
    """The plan of each template, by its file's name in the folder."""
    findings: dict[str, list[str]] = field(default_factory=dict)
    """What the CDK's validator finds in a template, by the same name."""

    def save(self) -> None:
        """Writes them beside the templates."""
        said = {"refusals": self.refusals, "templates": self.templates, "findings": self.findings}
        (self.folder / OUTCOMES).write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture(scope="module")
def outcomes(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    def draw_into(folder: Path) -> None:
        agent = tmp_path_factory.mktemp("agent")
        (agent / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
        (agent / "main.py").write_text("print('an agent')\n", encoding="utf-8")
        found = Outcomes(folder)
        _draw(lambda plan: _ask(plan, agent, found))
        found.save()

    folder = tmp_path_factory.mktemp("drawn")
    if NIGHTLY:
        draw_into(folder)
    else:
        made_of: list[str | bytes | Path] = [
            ROOT / "src",
            Path(__file__),
            Path(__file__).with_name("prop_strategies.py"),
            str(NUMBER),
        ]
        folder = kept.folder("drawn", made_of, draw_into, folder)
    return Outcomes(folder, **json.loads((folder / OUTCOMES).read_text(encoding="utf-8")))


@pytest.mark.timeout(0)
def test_every_plan_is_synthesised_or_refused_with_a_code(outcomes: Outcomes) -> None:
    """Any other error of a plan has failed the drawing, and names the smallest plan that it found."""
    assert len(outcomes.templates) + len(outcomes.refusals) >= NUMBER
    assert len(outcomes.templates) > NUMBER / 5
    assert len({code for code, _ in outcomes.refusals}) > 15
    for code, sentence in outcomes.refusals:
        assert re.fullmatch(rf"[^\n]+ \({code}\)", sentence)


def test_the_cdks_validator_accepts_every_template(outcomes: Outcomes) -> None:
    assert outcomes.findings == {}, [outcomes.templates[name] for name in outcomes.findings]


@pytest.mark.timeout(0)
def test_cfn_lint_accepts_them_too(outcomes: Outcomes, kept: Kept) -> None:
    """It knows more, and takes forty times as long."""
    templates = [outcomes.folder / name for name in outcomes.templates][:: 1 if NIGHTLY else 3]
    found = {path: said for path, said in cfn_lint(templates, kept).items() if said}
    assert found == {}, [outcomes.templates[path.name] for path in found]


def _ask(plan: Plan, folder: Path, found: Outcomes) -> None:
    number = len(found.templates)
    outdir = found.folder / f"cdk.out{number}"
    asked = Asked(folder, outdir, plan["known"])
    try:
        asked.api(plan)
        Validations.of(asked.app).add_plugins(validator())
        with findings_in_the_report():
            asked.app.synth()
    except StreamingAgentError as refusal:
        found.refusals.append((refusal.code, str(refusal)))
    else:
        (written,) = outdir.glob("*.template.json")
        shutil.move(written, found.folder / f"{number}.json")
        found.templates[f"{number}.json"] = repr(plan)
        if said := violations(outdir / REPORT).get(VALIDATOR):
            found.findings[f"{number}.json"] = [f"{one['ruleName']} {one['description']}" for one in said]
    finally:
        shutil.rmtree(outdir)


def _draw(ask: Callable[[Plan], None]) -> None:
    phases = [Phase.generate, Phase.shrink]

    @settings(
        max_examples=NUMBER,
        deadline=None,
        database=None,
        derandomize=not NIGHTLY,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(plan=PLANS)
    def draw(plan: Plan) -> None:
        ask(plan)

    draw()
