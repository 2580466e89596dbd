"""Finds a runtime's agent: its folder, the script that starts it, and a Python with what it requires."""

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..template import Refusal
from ..template.source import exists, is_file, is_folder
from .agentcore import AgentProgram, Runtime
from .environments import python_for, requirement_notes
from .local_options import LocalOptions
from .packaged_code import runnable_here
from .unpacking import unpack

_log = logging.getLogger("streaming_agent.local")
_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "SYSTEMROOT", "TMPDIR", "TZ", "USER")


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An agent's code and how it is run."""

    folder: Path
    script: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    cache: Path
    port: int
    ready_seconds: float
    python: Path | None  # None: an environment of its own
    required_by: Path  # the folder whose requirements the environment has
    pins: tuple[str, ...] = ()  # what was packaged with it, where that is for another machine
    edited_in: Path | None = None  # None: what runs is a copy, which nobody edits

    def program(self) -> AgentProgram:
        """How to start it now; makes the environment that its requirements ask for."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        own = {
            "PYTHONUNBUFFERED": "1",
            # compiled files beside the sources would change the asset's hash
            "PYTHONPYCACHEPREFIX": str(self.cache / "pycache"),
        }
        return AgentProgram(
            interpreter=self.python or python_for(self.required_by, self.cache, self.pins),
            script=self.script,
            arguments=self.arguments,
            environment={**inherited, **own, **self.environment},
            port=self.port,
            ready_seconds=self.ready_seconds,
        )


def find_agent(runtime: Runtime, options: LocalOptions, work: Path, *, environment: Mapping[str, str]) -> Agent:
    """The agent of a runtime, or the one that the user gives instead; `work` is a folder for copies.

    Raises:
        Refusal: SAL021 to SAL024, SAL026, SAL028 when it cannot be run here.
    """
    entry_point = runtime.artifact.entry_point if runtime.artifact is not None else ()
    pins: tuple[str, ...] = ()
    required_by: Path | None = None
    if options.agent is not None:
        folder, is_edited = _given_folder(options.agent), True
        if is_file(options.agent):
            entry_point = (options.agent.name,)
    elif runtime.source is not None:
        folder, is_edited = runtime.source.folder, True
        entry_point = runtime.source.entry_point or entry_point
    else:
        folder, is_edited = _packaged_folder(runtime, work)
        folder, pins, required_by = runnable_here(folder, work)
    at = next((index for index in range(len(entry_point) - 1, -1, -1) if entry_point[index].endswith(".py")), None)
    # ["opentelemetry-instrument", "agent.py"]: what instruments the agent on AWS has nowhere to send to here
    script = entry_point[at] if at is not None else _usual_script(folder)
    if not is_file(folder / script):
        raise _no_script(folder, script, is_named=at is not None)
    agent = Agent(
        folder=folder,
        script=(folder / script).resolve(),
        arguments=tuple(entry_point[at + 1 :]) if at is not None else (),
        environment=environment,
        cache=options.cache,
        port=runtime.port,
        ready_seconds=runtime.ready_seconds,
        python=Path(sys.executable) if options.current_environment else None,
        required_by=required_by or folder,
        pins=pins,
        edited_in=folder if is_edited else None,
    )
    agent.program()  # what cannot be installed is said before anything starts
    if not options.current_environment:
        _tell(runtime, agent)
    return agent


def _usual_script(folder: Path) -> str:
    """What is started where nothing says it, as when packaging: agent.py, or else main.py."""
    return "main.py" if (folder / "main.py").is_file() and not (folder / "agent.py").is_file() else "agent.py"


def _no_script(folder: Path, script: str, *, is_named: bool) -> Refusal:
    found = sorted(path.name for path in folder.glob("*.py"))
    has = ", ".join(found) or "no Python file"
    if is_named:
        return Refusal("SAL024", f"{folder} has no {script}, which the runtime starts; it has {has}")
    advice = f", such as --agent {folder.name}/{found[0]}" if found else ""
    return Refusal("SAL024", f"{folder} has no agent.py or main.py; it has {has}: name the file with --agent{advice}")


def _tell(runtime: Runtime, agent: Agent) -> None:
    """What is different from AWS, and what is not read."""
    for note in requirement_notes(agent.required_by):
        _log.info("%s", note)
    version = runtime.artifact.language.removeprefix("PYTHON_").replace("_", ".") if runtime.artifact else ""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version not in ("", here):
        _log.info("%s runs with Python %s here, and with Python %s on AWS", runtime.logical_id, here, version)


def agent_origin(url: str) -> str:
    """The origin of an agent that runs already; people give its address with or without the path."""
    try:
        address = urlsplit(url if "://" in url else f"http://{url}")
        valid = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:  # [ without ], a port that is no number
        raise _no_address(url) from None
    if not valid or address.path.rstrip("/") not in ("", "/invocations", "/ping"):
        raise _no_address(url)
    return f"{address.scheme}://{address.netloc}"


def _no_address(url: str) -> Refusal:
    return Refusal("SAL029", f"agent-url: expected an address such as http://127.0.0.1:8080, got {url}")


def _given_folder(given: Path) -> Path:
    if is_file(given):
        return given.resolve().parent
    if not is_folder(given):
        raise Refusal("SAL024", f"agent: there is no folder or file {given}: give the folder with the agent's code")
    return given.resolve()


def _packaged_folder(runtime: Runtime, work: Path) -> tuple[Path, bool]:
    """The code that the template names, and whether it is the sources themselves."""
    artifact = runtime.artifact
    name = runtime.logical_id
    if artifact is None:
        raise Refusal(
            "SAL021",
            f"{name} is a container, and the local run has no Docker: give the folder of its Python code with --agent,"
            " or start it yourself and give its address with --agent-url",
        )
    if not artifact.language.startswith("PYTHON_"):
        raise Refusal(
            "SAL022",
            f"{name} is an agent for {artifact.language}, and the local run starts Python: start it yourself and give"
            " its address with --agent-url http://127.0.0.1:8080",
        )
    location = artifact.location
    if location is None or not exists(location):
        raise Refusal(
            "SAL023",
            f"the code of {name} is not beside the template, it comes from S3: give its folder with --agent",
        )
    if location.is_file():
        unpack(location, work / "unpacked")
        return work / "unpacked", False
    return location, not _is_copy(location)


def _is_copy(folder: Path) -> bool:
    """Whether the CDK put the folder into its output: it names such copies after their content."""
    return folder.name.startswith("asset.")
