"""Reads a REST API from a template, however it is written: Method resources, an OpenAPI document, SAM's events."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from ...template import Api, ApiStage, Refusal, functions_of
from ...template import Route as TemplateRoute
from ..clock import Clock
from ..part import Part
from ..values import LocalValues
from .authorizers import read_authorizer
from .mock_integration import mock_integration
from .rest_api import BUFFERED_TIMEOUT_MS, STREAM_TIMEOUT_MS, GatewayResponse, Integration, RestApi, Route
from .throttling import read_api_keys, read_stage_throttle
from .velocity import NotModelled
from .web_acl import read_web_acl

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")
_DEFAULT_STAGE = "prod"
_SLASHES_OF_AN_INVOCATION = 3  # /runtimes/{name}/invocations


def leads_to_an_agent(route: TemplateRoute, values: LocalValues) -> bool:
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
        stage_name = values.value(self._stage.name) if self._stage is not None else None
        stage = str(stage_name or _DEFAULT_STAGE)
        partition = values.partition
        apis_arn = f"arn:{partition}:apigateway:{values.region}::/restapis/"
        return RestApi(
            label=self._resource.logical_id,
            id=self._api_id,
            stage=stage,
            stage_variables=self._stage_variables(),
            execution_arn=f"arn:{partition}:execute-api:{values.region}:{values.account}:{self._api_id}",
            edge_optimized=values.value(self._api.endpoint_type()) in (None, "EDGE"),
            access_log_format=self._stage_part("AccessLogSetting").text("Format", "") or None,
            routes=tuple(self._routes()),
            gateway_responses=self._gateway_responses(),
            web_acl=read_web_acl(values, f"{apis_arn}{self._api_id}/stages/{stage}", clock),
            throttle=read_stage_throttle(self._stage_part("MethodSettings"), clock),
            api_keys=read_api_keys(values, self._api_id, stage, clock),
        )

    def _stage_part(self, name: str) -> Part:
        stage = self._stage
        if stage is None:
            return Part(None, name)
        value = self._values.of(stage.resource).value(*stage.path, name)
        return Part(value, ".".join((stage.resource.logical_id, *map(str, stage.path), name)))

    def _stage_variables(self) -> dict[str, str]:
        written = self._stage_part("Variables")
        names = written.value if isinstance(written.value, dict) else {}
        return {str(name): written.text(name) for name in names}

    # ------------------------------------------------------------------ routes
    def _routes(self) -> Iterator[Route]:
        for route in self._api.routes:
            if route.url_path is None:
                continue
            yield self._route(route)

    def _route(self, route: TemplateRoute) -> Route:
        values = self._values
        problems: list[Refusal] = []
        authorizer, integration = None, Integration(type="")
        try:
            integration = self._integration(route)
        except Refusal as refusal:
            problems.append(refusal)
        try:
            authorizer = read_authorizer(route, values)
        except Refusal as refusal:
            problems.append(refusal)
        scopes = values.value(list(route.authorization.scopes))
        uri = route.integration.uri
        return Route(
            label=route.resource.logical_id,
            http_method=route.method,
            path=values.text(route.url_path or "/"),
            integration=integration,
            authorizer=authorizer,
            scopes=tuple(scope for scope in scopes if isinstance(scope, str)),
            api_key_required=str(values.value(route.api_key_required)).lower() == "true",
            required_parameters=_required(values.value(route.declared), self._expects_parameters(route)),
            runtime_id=_runtime_of(self._with_stage_variables(values.text(uri))) if isinstance(uri, str) else None,
            not_run=problems[0] if problems else None,
        )

    def _expects_parameters(self, route: TemplateRoute) -> Callable[[Any], Refusal]:
        return lambda found: Refusal(
            "SAL016", f"{route.resource.logical_id}.RequestParameters: expected a mapping, got {_kind(found)}"
        )

    def _integration(self, route: TemplateRoute) -> Integration:
        written, values = route.integration, self._values
        if written.opaque is not None:
            raise _not_run(route, f"its integration is not known before deployment: {written.opaque.why}")
        kind = str(values.value(written.type) or "MOCK").upper()
        if kind == "MOCK":
            try:
                place = f"{route.resource.logical_id}.Integration"
                mock = mock_integration(
                    Part(values.value(written.request_templates), f"{place}.RequestTemplates"),
                    Part(values.value(written.responses), f"{place}.IntegrationResponses"),
                )
            except NotModelled as what:
                raise _not_run(route, f"its mapping template uses {what}, which the local run does not know") from what
            return Integration(type=kind, mock=mock)
        uri = self._text(route, "Uri", written.uri)
        if kind != "HTTP_PROXY":
            raise _not_run(route, _not_run_sentence(kind, uri, route, values))
        uri = self._with_stage_variables(uri)
        if _runtime_of(uri) is None:
            where = f"https://{urlsplit(uri).netloc}" if urlsplit(uri).netloc else uri or "an address that is not given"
            raise _not_run(route, f"{where} is not part of the local run")
        if urlsplit(uri).path.count("/") > _SLASHES_OF_AN_INVOCATION:
            raise _not_run(
                route,
                "its address has the runtime's ARN as it is, which AgentCore answers with 404: write the runtime's id"
                " there, or the ARN with %3A for each : and %2F for each /",
            )
        streams = str(values.value(written.mode) or "BUFFERED").upper() == "STREAM"
        longest = STREAM_TIMEOUT_MS if streams else BUFFERED_TIMEOUT_MS
        return Integration(
            type=kind,
            uri=uri,
            http_method=self._text(route, "IntegrationHttpMethod", written.http_method) or "POST",
            streams=streams,
            timeout_ms=min(self._timeout(route, values.value(written.timeout_ms)), longest),
            mappings=self._mapping(route, "RequestParameters", written.parameters),
        )

    def _with_stage_variables(self, uri: str) -> str:
        return _STAGE_VARIABLE.sub(lambda found: self._stage_variables().get(found[1], found[0]), uri)

    def _text(self, route: TemplateRoute, name: str, written: Any) -> str:
        value = self._values.value(written)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(route, name, "a text", value)
        return value

    def _mapping(self, route: TemplateRoute, name: str, written: Any) -> dict[str, str]:
        value = self._values.value(written)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(route, name, "a mapping", value)
        return {str(key): str(source) for key, source in value.items()}

    def _timeout(self, route: TemplateRoute, value: Any) -> int:
        if value is None:
            return BUFFERED_TIMEOUT_MS
        try:
            return int(float(value))
        except (TypeError, ValueError, OverflowError):
            raise self._wrong(route, "TimeoutInMillis", "a number", value) from None

    @staticmethod
    def _wrong(route: TemplateRoute, name: str, expected: str, value: Any) -> Refusal:
        place = f"{route.resource.logical_id}.Integration.{name}"
        return Refusal("SAL016", f"{place}: expected {expected}, got {_kind(value)}")

    # ------------------------------------------------------------------ gateway responses
    def _gateway_responses(self) -> dict[str, GatewayResponse]:
        found: dict[str, GatewayResponse] = {}
        for resource in self._values.view.resources("AWS::ApiGateway::GatewayResponse"):
            of = self._values.of(resource)
            if of.value("RestApiId") == self._api_id:
                found[of.text("ResponseType")] = _gateway_response(
                    of.text("StatusCode"), of.mapping("ResponseParameters"), of.mapping("ResponseTemplates")
                )
        body = self._values.value(self._api.body())
        written = body.get("x-amazon-apigateway-gateway-responses") if isinstance(body, dict) else None
        sam = self._values.of(self._resource).value("GatewayResponses") if self._api.is_sam else None
        for entries in (written, sam):
            for kind, entry in entries.items() if isinstance(entries, dict) else ():
                if isinstance(entry, dict):
                    found[kind] = _gateway_response_of_document(entry)
        return found


def _gateway_response(status: Any, parameters: dict[str, Any], templates: dict[str, Any]) -> GatewayResponse:
    text = str(status or "")
    return GatewayResponse(
        status=int(text) if text.isdigit() else None,
        headers={name.removeprefix("gatewayresponse.header."): str(source) for name, source in parameters.items()},
        templates={str(kind): str(template) for kind, template in templates.items()},
    )


def _gateway_response_of_document(entry: dict[str, Any]) -> GatewayResponse:
    """As OpenAPI documents write it, and SAM, whose headers stand by themselves."""
    lower = {key[:1].lower() + key[1:]: value for key, value in entry.items()}
    parameters = lower.get("responseParameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    headers = parameters.get("Headers")
    if isinstance(headers, dict):
        parameters = {f"gatewayresponse.header.{name}": source for name, source in headers.items()}
    templates = lower.get("responseTemplates")
    return _gateway_response(lower.get("statusCode"), parameters, templates if isinstance(templates, dict) else {})


def _stage_of(api: Api) -> ApiStage | None:
    """The stage that is run: the first one."""
    return api.stages[0] if api.stages else None


def _runtime_of(uri: str) -> str | None:
    """The id or ARN of the runtime that an address invokes; `{name}` when each request says it."""
    address = urlsplit(uri)
    parts = address.path.split("/")
    host = address.netloc.lower()
    if not (host.startswith("bedrock-agentcore.") or ".bedrock-agentcore." in host):
        return None
    # an ARN that is not encoded has a part more
    name = "/".join(parts[2:-1])
    if parts[1:2] != ["runtimes"] or parts[-1] != "invocations" or not name:
        return None
    if "/" in name and not name.startswith("arn:"):
        return None
    return unquote(name)


def _not_run(route: TemplateRoute, reason: str) -> Refusal:
    return Refusal("SAL012", f"{route.label} is not run locally: {reason}")


def _not_run_sentence(kind: str, uri: str, route: TemplateRoute, values: LocalValues) -> str:
    function = next(functions_of(values.view, route.integration.uri), None)
    if function is not None:
        return f"it is the Lambda function {function.logical_id}, which the local run does not start for a route"
    if ":lambda:path/" in uri:
        return "it is a Lambda function, which the local run does not start for a route"
    return f"its integration is of type {kind}, and the local run knows HTTP_PROXY to AgentCore and MOCK"


def _required(declared: Any, wrong: Callable[[Any], Refusal]) -> tuple[str, ...]:
    if declared is None:
        return ()
    if not isinstance(declared, dict):
        raise wrong(declared)
    return tuple(name for name, required in declared.items() if str(required).lower() == "true")


def _kind(value: Any) -> str:
    words: dict[type, str] = {dict: "a mapping", list: "a list", str: "a text", bool: "a truth value"}
    shown = f" ({value!r:.40})" if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    return words.get(type(value), "a number") + shown
