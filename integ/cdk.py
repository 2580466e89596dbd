"""The CDK CLI, pinned, as a line uses it: deploy, destroy, bootstrap."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .lines import Line, Step
from .stacks import QUALIFIER

ROOT = Path(__file__).parents[1]
CLI = ROOT / ".venv" / "npm" / "node_modules" / ".bin" / "cdk"
VERSION = "2.1148.1"


class Cdk:
    """The CLI for one line in one Region."""

    def __init__(self, line: Line, region: str, folder: Path) -> None:
        self.line = line
        self.region = region
        self.outputs = folder / f"{line.id}-{region}-outputs.json"
        self._folder = folder

    def deploy(self, step: Step) -> bool:
        """Deploys a step; whether it ended well."""
        arguments = ["deploy", "--all", "--require-approval", "never", "--outputs-file", str(self.outputs)]
        return self._run([*arguments, *self._app(step)])

    def destroy(self, step: Step) -> bool:
        """Deletes the stack; whether it is gone."""
        return self._run(["destroy", "--all", "--force", *self._app(step)])

    def bootstrap(self, policy_arn: str) -> bool:
        """Bootstraps beside the account's own bootstrap, with one policy for CloudFormation."""
        names = ["--qualifier", QUALIFIER, "--toolkit-stack-name", f"CDKToolkit-{QUALIFIER}"]
        return self._run(["bootstrap", *names, "--cloudformation-execution-policies", policy_arn])

    def _app(self, step: Step) -> Sequence[str]:
        out = ["--output", str(self._folder / f"{self.line.id}-{step.name}.out")]
        if self.line.example is not None:
            return out  # its cdk.json names the app
        return ["--app", f"{sys.executable} -m integ.app {self.line.id} {step.name}", *out]

    def _run(self, arguments: Sequence[str]) -> bool:
        where = ROOT / "examples" / self.line.example if self.line.example is not None else ROOT
        environment = os.environ | {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        return subprocess.run([CLI, *arguments], cwd=where, env=environment, check=False).returncode == 0
