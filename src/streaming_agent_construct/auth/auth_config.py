"""AuthConfig: what one decision about tokens means for each layer, and AuthKind, which makes it."""

from __future__ import annotations

import dataclasses
import enum
import typing
from abc import ABC, abstractmethod

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_cognito as cognito
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from ..stack_values import StackValues


class TokenType(enum.Enum):
    """Which of Cognito's tokens callers present.

    See https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
    """

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
    """The gateway's authorizer; none with AWS_IAM."""
    scopes: Sequence[str]
    """The scopes of which a Cognito authorizer wants one; with none it takes the ID token."""
    runtime_authorizer: agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty
    """What the runtime checks once more."""
    caller: str
    """The mapping expression of who calls, as the gateway has verified it."""
    user_session: str | None = None
    """The mapping expression of a session id that is the caller's own, where the gateway knows one."""
    sign_in_session: str | None = None
    """The mapping expression of an id that one sign-in of the caller keeps, where the gateway knows one."""
    no_sign_in_reason: str | None = None
    """Which of the callers has no such id, where that is known of one client."""
    no_user_session_reason: str | None = None
    """Why a session per user may not fit, or cannot be; none where it fits every caller."""
    token_source: str | None = None
    """The mapping expression of the runtime's ``Authorization``, where it is not the client's."""
    signs_requests: bool | None = None
    """Whether callers sign with AWS credentials, possibly in the query string."""
    request_headers: Sequence[str]
    """The request headers that callers authorize with, for a browser's preflight."""
    expectation: str
    """The tokens that pass, in words."""
    deployment_key: Sequence[str]
    """The values of the authorizer that, when one changes, need a new deployment of the API."""
    user_pool: cognito.IUserPool | None = None
    """The pool that issues the tokens."""
    user_pool_id: str | None = None
    """That pool's id."""
    user_pool_client: cognito.IUserPoolClient | None = None
    """The pool's client that callers sign in with."""
    user_pool_client_id: str | None = None
    """That client's id."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AuthorizerLogConfig:
    """How the log group of an authorizer's function is kept, where the construct makes one."""

    retention: logs.RetentionDays
    """How long it keeps its lines."""
    encryption_key: kms.IKey | None = None
    """Its key."""


class AuthKind(ABC):
    """One kind of authorizer, with its settings."""

    @abstractmethod
    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        """Creates the gateway's authorizer, and says what the runtime checks."""
