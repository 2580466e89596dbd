"""The ways in which a report is written: for people, for programs, for GitHub."""

from collections.abc import Callable, Mapping

from ..run import Report
from . import github, html, json_list, sarif, table

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "table": table.written,
    "json": json_list.written,
    "sarif": sarif.written,
    "github": github.written,
    "html": html.written,
}

__all__ = ["FORMATS"]
