"""The authorizers that a method may have, as the template says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...template import Authorizer as TemplateAuthorizer
from ...template import Refusal, Route, TemplateResource, functions_of
from ..part import Part
from ..patterns import BoundedPattern, InvalidPattern
from ..values import LocalValues
from .authorization_shapes import check_authorization

_DEFAULT_TTL_SECONDS = 300
_LONGEST_TTL_SECONDS = 3600  # AWS::ApiGateway::Authorizer AuthorizerResultTtlInSeconds
_PROPERTIES = (
    *("AuthorizerUri", "IdentitySource", "IdentityValidationExpression", "AuthorizerResultTtlInSeconds"),
    "ProviderARNs",
)


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
    check_authorization(route, values)
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
        return CognitoAuthorizer(
            name=found.name,
            pool_arns=given.pool_arns(),
            header=(given.identity_source() or "method.request.header.Authorization").rpartition(".")[2],
            audience=given.pattern(label),
        )
    kind = found.kind if found.kind in ("TOKEN", "REQUEST") else ""
    if written.kind == "CUSTOM" and kind:
        function = next(functions_of(values.view, given.function_address()), None)
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
            token_pattern=given.pattern(label),
            ttl_seconds=given.ttl_seconds(),
        )
    raise Refusal("SAL011", f"{label}: authorization of the type {written.kind} {found.kind} cannot run locally")


class _AuthorizerProperties:
    """An authorizer's properties, by CloudFormation's names, wherever it is written."""

    def __init__(self, authorizer: TemplateAuthorizer, values: LocalValues) -> None:
        self._authorizer = authorizer
        self._values = values
        self._place = authorizer.name
        self._written = self._found()

    def function_address(self) -> Any:
        """The address of the authorizer's function, its symbols not replaced."""
        self._part("AuthorizerUri").as_text("")
        return self._written.get("AuthorizerUri")

    def pool_arns(self) -> tuple[str, ...]:
        return tuple(self._part("ProviderARNs").texts())

    def identity_source(self) -> str:
        return self._part("IdentitySource").as_text("")

    def sources(self, kind: str) -> tuple[str, ...]:
        written = self.identity_source()
        if not written and kind == "TOKEN":
            written = "method.request.header.Authorization"
        return tuple(part.strip() for part in written.split(",") if part.strip())

    def ttl_seconds(self) -> int:
        part = self._part("AuthorizerResultTtlInSeconds")
        seconds = part.as_number(_DEFAULT_TTL_SECONDS)
        if not 0 <= seconds <= _LONGEST_TTL_SECONDS:
            raise part.wrong(f"0 to {_LONGEST_TTL_SECONDS} seconds")
        return int(seconds)

    def pattern(self, label: str) -> BoundedPattern | None:
        part = self._part("IdentityValidationExpression")
        if part.value is None:
            return None
        try:
            return BoundedPattern(part.as_text())
        except InvalidPattern as problem:
            raise Refusal("SAL016", f"{label}: IdentityValidationExpression cannot be matched: {problem}") from problem

    def _part(self, name: str) -> Part:
        return Part(self._values.value(self._written.get(name)), f"{self._place}.{name}")

    def _found(self) -> Mapping[str, Any]:
        resource, name = self._authorizer.resource, self._authorizer.name
        if resource is None:
            return {}
        self._place = resource.logical_id
        if resource.type == "AWS::ApiGateway::Authorizer":
            return {key: resource.get(key) for key in _PROPERTIES}
        sam = resource.get("Auth", "Authorizers", name)
        if isinstance(sam, dict):
            self._place = f"{resource.logical_id}.Auth.Authorizers.{name}"
            return _of_sam(Part(sam, self._place))
        for body in ("Body", "DefinitionBody"):
            for place in (("components", "securitySchemes"), ("securityDefinitions",)):
                scheme = resource.get(body, *place, name)
                if isinstance(scheme, dict):
                    self._place = ".".join((resource.logical_id, body, *place, name))
                    return _of_scheme(scheme)
        # in a file that the template includes: what the template's reader has found
        authorizer = self._authorizer
        return {"IdentitySource": authorizer.identity_source, "ProviderARNs": list(authorizer.provider_arns)}


def _of_scheme(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAPI's security scheme (APIGW `api-gateway-swagger-extensions-authorizer`)."""
    written = scheme.get("x-amazon-apigateway-authorizer")
    written = written if isinstance(written, dict) else {}
    found = {key[:1].upper() + key[1:]: value for key, value in written.items()}
    if "IdentitySource" not in found and scheme.get("in") == "header":
        found["IdentitySource"] = f"method.request.header.{scheme.get('name', 'Authorization')}"
    return found


def _of_sam(written: Part) -> dict[str, Any]:
    """SAM's authorizer (SAM guide, `sam-property-api-lambdatokenauthorizer`)."""
    identity = written.part("Identity")
    headers = identity.part("Headers").texts() or [identity.text("Header", "Authorization")]
    arns = written.part("UserPoolArn").value
    return {
        "AuthorizerUri": written.part("FunctionArn").value,
        "IdentitySource": ",".join(f"method.request.header.{one}" for one in headers),
        "IdentityValidationExpression": identity.part("ValidationExpression").value,
        "AuthorizerResultTtlInSeconds": identity.part("ReauthorizeEvery").value,
        "ProviderARNs": arns if arns is None or isinstance(arns, list) else [arns],
    }
