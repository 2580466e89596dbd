"""A stage's method settings: what holds for one route."""

from typing import Any

from ..template import ApiStage, Route, Unknown
from ..template.marks import Step
from ..template.plain_values import as_list
from ..template.symbols import SYMBOL

# what a Deployment's StageDescription says of every method, without an entry of its own
_OF_ALL = ("DataTraceEnabled", "ThrottlingRateLimit", "ThrottlingBurstLimit", "LoggingLevel", "CachingEnabled")


def method_settings(stage: ApiStage) -> list[tuple[tuple[Step, ...], dict[str, Any]]]:
    """The entries of MethodSettings with their places."""
    found: list[tuple[tuple[Step, ...], dict[str, Any]]] = []
    if stage.path:
        of_all = {name: value for name in _OF_ALL if (value := stage.get(name)) is not None}
        if of_all:
            found.append((stage.path, {"ResourcePath": "/*", "HttpMethod": "*", **of_all}))
    for index, one in enumerate(as_list(stage.get("MethodSettings"))):
        if isinstance(one, dict):
            found.append(((*stage.path, "MethodSettings", index), one))
    return found


def settings_unknown(stage: ApiStage) -> Unknown | None:
    """Why the settings as a whole are not known."""
    symbols = stage.resource.view.symbols
    entries = stage.get("MethodSettings")
    found = symbols.only(entries)
    if isinstance(found, Unknown):
        return found
    for entry in entries if isinstance(entries, list) else []:
        found = symbols.only(entry)
        if isinstance(found, Unknown):
            return found
    return None


def applies(entry: dict[str, Any], route: Route | None) -> bool:
    """Whether an entry is for a route; for `None`, whether it is for every route."""
    path = str(entry.get("ResourcePath", "/*"))
    method = str(entry.get("HttpMethod", "*")).upper()
    if path in ("/*", "*"):
        return method == "*" or (route is not None and method == route.method)
    if route is None or route.url_path is None:
        return False
    written = path.replace("~1", "/").replace("//", "/")
    return (written == route.url_path or bool(SYMBOL.search(path))) and method in ("*", route.method)


def settings_of(stage: ApiStage, route: Route) -> dict[str, Any]:
    """What holds for a route: the entry for all methods, and over it the one of the route."""
    merged: dict[str, Any] = {}
    for _, entry in sorted(
        method_settings(stage), key=lambda found: str(found[1].get("ResourcePath")) not in ("/*", "*")
    ):
        if applies(entry, route):
            merged.update({key: value for key, value in entry.items() if value is not None})
    return merged
