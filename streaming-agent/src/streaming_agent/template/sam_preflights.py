"""The preflights that SAM's `Cors` makes: an OPTIONS method on each path that has none (samtranslator, add_cors)."""

from typing import Any

from .resource import TemplateResource
from .routes import Api, Integration, Route
from .sam import default_authorization, default_key_required
from .symbols import Unknown
from .view import View

_EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_HEADERS = {
    "AllowOrigin": "Access-Control-Allow-Origin",
    "AllowHeaders": "Access-Control-Allow-Headers",
    "AllowMethods": "Access-Control-Allow-Methods",
    "MaxAge": "Access-Control-Max-Age",
}


def add_preflights(view: View, api: Api) -> None:
    """The OPTIONS routes of an API whose `Cors` is set."""
    resource = api.resource
    if resource is None or resource.type != "AWS::Serverless::Api" or not resource.has("Cors"):
        return
    written = resource.get("Cors")
    cors = written if isinstance(written, dict) else {"AllowOrigin": written}
    methods: dict[str, set[str]] = {}
    for route in api.routes:
        # SAM sees its own document: events are in it, Method resources are not
        if route.url_path is not None and route.resource.type != "AWS::ApiGateway::Method":
            methods.setdefault(route.url_path, set()).add(route.method)
    for url_path, named in methods.items():
        if "OPTIONS" not in named:
            api.routes.append(_preflight(view, api, resource, url_path, _headers(cors, named)))


def _headers(cors: dict[str, Any], methods: set[str]) -> dict[str, Any]:
    allowed = _EVERY_METHOD if "ANY" in methods else sorted({*methods, "OPTIONS"})
    sources = {"AllowMethods": f"'{','.join(allowed)}'", **{key: value for key, value in cors.items() if value}}
    found = {header: sources[key] for key, header in _HEADERS.items() if key in sources}
    if cors.get("AllowCredentials") is True:
        found["Access-Control-Allow-Credentials"] = "'true'"
    return {f"method.response.header.{name}": source for name, source in found.items()}


def _preflight(view: View, api: Api, resource: TemplateResource, url_path: str, headers: dict[str, Any]) -> Route:
    unknown = view.symbols.only(resource.get("Cors"))
    return Route(
        api=api,
        method="OPTIONS",
        url_path=url_path,
        resource=resource,
        path=("Cors",),
        authorization=default_authorization(view, resource, "OPTIONS"),
        integration=Integration(
            type="MOCK",
            request_templates={"application/json": '{"statusCode": 200}'},
            responses={
                "default": {
                    "statusCode": "200",
                    "responseParameters": headers,
                    "responseTemplates": {"application/json": "{}"},
                }
            },
            opaque=unknown if isinstance(unknown, Unknown) and not isinstance(resource.get("Cors"), str) else None,
        ),
        api_key_required=default_key_required(resource, "OPTIONS"),
    )
