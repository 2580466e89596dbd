"""The pre-commit hook and the GitHub action: what they run is a command that this version has."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[4]
CASES = Path(__file__).parent / "cases"


def test_the_hook_runs_the_command_on_the_files_of_templates_and_agents() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())

    assert hook["entry"] == "streaming-agent check"
    for name in ("template.yaml", "infra/template.yml", "cdk.out/Chat.template.json", "agent/agent.py", "my_agent.py"):
        assert re.search(hook["files"], name), name
    for name in ("README.md", "settings.yaml", "package.json"):
        assert not re.search(hook["files"], name), name


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text())  # type: ignore[no-any-return]


def test_no_input_stands_in_a_shell_line(action: dict[str, Any]) -> None:
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize(
    ("paths", "inputs", "code", "annotation"),
    [
        ([CASES / "alb-idle.yaml"], {}, 1, "::warning title=streaming-agent (CHK026),"),
        ([CASES / "alb-idle.yaml"], {"IGNORE": "role-wide", "FAIL_ON": "error"}, 0, "::warning title=streaming-agent"),
        (["$(touch pwned); `touch pwned`"], {}, 2, ""),
    ],
)
def test_the_actions_step_runs_the_command(
    action: dict[str, Any], tmp_path: Path, paths: list[object], inputs: dict[str, str], code: int, annotation: str
) -> None:
    step = action["runs"]["steps"][1]
    command = tmp_path / "bin" / "streaming-agent"
    command.parent.mkdir()
    run_it = "from streaming_agent.cli.main import main; raise SystemExit(main())"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{run_it}" "$@"\n')
    command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "CHECK_PATHS": "\n".join(map(str, paths)) + "\n\n",
        "FAIL_ON": "warning",
        "SELECT": "",
        "IGNORE": "",
        "SARIF": "report.sarif",
        **inputs,
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stderr
    assert annotation in done.stdout
    assert (tmp_path / "report.sarif").is_file()
    assert not (tmp_path / "pwned").exists()
