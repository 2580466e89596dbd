"""Reads a REST API from a template, however it is written: Method resources, an OpenAPI document, SAM's events."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from ...template import Api, ApiStage, Refusal, Route, functions_of
from ...template.integration_timeouts import BUFFERED_TIMEOUT_MS, STREAM_TIMEOUT_MS
from ...template.runtime_address import RuntimeAddress, parsed_runtime_address
from ..clock import Clock
from ..part import Part
from ..values import LocalValues
from .authorizers import read_authorizer
from .gateway_response_reader import read_gateway_responses
from .mock_integration import mock_integration
from .rest_api import LocalIntegration, LocalRoute, RestApi
from .throttling import read_api_keys, read_stage_throttle
from .velocity import NotModelled
from .web_acl import read_web_acl

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")
_DEFAULT_STAGE = "prod"


def leads_to_an_agent(route: Route, values: LocalValues) -> bool:
    """Whether a route's integration invokes an AgentCore runtime; nothing else is read."""
    uri = route.integration.uri
    return isinstance(uri, str) and _runtime_of(values.text(uri)) is not None


def read_rest_api(api: Api, values: LocalValues, clock: Clock) -> RestApi:
    """What one API says; its limits count by this clock."""
    return _Reader(api, values).read(clock)


class _Reader:
    def __init__(self, api: Api, values: LocalValues) -> None:
        if api.resource is None:
            raise Refusal("SAL005", "the API of these routes is in no template of this app: name its stack too")
        self._api = api
        self._resource = api.resource
        self._values = values
        self._api_id = values.ref(api.resource)
        self._stage = _stage_of(api)

    def read(self, clock: Clock) -> RestApi:
        values = self._values
        stage = self._stage_name()
        self._check_paths()
        partition = values.partition
        apis_arn = f"arn:{partition}:apigateway:{values.region}::/restapis/"
        return RestApi(
            label=self._resource.logical_id,
            id=self._api_id,
            stage=stage,
            stage_variables=self._stage_variables(),
            execution_arn=f"arn:{partition}:execute-api:{values.region}:{values.account}:{self._api_id}",
            edge_optimized=self._endpoint_type() == "EDGE",
            access_log_format=self._stage_part("AccessLogSetting").text("Format", "") or None,
            routes=tuple(self._routes()),
            gateway_responses=read_gateway_responses(self._api, self._resource, values),
            web_acl=read_web_acl(values, f"{apis_arn}{self._api_id}/stages/{stage}", clock),
            throttle=read_stage_throttle(self._stage, values, clock),
            api_keys=read_api_keys(values, self._api_id, stage, clock),
        )

    def _stage_name(self) -> str:
        stage = self._stage
        if stage is None:
            return _DEFAULT_STAGE
        return (
            Part(self._values.value(stage.name), f"{stage.resource.logical_id}.StageName").as_text("") or _DEFAULT_STAGE
        )

    def _endpoint_type(self) -> str:
        """EDGE where nothing is said; SAM takes the type by itself, too."""
        written = self._values.part(self._resource, "EndpointConfiguration")
        if self._api.is_sam:
            return (written.part("Type") if isinstance(written.value, dict) else written).as_text("EDGE")
        return next(iter(written.part("Types").texts()), "EDGE")

    def _stage_part(self, name: str) -> Part:
        stage = self._stage
        if stage is None:
            return Part(None, name)
        return self._values.part(stage.resource, *stage.path, name)

    def _stage_variables(self) -> dict[str, str]:
        written = self._stage_part("Variables")
        return {name: written.text(name) for name in written.names()}

    # ------------------------------------------------------------------ routes
    def _check_paths(self) -> None:
        """Refuses what would put a route at another path or method than the template means."""
        for resource in self._values.view.resources("AWS::ApiGateway::Resource"):
            if self._values.of(resource).value("RestApiId") == self._api_id:
                self._values.part(resource, "PathPart").as_text()
        for route in self._api.routes:
            if route.resource.type == "AWS::ApiGateway::Method":
                self._values.part(route.resource, "HttpMethod").as_text("ANY")

    def _routes(self) -> Iterator[LocalRoute]:
        for route in self._api.routes:
            if route.url_path is None:
                continue
            yield self._route(route)

    def _route(self, route: Route) -> LocalRoute:
        values = self._values
        problems: list[Refusal] = []
        authorizer, integration = None, LocalIntegration(type="")
        scopes: tuple[str, ...] = ()
        try:
            integration = self._integration(route)
        except Refusal as refusal:
            problems.append(refusal)
        try:
            authorizer = read_authorizer(route, values)
            scopes = self._scopes(route)
        except Refusal as refusal:
            problems.append(refusal)
        uri = route.integration.uri
        return LocalRoute(
            label=route.resource.logical_id,
            http_method=route.method,
            path=values.text(route.url_path or "/"),
            integration=integration,
            authorizer=authorizer,
            scopes=scopes,
            api_key_required=self._part(route, "api_key_required", route.api_key_required).as_flag(),
            required_parameters=_required(self._part(route, "declared", route.declared)),
            runtime_id=_runtime_of(self._with_stage_variables(values.text(uri))) if isinstance(uri, str) else None,
            not_run=problems[0] if problems else None,
        )

    def _part(self, route: Route, name: str, written: Any) -> Part:
        """A property of a route, by its name in the model, with the place where it is written."""
        return Part(self._values.value(written), ".".join((route.resource.logical_id, *map(str, route.place(name)))))

    def _scopes(self, route: Route) -> tuple[str, ...]:
        written = route.authorization.scopes
        if "scopes" in route.where:
            return tuple(self._part(route, "scopes", route.resource.get(*route.where["scopes"])).texts())
        return tuple(self._part(route, "authorization", list(written)).texts())

    def _integration(self, route: Route) -> LocalIntegration:
        written, values = route.integration, self._values
        if written.opaque is not None:
            raise _not_run(route, f"its integration is not known before deployment: {written.opaque.why}")
        kind = (self._part(route, "type", written.type).as_text("") or "MOCK").upper()
        if kind == "MOCK":
            try:
                mock = mock_integration(
                    self._part(route, "request_templates", written.request_templates),
                    self._part(route, "responses", written.responses),
                )
            except NotModelled as what:
                raise _not_run(route, f"its mapping template uses {what}, which the local run does not know") from what
            return LocalIntegration(type=kind, mock=mock)
        uri = self._part(route, "uri", written.uri).as_text("")
        if kind != "HTTP_PROXY":
            raise _not_run(route, _not_run_sentence(kind, uri, route, values))
        uri = self._with_stage_variables(uri)
        invoked = parsed_runtime_address(uri)
        if invoked is None or _runtime_of(uri) is None:
            address = _split(uri)
            if address is None:
                raise self._part(route, "uri", written.uri).wrong("an address")
            where = f"https://{address.netloc}" if address.netloc else uri or "an address that is not given"
            raise _not_run(route, f"{where} is not part of the local run")
        if _has_a_slash_in_its_name(invoked):
            raise _not_run(
                route,
                "its address has the runtime's ARN as it is, which AgentCore answers with 404: write the runtime's id"
                " there, or the ARN with %3A for each : and %2F for each /",
            )
        streams = self._part(route, "mode", written.mode).as_text("").upper() == "STREAM"
        longest = STREAM_TIMEOUT_MS if streams else BUFFERED_TIMEOUT_MS
        timeout_ms = self._part(route, "timeout_ms", written.timeout_ms).as_number(BUFFERED_TIMEOUT_MS)
        return LocalIntegration(
            type=kind,
            uri=uri,
            http_method=self._part(route, "http_method", written.http_method).as_text("") or "POST",
            streams=streams,
            timeout_ms=min(int(timeout_ms), longest),
            mappings=self._part(route, "parameters", written.parameters).texts_by_name(),
        )

    def _with_stage_variables(self, uri: str) -> str:
        return _STAGE_VARIABLE.sub(lambda found: self._stage_variables().get(found[1], found[0]), uri)


