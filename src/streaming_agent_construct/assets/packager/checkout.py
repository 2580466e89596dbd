"""streaming-agent itself, installed from a folder: an agent that requires it gets what is there, released or not."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .cache import cache_folder, kept
from .reasons import own_words
from .refusal import PackagingError
from .uv import run_uv

NAME = "streaming-agent"
FROM_CHECKOUT = "streaming-agent-construct:from-checkout"
_REQUIRED = re.compile(rf"(?i)\s*{NAME.replace('-', '[-_.]+')}\s*(?:\[[^\]]*\])?\s*(.*)$")


def checkout(requirements: Iterable[str]) -> Path | None:
    """The folder that streaming-agent is installed from (PEP 610), if it is one and the requirements name its version.

    :param requirements: Lines such as ``streaming-agent``, ``streaming-agent[strands]`` or ``streaming-agent==1.0.0``.
    """
    asked = [found[1] for line in requirements if (found := _REQUIRED.match(line)) is not None]
    if not asked:
        return None
    try:
        installed = Distribution.from_name(NAME)
        url = json.loads(installed.read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return None
    folder = Path(unquote(urlsplit(str(url.get("url", ""))).path))
    if "dir_info" not in url or not (folder / "pyproject.toml").is_file():
        return None
    return folder if all(_allows(one, installed.version) for one in asked) else None


def checkout_wheel(folder: Path) -> Path:
    """The wheel of that folder, built once for what is in it.

    :raises PackagingError: it cannot be built.
    """

    def make(out: Path) -> None:
        done = run_uv(["build", "--wheel", "--python", sys.executable, "--out-dir", str(out), str(folder)], folder)
        if done.returncode != 0:
            raise PackagingError("SAC184", f"the package in '{folder}' cannot be built: {own_words(done.stderr)}")

    (wheel,) = kept(cache_folder() / "checkout" / _digest(folder), make).glob("*.whl")
    return wheel


def _digest(folder: Path) -> str:
    digest = hashlib.sha256((folder / "pyproject.toml").read_bytes())
    for at, folders, names in os.walk(folder / "src", followlinks=True):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = Path(at, name)
            digest.update(f"\0{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def checkout_note(folder: Path) -> tuple[str, str]:
    """That an agent is packaged with it, as an id and a sentence."""
    return (
        FROM_CHECKOUT,
        f"{NAME} is taken from '{folder}', as it is installed here, and not from a package index: install a release of "
        "it before you deploy to production",
    )


def _allows(asked: str, version: str) -> bool:
    """Whether a requirement's rest can mean the version; other comparisons are uv's to judge."""
    if asked.startswith("@"):
        return False
    exact = re.match(r"={2,3}\s*([^\s,;]+)", asked)
    return exact is None or exact[1] == version
