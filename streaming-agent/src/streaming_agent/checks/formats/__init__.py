"""The ways in which a report is written: for people, for programs, for GitHub."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..check_run import Report


def _late(module: str) -> "Callable[[Report], str]":
    """A format whose module is imported when it is asked for."""

    def written(report: "Report") -> str:
        return str(import_module(f"{__name__}.{module}").written(report))

    return written


FORMATS: "Mapping[str, Callable[[Report], str]]" = {
    "table": _late("table"),
    "json": _late("json_list"),
    "sarif": _late("sarif"),
    "github": _late("github"),
    "html": _late("html"),
}

__all__ = ["FORMATS"]
