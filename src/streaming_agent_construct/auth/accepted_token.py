"""AcceptedToken: the JWT that the runtime takes from a provider other than Cognito, checked before AWS sees it."""

import dataclasses
import re
from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore

from ..errors import StreamingAgentError
from .required_claim import RequiredClaim

_DISCOVERY_PATH = "/.well-known/openid-configuration"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AcceptedToken:
    """What a token must be for the runtime to take it."""

    discovery_url: str
    """Where the provider describes itself."""
    audiences: Sequence[str]
    """Of which the token's ``aud`` must name one; with none it is not checked."""
    client_ids: Sequence[str]
    """Of which the token's ``client_id`` must be one; with none it is not checked."""
    scopes: Sequence[str]
    """Of which the token's ``scope`` must hold one; with none it is not checked."""
    claims: Sequence[RequiredClaim]
    """Claims that it must carry besides."""


def resolve_accepted_token(
    discovery_url: str,
    audiences: Sequence[str] | None,
    client_ids: Sequence[str] | None,
    scopes: Sequence[str] | None,
    claims: Sequence[RequiredClaim] | None,
) -> AcceptedToken:
    """The tokens that pass, refused where AgentCore would refuse them or where every token would pass."""
    if not Token.is_unresolved(discovery_url) and (
        re.fullmatch(r"https://[A-Za-z0-9][!-~]*", discovery_url) is None or not discovery_url.endswith(_DISCOVERY_PATH)
    ):
        raise StreamingAgentError(
            "SAC110",
            f"discovery_url must start with https:// and end with {_DISCOVERY_PATH}, got '{discovery_url}': "
            "it is the issuer's address with that path behind it",
        )
    token = AcceptedToken(
        discovery_url=discovery_url,
        audiences=_listed("audiences", audiences),
        client_ids=_listed("client_ids", client_ids),
        scopes=_listed("scopes", scopes),
        claims=claims if claims is not None else [],
    )
    if len(token.audiences) == 0 and len(token.client_ids) == 0:
        raise StreamingAgentError(
            "SAC111",
            "neither audiences nor client_ids is given, so a token that the provider issued for any other app would "
            "pass: name the audience of your tokens, or the clients that ask for them",
        )
    return token


def runtime_check(token: AcceptedToken) -> agentcore.RuntimeAuthorizerConfiguration:
    """The runtime's own check of that token."""
    return agentcore.RuntimeAuthorizerConfiguration.using_jwt(
        token.discovery_url,
        list(token.client_ids) if len(token.client_ids) > 0 else None,
        list(token.audiences) if len(token.audiences) > 0 else None,
        list(token.scopes) if len(token.scopes) > 0 else None,
        [claim._runtime_claim() for claim in token.claims] if len(token.claims) > 0 else None,
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


def _listed(name: str, values: Sequence[str] | None) -> Sequence[str]:
    if values is None:
        return []
    if len(values) == 0:
        raise StreamingAgentError("SAC115", f"{name} is empty, so nothing would be checked: name one, or leave it out")
    for value in values:
        if not Token.is_unresolved(value) and re.fullmatch(r"[!#-\[\]-~]+", value) is None:
            raise StreamingAgentError(
                "SAC116", f"one of {name} is a word without spaces, quotes or backslashes, got '{value}'"
            )
    return values
