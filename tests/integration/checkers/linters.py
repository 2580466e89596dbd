"""cfn-lint and checkov, asked once about the same template."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.kept import ROOT, Kept

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
_AT_ONCE = 200


def cfn_lint(templates: Sequence[Path], kept: Kept) -> dict[Path, list[str]]:
    """The rules that each template breaks, with what is said of them."""
    return _asked_once("cfn-lint", templates, kept, _cfn_lint)


def checkov(templates: Sequence[Path], kept: Kept, folder: Path) -> dict[Path, list[str]]:
    """The checks that each template fails. It runs in an environment of its own: its pins fit nothing else here."""
    return _asked_once("checkov", templates, kept, lambda unknown: _checkov(unknown, folder))


def _asked_once(
    tool: str, templates: Sequence[Path], kept: Kept, ask: Callable[[list[Path]], dict[Path, list[str]]]
) -> dict[Path, list[str]]:
    found = {path: kept.said(tool, [path.read_bytes()]) for path in templates}
    unknown = [path for path, said in found.items() if said is None]
    for start in range(0, len(unknown), _AT_ONCE):
        for path, said in ask(unknown[start : start + _AT_ONCE]).items():
            found[path] = said
            kept.keep(tool, [path.read_bytes()], said)
    return found


def _cfn_lint(templates: list[Path]) -> dict[Path, list[str]]:
    command = ["cfn-lint", "--format", "json", *map(str, templates)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode != 1, "cfn-lint itself failed"
    said: dict[Path, list[str]] = {path: [] for path in templates}
    for finding in json.loads(done.stdout or "[]"):
        said[Path(finding["Filename"])].append(f"{finding['Rule']['Id']} {finding['Message']}")
    return said


def _checkov(templates: list[Path], folder: Path) -> dict[Path, list[str]]:
    copies = {}
    for number, path in enumerate(templates):
        copies[f"/{number}.json"] = path
        (folder / f"{number}.json").write_bytes(path.read_bytes())
    arguments = ["--skip-download", "--quiet", "--compact", "--framework", "cloudformation", "-o", "json"]
    done = subprocess.run([str(CHECKOV), *arguments, "-d", str(folder)], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    said: dict[Path, list[str]] = {path: [] for path in templates}
    for check in report["results"]["failed_checks"]:
        said[copies[check["file_path"]]].append(check["check_id"])
    return said
