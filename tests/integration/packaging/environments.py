"""Builds what is published, and fresh environments that hold it and little else."""

import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(*command: str, cwd: Path, **environment: str) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, out: Path) -> Path:
    """The folder with a project's wheel and sdist."""
    options = ["--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(out)]
    run("uv", "build", *options, cwd=source)
    return out


def wheel(folder: Path) -> Path:
    """The one wheel in a folder."""
    (found,) = folder.glob("*.whl")
    return found


def fresh(folder: Path, *wheels: Path, linked: Iterable[str] | None) -> Path:
    """The Python of a new environment with these wheels and what it links of this environment (`None`: all of it)."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    options = ["--quiet", "--offline", "--no-deps", "--python", str(python)]
    packages = [str(one) for one in wheels]
    run("uv", "pip", "install", *options, *packages, cwd=folder, VIRTUAL_ENV="", UV_PROJECT_ENVIRONMENT="")
    here = next(Path(path) for path in sys.path if (Path(path) / "aws_cdk").is_dir())
    site = next((folder / "lib").glob("python*/site-packages"))
    # A .pth would bring this repository's own editable install along: only what the fresh environment lacks is linked.
    for entry in here.iterdir():
        wanted = linked is None or entry.name.removesuffix(".py") in linked
        if (
            wanted
            and not (site / entry.name).exists()
            and "streaming_agent" not in entry.name
            and entry.suffix != ".pth"
        ):
            (site / entry.name).symlink_to(entry)
    return python
