"""What an agent requires, installed for arm64 Linux and kept until something changes that decides what it is."""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from .binaries import foreign_platform, is_arm64_linux
from .cache import cache_folder, kept
from .install import Target, install
from .manifest import Entry, entries_below
from .projects import normalized
from .reproducible import make_reproducible
from .sources import FILE, PROJECT, Requirements
from .uv import uv_program

# AgentCore's direct code deployment runs on arm64 Linux (AC runtime-get-started-code-deploy).
_PLATFORM = "aarch64-manylinux_2_28"
# Requirements without a lock are resolved anew after a day; the same file may then mean newer versions.
_UNLOCKED_SECONDS = 24 * 3600
_FOREIGN = "streaming-agent-construct:foreign-binary"


@dataclass(frozen=True)
class Installed:
    """What an agent requires, installed for AgentCore's machine."""

    site: Path = Path()
    """The folder."""
    entries: tuple[Entry, ...] = ()
    """Its files."""
    project: tuple[str, ...] = ()
    """The paths among them that are of the agent's own project."""
    notes: tuple[tuple[str, str], ...] = ()
    """What may not work, as an id and a sentence each."""


def installed(requirements: Requirements, directory: str, python_version: str) -> Installed:
    """Installs the requirements, unless that was done before.

    :param requirements: What is required.
    :param directory: The agent's folder, as the user knows it.
    :param python_version: The runtime's.
    :raises PackagingError: something cannot be had.
    """
    if not requirements.kind:
        return Installed()
    place = cache_folder() / "installed" / _key(requirements, python_version)

    def make(made: Path) -> None:
        site, work = made / "site", made / "work"
        site.mkdir()
        work.mkdir()
        _say(f"packaging {directory} for arm64 Linux, with what {requirements.kind} requires")
        notes = install(requirements, _target(site, python_version), work)
        shutil.rmtree(work)
        make_reproducible(site)
        entries = entries_below(site)
        owner = _owners(site)
        notes += _foreign_in_packages(site, entries, owner)
        own = requirements.project.name if requirements.project is not None else ""
        project = [path for path, name in owner.items() if normalized(name) == own]
        listed = {"notes": notes, "entries": [asdict(one) for one in entries], "project": project}
        (made / "files.json").write_text(json.dumps(listed), encoding="utf-8")

    unlocked = requirements.kind in (FILE, PROJECT)
    place = kept(place, make, older_than=_UNLOCKED_SECONDS if unlocked else None)
    listed = json.loads((place / "files.json").read_text(encoding="utf-8"))
    return Installed(
        place / "site",
        tuple(Entry(**one) for one in listed["entries"]),
        tuple(listed["project"]),
        tuple((kind, sentence) for kind, sentence in listed["notes"]),
    )


def _target(site: Path, python_version: str) -> Target:
    # Resolves for the runtime's Python; needs no interpreter of that version.
    machine = ("--python", sys.executable, "--python-platform", _PLATFORM, "--python-version", python_version)
    return Target(("--target", str(site), *machine), f"arm64 Linux with Python {python_version}", True)


def _key(requirements: Requirements, python_version: str) -> str:
    """Changes when anything changes that decides what is installed, uv's own settings included."""
    key = hashlib.sha256(f"{requirements.digest()}\0{python_version}\0{_PLATFORM}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        key.update(source.read_bytes())
    program = os.stat(uv_program())
    key.update(f"{program.st_size}\0{program.st_mtime_ns}".encode())
    for name, value in sorted(os.environ.items()):
        if name.startswith("UV_") and name not in ("UV_CACHE_DIR", "UV_RUN_RECURSION_DEPTH", "UV"):
            key.update(f"\0{name}={value}".encode(errors="surrogateescape"))
    for settings in _users_settings():
        key.update(settings.read_bytes())
    return key.hexdigest()


def _users_settings() -> list[Path]:
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
    return [path for path in (base / "uv" / "uv.toml", Path("/etc/uv/uv.toml")) if path.is_file()]


def _foreign_in_packages(site: Path, entries: list[Entry], owner: dict[str, str]) -> list[tuple[str, str]]:
    """Compiled code in installed packages that AgentCore cannot load, unless its package brings code for arm64, too."""
    foreign: dict[str, tuple[str, str]] = {}
    fine = set()
    for one in entries:
        if one.path.endswith((".py", ".pyi", ".txt", ".json", ".exe")):  # .exe: launchers for Windows, run by nothing
            continue
        name = owner.get(one.path, one.path.partition("/")[0])
        platform = foreign_platform(site / one.path)
        if platform is not None:
            foreign.setdefault(name, (one.path, platform))
        elif is_arm64_linux(site / one.path):
            fine.add(name)
    return [
        (
            _FOREIGN,
            f"the package '{name}' brings '{path}', which is compiled for {platform}, and nothing for arm64 Linux, "
            "which AgentCore runs: see that the agent does not need it, or name a version that has it",
        )
        for name, (path, platform) in sorted(foreign.items())
        if name not in fine
    ]


def _owners(site: Path) -> dict[str, str]:
    """The distribution of each installed file, as its RECORD tells."""
    found = {}
    for record in sorted(site.glob("*.dist-info/RECORD")):
        name = record.parent.name.partition("-")[0]
        for line in record.read_text(encoding="utf-8").splitlines():
            found[line.rpartition(",")[0].rpartition(",")[0].strip('"')] = name
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
