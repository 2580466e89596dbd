"""Writes a new project, all of it or nothing."""

import os
import shutil
import tempfile
from pathlib import Path

from ..errors import Refusal
from .agent_files import agent_files
from .app_files import app_files
from .choices import Choices, check_choices
from .page_files import page_files
from .test_files import test_files


def files(choices: Choices) -> dict[str, str]:
    """The project's files, by path; raises `Refusal` for choices that do not go together."""
    check_choices(choices)
    made = agent_files(choices) | app_files(choices) | test_files(choices) | page_files(choices)
    return dict(sorted(made.items()))


def create(choices: Choices, parent: Path) -> Path:
    """Writes the project into a folder of its name; raises `Refusal` where something stands there."""
    made = files(choices)
    target = parent / choices.name
    _check_is_free(target)
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{choices.name}-", dir=parent))
    except OSError as problem:
        raise Refusal("SAL107", f"{target} cannot be written: {problem.strerror}; choose another folder") from problem
    try:
        work.chmod(0o755)
        for path, text in made.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_text(text, encoding="utf-8", newline="\n")
        # a rename takes the place of an empty folder, and of nothing else
        os.replace(work, target)
    except OSError as problem:
        raise Refusal("SAL107", f"{target} cannot be written: {problem.strerror}; choose another folder") from problem
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _check_is_free(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Refusal("SAL107", f"{target} is there already, and nothing is overwritten: choose another name")
    if target.is_dir() and any(target.iterdir()):
        raise Refusal("SAL107", f"{target} is not empty, and nothing is overwritten: choose another name")
