"""An environment for this machine with what an agent requires: what the local run starts the agent in."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .cache import kept
from .checkout import checkout, checkout_digest, checkout_wheel
from .install import Target, install
from .passwords import passwords_hidden
from .reasons import refused
from .sources import Requirements, find_requirements
from .uv import run_uv


def make_environment(folder: Path, cache: Path, *, pins: Sequence[str] = ()) -> Path:
    """The Python of an environment that has what the folder requires, made anew when that changes.

    :param folder: The agent's folder.
    :param cache: Where environments are kept.
    :param pins: Requirements to install instead, such as ``strands-agents==1.62.0``, for a folder that is packaged.
    :return: The interpreter.
    :raises PackagingError: something cannot be installed, with the reason in our words.
    """
    with passwords_hidden(folder):
        return _environment(find_requirements(folder), cache, pins)


def _environment(required: Requirements, cache: Path, pins: Sequence[str]) -> Path:
    ours = checkout(pins)
    decides = [*sorted(pins), checkout_digest(ours)] if ours is not None else sorted(pins)
    key = hashlib.sha256("\0".join(["" if pins else required.digest(), sys.version, *decides]).encode())
    place = cache / "environments" / key.hexdigest()

    def make(made: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="streaming-agent-") as work:
            _create(made, required.folder)
            _fill(made, required, pins, Path(work))

    kept(place, make)
    return _python(place)


def _create(place: Path, folder: Path) -> None:
    # Relocatable: it is made beside its place and then renamed.
    options = ["--quiet", "--clear", "--no-project", "--relocatable", "--python", sys.executable]
    done = run_uv(["venv", *options, str(place)], folder)
    if done.returncode != 0:
        raise refused(str(folder), "this machine", done.stderr)


def _fill(place: Path, requirements: Requirements, pins: Sequence[str], work: Path) -> None:
    python = _python(place)
    target = Target(
        ("--python", str(python)), f"this machine with Python {sys.version_info[0]}.{sys.version_info[1]}", False
    )
    if not pins:
        install(requirements, target, work)
        return
    wheels = [str(checkout_wheel(found)) if (found := checkout([one])) is not None else one for one in pins]
    done = run_uv(["pip", "install", "--quiet", "--no-deps", *target.arguments, *wheels], requirements.folder)
    if done.returncode != 0:
        raise refused(str(requirements.folder), target.shown, done.stderr)


def _python(place: Path) -> Path:
    return place / ("Scripts" if os.name == "nt" else "bin") / "python"
