"""Synthesises every example through the CDK CLI, and prints how large each template is.

CloudFormation takes 500 resources and 1 MB a template. `make examples` runs it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
MAX_RESOURCES = 500
MAX_BYTES = 1_000_000


def examples() -> list[Path]:
    """The folders that are CDK apps."""
    return sorted(path.parent for path in EXAMPLES.glob("*/cdk.json"))


def synthesise(example: Path, assembly: Path) -> list[Path]:
    """The templates that the CLI writes."""
    # `cdk list` synthesises without packaging agents, so that nothing is fetched for arm64 Linux.
    command = ["cdk", "list", "--output", str(assembly)]
    environment = os.environ | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    done = subprocess.run(command, cwd=example, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{example.name} does not synthesise:\n{done.stdout}{done.stderr}")
    return sorted(assembly.glob("*.template.json"))


def main() -> None:
    """Print a line for each template; end with an error if one is too large."""
    print(f"{'example':<22}{'stack':<20}{'resources':>10}{'bytes':>10}")
    too_large = []
    for example in examples():
        with tempfile.TemporaryDirectory() as assembly:
            for template in synthesise(example, Path(assembly)):
                resources = len(json.loads(template.read_text(encoding="utf-8"))["Resources"])
                size = template.stat().st_size
                stack = template.name.removesuffix(".template.json")
                print(f"{example.name:<22}{stack:<20}{resources:>10}{size:>10}", flush=True)
                if resources > MAX_RESOURCES or size > MAX_BYTES:
                    too_large.append(stack)
    if too_large:
        sys.exit(f"more than CloudFormation takes: {', '.join(too_large)}")


if __name__ == "__main__":
    main()
