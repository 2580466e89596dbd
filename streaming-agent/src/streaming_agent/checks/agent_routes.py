"""The routes to agents, the functions and the runtimes that rules look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..template import Api, ApiStage, Route, TemplateResource, Unknown, View, apis, functions_of
from ..template.line_numbers import Step
from ..template.runtime_address import RuntimeAddress, runtime_address
from ..template.symbols import SYMBOL
from .functions import Function

STREAMING_PATH = "/response-streaming-invocations"
_LAMBDA = ("AWS::Lambda::Function", "AWS::Serverless::Function")


@dataclass(frozen=True, eq=False)
class AgentRoute:
    """A route that leads to an agent, or streams: the only routes that the rules speak of."""

    route: Route
    address: RuntimeAddress | None  # the runtime's address, where that is what answers
    function: Function | None  # the function of the templates that answers
    view: View

    @property
    def resource(self) -> TemplateResource:
        """Where it is written down."""
        return self.route.resource

    @property
    def streams(self) -> bool:
        """Whether its transfer mode is STREAM."""
        return self.mode == "STREAM"

    @property
    def mode(self) -> str:
        """STREAM or BUFFERED, which is the default; an empty text when it is not known."""
        mode = self.route.integration.mode
        if mode is None:
            return "BUFFERED"
        return "" if SYMBOL.search(str(mode)) else str(mode).upper()

    @property
    def type(self) -> str:
        """The integration's type, in capitals; an empty text when it is not known."""
        kind = self.route.integration.type
        return kind.upper() if isinstance(kind, str) and not SYMBOL.search(kind) else ""

    @property
    def is_lambda(self) -> bool:
        """Whether a Lambda function answers."""
        uri = self.route.integration.uri
        return self.type in ("AWS_PROXY", "AWS") and isinstance(uri, str) and ":lambda:path" in uri

    @property
    def streams_by_address(self) -> bool:
        """Whether its address is Lambda's streaming one."""
        uri = self.route.integration.uri
        return isinstance(uri, str) and uri.rstrip("/").endswith(STREAMING_PATH)

    @property
    def parameters(self) -> dict[str, Any]:
        """integration.request.* -> where it comes from."""
        found = self.route.integration.parameters
        return found if isinstance(found, dict) else {}

    def mapped(self, place: str, name: str) -> Any:
        """Where a header (`header`) or query parameter (`querystring`) comes from; header names match in any case."""
        wanted = f"integration.request.{place}.{name}".lower()
        return next((value for key, value in self.parameters.items() if key.lower() == wanted), None)

    def at(self, *names: str) -> tuple[Step, ...]:
        """Where the first of these properties stands."""
        return self.route.place(*names)


class CheckContext:
    """What one rule sees: the templates under one set of assumptions, and what they say of agents."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.symbols = view.symbols
        self._functions: dict[int, Function] = {}

    # ------------------------------------------------------------------ APIs
    @cached_property
    def apis(self) -> list[Api]:
        """Every API."""
        return apis(self.view)

    @cached_property
    def agent_routes(self) -> list[AgentRoute]:
        """The REST routes that lead to an agent or stream."""
        return [found for api in self.apis if api.kind == "REST" for found in self._agent_routes(api)]

    @cached_property
    def agent_apis(self) -> list[Api]:
        """The REST APIs with such a route."""
        return list({id(agent.route.api): agent.route.api for agent in self.agent_routes}.values())

    def routes_of(self, api: Api) -> list[AgentRoute]:
        """The agent routes of one API."""
        return [agent for agent in self.agent_routes if agent.route.api is api]

    def _agent_routes(self, api: Api) -> Iterator[AgentRoute]:
        found = []
        for route in api.routes:
            mock = str(route.integration.type).upper() == "MOCK"
            if route.method == "OPTIONS" or (mock and str(route.integration.mode).upper() != "STREAM"):
                continue
            function = next((self.function(one) for one in functions_of(self.view, route.integration.uri)), None)
            found.append(AgentRoute(route, runtime_address(self.view, route.integration.uri), function, self.view))
        streaming = {id(one.function.resource) for one in found if one.function and _streams(one)}
        for one in found:
            if one.address is not None or _streams(one) or self._asks_buffered(one, streaming):
                yield one

    @staticmethod
    def _asks_buffered(one: AgentRoute, streaming: set[int]) -> bool:
        """A buffered route to a function that asks an agent, unless another route streams that function's answer."""
        function = one.function
        if function is None or id(function.resource) in streaming or one.route.method in ("GET", "HEAD", "DELETE"):
            return False
        return function.may_ask_agent or function.streams

    @cached_property
    def http_agent_routes(self) -> list[AgentRoute]:
        """The routes of HTTP APIs that lead to an agent."""
        found = []
        for api in self.apis:
            for route in api.routes if api.kind == "HTTP" else ():
                function = next((self.function(one) for one in functions_of(self.view, route.integration.uri)), None)
                address = runtime_address(self.view, route.integration.uri)
                asks = function is not None and (function.may_ask_agent or function.streams)
                if (address is not None or asks) and route.method not in ("OPTIONS", "GET", "HEAD"):
                    found.append(AgentRoute(route, address, function, self.view))
        return found

    def stages(self) -> Iterator[tuple[ApiStage, list[AgentRoute]]]:
        """Every stage of an API with agent routes, and those routes.

        An API whose routes are not in the template counts where an agent is, or a function that asks one.
        """
        for api in self.apis:
            routes = self.routes_of(api)
            if api.kind == "REST" and (routes or (api.unknown_routes and self.holds_an_agent)):
                for stage in api.stages:
                    yield stage, routes

    @cached_property
    def holds_an_agent(self) -> bool:
        """Whether the templates hold an agent runtime, or a function that streams or may ask an agent."""
        return bool(self.runtimes) or any(one.streams or one.may_ask_agent for one in self.functions)

    # ------------------------------------------------------------------ functions, runtimes
    def function(self, resource: TemplateResource) -> Function:
        """A Lambda function."""
        key = id(resource)
        if key not in self._functions:
            self._functions[key] = Function(resource, self.view)
        return self._functions[key]

    @cached_property
    def functions(self) -> list[Function]:
        """Every Lambda function."""
        return [self.function(resource) for resource in self.view.resources(*_LAMBDA)]

    @cached_property
    def runtimes(self) -> list[TemplateResource]:
        """Every agent runtime."""
        return list(self.view.resources("AWS::BedrockAgentCore::Runtime"))

    def jwt_authorizer(self, runtime: TemplateResource) -> dict[str, Any] | Unknown | None:
        """The runtime's JWT authorizer: its mapping, why it is not known, or `None` without one."""
        for path in (("AuthorizerConfiguration",), ("AuthorizerConfiguration", "CustomJWTAuthorizer")):
            if unknown := runtime.opaque(*path):
                return unknown
        found = runtime.get("AuthorizerConfiguration", "CustomJWTAuthorizer")
        return found if isinstance(found, dict) else None

    def literal(self, value: Any) -> str | None:
        """A text without symbols; `None` for any other value."""
        return value if isinstance(value, str) and not SYMBOL.search(value) else None


def _streams(one: AgentRoute) -> bool:
    return one.streams or one.streams_by_address
