"""Makes a package for AWS runnable here: its own files, and its requirements made for this machine."""

import os
import re
import shutil
import sys
from pathlib import Path

_ABI = re.compile(r"\.cpython-(\d+)-")


def runnable_here(folder: Path, work: Path) -> tuple[Path, tuple[str, ...], Path | None]:
    """The folder as it can run here, what to install for it, and the folder whose requirements are installed.

    A package for AWS brings its requirements along. Where they hold code for another machine, the agent's own files
    are run with the same versions, made for this one.
    """
    installed = _installed_files(folder)
    if not installed:
        return folder, (), None
    if not any(_is_foreign(folder / path) for path in installed):
        (work / "nothing").mkdir(parents=True, exist_ok=True)
        return folder, (), work / "nothing"
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and relative not in installed and not relative.parts[0].endswith(".dist-info"):
            copy = work / "own" / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    return work / "own", tuple(sorted(_pins(folder))), None


def _is_foreign(path: Path) -> bool:
    """Whether a compiled file is not for this machine: AgentCore's is arm64 Linux."""
    if path.suffix != ".so" and ".so." not in path.name:
        return False
    abi = _ABI.search(path.name)
    if abi is not None and abi[1] != f"{sys.version_info[0]}{sys.version_info[1]}":
        return True
    try:
        with path.open("rb") as file:
            start = file.read(20)
    except OSError:
        return False
    machine = {"x86_64": 0x3E, "aarch64": 0xB7, "arm64": 0xB7}.get(os.uname().machine)
    return sys.platform != "linux" or start[:4] != b"\x7fELF" or int.from_bytes(start[18:20], "little") != machine


def _pins(folder: Path) -> set[str]:
    """The distributions that were packaged, as `name==version`."""
    pins = set()
    for metadata in folder.glob("*.dist-info/METADATA"):
        fields: dict[str, str] = {}
        for line in metadata.read_text(encoding="utf-8", errors="replace").splitlines():
            if not line:
                break
            name, _, value = line.partition(": ")
            fields.setdefault(name, value)
        if "Name" in fields and "Version" in fields:
            pins.add(f"{fields['Name']}=={fields['Version']}")
    return pins


def _installed_files(folder: Path) -> set[Path]:
    files = set()
    for record in folder.glob("*.dist-info/RECORD"):
        for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
            name = line.rpartition(",")[0].rpartition(",")[0].strip('"')
            if name:
                files.add(Path(name))
    return files
