"""A stage's method settings: what holds for one route."""

from typing import Any

from ..template import ApiStage, Route, Unknown
from ..template.symbols import SYMBOL


def method_settings(stage: ApiStage) -> list[tuple[int, dict[str, Any]]]:
    """The entries of MethodSettings with their places in the list."""
    entries = stage.get("MethodSettings")
    return [
        (index, one) for index, one in enumerate(entries if isinstance(entries, list) else []) if isinstance(one, dict)
    ]


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
