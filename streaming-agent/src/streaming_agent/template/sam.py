"""Routes that are written as SAM's events and authorizers, read before SAM's transform runs."""

from typing import Any

from .plain_values import as_list
from .resource import TemplateResource
from .routes import Api, Authorization, Authorizer, Integration, Path, Route, api_of
from .stacks import IMPLICIT_HTTP_API, IMPLICIT_REST_API
from .symbols import Reference, Unknown
from .view import View


def add_event_routes(view: View, found: dict[str, Api]) -> None:
    """The routes of AWS::Serverless::Function events of types Api and HttpApi."""
    for function in view.resources("AWS::Serverless::Function"):
        events = function.get("Events")
        for name, event in events.items() if isinstance(events, dict) else ():
            if not isinstance(event, dict):
                continue
            properties = event.get("Properties")
            properties = properties if isinstance(properties, dict) else {}
            if event.get("Type") == "Api":
                _add_rest_event(view, found, function, name, properties)
            elif event.get("Type") == "HttpApi":
                _add_http_event(view, found, function, name, properties)


def _api(view: View, found: dict[str, Api], function: TemplateResource, written: Any, implicit: str, kind: str) -> Api:
    if written is None:
        written = view.symbols.text(Reference(function.stack.name, implicit))
    return api_of(found, written, kind)


def _add_rest_event(
    view: View, found: dict[str, Api], function: TemplateResource, name: str, event: dict[str, Any]
) -> None:
    api = _api(view, found, function, event.get("RestApiId"), IMPLICIT_REST_API, "REST")
    base: Path = ("Events", name, "Properties")
    url_path = event.get("Path") if isinstance(event.get("Path"), str) else None
    method = str(event.get("Method", "any")).upper()
    if _has_own_document(api.resource):
        return  # which describes each route; the event is only a permission (samtranslator, push.Api)
    mode = _mode(event.get("ResponseTransferMode"))
    where: dict[str, Path] = {}
    for field, key in (("mode", "ResponseTransferMode"), ("timeout_ms", "TimeoutInMillis")):
        if event.get(key) is not None:
            where[field] = (*base, key)
    if event.get("Auth") is not None:
        where["authorization"] = (*base, "Auth")
    api.routes.append(
        Route(
            api=api,
            method=method,
            url_path=url_path,
            resource=function,
            path=base,
            authorization=_event_authorization(view, api, event, method),
            integration=Integration(
                type="AWS_PROXY",
                uri=_function_uri(view, function, mode),
                mode=mode,
                timeout_ms=event.get("TimeoutInMillis"),
            ),
            api_key_required=_key_required(api, event, method),
            declared={f"method.{one}": True for one in _parameters(event)},
            where=where,
        )
    )


def _mode(written: Any) -> Any:
    """API Gateway's word for an event's mode, which SAM calls as Lambda does (SAM guide, sam-property-function-api)."""
    return "STREAM" if written == "RESPONSE_STREAM" else written


def _function_uri(view: View, function: TemplateResource, mode: Any) -> str:
    """The address that SAM writes: the streaming one for STREAM (SAM guide, sam-property-function-api)."""
    pseudo = view.evaluation(function.stack).pseudo
    version, tail = ("2015-03-31", "invocations")
    if isinstance(mode, str) and mode.upper() == "STREAM":
        version, tail = ("2021-11-15", "response-streaming-invocations")
    return (
        f"arn:{pseudo('AWS::Partition')}:apigateway:{pseudo('AWS::Region')}:lambda:path/{version}/functions/"
        f"{function.attribute('Arn')}/{tail}"
    )


