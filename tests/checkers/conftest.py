"""All variants, synthesised once, with cdk-nag's packs and the CDK's own validator looking on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from .variants import VARIANTS, build

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Synthesised:
    """What one variant became."""

    template: Path
    report: dict[str, Any]

    def findings(self, plugin: str) -> set[tuple[str, str]]:
        """Rule and construct of each violation that one plugin reports."""
        return {
            (violation["ruleName"], construct.get("constructPath", "?").split("/", 1)[-1])
            for report in self.report["pluginReports"]
            if report["pluginName"] == plugin
            for violation in report["violations"]
            for construct in violation["violatingConstructs"]
        }


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesised]:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    return {name: _synthesise(name, folder, tmp_path_factory.mktemp(name)) for name in VARIANTS}


@pytest.fixture(scope="session")
def templates(variants: dict[str, Synthesised]) -> dict[str, Path]:
    """The templates of the variants, and those of the examples as their snapshots hold them."""
    snapshots = ROOT.glob("examples/*/tests/__snapshots__/**/*emplate*.json")
    examples = {path.relative_to(ROOT / "examples").parts[0]: path for path in snapshots}
    return {name: variant.template for name, variant in variants.items()} | examples


@pytest.fixture(scope="session")
def template_folder(templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file a template, for checkers that take a folder."""
    folder = tmp_path_factory.mktemp("templates")
    for name, path in templates.items():
        (folder / f"{name}.json").write_bytes(path.read_bytes())
    return folder


def _synthesise(name: str, folder: Path, outdir: Path) -> Synthesised:
    app = build(name, folder, outdir)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    (template,) = outdir.glob("*.template.json")
    report = json.loads((outdir / "validation-report.json").read_text(encoding="utf-8"))
    return Synthesised(template, report)
