"""Finds the agent's own code and a Python that has what it needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import uv

from ..template import Refusal
from .agentcore import AgentProgram, CodeArtifact
from .identities import code_hash

_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "SYSTEMROOT", "TMPDIR", "TZ", "USER")
_REQUIREMENTS = "requirements.txt"


@dataclass(frozen=True)
class AgentCode:
    """A folder with an agent's own files and the script that starts it."""

    folder: Path
    script: Path


def find_agent(artifact: CodeArtifact | None, given: Path | None, work: Path) -> AgentCode:
    """The code that the template names, or the one given instead; `work` is a folder for what must be sorted out."""
    if given is not None:
        return _given_agent(given, artifact)
    if artifact is None:
        raise Refusal(
            "SAL021", "agent must be code to run without Docker, got a container: give its folder with --agent"
        )
    if not artifact.language.startswith("PYTHON_"):
        raise Refusal("SAL022", f"agent must be Python to run locally, got {artifact.language}")
    if artifact.folder is None or not artifact.folder.is_dir():
        raise Refusal("SAL023", "agent must be in the assembly, got code from elsewhere: give its folder with --agent")
    return _with_script(_own_files(artifact.folder, work), _entry_script(artifact))


def _given_agent(given: Path, artifact: CodeArtifact | None) -> AgentCode:
    if given.is_file():
        return AgentCode(given.resolve().parent, given.resolve())
    if not given.is_dir():
        raise Refusal("SAL024", f"agent must be a folder or a file that exists, got {given}")
    return _with_script(given.resolve(), _entry_script(artifact) if artifact else "agent.py")


def _entry_script(artifact: CodeArtifact) -> str:
    # ["opentelemetry-instrument", "agent.py"]: what instruments the agent on AWS has nowhere to send to here
    return next((part for part in reversed(artifact.entry_point) if part.endswith(".py")), "main.py")


def _with_script(folder: Path, name: str) -> AgentCode:
    if not (folder / name).is_file():
        found = ", ".join(sorted(path.name for path in folder.glob("*.py"))) or "no Python file"
        raise Refusal("SAL024", f"agent must have its entry file {name} in {folder}, got {found}")
    return AgentCode(folder, folder / name)


def _own_files(folder: Path, work: Path) -> Path:
    """The folder without what a packager unpacked into it: those packages are for another architecture."""
    installed = _installed_files(folder)
    if not installed:
        return folder
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and relative not in installed and not relative.parts[0].endswith(".dist-info"):
            copy = work / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    return work


def _installed_files(folder: Path) -> set[Path]:
    records = folder.glob("*.dist-info/RECORD")
    return {
        Path(line.rpartition(",")[0].rpartition(",")[0].strip('"')) for record in records for line in _lines(record)
    }


def _lines(record: Path) -> list[str]:
    return [line for line in record.read_text(encoding="utf-8").splitlines() if line]


def agent_program(code: AgentCode, environment: Mapping[str, str], cache: Path) -> AgentProgram:
    """How to run the code: with the current Python if it has what the code requires, else with one made for it."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    own = {
        "PYTHONUNBUFFERED": "1",
        # compiled files beside the sources would change the asset's hash
        "PYTHONPYCACHEPREFIX": str(cache / "pycache"),
    }
    return AgentProgram(
        interpreter=_interpreter(code.folder / _REQUIREMENTS, cache),
        script=code.script,
        environment={**inherited, **own, **environment},
    )


def _interpreter(requirements: Path, cache: Path) -> Path:
    current = Path(sys.executable)
    if not requirements.is_file() or _is_satisfied(requirements, current):
        return current
    text = requirements.read_text(encoding="utf-8")
    folder = cache / "environments" / code_hash(sys.version, text)
    made = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / ".complete").is_file():
        _uv("venv", "--clear", "--python", sys.executable, str(folder), of=requirements)
        _uv("pip", "install", "--python", str(made), "-r", str(requirements), of=requirements)
        (folder / ".complete").touch()
    return made


def _is_satisfied(requirements: Path, python: Path) -> bool:
    command = ("pip", "install", "--dry-run", "--offline", "--python", str(python), "-r", str(requirements))
    done = subprocess.run([uv.find_uv_bin(), *command], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "Would make no changes" in done.stderr


def _uv(*command: str, of: Path) -> None:
    done = subprocess.run([uv.find_uv_bin(), *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        # from uv's "error:" to its hints, in one line
        reason = " ".join(done.stderr.rpartition("error: ")[2].partition("\n\nhint:")[0].split()) or "nothing"
        raise Refusal("SAL026", f"{of} must be installable to run the agent, but uv said: {reason}")
