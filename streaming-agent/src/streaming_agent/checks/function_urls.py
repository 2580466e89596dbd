"""Function URLs, as resources and as SAM's FunctionUrlConfig."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..template import TemplateResource, functions_of
from ..template.line_numbers import Step
from ..template.symbols import SYMBOL
from .agent_routes import CheckContext
from .functions import Function


@dataclass(frozen=True)
class FunctionUrl:
    """A function's own address."""

    resource: TemplateResource
    path: tuple[Step, ...]
    function: Function | None

    def _text(self, name: str) -> str | None:
        value = self.resource.get(*self.path, name)
        return value if isinstance(value, str) and not SYMBOL.search(value) else None

    @property
    def streams(self) -> bool | None:
        """Whether it streams; `None` when that is not known."""
        if self.resource.unknown(*self.path, "InvokeMode"):
            return None
        return self._text("InvokeMode") == "RESPONSE_STREAM"

    @property
    def auth_type(self) -> str | None:
        """AWS_IAM or NONE; `None` when it is not known."""
        return self._text("AuthType")


def function_urls(context: CheckContext) -> Iterator[FunctionUrl]:
    """Every function URL of the templates."""
    for resource in context.view.resources("AWS::Lambda::Url"):
        found = next(functions_of(context.view, resource.get("TargetFunctionArn")), None)
        yield FunctionUrl(resource, (), context.function(found) if found else None)
    for resource in context.view.resources("AWS::Serverless::Function"):
        if isinstance(resource.get("FunctionUrlConfig"), dict):
            yield FunctionUrl(resource, ("FunctionUrlConfig",), context.function(resource))
