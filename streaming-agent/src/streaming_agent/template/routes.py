"""The routes of a template's REST and HTTP APIs in one model, however they are written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .line_numbers import Step
from .resource import TemplateResource
from .symbols import Unknown

Path = tuple[Step, ...]


@dataclass(frozen=True)
class Authorizer:
    """What asks a caller who they are."""

    kind: str  # COGNITO_USER_POOLS, TOKEN, REQUEST, JWT; an empty text when it is not in the template
    name: str
    resource: TemplateResource | None
    path: Path = ()
    provider_arns: tuple[Any, ...] = ()
    identity_source: Any = None
    scopes: tuple[Any, ...] = ()  # SAM's default scopes for its routes


@dataclass(frozen=True)
class Authorization:
    """Who may call a route.

    `kind` is NONE, AWS_IAM, COGNITO_USER_POOLS, CUSTOM or JWT; an empty text when `unknown` says why it is not known.
    """

    kind: str
    authorizer: Authorizer | None = None
    scopes: tuple[Any, ...] = ()
    unknown: Unknown | None = None
    authorizer_unknown: Unknown | None = None


@dataclass(frozen=True)
class Integration:
    """What answers a route. Each value is evaluated: `None` when it is not there, a symbol when it is not known."""

    type: Any = None  # HTTP_PROXY, AWS_PROXY, HTTP, AWS, MOCK
    uri: Any = None
    mode: Any = None  # STREAM or BUFFERED
    timeout_ms: Any = None
    credentials: Any = None
    connection_type: Any = None
    http_method: Any = None
    parameters: Any = None  # integration.request.* -> where it comes from
    request_templates: Any = None
    responses: Any = None  # integration responses
    opaque: Unknown | None = None  # why nothing of it is known


@dataclass(frozen=True)
class Route:
    """One method of an API.

    `resource` and `path` say where it is written; `where` names the place of each of its properties.
    """

    api: "Api"
    method: str  # upper case; ANY
    url_path: str | None  # "/chat"; None when a part of it is not in the template
    resource: TemplateResource
    path: Path
    authorization: Authorization
    integration: Integration
    api_key_required: Any = None
    declared: Any = None  # the method's request parameters: method.request.header.X -> whether it is required
    where: Mapping[str, Path] = field(default_factory=dict)

    def place(self, *names: str) -> Path:
        """Where the first of these properties that is written down stands; else where the route does."""
        for name in names:
            if name in self.where:
                return self.where[name]
        return self.path

    @property
    def label(self) -> str:
        """The route for people: `POST /chat`."""
        return f"{self.method} {self.url_path or '…'}"


@dataclass(frozen=True)
class Stage:
    """A stage of a REST API: what stands at `path` of `resource`."""

    api: "Api"
    resource: TemplateResource
    path: Path
    name: Any

    def get(self, *steps: Step) -> Any:
        """A property of the stage."""
        return self.resource.get(*self.path, *steps)


@dataclass
class Api:
    """An API: its routes and stages, and what is said of all of them.

    `resource` is `None` for an API that is not in the template, but its methods are; `identity` is what they refer to.
    """

    kind: str  # REST or HTTP
    identity: str
    resource: TemplateResource | None
    routes: list[Route] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    unknown_routes: list[Unknown] = field(default_factory=list)  # why not every route is known

    @property
    def is_sam(self) -> bool:
        """Whether SAM writes its stage and deployment."""
        return self.resource is not None and self.resource.type.startswith("AWS::Serverless::")

    @property
    def label(self) -> str:
        """The API for people."""
        return self.resource.logical_id if self.resource else "an API that is not in the template"

    def endpoint_type(self) -> Any:
        """EDGE, REGIONAL or PRIVATE; `None` when nothing is said, a symbol when it is not known."""
        if self.resource is None:
            return None
        configuration = self.resource.get("EndpointConfiguration")
        if isinstance(configuration, dict):
            types = configuration.get("Types", configuration.get("Type"))
            found = types[0] if isinstance(types, list) and types else types
            if isinstance(found, list):
                return None
            return found
        return configuration

    def policy(self) -> Any:
        """Its resource policy."""
        if self.resource is None:
            return None
        for name in ("Policy", "ResourcePolicy"):
            if self.resource.has(name):
                return self.resource.get(name)
        body = self.body()
        found = body.get("x-amazon-apigateway-policy") if isinstance(body, dict) else None
        return found if found is not None else self.resource.get("Auth", "ResourcePolicy")

    def body(self) -> Any:
        """Its OpenAPI document; `None` when it has none."""
        if self.resource is None:
            return None
        for name in ("Body", "DefinitionBody"):
            if self.resource.has(name):
                return self.resource.get(name)
        return None


def api_of(found: dict[str, Api], identity: Any, kind: str = "REST") -> Api:
    """The API with that identity; one that is not in the template is added."""
    key = identity if isinstance(identity, str) else ""
    if key not in found:
        found[key] = Api(kind, key, None)
    return found[key]
