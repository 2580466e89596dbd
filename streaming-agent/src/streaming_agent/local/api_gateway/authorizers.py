"""The authorizers that a method may have, as the template says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...template import Refusal, Resolver, Resource

_DEFAULT_TTL_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class CognitoAuthorizer:
    """COGNITO_USER_POOLS: an ID token, or with scopes on the method an access token."""

    name: str
    pool_arns: tuple[str, ...]
    header: str = "Authorization"
    audience_pattern: str | None = None


@dataclass(frozen=True, kw_only=True)
class LambdaAuthorizer:
    """TOKEN or REQUEST: a function of the template decides."""

    name: str
    type: str
    function_arn: str
    identity_sources: tuple[str, ...]  # "method.request.header.Authorization"
    token_pattern: str | None = None
    ttl_seconds: int = _DEFAULT_TTL_SECONDS


@dataclass(frozen=True, kw_only=True)
class IamAuthorizer:
    """AWS_IAM: the request is signed with AWS credentials."""

    name: str = "AWS_IAM"


Authorizer = CognitoAuthorizer | LambdaAuthorizer | IamAuthorizer


def read_authorizer(method: Resource, authorizers: Mapping[str, Resource], resolver: Resolver) -> Authorizer | None:
    """The authorizer of a method; `None` when anybody may call it."""
    kind = resolver.property(method, "AuthorizationType", "NONE")
    resource = authorizers.get(resolver.property(method, "AuthorizerId", ""))

    def get(path: str, default: Any = None) -> Any:
        return resolver.property(resource, path, default) if resource is not None else default

    match kind, get("Type"):
        case "NONE", _:
            return None
        case "AWS_IAM", _:
            return IamAuthorizer()
        case "COGNITO_USER_POOLS", "COGNITO_USER_POOLS":
            return CognitoAuthorizer(
                name=get("Name"),
                pool_arns=tuple(get("ProviderARNs", [])),
                header=get("IdentitySource", "method.request.header.Authorization").rpartition(".")[2],
                audience_pattern=get("IdentityValidationExpression"),
            )
        case "CUSTOM", "TOKEN" | "REQUEST":
            function = re.search(r"/functions/(.+)/invocations$", get("AuthorizerUri", ""))
            sources = get("IdentitySource", "")
            return LambdaAuthorizer(
                name=get("Name"),
                type=get("Type"),
                function_arn=function[1] if function else "",
                identity_sources=tuple(part.strip() for part in sources.split(",") if part.strip()),
                token_pattern=get("IdentityValidationExpression"),
                ttl_seconds=int(get("AuthorizerResultTtlInSeconds", _DEFAULT_TTL_SECONDS)),
            )
    raise Refusal("SAL011", f"{method.logical_id}.AuthorizationType must be one that runs locally, got {kind}")
