"""Routes that are written as an OpenAPI document: in an API's body, or in a file that it includes."""

from collections.abc import Mapping
from typing import Any

from .parsed import parse
from .plain_values import as_list
from .resource import TemplateResource
from .routes import Api, Authorization, Authorizer, Integration, Path, Route
from .sam import default_authorization, default_key_required, named_authorization
from .source import is_file, read_text
from .symbols import Unknown
from .view import View

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method")
_INTEGRATION = "x-amazon-apigateway-integration"
_FIELDS = {
    "type": "type",
    "uri": "uri",
    "mode": "responseTransferMode",
    "timeout_ms": "timeoutInMillis",
    "credentials": "credentials",
    "connection_type": "connectionType",
    "http_method": "httpMethod",
    "parameters": "requestParameters",
    "request_templates": "requestTemplates",
    "responses": "responses",
}


def add_body_routes(view: View, api: Api) -> None:
    """The routes of an API's OpenAPI document."""
    resource = api.resource
    if resource is None:
        return
    for name in ("Body", "DefinitionBody"):
        if resource.has(name):
            _add_document(view, api, resource, resource.get(name), (name,))
            return
    for name in ("BodyS3Location", "DefinitionUri"):
        if resource.has(name):
            _add_file(view, api, resource, name)
            return


def _add_file(view: View, api: Api, resource: TemplateResource, name: str) -> None:
    location = resource.get(name)
    path = resource.stack.path
    if isinstance(location, str) and path is not None and "://" not in location:
        file = path.parent / location
        if is_file(file):
            document = view.read(resource.stack, parse(read_text(file), str(file)).value, ())
            _add_document(view, api, resource, document, (name,))
            return
    shown = view.symbols.shown(location) if isinstance(location, str) else "its file in S3"
    api.unknown_routes.append(
        Unknown(shown, f"the routes of {resource.logical_id} stand in {shown}: give it as a file")
    )


def _add_document(view: View, api: Api, resource: TemplateResource, document: Any, base: Path) -> None:
    unknown = _opaque(view, document)
    if unknown is not None:
        api.unknown_routes.append(unknown)
        return
    if not isinstance(document, dict):
        return
    paths = document.get("paths")
    unknown = _opaque(view, paths)
    if unknown is not None:
        api.unknown_routes.append(unknown)
    for url_path, item in paths.items() if isinstance(paths, dict) else ():
        unknown = _opaque(view, item)
        if unknown is not None:
            api.unknown_routes.append(unknown)
        if not isinstance(item, dict):
            continue
        for method in _METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                place = (*base, "paths", url_path, method)
                shared = item.get("parameters")
                _add_operation(view, api, resource, document, operation, str(url_path), method, place, shared)


def _add_operation(
    view: View,
    api: Api,
    resource: TemplateResource,
    document: dict[str, Any],
    operation: dict[str, Any],
    url_path: str,
    method: str,
    place: Path,
    shared: Any,
) -> None:
    written = _resolved(document, operation.get(_INTEGRATION))
    at = (*place, _INTEGRATION)
    where: dict[str, Path] = {"integration": at if written is not None else place}
    if isinstance(written, dict):
        integration = Integration(**{name: _upper(name, written.get(key)) for name, key in _FIELDS.items()})
        where.update({name: (*at, key) for name, key in _FIELDS.items() if written.get(key) is not None})
    else:
        integration = Integration(opaque=_opaque(view, written))
    authorization, key_required = _authorization(view, resource, document, operation, method)
    where["authorization"] = (*place, "security") if "security" in operation else place
    api.routes.append(
        Route(
            api=api,
            method="ANY" if method.startswith("x-") else method.upper(),
            url_path=url_path,
            resource=resource,
            path=place,
            authorization=authorization,
            integration=integration,
            api_key_required=key_required,
            declared=_declared(document, [*as_list(shared), *as_list(operation.get("parameters"))]),
            where=where,
        )
    )


