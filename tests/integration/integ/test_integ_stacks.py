"""Every stack of the suite for an AWS account synthesises, and checkers find nothing in it that is not answered."""

from pathlib import Path

import pytest

from integ.app import app
from integ.lines import LINES
from tests.integration.checkers.linters import cfn_lint, checkov
from tests.integration.looking_on import REPORT, findings_in_the_report, look_on, violations
from tests.kept import Kept

# Lines whose stack is the plain one differ from D1's by its name only.
PLAIN = {"D2", "D3", "D4", "D8", "D14"}
# Steps that differ from another by a number or a name only synthesise, and are not looked at again.
ALIKE = {"code", "version-2", "version-1-again", "version-unset", "version-9", "pool", "firewall-disabled"}
ALIKE |= {"runtime-renamed", "again"}
ALL = [(line.id, step.name) for line in LINES if line.example is None for step in line.steps]
STEPS = [(line, step) for line, step in ALL if line not in PLAIN and step not in ALIKE]


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates, and what cdk-nag and the CDK's validator report of each, in one folder."""
    folder = tmp_path_factory.mktemp("integ")
    for line, step in STEPS:
        outdir = tmp_path_factory.mktemp(f"{line}-{step}")
        made = app(line, step, outdir=str(outdir), context={"aws:cdk:bundling-stacks": []})
        look_on(made)
        with findings_in_the_report():
            made.synth()
        (template,) = outdir.glob("*.template.json")
        (folder / f"{line}-{step}.json").write_bytes(template.read_bytes())
        (folder / f"{line}-{step}.report").write_bytes((outdir / REPORT).read_bytes())
    return folder


def test_every_step_synthesises(tmp_path: Path) -> None:
    for line, step in sorted(set(ALL) - set(STEPS)):
        app(line, step, outdir=str(tmp_path / f"{line}-{step}"), context={"aws:cdk:bundling-stacks": []}).synth()
        assert list((tmp_path / f"{line}-{step}").glob("*.template.json"))


@pytest.mark.parametrize(("line", "step"), STEPS)
def test_cdk_nag_and_the_cdk_find_nothing_unanswered(synthesised: Path, line: str, step: str) -> None:
    found = violations(synthesised / f"{line}-{step}.report")
    assert [violation["ruleName"] for of_plugin in found.values() for violation in of_plugin] == []


def test_cfn_lint_finds_nothing_unanswered(synthesised: Path, kept: Kept) -> None:
    found = cfn_lint(sorted(synthesised.glob("*.json")), kept)
    assert {path.name: said for path, said in found.items() if said} == {}


def test_checkov_finds_nothing_unanswered(synthesised: Path, kept: Kept, tmp_path: Path) -> None:
    found = checkov(sorted(synthesised.glob("*.json")), kept, tmp_path)
    assert {path.name: said for path, said in found.items() if said} == {}
