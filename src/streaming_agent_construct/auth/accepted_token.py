"""AcceptedToken: the JWT that the runtime takes from a provider other than Cognito, checked before AWS sees it."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from aws_cdk import Token

from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known
from .discovery_url import check_discovery_url, is_cognito
from .required_claim import ClaimConfig, RequiredClaim, check_claims, runtime_claim
from .token_texts import is_oauth_word

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore


@dataclasses.dataclass(frozen=True, kw_only=True)
class AcceptedToken:
    """What a token must be for the runtime to take it."""

    discovery_url: str
    """Where the provider describes itself."""
    audiences: Sequence[str]
    """The token's ``aud`` must name one of these; with none it is not checked."""
    client_ids: Sequence[str]
    """The token's ``client_id`` must be one of these; with none it is not checked."""
    scopes: Sequence[str]
    """The token's ``scope`` must hold one of these; with none it is not checked."""
    claims: Sequence[ClaimConfig]
    """Other claims that the token must carry."""


def resolve_accepted_token(
    discovery_url: str,
    audiences: Sequence[str] | None,
    client_ids: Sequence[str] | None,
    scopes: Sequence[str] | None,
    claims: Sequence[RequiredClaim] | None,
) -> AcceptedToken:
    """The tokens that pass, refused where AgentCore would refuse them, or where every token or none would pass."""
    check_discovery_url(discovery_url)
    token = AcceptedToken(
        discovery_url=discovery_url,
        audiences=_resolve_list("audiences", audiences),
        client_ids=_resolve_list("client_ids", client_ids),
        scopes=_resolve_list("scopes", scopes),
        claims=[claim._bind() for claim in claims] if claims is not None else [],
    )
    if len(token.audiences) == 0 and len(token.client_ids) == 0:
        raise StreamingAgentError(
            "SAC111",
            "neither audiences nor client_ids is given, so a token that the provider issued for any other app would "
            "pass: name the audience of your tokens, or the clients that ask for them",
        )
    check_claims(token.claims)
    if is_cognito(discovery_url):
        _check_cognito_token(token)
    return token


def runtime_authorizer(token: AcceptedToken) -> agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty:
    """The runtime's own check of that token."""
    from aws_cdk import aws_bedrockagentcore as agentcore

    return agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty(
        discovery_url=token.discovery_url,
        allowed_audience=list(token.audiences) if len(token.audiences) > 0 else None,
        allowed_clients=list(token.client_ids) if len(token.client_ids) > 0 else None,
        allowed_scopes=list(token.scopes) if len(token.scopes) > 0 else None,
        custom_claims=[runtime_claim(claim) for claim in token.claims] if len(token.claims) > 0 else None,
    )


def in_words(token: AcceptedToken) -> str:
    """The tokens that pass, as an existing runtime should be set up for them."""
    words = f"tokens of {token.discovery_url}"
    if len(token.audiences) > 0:
        words = f"{words}, AllowedAudience with {' or '.join(token.audiences)}"
    if len(token.client_ids) > 0:
        words = f"{words}, AllowedClients with {' or '.join(token.client_ids)}"
    if len(token.scopes) > 0:
        words = f"{words}, AllowedScopes with {' or '.join(token.scopes)}"
    return words


def _check_cognito_token(token: AcceptedToken) -> None:
    # An ID token has `aud` and neither scope nor client_id; an access token has these, and an `aud` only where the
    # client asked for a resource (RFC 8707), which is an address (Cognito amazon-cognito-user-pools-resource-server).
    if len(token.client_ids) == 0 and len(token.scopes) == 0:
        return
    for audience in token.audiences:
        if not Token.is_unresolved(audience) and "://" not in audience:
            raise StreamingAgentError(
                "SAC160",
                f"audiences with '{audience}' stands beside client_ids or scopes, and no token of a Cognito user pool "
                "passes both: its ID tokens carry aud, its access tokens client_id and scope; use "
                "AgentAuth.user_pool(...), or keep audiences only (ID tokens) or client_ids and scopes only (access "
                "tokens)",
            )


def _resolve_list(name: str, values: Sequence[str] | None) -> Sequence[str]:
    if values is None:
        return []
    if len(values) == 0:
        raise StreamingAgentError(
            "SAC115", f"{name}: expected at least one value, got an empty list; name one, or leave {name} out"
        )
    check_list_is_known(name, values)
    for value in values:
        if not Token.is_unresolved(value) and not is_oauth_word(value):
            raise StreamingAgentError(
                "SAC116",
                f"{name}: expected values without spaces, quotes or backslashes, got '{value}'; "
                "write several values as several strings",
            )
    return values
