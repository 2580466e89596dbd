"""Why an API refused a token, as far as the token itself and what is known of the API tell it."""

import time
from collections.abc import Callable

from .address import AgentAddress
from .call_errors import ClientError
from .tokens import PASSWORD_SCOPE, TokenUse, claims_of


def refused_because(token: str, address: AgentAddress, now: Callable[[], float] = time.time) -> str:
    """One clause for a sentence; empty when nothing is wrong with the token that can be seen here."""
    try:
        claims = claims_of(token)
    except ClientError:
        return "the token is no JWT: sign in again"
    expired = now() - float(claims["exp"])
    if expired >= 0:
        return f"the token expired {expired:.0f} s ago: sign in again, and check this machine's clock"
    use = claims.get("token_use")
    if use in (TokenUse.ID, TokenUse.ACCESS) and use != address.token_type:
        return f"the API takes {address.token_type} tokens, this is an {use} token: choose with token_type"
    issuer = str(claims.get("iss", ""))
    if address.user_pool_id and issuer and not issuer.rstrip("/").endswith(address.user_pool_id):
        return f"the token is of another user pool ({issuer.rpartition('/')[2]}), not of {address.user_pool_id}"
    client = claims.get("client_id") or claims.get("aud")
    if address.client_id and isinstance(client, str) and client != address.client_id:
        return f"the token is of another app client ({client}), not of {address.client_id}"
    granted = str(claims.get("scope", "")).split()
    if address.scopes and not set(granted) & set(address.scopes):
        has = ", ".join(granted) or "none"
        return (
            f"the API asks for one of the scopes {', '.join(address.scopes)}, the token has {has}: sign in with"
            " BrowserSignIn or ClientCredentials, which can ask for them"
        )
    if use == TokenUse.ACCESS and granted == [PASSWORD_SCOPE]:
        return (
            "the token has no scope but Cognito's own, as a sign-in by password gives: where the API asks for a scope,"
            " sign in with --browser and --scope"
        )
    return ""
