"""`$context`: what the API knows about one request, and what mapping expressions are for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..messages import Request

_CONTEXT_VARIABLE = re.compile(r"\$\{?context\.([\w.\-:]+)\}?")


@dataclass(frozen=True)
class Context:
    """`$context`: what the API knows about one request."""

    request: Request
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)  # filled as more is known
    stage_variables: Mapping[str, str] = field(default_factory=dict)

    def value(self, expression: str) -> str | None:
        """What a mapping's source expression is here; `None` when the request has no such value."""
        if expression.startswith("'") and expression.endswith("'"):
            return expression[1:-1]
        scope, _, name = expression.partition(".")
        if scope == "context":
            return self.variables.get(name)
        if scope == "stageVariables":
            return self.stage_variables.get(name)
        place, _, parameter = name.removeprefix("request.").partition(".")
        match place:
            case "header":
                return self.request.header(parameter)
            case "querystring":
                return dict(self.request.query_arguments()).get(parameter)
            case "path":
                return self.path_parameters.get(parameter)
            case _:
                return None

    def filled(self, template: str) -> str:
        """A template with its `$context.…` variables written out; `-` for one that has no value, as in access logs."""
        return _CONTEXT_VARIABLE.sub(lambda match: self.variables.get(match[1], "-"), template)
