"""CORS: the preflight of a route, and what API Gateway's own errors carry."""

from typing import Any

from ..template import Api, TemplateResource, Unknown
from ..template.line_numbers import Step
from ..template.plain_values import mappings_in
from .agent_routes import AgentRoute, CheckContext

_ORIGIN = "access-control-allow-origin"


def preflight_of(agent: AgentRoute) -> tuple[TemplateResource, tuple[Step, ...]] | None:
    """Where the OPTIONS method of a route's path stands."""
    route = agent.route
    for other in route.api.routes:
        if other.method == "OPTIONS" and other.url_path is not None and other.url_path == route.url_path:
            return other.resource, other.place("responses", "integration")
    return None


def preflight_headers(agent: AgentRoute) -> dict[str, str]:
    """The headers that a route's preflight answers, without their quotes."""
    route = agent.route
    found: dict[str, str] = {}
    for other in route.api.routes:
        if other.method != "OPTIONS" or other.url_path != route.url_path:
            continue
        for one in mappings_in(other.integration.responses):
            parameters = one.get("ResponseParameters") or one.get("responseParameters")
            for name, value in parameters.items() if isinstance(parameters, dict) else ():
                found[name.rpartition(".header.")[2].lower()] = str(value).strip("'")
    return found


def allows_origin(context: CheckContext, api: Api, response: str) -> bool | Unknown:
    """Whether a gateway response carries Access-Control-Allow-Origin; why that is not known."""
    unknown: Unknown | None = None
    for written in context.view.resources("AWS::ApiGateway::GatewayResponse"):
        if written.get("RestApiId") == api.identity and written.text("ResponseType") == response:
            unknown = unknown or written.opaque("ResponseParameters")
            if _named(written.get("ResponseParameters")):
                return True
    resource = api.resource
    if resource is None:
        return Unknown("the API", "the API is not in the template")
    body = api.body()
    in_body = body.get("x-amazon-apigateway-gateway-responses") if isinstance(body, dict) else None
    one = in_body.get(response) if isinstance(in_body, dict) else None
    if isinstance(one, dict) and _named(one.get("responseParameters")):
        return True
    sam: Any = resource.get("GatewayResponses", response, "ResponseParameters", "Headers")
    if isinstance(sam, dict) and any(str(name).lower() == _ORIGIN for name in sam):
        return True
    return unknown or False


def _named(parameters: Any) -> bool:
    return isinstance(parameters, dict) and any(
        name.lower() == f"gatewayresponse.header.{_ORIGIN}" for name in parameters
    )
