"""What a mapping template reads and writes: `$context` and `$input`."""

import json
from typing import Any

from ..request_context import Context
from .methods import shown
from .tree import NotModelled


class ContextObject:
    """`$context`: variables by their dotted names, and a part that can be written."""

    def __init__(self, context: Context, overrides: dict[str, Any], path: tuple[str, ...] = ()) -> None:
        self.context = context
        self.overrides = overrides
        self.path = path

    def get(self, name: str) -> Any:
        """A variable, or what holds those below it; `None` when there is none."""
        path = (*self.path, name)
        dotted = ".".join(path)
        if dotted in self.context.variables:
            return self.context.variables[dotted]
        known = any(variable.startswith(f"{dotted}.") for variable in self.context.variables)
        return ContextObject(self.context, self.overrides, path) if known or path[0] == "responseOverride" else None

    def put(self, path: tuple[str, ...], value: Any) -> None:
        """`#set` of a part; raises `NotModelled`."""
        match path:
            case ("responseOverride", "header", name):
                self.overrides.setdefault("header", {})[name] = shown(value)
            case ("responseOverride", "status"):
                self.overrides["status"] = value
            case ("requestOverride", *_):
                raise NotModelled("$context.requestOverride")
            case _:
                raise NotModelled(f"#set of $context.{'.'.join(path)}")


class _Parameters(dict[str, str]):
    """Parameters of a request: one that is not there is an empty text, as the CDK's own templates expect."""

    def get(self, name: Any, default: Any = "") -> Any:
        """The value."""
        return super().get(name, default)


class Input:
    """`$input`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        request = context.request
        self.body = request.body.decode(errors="replace")
        self.parameters = {
            "path": _Parameters(context.path_parameters),
            "querystring": _Parameters(request.query_arguments()),
            "header": _Parameters(request.headers),
        }

    def params(self, *name: Any) -> Any:
        """A parameter, wherever it stands; without a name, all of them."""
        if not name:
            return self.parameters
        # In this order (APIGW `api-gateway-mapping-template-reference`).
        for place in ("path", "querystring", "header"):
            for key, value in self.parameters[place].items():
                if key == name[0] or (place == "header" and key.lower() == str(name[0]).lower()):
                    return value
        return ""

    def path(self, expression: str) -> Any:
        """The part of a JSON body that a path of fields and indexes leads to; raises `NotModelled` for another path."""
        try:
            found = json.loads(self.body or "null")
        except (ValueError, RecursionError):
            return None
        if not expression.startswith("$"):
            raise NotModelled(f"the JSON path {expression}")
        for step in expression[1:].replace("[", ".").replace("]", "").replace("'", "").split("."):
            if step == "":
                continue
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            elif not step.replace("_", "").replace("-", "").isalnum():
                raise NotModelled(f"the JSON path {expression}")
            else:
                return None
        return found

    def json(self, expression: str) -> str:
        """The same part, as JSON."""
        return json.dumps(self.path(expression), separators=(",", ":"))
