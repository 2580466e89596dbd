"""cfn-lint and checkov, asked once about the same template."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.integration.kept import ROOT, Kept

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
_AT_ONCE = 200


def cfn_lint(templates: Sequence[Path], kept: Kept) -> dict[Path, list[str]]:
    """The rules that each template breaks, with what is said of them."""
    found = {path: kept.said("cfn-lint", [path.read_bytes()]) for path in templates}
    unknown = [path for path, said in found.items() if said is None]
    for start in range(0, len(unknown), _AT_ONCE):
        some = unknown[start : start + _AT_ONCE]
        command = ["cfn-lint", "--format", "json", *map(str, some)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        said: dict[Path, list[str]] = {path: [] for path in some}
        for finding in json.loads(done.stdout or "[]"):
            said[Path(finding["Filename"])].append(f"{finding['Rule']['Id']} {finding['Message']}")
        for path, one in said.items():
            found[path] = one
            kept.keep("cfn-lint", [path.read_bytes()], one)
    return found


def checkov(templates: Sequence[Path], kept: Kept, folder: Path) -> dict[Path, list[str]]:
    """The checks that each template fails. It runs in an environment of its own: its pins fit nothing else here."""
    found = {path: kept.said("checkov", [path.read_bytes()]) for path in templates}
    unknown = [path for path, said in found.items() if said is None]
    if unknown:
        copies = {}
        for number, path in enumerate(unknown):
            copies[f"/{number}.json"] = path
            (folder / f"{number}.json").write_bytes(path.read_bytes())
        arguments = ["--skip-download", "--quiet", "--compact", "--framework", "cloudformation", "-o", "json"]
        command = [str(CHECKOV), *arguments, "-d", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        assert report["summary"]["parsing_errors"] == 0
        said: dict[Path, list[str]] = {path: [] for path in unknown}
        for check in report["results"]["failed_checks"]:
            said[copies[check["file_path"]]].append(check["check_id"])
        for path, one in said.items():
            found[path] = one
            kept.keep("checkov", [path.read_bytes()], one)
    return found
