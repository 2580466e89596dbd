"""Reads every API of the templates: its routes in each of their spellings, and its stages."""

from .openapi import add_body_routes
from .rest_resources import add_http_routes, add_method_routes, add_stages
from .routes import Api
from .sam import add_event_routes
from .sam_preflights import add_preflights
from .view import View


def apis(view: View) -> list[Api]:
    """Every API of the templates, those of which only the methods are written down here too."""
    found: dict[str, Api] = {}
    for resource in view.resources("AWS::ApiGateway::RestApi", "AWS::Serverless::Api"):
        found[resource.identity] = Api("REST", resource.identity, resource)
    for resource in view.resources("AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"):
        found[resource.identity] = Api("HTTP", resource.identity, resource)
    for api in list(found.values()):
        add_body_routes(view, api)
    add_method_routes(view, found)
    add_http_routes(view, found)
    add_event_routes(view, found)
    for api in found.values():
        add_preflights(view, api)
    add_stages(view, found)
    return list(found.values())
