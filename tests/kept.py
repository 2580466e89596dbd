"""What a tool made of the same input, or said of it, is kept from one run of the tests to the next.

Compiling, packing, linting and synthesising give the same for the same bytes and the same tools. What is kept lies in
pytest's own cache: `python -m pytest --cache-clear` forgets it, and a clean checkout has none.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Whatever changes one of these may change what any tool says.
_TOOLS = ("uv.lock", "npm/package-lock.json", "tests/integration/checkers/checkov-requirements.txt")
_DAYS = 14
Input = str | bytes | Path


class Kept:
    """A store of results by what they were made of."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.cache.mkdir("kept") if config.cache is not None else None
        self._tools = [sys.version, *(ROOT / path for path in _TOOLS)]

    def folder(self, name: str, inputs: Sequence[Input], make: Callable[[Path], None], temporary: Path) -> Path:
        """A folder that `make` fills, once for the same inputs; in `temporary` where pytest keeps nothing."""
        if self._root is None:
            temporary.mkdir(exist_ok=True)
            make(temporary)
            return temporary
        kept = self._root / self._name(name, inputs)
        if not kept.is_dir():
            unfinished = self._root / f"{kept.name}.{os.getpid()}"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            self._forget_old()
            try:
                unfinished.rename(kept)
            except OSError:
                if not kept.is_dir():
                    raise
                shutil.rmtree(unfinished)  # another worker was faster
        kept.touch()
        return kept

    def has(self, name: str, inputs: Sequence[Input]) -> bool:
        """Whether the folder of these inputs is kept."""
        return self._root is not None and (self._root / self._name(name, inputs)).is_dir()

    def said(self, name: str, inputs: Sequence[Input]) -> Any:
        """What was said of these inputs; `None` if nothing is kept."""
        path = self._path(name, inputs)
        if path is None or not path.exists():
            return None
        path.touch()
        return json.loads(path.read_text(encoding="utf-8"))

    def keep(self, name: str, inputs: Sequence[Input], said: object) -> None:
        """Keeps what was said of these inputs."""
        path = self._path(name, inputs)
        if path is not None:
            path.write_text(json.dumps(said), encoding="utf-8")

    def _path(self, name: str, inputs: Sequence[Input]) -> Path | None:
        return self._root / f"{self._name(name, inputs)}.json" if self._root is not None else None

    def _name(self, name: str, inputs: Sequence[Input]) -> str:
        digest = hashlib.sha256()
        for one in (*self._tools, *inputs):
            for part in _bytes(one):
                digest.update(b"%d:" % len(part) + part)
        return f"{name}-{digest.hexdigest()[:32]}"

    def _forget_old(self) -> None:
        assert self._root is not None
        for path in self._root.iterdir():
            if path.stat().st_mtime < time.time() - _DAYS * 24 * 3600:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _bytes(one: Input) -> list[bytes]:
    if isinstance(one, bytes):
        return [one]
    if isinstance(one, str):
        return [one.encode()]
    if not one.is_dir():
        return [one.name.encode(), one.read_bytes()]
    files = sorted(path for path in one.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [part for path in files for part in (path.relative_to(one).as_posix().encode(), path.read_bytes())]
