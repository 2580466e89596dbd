"""streaming-agent itself, installed from a folder: an agent that requires it gets what is there, released or not."""

import json
import os
import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .cache import cache_folder, kept
from .indexes import Indexes
from .manifest import digest, entry
from .projects import required_name
from .wheels import wheel_of

NAME = "streaming-agent"
FROM_CHECKOUT = "streaming-agent-construct:from-checkout"


def checkout(requirements: Iterable[str]) -> Path | None:
    """The folder that streaming-agent is installed from (PEP 610), if it is one and the requirements name its version.

    :param requirements: Lines such as ``streaming-agent``, ``streaming-agent[strands]`` or ``streaming-agent==1.0.0``.
    """
    asked = [line for line in requirements if required_name(line) == NAME]
    if not asked:
        return None
    try:
        installed = Distribution.from_name(NAME)
        origin = json.loads(installed.read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return None
    if not isinstance(origin, dict) or "dir_info" not in origin:
        return None
    folder = Path(unquote(urlsplit(str(origin.get("url", ""))).path))
    is_asked = all(_allows(line, installed.version) for line in asked)
    return folder if is_asked and folder.is_absolute() and (folder / "pyproject.toml").is_file() else None


def checkout_digest(folder: Path) -> str:
    """Changes when anything changes that its wheel is made of. Links are followed: a part of it lies elsewhere."""
    entries = [entry("pyproject.toml", folder / "pyproject.toml", executable=False)]
    for at, folders, names in os.walk(folder / "src", followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__"]
        paths = [Path(at, name) for name in names]
        entries += [entry(path.relative_to(folder).as_posix(), path, executable=False) for path in paths]
    return digest(entries)


def checkout_wheel(folder: Path) -> Path:
    """The wheel of that folder, built once for what is in it.

    :raises PackagingError: it cannot be built.
    """
    place = cache_folder() / "checkout" / checkout_digest(folder)
    (wheel,) = kept(place, lambda out: _build(folder, out)).glob("*.whl")
    return wheel


def _build(folder: Path, out: Path) -> None:
    wheel_of(folder, out, folder, Indexes(folder))


def checkout_note(folder: Path) -> tuple[str, str]:
    """That an agent is packaged with it, as an id and a sentence."""
    return (
        FROM_CHECKOUT,
        f"{NAME} is taken from '{folder}', as it is installed here, and not from a package index: install a release of "
        "it before you deploy to production",
    )


def _allows(requirement: str, version: str) -> bool:
    """Whether a requirement can mean the version; other comparisons than `==` are uv's to judge."""
    found = re.match(r"[^\[@=<>!~;\s]+\s*(?:\[[^\]]*\])?\s*(@|={2,3}\s*([^\s,;]+))?", requirement.strip())
    return found is None or found[1] is None or found[2] == version
