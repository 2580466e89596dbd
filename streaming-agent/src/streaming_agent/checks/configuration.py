"""The settings of a project: `[tool.streaming-agent.check]` of the nearest pyproject.toml."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..template import Refusal
from ..template.source import is_file
from .finding import Severity

FAIL_ON = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}


@dataclass(frozen=True)
class Configuration:
    """What the project sets; the command line goes before it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    undecided: str | None = None
    paths: tuple[Path, ...] = ()
    file: Path | None = field(default=None)


def configuration(folder: Path) -> Configuration:
    """The settings of the nearest pyproject.toml from `folder` upwards that has a section for checks.

    Raises:
        Refusal: SAL103 for a broken file, an unknown setting, or a value of another kind.
    """
    for above in (folder, *folder.parents):
        file = above / "pyproject.toml"
        if is_file(file):
            try:
                content = tomllib.loads(file.read_text(encoding="utf-8"))
            except OSError as problem:
                why = (problem.strerror or str(problem)).lower()
                raise Refusal("SAL103", f"{file} cannot be read ({why}): check its permissions") from problem
            except ValueError as problem:
                raise Refusal("SAL103", f"{file} is not TOML: {str(problem).splitlines()[0]}") from problem
            section: Any = content
            for key in ("tool", "streaming-agent", "check"):
                section = section.get(key) if isinstance(section, dict) else None
            if section is not None:
                return _read(section, file)
    return Configuration()


def _read(section: Any, file: Path) -> Configuration:
    where = f"{file}: tool.streaming-agent.check"
    if not isinstance(section, dict):
        raise Refusal("SAL103", f"{where}: expected a table, got {section!r}")
    known = ("select", "ignore", "fail-on", "undecided", "paths")
    for key in section:
        if key not in known:
            raise Refusal("SAL103", f"{where} has no setting {key}: the settings are {', '.join(known)}")
    for key in ("select", "ignore", "paths"):
        value = section.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refusal("SAL103", f"{where}.{key}: expected a list of texts, got {value!r}")
    for key in ("fail-on", "undecided"):
        value = section.get(key)
        if value is not None and value not in FAIL_ON:
            raise Refusal("SAL103", f"{where}.{key}: expected error, warning or note, got {value!r}")
    return Configuration(
        select=tuple(section.get("select", ())),
        ignore=tuple(section.get("ignore", ())),
        fail_on=section.get("fail-on"),
        undecided=section.get("undecided"),
        paths=tuple(file.parent / path for path in section.get("paths", ())),
        file=file,
    )
