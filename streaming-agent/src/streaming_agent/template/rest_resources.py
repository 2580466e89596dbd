"""Routes and stages that are written as resources: Method, Stage, Deployment, and HTTP APIs' Route and Integration."""

from typing import Any

from .resource import TemplateResource
from .routes import Api, Authorization, Authorizer, Integration, Path, Route, Stage, api_of
from .symbols import Unknown
from .view import View

_FIELDS = {
    "type": "Type",
    "uri": "Uri",
    "mode": "ResponseTransferMode",
    "timeout_ms": "TimeoutInMillis",
    "credentials": "Credentials",
    "connection_type": "ConnectionType",
    "http_method": "IntegrationHttpMethod",
    "parameters": "RequestParameters",
    "request_templates": "RequestTemplates",
    "responses": "IntegrationResponses",
}


def add_method_routes(view: View, found: dict[str, Api]) -> None:
    """The routes of AWS::ApiGateway::Method resources."""
    for method in view.resources("AWS::ApiGateway::Method"):
        api = api_of(found, method.get("RestApiId"))
        where: dict[str, Path] = {
            name: ("Integration", key) for name, key in _FIELDS.items() if method.has("Integration", key)
        }
        where["integration"] = ("Integration",)
        for name, key in (
            ("authorization", "AuthorizationType"),
            ("authorizer", "AuthorizerId"),
            ("scopes", "AuthorizationScopes"),
            ("declared", "RequestParameters"),
            ("api_key_required", "ApiKeyRequired"),
        ):
            if method.has(key):
                where[name] = (key,)
        api.routes.append(
            Route(
                api=api,
                method=(method.text("HttpMethod") or "ANY").upper(),
                url_path=_url_path(view, method.get("ResourceId")),
                resource=method,
                path=(),
                authorization=_authorization(view, method),
                integration=_integration(method),
                api_key_required=method.get("ApiKeyRequired"),
                declared=method.get("RequestParameters"),
                where=where,
            )
        )


def _integration(method: TemplateResource) -> Integration:
    opaque = method.opaque("Integration")
    if opaque is not None:
        return Integration(opaque=opaque)
    return Integration(**{name: method.get("Integration", key) for name, key in _FIELDS.items()})


def _authorization(view: View, method: TemplateResource) -> Authorization:
    unknown = method.opaque("AuthorizationType")
    kind = "" if unknown else (method.text("AuthorizationType") or "NONE").upper()
    authorizer = None
    authorizer_unknown = None
    if method.has("AuthorizerId"):
        resource = view.resource(method.get("AuthorizerId"))
        authorizer_unknown = method.unknown("AuthorizerId")
        authorizer = authorizer_of(resource) if resource else None
        if resource is None and authorizer_unknown is None:
            shown = view.symbols.shown(method.get("AuthorizerId"))
            authorizer_unknown = Unknown(shown, f"the authorizer {shown} is not in the template")
    scopes = method.get("AuthorizationScopes")
    return Authorization(
        kind=kind,
        authorizer=authorizer,
        scopes=tuple(scopes) if isinstance(scopes, list) else (scopes,) if scopes is not None else (),
        unknown=unknown,
        authorizer_unknown=authorizer_unknown,
    )


def authorizer_of(resource: TemplateResource) -> Authorizer:
    """An AWS::ApiGateway::Authorizer (or an HTTP API's)."""
    return Authorizer(
        kind=(resource.text("Type") or resource.text("AuthorizerType") or "").upper(),
        name=resource.text("Name") or resource.logical_id,
        resource=resource,
        provider_arns=tuple(resource.items("ProviderARNs")),
        identity_source=resource.get("IdentitySource"),
    )


def _url_path(view: View, resource_id: Any) -> str | None:
    """The path of an AWS::ApiGateway::Resource, from its parents' parts."""
    parts: list[str] = []
    for _ in range(50):
        reference = view.symbols.reference(resource_id)
        if reference is None:
            return None
        if reference.attribute == "RootResourceId":
            return "/" + "/".join(reversed(parts))
        resource = view.resource(reference)
        if resource is None or resource.type != "AWS::ApiGateway::Resource":
            return None
        parts.append(view.symbols.shown(resource.get("PathPart")))
        resource_id = resource.get("ParentId")
    return None


def add_stages(view: View, found: dict[str, Api]) -> None:
    """The stages of REST APIs: Stage resources, those of a Deployment, and SAM's."""
    for stage in view.resources("AWS::ApiGateway::Stage"):
        api = api_of(found, stage.get("RestApiId"))
        api.stages.append(Stage(api, stage, (), stage.get("StageName")))
    for deployment in view.resources("AWS::ApiGateway::Deployment"):
        if deployment.has("StageName"):
            api = api_of(found, deployment.get("RestApiId"))
            api.stages.append(Stage(api, deployment, ("StageDescription",), deployment.get("StageName")))
    for api in list(found.values()):
        if api.is_sam and api.kind == "REST" and api.resource is not None:
            api.stages.append(Stage(api, api.resource, (), api.resource.get("StageName")))


def add_http_routes(view: View, found: dict[str, Api]) -> None:
    """The routes of HTTP APIs: AWS::ApiGatewayV2::Route with its Integration, and an API's quick-create target."""
    for route in view.resources("AWS::ApiGatewayV2::Route"):
        api = api_of(found, route.get("ApiId"), "HTTP")
        key = route.text("RouteKey") or "ANY /"
        method, _, path = key.partition(" ")
        target = view.symbols.references(route.get("Target"))
        integration = next((one for one in map(view.resource, target) if one is not None), None)
        authorizer = view.resource(route.get("AuthorizerId"))
        api.routes.append(
            Route(
                api=api,
                method=method.upper() if path else "ANY",
                url_path=view.symbols.shown(path) or None,
                resource=integration or route,
                path=(),
                authorization=Authorization(
                    kind=(route.text("AuthorizationType") or "NONE").upper(),
                    authorizer=authorizer_of(authorizer) if authorizer else None,
                    unknown=route.opaque("AuthorizationType"),
                ),
                integration=_http_integration(integration),
                where={"uri": ("IntegrationUri",)} if integration else {},
            )
        )
    for api in list(found.values()):
        resource = api.resource
        if resource is not None and resource.type == "AWS::ApiGatewayV2::Api" and resource.has("Target"):
            api.routes.append(
                Route(
                    api=api,
                    method="ANY",
                    url_path="/",
                    resource=resource,
                    path=(),
                    authorization=Authorization("NONE"),
                    integration=Integration(type="AWS_PROXY", uri=resource.get("Target")),
                    where={"uri": ("Target",)},
                )
            )


def _http_integration(integration: TemplateResource | None) -> Integration:
    if integration is None:
        return Integration()
    return Integration(
        type=integration.get("IntegrationType"),
        uri=integration.get("IntegrationUri"),
        timeout_ms=integration.get("TimeoutInMillis"),
        credentials=integration.get("CredentialsArn"),
        connection_type=integration.get("ConnectionType"),
        http_method=integration.get("IntegrationMethod"),
        parameters=integration.get("RequestParameters"),
    )
