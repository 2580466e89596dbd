"""The /invocations integration: AgentCore's address, STREAM, the timeout, and what the client may not choose."""

from __future__ import annotations

import enum
import typing

from aws_cdk import Annotations, Duration
from aws_cdk import aws_apigateway as apigateway

from ..auth.auth_config import AuthConfig
from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from ..protection.firewall_rules import ReservedByGateway
from ..protection.runtime_guard import GATEWAY_SECRET_HEADER, RuntimeGuardConfig
from ..runtime.header_allow_list import ORIGIN_HEADER, SESSION_HEADER

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..runtime.agent_runtime import RuntimeConfig
    from ..stack_values import StackValues

_USER_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
_ORIGIN = "method.request.header.Origin"
# APIGW response-streaming-http: with STREAM an integration may take 15 minutes.
_MAX_TIMEOUT_SECONDS = 900


class SessionBinding(enum.Enum):
    """Whose session a call belongs to. AgentCore gives each session id a microVM of its own, and trusts the id.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-sessions.html
    """

    PER_USER = "PER_USER"
    """The caller's verified ``sub``: nobody can name another's session, and the agent keeps its memory of the user."""
    PER_SIGN_IN = "PER_SIGN_IN"
    """One session for each sign-in of a user, so that two devices do not share a microVM: the token's ``origin_jti``,
    which Cognito keeps when tokens are refreshed. Only with a Cognito user pool and people's tokens, and with
    ``enable_token_revocation`` on in each client, as it is by default: see to that where a client is imported. Whether
    rotating refresh tokens keep it is not documented."""
    CLIENT = "CLIENT"
    """The session id that the client sends, 33 to 256 characters: any caller can name any session."""
    PER_REQUEST = "PER_REQUEST"
    """A new session each call: nothing is kept between two."""


def resolve_timeout(timeout: Duration | None) -> Duration:
    """The time that a stream may take, refused where API Gateway would end it sooner."""
    if timeout is None:
        return Duration.seconds(_MAX_TIMEOUT_SECONDS)
    given_ms = resolve_milliseconds("timeout", timeout)
    if given_ms > _MAX_TIMEOUT_SECONDS * 1000:
        raise StreamingAgentError(
            "SAC003",
            f"timeout: expected at most 15 minutes with streaming, got {timeout.to_human_string()}; "
            "API Gateway ends a stream there",
        )
    if given_ms < 1000 or not is_multiple_of(given_ms, 1):
        raise StreamingAgentError(
            "SAC002",
            f"timeout: expected at least 1 second, in whole milliseconds, got {timeout.to_human_string()}; "
            "leave timeout out for 15 minutes",
        )
    return timeout


def resolve_session(scope: Construct, session: SessionBinding | None, auth: AuthConfig) -> SessionBinding:
    """The binding of each call to a session, refused where the caller has no id that fits."""
    reason = auth.no_user_session_reason
    if reason is not None and auth.user_session is None and (session is None or session == SessionBinding.PER_USER):
        raise StreamingAgentError(
            "SAC007",
            f"a session per user is not possible here, because {reason}: add session=SessionBinding.PER_REQUEST, or "
            "SessionBinding.CLIENT and check in the agent whose session it is",
        )
    if session == SessionBinding.PER_SIGN_IN and auth.sign_in_session is None:
        got = auth.no_sign_in_reason if auth.no_sign_in_reason is not None else "another kind of caller"
        raise StreamingAgentError(
            "SAC174",
            "session: expected SessionBinding.PER_SIGN_IN only with a Cognito user pool and people's tokens, whose "
            f"origin_jti it needs, got {got}; use SessionBinding.PER_USER or PER_REQUEST",
        )
    if reason is not None and session is None:
        raise StreamingAgentError(
            "SAC004",
            f"the session must be chosen, because {reason}: add session=SessionBinding.PER_USER if only people call, "
            "SessionBinding.PER_REQUEST or SessionBinding.CLIENT",
        )
    if session == SessionBinding.CLIENT:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:client-session",
            "with SessionBinding.CLIENT any signed-in caller can name any session, another user's too: "
            "use SessionBinding.PER_USER, or check in the agent whose session it is",
        )
    return session if session is not None else SessionBinding.PER_USER


def invocation_integration(
    runtime: RuntimeConfig,
    values: StackValues,
    auth: AuthConfig,
    session: SessionBinding,
    guard: RuntimeGuardConfig,
    timeout: Duration,
    qualifier: str,
    with_origin: bool,
) -> apigateway.HttpIntegration:
    """The proxy to the runtime: the client's body and token pass; session, user, qualifier and account are set here."""
    # The id form needs no encoding, and needs accountId (without: 400).
    host = f"bedrock-agentcore.{runtime.region}.{values.url_suffix}"
    url = f"https://{host}/runtimes/{runtime.runtime.agent_runtime_id}/invocations"
    parameters: dict[str, str] = {
        "integration.request.querystring.accountId": f"'{runtime.account}'",
        "integration.request.querystring.qualifier": f"'{qualifier}'",
        f"integration.request.header.{SESSION_HEADER}": _session_source(session, auth),
        # A mapped header replaces the client's, which AgentCore would trust.
        f"integration.request.header.{_USER_HEADER}": auth.caller,
    }
    if with_origin:
        parameters[f"integration.request.header.{ORIGIN_HEADER}"] = _ORIGIN
    if guard.secret_value is not None:
        parameters[f"integration.request.header.{GATEWAY_SECRET_HEADER}"] = f"'{guard.secret_value}'"
    if auth.token_source is not None:
        parameters["integration.request.header.Authorization"] = auth.token_source
    return apigateway.HttpIntegration(
        url,
        http_method="POST",
        proxy=True,
        options=apigateway.IntegrationOptions(
            # The L2 property: an override of the L1 would leave the Deployment as it was, and a live API buffering.
            response_transfer_mode=apigateway.ResponseTransferMode.STREAM,
            timeout=timeout,
            connection_type=apigateway.ConnectionType.VPC_LINK if guard.vpc_link is not None else None,
            vpc_link=guard.vpc_link,
            request_parameters=parameters,
        ),
    )


def reserved_by_gateway(session: SessionBinding, auth: AuthConfig) -> ReservedByGateway:
    """What a client may not send, because the gateway sets it."""
    headers = [_USER_HEADER.lower()]
    if session != SessionBinding.CLIENT:
        headers.append(SESSION_HEADER.lower())
    return ReservedByGateway(headers=headers, query_signing=auth.signs_requests is not None and auth.signs_requests)


def method_parameters(session: SessionBinding, auth: AuthConfig, with_origin: bool) -> dict[str, bool]:
    """The request parameters that a method declares; an undeclared one in a mapping fails the deployment."""
    parameters: dict[str, bool] = {}
    if session == SessionBinding.CLIENT:
        parameters[f"method.request.header.{SESSION_HEADER}"] = False
    if with_origin:
        parameters[_ORIGIN] = False
    if auth.token_source is not None and auth.token_source.startswith("method.request."):
        parameters[auth.token_source] = False
    return parameters


def _session_source(session: SessionBinding, auth: AuthConfig) -> str:
    if session == SessionBinding.PER_USER and auth.user_session is not None:
        return auth.user_session
    if session == SessionBinding.PER_SIGN_IN and auth.sign_in_session is not None:
        return auth.sign_in_session
    if session == SessionBinding.CLIENT:
        return f"method.request.header.{SESSION_HEADER}"
    return "context.requestId"
