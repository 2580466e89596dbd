"""What the constructs ask of the machine: which files exist, and uv to package an agent's folder for AgentCore.

Not translated: ``npm/host.ts`` is its twin, written by hand.
"""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .errors import StreamingAgentError

# AgentCore's direct code deployment runs on arm64 Linux (AC runtime-get-started-code-deploy).
_PLATFORM = "aarch64-manylinux_2_28"
# An unpacked deployment package may hold 750 MB (AC bedrock-agentcore-limits).
_UNPACKED_LIMIT_BYTES = 750 * 1000 * 1000
# Left by installers beside the packages; each differs from machine to machine or run to run, and none is needed to run.
_INSTALLER_TRACES = ("uv_cache.json", "uv_build.json", "direct_url.json", "RECORD", "INSTALLER", "REQUESTED")


def working_directory() -> str:
    """The folder that relative paths start from."""
    return str(Path.cwd())


def absolute_path(path: str) -> str:
    """The path from the root: jsii's kernel starts relative ones from where it was started, not from here."""
    return os.path.abspath(path)


def is_directory(path: str) -> bool:
    """Whether a folder stands at the path."""
    return os.path.isdir(path)  # a path that no folder can have is no folder's; Path.is_dir raises


def is_file(path: str) -> bool:
    """Whether a file stands at the path."""
    return os.path.isfile(path)


def asset_directory(name: str) -> str:
    """The folder of what this package ships to run on AWS."""
    return str(Path(__file__).parent / "assets" / name)


def has_requirements(directory: str) -> bool:
    """Whether the folder names packages that its code needs."""
    return _requirements(directory) is not None


def package_agent(directory: str, python_version: str, exclude: list[str]) -> str:
    """Copies the agent's folder and installs what it requires beside it, for arm64 Linux, without Docker.

    :param directory: The agent's folder, with a ``requirements.txt`` or a ``pyproject.toml``.
    :param python_version: The Python version of the AgentCore runtime, such as ``3.13``.
    :param exclude: Glob patterns of names that stay behind.
    :return: A folder that lives until this process ends.
    :raises StreamingAgentError: uv is missing, it cannot install the requirements, or they are too large.
    """
    source = _requirements(directory)
    target = Path(tempfile.mkdtemp(prefix="streaming-agent-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    if source is not None:
        _install(directory, source, python_version, target)
    # The agent's own files come last: they win over a package's file of the same name.
    shutil.copytree(directory, target, ignore=shutil.ignore_patterns(*exclude), dirs_exist_ok=True)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    if size > _UNPACKED_LIMIT_BYTES:
        raise StreamingAgentError(
            "SAC016",
            f"the agent '{directory}' and its requirements take {size // 1000**2} MB, and AgentCore takes 750 MB "
            "unpacked: leave packages out, or build an image with AgentSource.from_dockerfile",
        )
    return str(target)


def _requirements(directory: str) -> Path | None:
    for name in ("requirements.txt", "pyproject.toml"):
        path = Path(directory) / name
        if path.is_file():
            return path
    return None


def _uv() -> str:
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
        if found is None:
            raise StreamingAgentError(
                "SAC014", "uv is not installed, and it packages the agent's requirements: run 'pip install uv'"
            ) from None
        return found


def _install(directory: str, source: Path, python_version: str, target: Path) -> None:
    arguments = [
        "pip",
        "install",
        "--quiet",
        "--target",
        str(target),
        "--only-binary",
        ":all:",
        "--no-compile-bytecode",
    ]
    arguments += ["--python", sys.executable]  # resolves for the target below; needs no interpreter of that version
    arguments += ["--python-platform", _PLATFORM, "--python-version", python_version, "-r", str(source)]
    lock = Path(directory) / "uv.lock"
    if source.name == "pyproject.toml" and lock.is_file():
        exported = target / "uv.lock.requirements.txt"
        _run_uv(["export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "-o", str(exported)], directory)
        arguments[-1] = str(exported)
    _run_uv(arguments, directory)
    _make_reproducible(target)


def _run_uv(arguments: list[str], directory: str) -> None:
    # VIRTUAL_ENV would point uv at the environment that synthesises, which has nothing to do with the agent's.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(
        [_uv(), *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = " ".join(done.stderr.split()) or f"uv ended with status {done.returncode}"
        raise StreamingAgentError(
            "SAC015",
            f"the requirements of '{directory}' cannot be installed for arm64 Linux: {reason}: "
            "name versions that publish aarch64 wheels, or build an image with AgentSource.from_dockerfile",
        )


def _make_reproducible(target: Path) -> None:
    """The same requirements give the same asset hash on every machine, so that no deployment follows from none."""
    for trace in [target / ".lock", target / "uv.lock.requirements.txt"]:
        trace.unlink(missing_ok=True)
    for info in target.glob("*.dist-info"):
        for name in _INSTALLER_TRACES:
            if name != "RECORD":
                (info / name).unlink(missing_ok=True)
        _sort_record(info / "RECORD")
    for script in (target / "bin").glob("*"):
        _portable_interpreter(script)


def _sort_record(record: Path) -> None:
    """Keeps RECORD (importlib.metadata reads it) without the lines of what was taken out or rewritten."""
    if not record.is_file():
        return
    gone = re.compile(rf"(^\.?\.?/?bin/|/({'|'.join(map(re.escape, _INSTALLER_TRACES))}),)")
    lines = [line for line in record.read_text(encoding="utf-8").splitlines() if gone.search(line) is None]
    record.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


def _portable_interpreter(script: Path) -> None:
    """An installed script names this machine's interpreter in its first line, which is not there on AgentCore."""
    text = script.read_bytes()
    if text.startswith(b"#!") and b"python" in text.split(b"\n", 1)[0]:
        script.write_bytes(b"#!/usr/bin/env python3\n" + text.split(b"\n", 1)[1])