def _stage_of(api: Api) -> ApiStage | None:
    """The stage that is run: the first one."""
    return api.stages[0] if api.stages else None


def _runtime_of(uri: str) -> str | None:
    """The id or ARN of the runtime that an address invokes; `{name}` when each request says it."""
    address = parsed_runtime_address(uri)
    if address is None or address.runtime is None:
        return None
    if _has_a_slash_in_its_name(address) and not address.runtime.startswith("arn:"):
        return None
    return unquote(address.runtime)


def _has_a_slash_in_its_name(address: RuntimeAddress) -> bool:
    """Whether the runtime's ARN is not encoded: its path has a part more."""
    return address.runtime is not None and "/" in address.runtime


def _not_run(route: Route, reason: str) -> Refusal:
    return Refusal("SAL012", f"{route.label} is not run locally: {reason}")


def _not_run_sentence(kind: str, uri: str, route: Route, values: LocalValues) -> str:
    function = next(functions_of(values.view, route.integration.uri), None)
    if function is not None:
        return f"it is the Lambda function {function.logical_id}, which the local run does not start for a route"
    if ":lambda:path/" in uri:
        return "it is a Lambda function, which the local run does not start for a route"
    return f"its integration is of type {kind}, and the local run knows HTTP_PROXY to AgentCore and MOCK"


def _required(declared: Part) -> tuple[str, ...]:
    return tuple(name for name in declared.names() if declared.part(name).as_flag())


def _split(uri: str) -> SplitResult | None:
    try:
        return urlsplit(uri)
    except ValueError:  # [ without ]
        return None
