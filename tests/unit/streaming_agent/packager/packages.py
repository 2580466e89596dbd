"""Small packages for the packager to install: wheels, and projects whose build needs no index."""

import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from streaming_agent.packager.uv import uv_program

# A build backend of the project's own, so that nothing is fetched. It leaves a file behind, as setuptools does.
BACKEND = """
import pathlib, zipfile, tomllib

def build_wheel(directory, config_settings=None, metadata_directory=None):
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]
    name, version = project["name"].replace("-", "_"), project.get("version", "1")
    pathlib.Path("built-here.txt").write_text("a trace")
    info = f"{name}-{version}.dist-info"
    requires = "".join(f"Requires-Dist: {one}\\n" for one in project.get("dependencies", []))
    wheel = f"{name}-{version}-py3-none-TAG.whl"
    with zipfile.ZipFile(pathlib.Path(directory) / wheel, "w") as archive:
        for path in sorted(pathlib.Path("src").rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to("src"))
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{requires}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-TAG\\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel
"""


def wheel(
    folder: Path,
    name: str,
    *,
    version: str = "1.0",
    tag: str = "any",
    requires: str = "",
    files: Mapping[str, str | bytes] = MappingProxyType({}),
) -> Path:
    """A wheel with a module of its name, a command, and more files."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    content: dict[str, str | bytes] = {
        f"{name}.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-{tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}-run={name}:main\n",
    }
    content.update(files)
    content[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*content, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, data in content.items():
            archive.writestr(zipfile.ZipInfo(file, (2020, 1, 1, 0, 0, 0)), data)
    return path


def project(
    folder: Path, name: str, *, dependencies: str = "", more: str = "", tag: str = "any", python: str = ">=3.11"
) -> Path:
    """A package under src/ that builds itself."""
    (folder / "src" / name).mkdir(parents=True)
    (folder / "src" / name / "__init__.py").write_text(f"NAME = '{name}'\n", encoding="utf-8")
    (folder / "backend.py").write_text(BACKEND.replace("TAG", tag), encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = "{python}"\ndependencies = [{dependencies}]\n'
        f'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n{more}',
        encoding="utf-8",
    )
    return folder


def write(folder: Path, **files: str) -> Path:
    """Text files in a folder, by name: `requirements_txt`, `a__b_py`."""
    for name, text in files.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def lock(folder: Path) -> None:
    """Writes the folder's uv.lock."""
    subprocess.run([uv_program(), "lock", "--quiet"], cwd=folder, check=True, capture_output=True)


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with its time and content, to see that nothing was written."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copied(folder: Path, to: Path) -> Path:
    """A copy with its links."""
    shutil.copytree(folder, to, symlinks=True)
    return to
