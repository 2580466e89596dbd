"""The authorizers that a method may have, as the template says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...template import Authorizer as TemplateAuthorizer
from ...template import Refusal, Route, TemplateResource, functions_of
from ..patterns import BoundedPattern, InvalidPattern
from ..values import LocalValues

_DEFAULT_TTL_SECONDS = 300
_PROPERTIES = ("AuthorizerUri", "IdentitySource", "IdentityValidationExpression", "AuthorizerResultTtlInSeconds")


@dataclass(frozen=True, kw_only=True)
class CognitoAuthorizer:
    """COGNITO_USER_POOLS: an ID token, or with scopes on the method an access token."""

    name: str
    pool_arns: tuple[str, ...]
    header: str = "Authorization"
    audience: BoundedPattern | None = None


@dataclass(frozen=True, kw_only=True)
class LambdaAuthorizer:
    """TOKEN or REQUEST: a function of the template decides."""

    name: str
    type: str
    function: TemplateResource
    identity_sources: tuple[str, ...]  # "method.request.header.Authorization"
    token_pattern: BoundedPattern | None = None
    ttl_seconds: int = _DEFAULT_TTL_SECONDS


@dataclass(frozen=True, kw_only=True)
class IamAuthorizer:
    """AWS_IAM: the request is signed with AWS credentials."""

    name: str = "AWS_IAM"


Authorizer = CognitoAuthorizer | LambdaAuthorizer | IamAuthorizer


def read_authorizer(route: Route, values: LocalValues) -> Authorizer | None:
    """The authorizer of a route; `None` when anybody may call it; raises `Refusal` for one that does not run."""
    written = route.authorization
    label = route.resource.logical_id
    if written.unknown is not None:
        raise Refusal("SAL011", f"{label}: who may call it is not known before deployment: {written.unknown.why}")
    if written.kind == "NONE":
        return None
    if written.kind == "AWS_IAM":
        return IamAuthorizer()
    found = written.authorizer
    if found is None:
        why = written.authorizer_unknown.why if written.authorizer_unknown else "the template does not hold it"
        raise Refusal("SAL011", f"{label}: its authorizer cannot run locally: {why}")
    given = _AuthorizerProperties(found, values)
    if written.kind == "COGNITO_USER_POOLS":
        source = values.value(found.identity_source) or given.get("IdentitySource")
        return CognitoAuthorizer(
            name=found.name,
            pool_arns=tuple(str(arn) for arn in values.value(list(found.provider_arns))),
            header=str(source or "method.request.header.Authorization").rpartition(".")[2],
            audience=_pattern(label, given.get("IdentityValidationExpression")),
        )
    kind = found.kind if found.kind in ("TOKEN", "REQUEST") else ""
    if written.kind == "CUSTOM" and kind:
        function = next(functions_of(values.view, given.raw_uri()), None)
        if function is None:
            raise Refusal(
                "SAL014",
                f"{label}: the function of its authorizer {found.name} is in no template of this app,"
                " so the local run cannot ask it",
            )
        return LambdaAuthorizer(
            name=found.name,
            type=kind,
            function=function,
            identity_sources=given.sources(kind),
            token_pattern=_pattern(label, given.get("IdentityValidationExpression")),
            ttl_seconds=given.ttl_seconds(),
        )
    raise Refusal("SAL011", f"{label}: authorization of the type {written.kind} {found.kind} cannot run locally")


class _AuthorizerProperties:
    """An authorizer's properties, by CloudFormation's names, wherever it is written."""

    def __init__(self, authorizer: TemplateAuthorizer, values: LocalValues) -> None:
        self._authorizer = authorizer
        self._values = values
        self._written = self._found()

    def get(self, name: str) -> Any:
        return self._values.value(self._written.get(name))

    def raw_uri(self) -> Any:
        return self._written.get("AuthorizerUri")

    def sources(self, kind: str) -> tuple[str, ...]:
        written = self._values.value(self._authorizer.identity_source) or self.get("IdentitySource") or ""
        if not written and kind == "TOKEN":
            written = "method.request.header.Authorization"
        return tuple(part.strip() for part in str(written).split(",") if part.strip())

    def ttl_seconds(self) -> int:
        written = self.get("AuthorizerResultTtlInSeconds")
        text = str(written) if written is not None else ""
        return int(text) if text.isdigit() else _DEFAULT_TTL_SECONDS

    def _found(self) -> Mapping[str, Any]:
        resource, name = self._authorizer.resource, self._authorizer.name
        if resource is None:
            return {}
        if resource.type == "AWS::ApiGateway::Authorizer":
            return {key: resource.get(key) for key in _PROPERTIES}
        sam = resource.get("Auth", "Authorizers", name)
        if isinstance(sam, dict):
            return _of_sam(sam)
        for body in ("Body", "DefinitionBody"):
            for place in (("components", "securitySchemes"), ("securityDefinitions",)):
                scheme = resource.get(body, *place, name)
                if isinstance(scheme, dict):
                    return _of_scheme(scheme)
        return {}


def _of_scheme(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAPI's security scheme (APIGW `api-gateway-swagger-extensions-authorizer`)."""
    written = scheme.get("x-amazon-apigateway-authorizer")
    written = written if isinstance(written, dict) else {}
    found = {key[:1].upper() + key[1:]: value for key, value in written.items()}
    if "IdentitySource" not in found and scheme.get("in") == "header":
        found["IdentitySource"] = f"method.request.header.{scheme.get('name', 'Authorization')}"
    return found


def _of_sam(written: Mapping[str, Any]) -> dict[str, Any]:
    """SAM's authorizer (SAM guide, `sam-property-api-lambdatokenauthorizer`)."""
    identity = written.get("Identity")
    identity = identity if isinstance(identity, dict) else {}
    header = identity.get("Header", "Authorization")
    headers = identity.get("Headers") or [header]
    return {
        "AuthorizerUri": written.get("FunctionArn"),
        "IdentitySource": ",".join(f"method.request.header.{one}" for one in headers if isinstance(one, str)),
        "IdentityValidationExpression": identity.get("ValidationExpression"),
        "AuthorizerResultTtlInSeconds": identity.get("ReauthorizeEvery"),
    }


def _pattern(label: str, written: Any) -> BoundedPattern | None:
    if written is None:
        return None
    try:
        return BoundedPattern(str(written))
    except InvalidPattern as problem:
        raise Refusal("SAL016", f"{label}: IdentityValidationExpression cannot be matched: {problem}") from problem
