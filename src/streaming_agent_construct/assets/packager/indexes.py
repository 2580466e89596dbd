"""Where the requirements of a build come from: the indexes that the agent's own requirements name.

pip and uv build a local package with the indexes of whoever requires it
(https://pip.pypa.io/en/stable/reference/build-system/, https://docs.astral.sh/uv/concepts/indexes/).
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .projects import read_project

_SETTINGS = {"index", "index-url", "extra-index-url", "find-links", "no-index"}
_VARIABLES = {"UV_DEFAULT_INDEX": ("-i", "--index-url"), "UV_INDEX": ("--extra-index-url",),
              "UV_FIND_LINKS": ("-f", "--find-links")}  # fmt: skip


@dataclass(frozen=True)
class Indexes:
    """A folder whose settings uv reads, and what a requirements file says beside them."""

    folder: Path
    """Where uv runs: it reads `uv.toml` and `[tool.uv]` there and above."""
    options: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    """Addresses, which may hold a password: other programs of the machine read a command's arguments."""

    @staticmethod
    def of_file(folder: Path, options: Iterable[tuple[str, str]]) -> "Indexes":
        """The indexes of a requirements file.

        :param folder: The agent's folder.
        :param options: The file's options and their values, such as ``("--index-url", "https://…")``.
        """
        options = list(options)
        variables: dict[str, str] = {}
        for variable, names in _VARIABLES.items():
            values = [value for name, value in options if name in names]
            # of two --index-url lines, pip and uv take the last one
            values = values[-1:] if variable == "UV_DEFAULT_INDEX" else values
            if values and variable not in os.environ:
                variables[variable] = (" " if variable == "UV_INDEX" else ",").join(values)
        # uv has no variable for it
        return Indexes(folder, ("--no-index",) if ("--no-index", "") in options else (), variables)

    def of_package(self, source: Path) -> "Indexes":
        """A local package's own indexes, where its project or workspace names some; these otherwise."""
        folder = source if source.is_dir() else source.parent
        return Indexes(folder) if any(map(_names_indexes, (folder, *folder.parents))) else self


def _names_indexes(folder: Path) -> bool:
    if (folder / "uv.toml").is_file():
        return True
    project = read_project(folder)
    return project is not None and not _SETTINGS.isdisjoint(project.uv)
