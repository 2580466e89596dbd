"""The Python that an agent runs with: an environment of its own, made from its own requirements and kept.

What its requirements are is decided by the same code that packages the agent for AWS.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..packager.environment import make_environment
from ..packager.refusal import PackagingError
from ..packager.sources import find_requirements
from ..printable import printable
from ..template import Refusal


def python_for(folder: Path, cache: Path, pins: Sequence[str] = ()) -> Path:
    """The interpreter of the environment for an agent's folder; made when there is none for what it requires now.

    Args:
        folder: The agent's folder.
        cache: Where environments are kept.
        pins: What to install instead of what the folder names, such as `strands-agents==1.62.0`.

    Raises:
        Refusal: SAL026 when the requirements cannot be read or installed.
    """
    try:
        with _one_at_a_time(cache):
            return make_environment(folder, cache, pins=pins)
    except PackagingError as problem:
        raise Refusal("SAL026", f"{folder} has no environment to run in: {printable(str(problem))}") from problem


def requirements_digest(folder: Path) -> str:
    """A text that changes when anything changes that decides what is installed."""
    try:
        return find_requirements(folder).digest()
    except (PackagingError, OSError):
        return ""  # said when the environment is made


def requirement_notes(folder: Path) -> list[str]:
    """What else lies beside the requirements that are read, and is not read."""
    try:
        return [printable(sentence) for _, sentence in find_requirements(folder).notes]
    except PackagingError:
        return []


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    """Two runs, or two agents of one run, may want the same environment at once."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "environments.lock").open("w") as lock:
        if os.name == "posix":
            import fcntl  # noqa: PLC0415

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
