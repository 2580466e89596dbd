"""AgentAuth: one decision about tokens drives both layers, API Gateway's authorizer and the runtime's."""

from __future__ import annotations

import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from ..argument_types import checked_arguments
from .accepted_token import resolve_accepted_token
from .auth_config import AuthConfig, AuthKind, AuthorizerLogConfig, TokenType
from .cognito_settings import CognitoSettings, resolve_cognito_settings
from .iam_auth import IamAuth, resolve_token_header
from .lambda_auth import LambdaAuth, resolve_lambda_answers
from .oidc_auth import OidcAuth, resolve_cache_ttl
from .required_claim import RequiredClaim
from .user_pool_auth import ExistingPoolAuth, NewPoolAuth
from .user_pool_checks import check_clients, resolve_claims, resolve_scopes

if typing.TYPE_CHECKING:
    from aws_cdk import Duration, aws_cognito
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from ..stack_values import StackValues


@checked_arguments
class AgentAuth(ABC):
    """Who may call the agent: one decision, checked by API Gateway and again by the runtime.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html

    Example::

        AgentAuth.cognito(token=TokenType.ID)
    """

    @staticmethod
    def cognito(
        *,
        token: TokenType | None = None,
        scopes: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        claims: Sequence[RequiredClaim] | None = None,
        callback_urls: Sequence[str] | None = None,
        logout_urls: Sequence[str] | None = None,
        domain_prefix: str | None = None,
        auth_flows: aws_cognito.AuthFlow | None = None,
        mfa: aws_cognito.Mfa | None = None,
        threat_protection: aws_cognito.StandardThreatProtectionMode | None = None,
        id_token_validity: Duration | None = None,
        access_token_validity: Duration | None = None,
        refresh_token_validity: Duration | None = None,
    ) -> AgentAuth:
        """A new Cognito user pool and client.

        Administrators create the users (nobody signs up), passwords are strong, the pool outlives the stack, and no
        OAuth flow is open unless ``callback_urls`` names where a browser returns to; then it is the code flow alone.

        :param token: The token that callers present. Default: TokenType.ID
        :param scopes: The scopes of which an access token must carry one. Default: -
            ``aws.cognito.signin.user.admin``, which every signed-in user's access token carries
        :param groups: The groups of which a user must be in one; the runtime checks it, a Cognito authorizer cannot.
            Default: - every user of the pool
        :param claims: Claims that a token must carry besides; the runtime checks them, a Cognito authorizer cannot.
            Default: - none
        :param callback_urls: Where a browser returns to after managed login, each ``https://…`` or
            ``http://localhost…``. Default: - no browser sign-in; clients sign in with SRP
        :param logout_urls: Where a browser may return to after logout. Default: - none
        :param domain_prefix: The managed-login domain, ``https://{prefix}.auth.{region}.amazoncognito.com``, unique in
            its region. Default: - no domain, unless ``callback_urls`` asks for one: then ``agents-`` and the UUID in
            the stack's id
        :param auth_flows: How clients may sign in without a browser. Default: - SRP, and the administrators' flow,
            which asks for AWS credentials too
        :param mfa: Whether a second factor is asked for; it is an authenticator app's code, never an SMS.
            Default: Mfa.OPTIONAL
        :param threat_protection: What Cognito does about compromised passwords and unusual sign-ins; it is billed for
            every active user. Default: - off, on Cognito's Essentials plan
        :param id_token_validity: How long an ID token holds, 5 minutes to 1 day. Default: Duration.hours(1)
        :param access_token_validity: How long an access token holds, 5 minutes to 1 day. Default: Duration.hours(1)
        :param refresh_token_validity: How long a sign-in lasts, 60 minutes to 10 years. Default: Duration.days(30)
        :return: The decision.
        :raises StreamingAgentError: settings that contradict each other, or that Cognito refuses.
        """
        kind = token if token is not None else TokenType.ID
        accepted = resolve_scopes(kind, scopes)
        given = CognitoSettings(
            callback_urls=callback_urls,
            logout_urls=logout_urls,
            domain_prefix=domain_prefix,
            auth_flows=auth_flows,
            mfa=mfa,
            threat_protection=threat_protection,
            id_token_validity=id_token_validity,
            access_token_validity=access_token_validity,
            refresh_token_validity=refresh_token_validity,
        )
        settings = resolve_cognito_settings(given, accepted)
        return _ChosenAuth(NewPoolAuth(kind, accepted, resolve_claims(groups, claims), settings))

    @staticmethod
    def user_pool(
        user_pool: aws_cognito.IUserPool,
        clients: Sequence[aws_cognito.IUserPoolClient],
        *,
        token: TokenType | None = None,
        scopes: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        claims: Sequence[RequiredClaim] | None = None,
    ) -> AgentAuth:
        """A Cognito user pool that exists already: its users, or machines with the client-credentials flow.

        :param user_pool: The pool.
        :param clients: The clients of that pool whose tokens pass; one at least.
        :param token: The token that callers present; machine-to-machine clients have access tokens alone.
            Default: TokenType.ID
        :param scopes: The scopes of which an access token must carry one, such as ``agents/invoke``. Default: -
            ``aws.cognito.signin.user.admin`` with access tokens, which machines do not carry
        :param groups: The groups of which a user must be in one; the runtime checks it, a Cognito authorizer cannot.
            Default: - every user of the pool
        :param claims: Claims that a token must carry besides; the runtime checks them, a Cognito authorizer cannot.
            Default: - none
        :return: The decision.
        :raises StreamingAgentError: no client, a client of another pool or without the tokens asked for, or scopes with
            ID tokens.
        """
        kind = token if token is not None else TokenType.ID
        accepted = resolve_scopes(kind, scopes)
        check_clients(kind, scopes, groups, user_pool, clients)
        return _ChosenAuth(ExistingPoolAuth(kind, accepted, resolve_claims(groups, claims), user_pool, clients))

    @staticmethod
    def oidc(
        *,
        discovery_url: str,
        audiences: Sequence[str] | None = None,
        client_ids: Sequence[str] | None = None,
        scopes: Sequence[str] | None = None,
        claims: Sequence[RequiredClaim] | None = None,
        results_cache_ttl: Duration | None = None,
    ) -> AgentAuth:
        """Any OpenID provider: Auth0, Entra ID, Keycloak, Okta and others.

        A Lambda authorizer on AWS's own aws-jwt-verify checks the token at the gateway and refuses where it cannot
        check; the runtime checks the same again. Both read the provider's keys from its discovery document.

        :param discovery_url: The provider's discovery document, ``https://…/.well-known/openid-configuration``.
        :param audiences: Of which the token's ``aud`` must name one. Default: - ``aud`` is not checked, and
            ``client_ids`` must be given
        :param client_ids: Of which the token's ``client_id`` must be one. Default: - ``client_id`` is not checked
        :param scopes: Of which the token's ``scope`` must hold one. Default: - ``scope`` is not checked
        :param claims: Claims that the token must carry besides; both layers check them. Default: - none
        :param results_cache_ttl: How long the gateway keeps the answer for one token, 1 hour at most; the runtime
            checks every call. Default: Duration.minutes(5)
        :return: The decision.
        :raises StreamingAgentError: an address that AgentCore refuses, or neither audiences nor client_ids.
        """
        token = resolve_accepted_token(discovery_url, audiences, client_ids, scopes, claims)
        return _ChosenAuth(OidcAuth(token, resolve_cache_ttl(results_cache_ttl)))

    @staticmethod
    def lambda_authorizer(
        handler: lambda_.IFunction,
        *,
        discovery_url: str,
        audiences: Sequence[str] | None = None,
        client_ids: Sequence[str] | None = None,
        scopes: Sequence[str] | None = None,
        claims: Sequence[RequiredClaim] | None = None,
        identity_headers: Sequence[str] | None = None,
        token_key: str | None = None,
        session_key: str | None = None,
        results_cache_ttl: Duration | None = None,
    ) -> AgentAuth:
        """A Lambda authorizer of yours decides at the gateway; the runtime checks a JWT on its own.

        The function gets a REQUEST event and answers with a policy for every method of the API, since the answer is
        kept for all of them.

        :param handler: The function.
        :param discovery_url: The discovery document of who issues the runtime's tokens,
            ``https://…/.well-known/openid-configuration``.
        :param audiences: Of which the token's ``aud`` must name one. Default: - ``aud`` is not checked, and
            ``client_ids`` must be given
        :param client_ids: Of which the token's ``client_id`` must be one. Default: - ``client_id`` is not checked
        :param scopes: Of which the token's ``scope`` must hold one; the runtime checks it. Default: - not checked
        :param claims: Claims that the token must carry besides; the runtime checks them. Default: - none
        :param identity_headers: The headers that a caller must send; without one of them the answer is 401 and the
            function is not asked. Default: - ``Authorization``
        :param token_key: The key of the answer's context that carries ``Bearer`` and the runtime's token, where the
            function exchanges a cookie or a key for it. Default: - the caller's own ``Authorization`` goes through
        :param session_key: The key of the answer's context that carries a session id of the caller's own, 33 to 256
            characters. Default: - none, and ``session`` must be given
        :param results_cache_ttl: How long the gateway keeps an answer, 1 hour at most. Default: Duration.minutes(5)
        :return: The decision.
        :raises StreamingAgentError: an address that AgentCore refuses, neither audiences nor client_ids, or no token
            for the runtime.
        """
        token = resolve_accepted_token(discovery_url, audiences, client_ids, scopes, claims)
        ttl = resolve_cache_ttl(results_cache_ttl)
        answers = resolve_lambda_answers(identity_headers, token_key, session_key, ttl)
        return _ChosenAuth(LambdaAuth(handler, token, answers))

    @staticmethod
    def iam(
        *,
        discovery_url: str,
        audiences: Sequence[str] | None = None,
        client_ids: Sequence[str] | None = None,
        scopes: Sequence[str] | None = None,
        claims: Sequence[RequiredClaim] | None = None,
        token_header: str | None = None,
    ) -> AgentAuth:
        """AWS credentials at the gateway, by SigV4, and the user's JWT in a header of its own for the runtime.

        Who may call is granted with ``grant_invoke``. AWS does not document that a method with AWS_IAM may map a header
        onto the integration's ``Authorization``; a warning at synthesis says so until it is acknowledged.

        :param discovery_url: The discovery document of who issues the users' tokens,
            ``https://…/.well-known/openid-configuration``.
        :param audiences: Of which the token's ``aud`` must name one. Default: - ``aud`` is not checked, and
            ``client_ids`` must be given
        :param client_ids: Of which the token's ``client_id`` must be one. Default: - ``client_id`` is not checked
        :param scopes: Of which the token's ``scope`` must hold one; the runtime checks it. Default: - not checked
        :param claims: Claims that the token must carry besides; the runtime checks them. Default: - none
        :param token_header: The header in which callers send ``Bearer`` and the user's token.
            Default: "X-Agent-Authorization"
        :return: The decision.
        :raises StreamingAgentError: an address that AgentCore refuses, neither audiences nor client_ids, or a header
            that the signature uses.
        """
        token = resolve_accepted_token(discovery_url, audiences, client_ids, scopes, claims)
        return _ChosenAuth(IamAuth(token, resolve_token_header(token_header)))

    @abstractmethod
    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        """Creates what both layers need."""


class _ChosenAuth(AgentAuth):
    _kind: AuthKind

    def __init__(self, kind: AuthKind) -> None:
        self._kind = kind

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        return self._kind._bind(scope, values, log)


def bind_auth(scope: Construct, values: StackValues, auth: AgentAuth | None, log: AuthorizerLogConfig) -> AuthConfig:
    """Creates what both layers need; a new user pool, unless another decision was made."""
    return (auth if auth is not None else AgentAuth.cognito())._bind(scope, values, log)
