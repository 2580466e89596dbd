"""A stage's method settings: what holds for one route."""

from collections.abc import Iterable, Mapping
from typing import Any

from .line_numbers import Step
from .plain_values import as_list, as_number
from .routes import Route
from .routes import Stage as ApiStage
from .symbols import SYMBOL, Unknown

# what a Deployment's StageDescription says of every method, without an entry of its own
_OF_ALL = ("DataTraceEnabled", "ThrottlingRateLimit", "ThrottlingBurstLimit", "LoggingLevel", "CachingEnabled")
_EVERY_PATH = ("/*", "*")


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


def applies(entry: Mapping[str, Any], route: Route | None) -> bool:
    """Whether an entry is for a route; for `None`, whether it is for every route."""
    if route is None:
        return _path(entry) in _EVERY_PATH and _method(entry) == "*"
    return covers(entry, route.method, route.url_path)


def covers(entry: Mapping[str, Any], method: str, url_path: str | None) -> bool:
    """Whether an entry is for a method of a path; a path that is not known may be any."""
    if _method(entry) not in ("*", method):
        return False
    path = _path(entry)
    if path in _EVERY_PATH:
        return True
    # slashes inside a path are written ~1, as in JSON pointers (API_MethodSetting)
    written = path.replace("~1", "/").replace("//", "/")
    return url_path is not None and (written == url_path or bool(SYMBOL.search(path)))


def settings_of(stage: ApiStage, route: Route) -> dict[str, Any]:
    """What holds for a route: the entry for all methods, and over it the one of the route."""
    return united((entry for _, entry in method_settings(stage)), route.method, route.url_path)


def united(entries: Iterable[Mapping[str, Any]], method: str, url_path: str | None) -> dict[str, Any]:
    """What entries say together of a method of a path: the more exact one goes over the others."""
    merged: dict[str, Any] = {}
    for entry in sorted(entries, key=lambda one: (_path(one) not in _EVERY_PATH, _method(one) != "*")):
        if covers(entry, method, url_path):
            merged.update({key: value for key, value in entry.items() if value is not None})
    return merged


def is_limit(value: Any) -> bool:
    """Whether ThrottlingRateLimit or ThrottlingBurstLimit sets a limit: with -1 only the account's holds.

    A value that is known only at deployment is taken for a limit.
    """
    number = as_number(value)
    return value is not None and (number is None or number >= 0)


def _path(entry: Mapping[str, Any]) -> str:
    return str(entry.get("ResourcePath", "/*"))


def _method(entry: Mapping[str, Any]) -> str:
    return str(entry.get("HttpMethod", "*")).upper()
