"""Who may call a route: the template's reader takes any shape for the checks; a wrong one here would open the route."""

from ...template import Route, TemplateResource
from ..part import Part
from ..values import LocalValues


def check_authorization(route: Route, values: LocalValues) -> None:
    """Raises `Refusal` where what protects a route has another shape than documented."""
    resource, path = route.resource, route.path
    if resource.type == "AWS::ApiGateway::Method":
        values.of(resource).text("AuthorizationType")
        authorizer = route.authorization.authorizer
        if authorizer is not None and authorizer.resource is not None:
            values.of(authorizer.resource).text("Type")
    elif path[:1] in (("Body",), ("DefinitionBody",)):
        _check_operation(resource, str(path[0]), values.part(resource, *path), values)
    elif path[:1] == ("Events",):
        auth = values.part(resource, *path, "Auth")
        if auth.has("AuthorizationScopes"):
            auth.part("AuthorizationScopes").texts()


def _check_operation(resource: TemplateResource, body: str, operation: Part, values: LocalValues) -> None:
    """An operation's `security`, and the schemes that it names (APIGW `api-gateway-swagger-extensions-authorizer`)."""
    operation.part("x-amazon-apigateway-auth").text("type", "")
    for requirements in (operation.part("security"), values.part(resource, body, "security")):
        for name in {name for requirement in requirements.items() for name in _scopes_checked(requirement)}:
            for place in (("components", "securitySchemes"), ("securityDefinitions",)):
                scheme = values.part(resource, body, *place, name)
                for key in ("type", "name", "in", "x-amazon-apigateway-authtype"):
                    scheme.text(key, "")
                scheme.part("x-amazon-apigateway-authorizer").text("type", "")


def _scopes_checked(requirement: Part) -> list[str]:
    for name in requirement.names():
        requirement.part(name).texts()
    return requirement.names()