def _parameters(event: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for one in as_list(event.get("RequestParameters")):
        found.extend([one] if isinstance(one, str) else list(one) if isinstance(one, dict) else [])
    return [name.removeprefix("method.") for name in found]


def _has_own_document(resource: TemplateResource | None) -> bool:
    if resource is None or resource.flag("MergeDefinitions"):
        return False
    return resource.has("DefinitionBody") or resource.has("DefinitionUri")


def _key_required(api: Api, event: dict[str, Any], method: str) -> Any:
    auth = event.get("Auth")
    own = auth.get("ApiKeyRequired") if isinstance(auth, dict) else None
    return own if own is not None else default_key_required(api.resource, method)


def default_key_required(resource: TemplateResource | None, method: str) -> Any:
    """What SAM's ApiKeyRequired makes of a route that says nothing of keys."""
    if resource is None or not _defaults_apply(resource, method, "AddApiKeyRequiredToCorsPreflight"):
        return None
    return resource.get("Auth", "ApiKeyRequired")


def _defaults_apply(resource: TemplateResource, method: str, preflight: str) -> bool:
    """SAM's defaults are for preflights too, unless this property says no."""
    return resource.type == "AWS::Serverless::Api" and (
        method != "OPTIONS" or resource.flag("Auth", preflight) is not False
    )


def _event_authorization(view: View, api: Api, event: dict[str, Any], method: str) -> Authorization:
    auth = event.get("Auth")
    symbol = view.symbols.only(auth)
    if isinstance(symbol, Unknown):
        return Authorization("", unknown=symbol)
    auth = auth if isinstance(auth, dict) else {}
    scopes = auth.get("AuthorizationScopes")
    chosen = auth.get("Authorizer")
    if chosen is None:
        if api.resource is None and api.identity:
            reason = Unknown(api.label, "the API of this route, and its default authorizer, are not in the template")
            return Authorization("", unknown=reason)
        return default_authorization(view, api.resource, method)
    return _named(view, api.resource, chosen, tuple(scopes) if isinstance(scopes, list) else ())


def default_authorization(view: View, resource: TemplateResource | None, method: str) -> Authorization:
    """What SAM's DefaultAuthorizer makes of a route that names none."""
    if resource is None or not _defaults_apply(resource, method, "AddDefaultAuthorizerToCorsPreflight"):
        return Authorization("NONE")
    chosen = resource.get("Auth", "DefaultAuthorizer")
    return Authorization("NONE") if chosen is None else _named(view, resource, chosen, ())


def named_authorization(
    view: View, resource: TemplateResource, name: str, scopes: tuple[Any, ...]
) -> Authorization | None:
    """What SAM makes of a name in a document's `security`; `None` when the document itself says what it is."""
    if resource.type != "AWS::Serverless::Api":
        return None
    is_sams = name in ("NONE", "AWS_IAM") or resource.has("Auth", "Authorizers", name)
    return _named(view, resource, name, scopes) if is_sams else None


def _named(view: View, resource: TemplateResource | None, chosen: Any, scopes: tuple[Any, ...]) -> Authorization:
    symbol = view.symbols.only(chosen)
    if isinstance(symbol, Unknown) or not isinstance(chosen, str):
        reason = symbol if isinstance(symbol, Unknown) else Unknown("Authorizer", "the authorizer's name is not known")
        return Authorization("", unknown=reason)
    if chosen.upper() in ("NONE", "AWS_IAM"):
        return Authorization(chosen.upper())
    declared = resource.get("Auth", "Authorizers", chosen) if resource is not None else None
    if not isinstance(declared, dict):
        return Authorization(
            "CUSTOM", authorizer_unknown=Unknown(chosen, f"the authorizer {chosen} is not in the template")
        )
    if declared.get("UserPoolArn") is not None:
        arns = declared["UserPoolArn"]
        own = declared.get("AuthorizationScopes")
        authorizer = Authorizer(
            kind="COGNITO_USER_POOLS",
            name=chosen,
            resource=resource,
            path=("Auth", "Authorizers", chosen),
            provider_arns=tuple(arns) if isinstance(arns, list) else (arns,),
            scopes=tuple(own) if isinstance(own, list) else (),
        )
        return Authorization("COGNITO_USER_POOLS", authorizer, scopes or authorizer.scopes)
    payload = str(declared.get("FunctionPayloadType", "TOKEN")).upper()
    return Authorization("CUSTOM", Authorizer(payload, chosen, resource, ("Auth", "Authorizers", chosen)), scopes)


def _add_http_event(
    view: View, found: dict[str, Api], function: TemplateResource, name: str, event: dict[str, Any]
) -> None:
    api = _api(view, found, function, event.get("ApiId"), IMPLICIT_HTTP_API, "HTTP")
    auth = event.get("Auth")
    chosen = auth.get("Authorizer") if isinstance(auth, dict) else None
    if chosen is None and api.resource is not None:
        chosen = api.resource.get("Auth", "DefaultAuthorizer")
    kind = "NONE" if chosen in (None, "NONE") else "AWS_IAM" if chosen == "AWS_IAM" else "JWT"
    base: Path = ("Events", name, "Properties")
    api.routes.append(
        Route(
            api=api,
            method=str(event.get("Method", "any")).upper(),
            url_path=event.get("Path") if isinstance(event.get("Path"), str) else None,
            resource=function,
            path=base,
            authorization=Authorization(kind),
            integration=Integration(type="AWS_PROXY", uri=_function_uri(view, function, None)),
            where={},
        )
    )
