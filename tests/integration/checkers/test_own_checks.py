"""Our own checks find nothing in any variant or example that is not acknowledged in writing."""

import shutil
from pathlib import Path

import pytest
from streaming_agent.checks.check_run import run

from tests.example_apps import EXAMPLES, FOLDER

from .variants import VARIANTS

# What only the user's app can answer, because it asked for it: the variant, the rule, the user's reason.
CHOSEN = {
    ("cors-any-origin", "cors-star"): "a public demo that any page may embed",
    ("edge", "edge"): "callers far away, and an agent that is never silent for 30 s",
    ("edge-domain", "edge"): "callers far away, and an agent that is never silent for 30 s",
    ("no-firewall", "no-waf"): "Firewall Manager puts the company's own web ACL on every stage",
    ("no-firewall", "no-caller-limit"): "Firewall Manager puts the company's own web ACL on every stage",
    ("no-firewall", "query-passes"): "Firewall Manager puts the company's own web ACL on every stage",
    ("no-observability", "no-log"): "a sandbox that nobody operates",
    ("client-session", "session-client"): "a service that keeps its users' sessions itself",
}


@pytest.mark.parametrize("name", [*VARIANTS, *EXAMPLES])
def test_nothing_is_found_that_nobody_acknowledged(name: str, templates: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(templates[name], tmp_path / "template.json")
    report = run([tmp_path / "template.json"])
    found = {finding.rule.name for finding in report.standing if not finding.undecided}

    assert report.refused == []
    assert found == {rule for variant, rule in CHOSEN if variant == name}


AGENTS = sorted(folder for folder in FOLDER.glob("*/*agent*") if folder.is_dir())


@pytest.mark.parametrize("folder", AGENTS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_the_examples_agents_have_nothing_at_warning_or_above(folder: Path) -> None:
    report = run([folder])
    assert (report.refused, [finding.message for finding in report.failing]) == ([], [])
