"""The REST API as the template says: routes, authorizers, integrations, gateway responses, the stage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...template import Place, Refusal, Resolver, Resource
from ..clock import Clock
from .authorizers import Authorizer, read_authorizer
from .throttling import ApiKeys, StageThrottle, read_api_keys, read_stage_throttle
from .web_acl import Firewall, read_firewall

BUFFERED_TIMEOUT_MS = 29_000
STREAM_TIMEOUT_MS = 900_000


@dataclass(frozen=True, kw_only=True)
class Integration:
    """What stands behind a method."""

    type: str  # HTTP_PROXY or MOCK
    uri: str = ""
    http_method: str = "POST"
    streams: bool = False
    timeout_ms: int = BUFFERED_TIMEOUT_MS
    mappings: Mapping[str, str] = field(default_factory=dict)  # integration.request.… -> source expression
    mock_status: int = 200
    mock_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one resource."""

    logical_id: str
    http_method: str
    path: str
    integration: Integration
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    required_parameters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GatewayResponse:
    """What the API answers instead of its own words for one kind of error."""

    status: int | None
    headers: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RestApi:
    """One API with one stage."""

    logical_id: str
    id: str
    stage: str
    execution_arn: str  # arn:aws:execute-api:region:account:id
    edge_optimized: bool
    access_log_format: str | None
    routes: tuple[Route, ...]
    gateway_responses: Mapping[str, GatewayResponse]
    firewall: Firewall
    throttle: StageThrottle
    api_keys: ApiKeys


def read_rest_apis(resolver: Resolver, clock: Clock) -> Iterator[RestApi]:
    """The template's REST APIs; their limits count by this clock."""
    for resource in resolver.template.of_type("AWS::ApiGateway::RestApi"):
        if resolver.exists(resource):
            yield _Reader(resolver, resource).read(clock)


class _Reader:
    def __init__(self, resolver: Resolver, api: Resource) -> None:
        self._resolver = resolver
        self._api = api
        self._api_id = resolver.ref(api)

    def read(self, clock: Clock) -> RestApi:
        stage = next(self._of_this_api("AWS::ApiGateway::Stage"), None)
        stage_name = str(self._get(stage, "StageName")) if stage else "prod"
        apis_arn = self._resolver.resolve(
            {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/"}, Place(self._api.logical_id)
        )
        types = self._get(self._api, "EndpointConfiguration.Types", ["EDGE"])
        return RestApi(
            logical_id=self._api.logical_id,
            id=self._api_id,
            stage=stage_name,
            execution_arn=self._resolver.resolve(
                {"Fn::Sub": f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{self._api_id}"},
                Place(self._api.logical_id),
            ),
            edge_optimized=types == ["EDGE"],
            access_log_format=self._get(stage, "AccessLogSetting.Format") if stage else None,
            routes=tuple(self._routes()),
            gateway_responses={
                self._get(resource, "ResponseType"): GatewayResponse(
                    status=int(self._get(resource, "StatusCode", 0)) or None,
                    headers={
                        name.removeprefix("gatewayresponse.header."): source
                        for name, source in self._get(resource, "ResponseParameters", {}).items()
                    },
                    templates=self._get(resource, "ResponseTemplates", {}),
                )
                for resource in self._of_this_api("AWS::ApiGateway::GatewayResponse")
            },
            firewall=read_firewall(self._resolver, f"{apis_arn}{self._api_id}/stages/{stage_name}", clock),
            throttle=read_stage_throttle(self._resolver, stage, clock),
            api_keys=read_api_keys(self._resolver, self._api_id, stage_name, clock),
        )

    def _get(self, resource: Resource, path: str, default: Any = None) -> Any:
        return self._resolver.property(resource, path, default)

    def _of_this_api(self, resource_type: str) -> Iterator[Resource]:
        for resource in self._resolver.template.of_type(resource_type):
            if self._resolver.exists(resource) and self._get(resource, "RestApiId") == self._api_id:
                yield resource

    def _routes(self) -> Iterator[Route]:
        paths = self._paths()
        authorizers = {self._resolver.ref(one): one for one in self._of_this_api("AWS::ApiGateway::Authorizer")}
        for method in self._of_this_api("AWS::ApiGateway::Method"):
            yield Route(
                logical_id=method.logical_id,
                http_method=self._get(method, "HttpMethod"),
                path=paths[self._get(method, "ResourceId")],
                integration=self._integration(method),
                authorizer=read_authorizer(method, authorizers, self._resolver),
                scopes=tuple(self._get(method, "AuthorizationScopes", [])),
                api_key_required=str(self._get(method, "ApiKeyRequired", False)).lower() == "true",
                required_parameters=tuple(
                    name for name, required in self._get(method, "RequestParameters", {}).items() if required is True
                ),
            )

    def _paths(self) -> dict[str, str]:
        children = {
            self._resolver.ref(resource): (self._get(resource, "ParentId"), self._get(resource, "PathPart"))
            for resource in self._of_this_api("AWS::ApiGateway::Resource")
        }
        paths = {self._resolver.attribute(self._api, "RootResourceId"): "/"}

        def path_of(resource_id: str) -> str:
            if resource_id not in paths:
                parent, part = children[resource_id]
                paths[resource_id] = f"{path_of(parent).rstrip('/')}/{part}"
            return paths[resource_id]

        for resource_id in children:
            path_of(resource_id)
        return paths

    def _integration(self, method: Resource) -> Integration:
        kind = self._get(method, "Integration.Type", "MOCK")
        if kind == "MOCK":
            return self._mock(method)
        if kind != "HTTP_PROXY":
            raise Refusal(
                "SAL012", f"{method.logical_id}.Integration.Type must be HTTP_PROXY or MOCK to run locally, got {kind}"
            )
        streams = self._get(method, "Integration.ResponseTransferMode", "BUFFERED") == "STREAM"
        longest = STREAM_TIMEOUT_MS if streams else BUFFERED_TIMEOUT_MS
        return Integration(
            type=kind,
            uri=self._get(method, "Integration.Uri"),
            http_method=self._get(method, "Integration.IntegrationHttpMethod", "POST"),
            streams=streams,
            timeout_ms=min(int(self._get(method, "Integration.TimeoutInMillis", BUFFERED_TIMEOUT_MS)), longest),
            mappings=self._get(method, "Integration.RequestParameters", {}),
        )

    def _mock(self, method: Resource) -> Integration:
        responses = self._get(method, "Integration.IntegrationResponses", [])
        first = responses[0] if responses else {}
        return Integration(
            type="MOCK",
            mock_status=int(first.get("StatusCode", 200)),
            mock_headers={
                name.removeprefix("method.response.header."): source
                for name, source in first.get("ResponseParameters", {}).items()
                if name.startswith("method.response.header.")
            },
        )
