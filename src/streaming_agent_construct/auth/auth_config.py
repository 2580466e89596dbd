"""AuthConfig: what one decision about tokens means for each layer; every authorizer's room makes one."""

import dataclasses
import enum
from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito


class TokenType(enum.Enum):
    """Which of Cognito's tokens callers present."""

    ID = "ID"
    """The ID token: who the user is. It carries ``aud`` and no ``client_id``."""
    ACCESS = "ACCESS"
    """The access token: what the caller may do. It carries ``client_id`` and ``scope``, and no ``aud``."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AuthConfig:
    """What one token decision means for each layer."""

    authorization_type: apigateway.AuthorizationType
    """How the gateway's methods authorize."""
    authorizer: apigateway.IAuthorizer | None = None
    """What the gateway's methods ask, where they ask anybody."""
    scopes: Sequence[str]
    """The scopes of which a Cognito authorizer wants one; with none it takes the ID token."""
    runtime_authorizer: agentcore.RuntimeAuthorizerConfiguration
    """What the runtime checks once more."""
    caller: str
    """The mapping expression of who calls, as the gateway has verified it."""
    user_session: str | None = None
    """The mapping expression of a session id that is the caller's own, where the gateway knows one."""
    no_user_session_reason: str | None = None
    """Why a session per user may not fit, or cannot be; none where it fits every caller."""
    token_source: str | None = None
    """The mapping expression of the runtime's ``Authorization``, where it is not the client's."""
    request_headers: Sequence[str]
    """The request headers that callers authorize with, for a browser's preflight."""
    expectation: str
    """The tokens that pass, in words."""
    deployment_key: Sequence[str]
    """What a new deployment of the API must follow from."""
    user_pool: cognito.IUserPool | None = None
    """The pool that issues the tokens."""
    user_pool_client: cognito.IUserPoolClient | None = None
    """The pool's client that callers sign in with."""
