"""Ends a kept sign-in: the pool takes its refresh token no more, and the store forgets it."""

from contextlib import closing

from .address import AgentAddress
from .connections import Connections
from .oauth import revoke_request
from .token_source import Flow, TokenSource, run
from .token_store import TokenStore
from .tokens import Tokens


def sign_out(address: AgentAddress, source: TokenSource, store: TokenStore) -> bool:
    """Revokes what was kept for this user of this API, and removes it; whether there was anything.

    Asks the pool's ``/oauth2/revoke``, or Cognito's ``RevokeToken`` where the pool has no managed login. Access tokens
    that were made by the sign-in are refused by Cognito from then on; API Gateway and AgentCore, which check only a
    token's signature and expiry, take them until they expire.

    :raises ClientError: The pool could not be asked; the tokens are removed all the same.
    """
    kept = store.load(address, source.name)
    if kept is None:
        return False
    store.forget(address, source.name)
    if kept.refresh is not None:
        with closing(Connections()) as connections:
            run(_revoked(address, kept), connections)
    return True


def _revoked(address: AgentAddress, kept: Tokens) -> Flow:
    yield from revoke_request(address, str(kept.refresh))
    return kept
