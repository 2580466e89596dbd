"""Finds the method that a path and an HTTP method ask for, as API Gateway does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from .rest_api import LocalRoute


@dataclass(frozen=True)
class Match:
    """A route and the path parameters that led to it."""

    route: LocalRoute
    path_parameters: Mapping[str, str]


def find_route(routes: Iterable[LocalRoute], http_method: str, path: str) -> Match | None:
    """The most specific route: literal parts go before `{name}`, which goes before `{proxy+}`."""
    asked = _parts(path)
    found = [
        (rank, Match(route, parameters))
        for route in routes
        if route.http_method in (http_method, "ANY")
        for rank, parameters in _matches(_parts(route.path), asked)
    ]
    return min(found, key=lambda one: (one[0], one[1].route.http_method == "ANY"))[1] if found else None


def _parts(path: str) -> list[str]:
    stripped = path.removeprefix("/").removesuffix("/")
    return stripped.split("/") if stripped else []


def _matches(pattern: list[str], asked: list[str]) -> Iterable[tuple[tuple[int, ...], dict[str, str]]]:
    rank: list[int] = []
    parameters: dict[str, str] = {}
    for index, part in enumerate(pattern):
        if part.endswith("+}") and index < len(asked):
            yield (*rank, 2), {**parameters, part[1:-2]: unquote("/".join(asked[index:]))}
            return
        if index >= len(asked):
            return
        if part.startswith("{"):
            rank.append(1)
            parameters[part[1:-1]] = unquote(asked[index])
        elif part == asked[index]:
            rank.append(0)
        else:
            return
    if len(pattern) == len(asked):
        yield tuple(rank), parameters
