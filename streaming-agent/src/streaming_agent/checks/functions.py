"""Lambda functions as the rules see them: do they stream, may they ask an agent, and how long do they live."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..template import Permissions, TemplateResource, Unknown, View, permissions
from ..template.symbols import SYMBOL

INVOKE_AGENT = "bedrock-agentcore:InvokeAgentRuntime"
INVOKE_MODEL = ("bedrock:InvokeModelWithResponseStream", "bedrock:InvokeModel", "bedrock:ConverseStream")
# the AWS Lambda Web Adapter's variable; without the prefix in its older versions (Web Adapter's README)
_MODES = ("AWS_LWA_INVOKE_MODE", "AWS_LAMBDA_INVOKE_MODE")
_NEEDS_ADAPTER = ("python", "java", "ruby", "dotnet")


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the templates."""

    resource: TemplateResource
    view: View

    @cached_property
    def variables(self) -> dict[str, Any]:
        """Its environment variables."""
        return self.resource.mapping("Environment", "Variables")

    @cached_property
    def variables_unknown(self) -> Unknown | None:
        """Why its environment variables are not known."""
        for path in (("Environment",), ("Environment", "Variables")):
            if unknown := self.resource.opaque(*path):
                return unknown
        return next((u for name in (*_MODES, "AWS_LAMBDA_EXEC_WRAPPER") if (u := self._unknown(name))), None)

    def _unknown(self, name: str) -> Unknown | None:
        return self.view.symbols.unknown(self.variables.get(name))

    @property
    def is_image(self) -> bool:
        """Whether its code is a container image."""
        return self.resource.text("PackageType") == "Image" or self.resource.has("ImageUri")

    @property
    def language(self) -> str:
        """Its managed runtime; an empty text for an image or an unknown one."""
        runtime = self.resource.text("Runtime") or ""
        return "" if SYMBOL.search(runtime) else runtime

    @property
    def adapter_mode(self) -> str | None:
        """The Web Adapter's invoke mode: `response_stream` or `buffered`; `None` without an adapter."""
        mode = next((self.variables[name] for name in _MODES if name in self.variables), None)
        if isinstance(mode, str) and not SYMBOL.search(mode):
            return mode.lower()
        return "buffered" if mode is None and self.has_adapter else None

    @property
    def has_adapter(self) -> bool:
        """Whether the Web Adapter runs: its wrapper, its layer, or its variables of an image."""
        wrapper = self.variables.get("AWS_LAMBDA_EXEC_WRAPPER")
        layers = [layer for layer in self.resource.items("Layers") if isinstance(layer, str)]
        return wrapper == "/opt/bootstrap" or any("LambdaAdapterLayer" in layer for layer in layers)

    @property
    def layers_unknown(self) -> bool:
        """Whether a layer of it may be anything."""
        layers = self.resource.get("Layers")
        return self.resource.opaque("Layers") is not None or any(
            not isinstance(layer, str) or (SYMBOL.search(layer) and "LambdaAdapterLayer" not in layer)
            for layer in (layers if isinstance(layers, list) else [])
        )

    @property
    def cannot_stream(self) -> bool:
        """Whether its managed runtime cannot stream without an adapter (Lambda configuration-response-streaming)."""
        return not self.is_image and self.language.startswith(_NEEDS_ADAPTER) and not self.has_adapter

    @property
    def timeout_seconds(self) -> float | None:
        """Its timeout; `None` when it is not known. Lambda's default is 3 s."""
        if self.resource.unknown("Timeout"):
            return None
        return self.resource.number("Timeout") if self.resource.has("Timeout") else 3

    @cached_property
    def permissions(self) -> Permissions:
        """What its role may do."""
        if self.resource.type == "AWS::Serverless::Function":
            return permissions(self.view, self.resource)
        return permissions(self.view, self.resource.get("Role"))

    @property
    def may_ask_agent(self) -> bool:
        """Whether its role allows it to invoke an agent runtime."""
        return bool(self.permissions.allowing(INVOKE_AGENT))

    @property
    def may_ask_model(self) -> bool:
        """Whether its role allows it to invoke a model."""
        return any(self.permissions.allowing(action) for action in INVOKE_MODEL)

    @property
    def streams(self) -> bool:
        """Whether its adapter streams."""
        return self.adapter_mode == "response_stream"
