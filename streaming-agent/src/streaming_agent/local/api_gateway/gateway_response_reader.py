"""Reads the gateway responses of a REST API: resources of their own, an OpenAPI document's, SAM's."""

from ...template import Api, TemplateResource
from ..part import Part
from ..values import LocalValues
from .rest_api import GatewayResponse

_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def read_gateway_responses(api: Api, resource: TemplateResource, values: LocalValues) -> dict[str, GatewayResponse]:
    """The gateway responses of an API, which is this resource, by their type."""
    api_id = values.ref(resource)
    found: dict[str, GatewayResponse] = {}
    for written in values.view.resources("AWS::ApiGateway::GatewayResponse"):
        of = values.of(written)
        if of.value("RestApiId") == api_id:
            found[of.text("ResponseType")] = _gateway_response(
                values.part(written, "StatusCode"),
                values.part(written, "ResponseParameters"),
                values.part(written, "ResponseTemplates"),
            )
    body = values.value(api.body())
    in_body = body.get(_GATEWAY_RESPONSES) if isinstance(body, dict) else None
    entries = [Part(in_body, f"{resource.logical_id}.Body.{_GATEWAY_RESPONSES}")]
    if api.is_sam:
        entries.append(values.part(resource, "GatewayResponses"))
    for one in entries:
        for kind in one.names():
            found[kind] = _gateway_response_of_document(one.part(kind))
    return found


def _gateway_response(status: Part, parameters: Part, templates: Part) -> GatewayResponse:
    text = status.as_text("")
    if text and not text.isdecimal():
        raise status.wrong("a status")
    return GatewayResponse(
        status=int(text) if text else None,
        headers={
            name.removeprefix("gatewayresponse.header."): source for name, source in parameters.texts_by_name().items()
        },
        templates=templates.texts_by_name(),
    )


def _gateway_response_of_document(entry: Part) -> GatewayResponse:
    """As OpenAPI documents write it, and SAM, whose headers stand by themselves."""
    written = {name[:1].lower() + name[1:]: name for name in entry.names()}

    def part(name: str) -> Part:
        return entry.part(written.get(name, name))

    parameters = part("responseParameters")
    if parameters.has("Headers"):  # SAM's
        parameters = parameters.part("Headers")
    return _gateway_response(part("statusCode"), parameters, part("responseTemplates"))
