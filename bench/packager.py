"""Packaging an agent: cold and warm, and the dependency sets that many agents have. `--popular` needs the network.

Each popular set is packaged for arm64 Linux and judged as far as can be told on another machine: every ELF file is for
aarch64, and every requirement in the metadata of each installed distribution is met inside the package.
"""

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from streaming_agent.packager.limits import deflated_bytes
from streaming_agent.packager.package import Package, Request, package

ROOT = Path(__file__).parents[1]
POPULAR = {
    "Strands": "strands-agents",
    "LangGraph": "langgraph langchain-aws",
    "OpenAI Agents": "openai-agents",
    "pydantic-ai": "pydantic-ai-slim[bedrock]",
    "boto3": "boto3",
    "pandas": "pandas",
    "numpy": "numpy",
    "pydantic": "pydantic",
    "cryptography": "cryptography",
    "grpcio": "grpcio grpcio-status",
}
# What markers ask of AgentCore's machine.
_TARGET = {
    "implementation_name": "cpython",
    "implementation_version": "3.13.0",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}


@dataclass(frozen=True)
class Judged:
    """What can be told of a package on another machine."""

    distributions: int
    megabytes: float
    compiled: int
    """ELF files for aarch64."""
    foreign: list[str]
    """ELF files for anything else."""
    unmet: list[str]
    """Requirements that nothing in the package meets."""


def judge(folder: Path) -> Judged:
    """Looks through a package."""
    versions: dict[str, str] = {}
    required: list[tuple[str, Requirement]] = []
    for path in folder.glob("*.dist-info/METADATA"):
        metadata = message_from_bytes(path.read_bytes())
        versions[canonicalize_name(metadata["Name"])] = metadata["Version"]
        required += [(metadata["Name"], Requirement(text)) for text in metadata.get_all("Requires-Dist", [])]
    compiled, foreign, size = 0, [], 0
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        size += path.stat().st_size
        with path.open("rb") as file:
            head = file.read(20)
        if head[:4] == b"\x7fELF":
            machine = struct.unpack("<H", head[18:20])[0]
            compiled += machine == 0xB7
            foreign += [str(path.relative_to(folder))] if machine != 0xB7 else []
    unmet = [f"{name}: {one}" for name, one in required if _wanted(one) and not _met(one, versions)]
    return Judged(len(versions), size / 1e6, compiled, foreign, unmet)


def _wanted(one: Requirement) -> bool:
    return one.marker is None or one.marker.evaluate({**_TARGET, "extra": ""})


def _met(one: Requirement, versions: dict[str, str]) -> bool:
    version = versions.get(canonicalize_name(one.name))
    return version is not None and one.specifier.contains(version, prereleases=True)


def packaged(requirements: str, folder: Path) -> Package:
    """An agent with these requirements, packaged."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agent.py").write_text("print('serving')\n", encoding="utf-8")
    (folder / "requirements.txt").write_text("\n".join(requirements.split()) + "\n", encoding="utf-8")
    return package(Request(str(folder), "3.13", ["agent.py"]))


def popular(work: Path) -> Iterator[str]:
    """A table: one line a set."""
    yield f"{'set':16} {'s':>5} {'dists':>5} {'MB':>6} {'zip MB':>6} {'ELF':>4}  not aarch64 / unmet"
    for name, requirements in POPULAR.items():
        started = time.perf_counter()
        made = Path(packaged(requirements, work / name).path)
        seconds = time.perf_counter() - started
        zipped = sum(deflated_bytes(path) for path in made.rglob("*") if path.is_file()) / 1e6
        judged = judge(made)
        told = "; ".join([*judged.foreign, *judged.unmet]) or "none"
        yield (
            f"{name:16} {seconds:5.1f} {judged.distributions:5} {judged.megabytes:6.1f} {zipped:6.1f} "
            f"{judged.compiled:4}  {told}"
        )


def cold_and_warm(work: Path) -> Iterator[str]:
    """hello_agent, packaged for the first time, then again, then with an edited file."""
    dist = work / "dist"
    build = ["uv", "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable]
    subprocess.run(
        [*build, "--out-dir", str(dist), str(ROOT / "streaming-agent")],
        check=True,
    )
    os.environ["UV_FIND_LINKS"] = str(dist)  # streaming-agent of this checkout
    agent = work / "agent"
    shutil.copytree(ROOT / "examples" / "hello_agent" / "agent", agent)
    request = Request(str(agent), "3.13", ["agent.py"])
    for what in ("cold", "warm", "warm", "an edited file", "warm"):
        if what == "an edited file":
            (agent / "agent.py").write_text((agent / "agent.py").read_text() + "\n# edited\n", encoding="utf-8")
        started = time.perf_counter()
        made = package(request)
        yield f"{what:16} {time.perf_counter() - started:6.2f} s  {made.hash[:12]}"


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--popular", action="store_true", help="the ten dependency sets")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        os.environ["STREAMING_AGENT_CACHE_DIR"] = f"{work}/cache"
        for line in popular(Path(work)) if given.popular else cold_and_warm(Path(work)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
