"""All variants and examples, synthesised once, with cdk-nag's packs and the CDK's own validator looking on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import example_apps
from tests.example_apps import EXAMPLES
from tests.integration.looking_on import REPORT, findings_in_the_report, look_on, violations

from .variants import VARIANTS, build


@dataclass(frozen=True)
class Synthesised:
    """What one app became."""

    template: Path
    violations: dict[str, list[Any]]
    """By plugin."""

    def findings(self, plugin: str) -> set[tuple[str, str]]:
        """Rule and construct of each violation that one plugin reports."""
        return {
            (violation["ruleName"], construct.get("constructPath", "?").split("/", 1)[-1])
            for violation in self.violations.get(plugin, [])
            for construct in violation["violatingConstructs"]
        }


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesised]:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "agent.py").write_text("print('an agent')\n", encoding="utf-8")

    def variant(name: str) -> Callable[[Path], None]:
        def synthesise(outdir: Path) -> None:
            app = build(name, folder, outdir)
            look_on(app)
            app.synth()

        return synthesise

    def example(name: str) -> Callable[[Path], None]:
        return lambda outdir: example_apps.run(name, outdir, look_on=look_on)

    synthesis = {name: variant(name) for name in VARIANTS} | {name: example(name) for name in EXAMPLES}
    return {name: _synthesised(one, tmp_path_factory.mktemp(name)) for name, one in synthesis.items()}


@pytest.fixture(scope="session")
def templates(stacks: dict[str, Synthesised]) -> dict[str, Path]:
    return {name: stack.template for name, stack in stacks.items()}


def _synthesised(synthesise: Callable[[Path], None], outdir: Path) -> Synthesised:
    with findings_in_the_report():
        synthesise(outdir)
    (template,) = outdir.glob("*.template.json")
    return Synthesised(template, violations(outdir / REPORT))