def _upper(name: str, value: Any) -> Any:
    return value.upper() if name in ("type", "mode", "connection_type") and isinstance(value, str) else value


def _declared(document: dict[str, Any], parameters: list[Any]) -> dict[str, Any]:
    """The parameters of an operation and of its path, as a method resource declares them."""
    places = {"header": "header", "query": "querystring", "path": "path"}
    declared: dict[str, Any] = {}
    for written in parameters:
        parameter = _resolved(document, written)
        place = places.get(str(parameter.get("in"))) if isinstance(parameter, dict) else None
        if place is not None:
            declared[f"method.request.{place}.{parameter.get('name')}"] = parameter.get("required")
    return declared


def _authorization(
    view: View,
    resource: TemplateResource,
    document: dict[str, Any],
    operation: dict[str, Any],
    method: str,
) -> tuple[Authorization, Any]:
    auth = operation.get("x-amazon-apigateway-auth")
    if isinstance(auth, dict) and isinstance(auth.get("type"), str):
        return Authorization(auth["type"].upper()), False
    default = default_authorization(view, resource, method.upper())
    # SAM writes its default onto each operation, where it stands before the document's own
    inherited = document.get("security") if default.kind == "NONE" else None
    security = operation.get("security", inherited)
    unknown = _opaque(view, security)
    if unknown is not None:
        return Authorization("", unknown=unknown), False
    schemes = _schemes(document)
    key_required: Any = default_key_required(resource, method.upper()) or False
    found: Authorization | None = None
    for requirement in security if isinstance(security, list) else []:
        for name, scopes in requirement.items() if isinstance(requirement, dict) else ():
            wanted = tuple(scopes) if isinstance(scopes, list) else ()
            found = found or named_authorization(view, resource, name, wanted)
            scheme = schemes.get(name)
            if not isinstance(scheme, dict):
                continue
            kind = _scheme_kind(scheme)
            if kind == "API_KEY":
                key_required = True
            elif kind:
                found = found or Authorization(kind, _authorizer(resource, name, scheme), wanted)
    return found or default, key_required


def _schemes(document: dict[str, Any]) -> Mapping[str, Any]:
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    definitions = document.get("securityDefinitions")
    return {
        **(schemes if isinstance(schemes, dict) else {}),
        **(definitions if isinstance(definitions, dict) else {}),
    }


def _scheme_kind(scheme: dict[str, Any]) -> str:
    authtype = str(scheme.get("x-amazon-apigateway-authtype", "")).lower()
    authorizer = scheme.get("x-amazon-apigateway-authorizer")
    kind = str(authorizer.get("type", "")).lower() if isinstance(authorizer, dict) else ""
    if authtype == "awssigv4":
        return "AWS_IAM"
    if kind == "cognito_user_pools" or authtype == "cognito_user_pools":
        return "COGNITO_USER_POOLS"
    if kind == "jwt":
        return "JWT"
    if kind in ("token", "request") or authtype in ("custom", "oauth2"):
        return "CUSTOM"
    if scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
        return "API_KEY"
    return ""


def _authorizer(resource: TemplateResource, name: str, scheme: dict[str, Any]) -> Authorizer:
    written = scheme.get("x-amazon-apigateway-authorizer")
    written = written if isinstance(written, dict) else {}
    arns = written.get("providerARNs")
    return Authorizer(
        kind=str(written.get("type", "")).upper(),
        name=name,
        resource=resource,
        provider_arns=tuple(arns) if isinstance(arns, list) else (),
        identity_source=written.get("identitySource"),
    )


def _resolved(document: dict[str, Any], value: Any) -> Any:
    """What a `$ref` within the document leads to."""
    for _ in range(10):
        pointer = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(pointer, str) or not pointer.startswith("#/"):
            return value
        target: Any = document
        for step in pointer[2:].split("/"):
            target = target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
        value = target
    return None


def _opaque(view: View, value: Any) -> Unknown | None:
    symbol = view.symbols.only(value)
    return symbol if isinstance(symbol, Unknown) else None
