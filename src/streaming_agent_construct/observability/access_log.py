"""The access log: one line of JSON a request, with the times of the stream, and never a token, a key or a prompt."""

from __future__ import annotations

import dataclasses
import typing

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs

from ..acknowledgments import acknowledge_log_group
from ..api.rest_api import StageLogConfig
from ..same_region import check_same_region

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..stack_values import StackValues
    from .observability import ObservabilityConfig

# The name of the API's one stage.
STAGE = "prod"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessLogConfig:
    """What a stage writes, and where to."""

    group: logs.ILogGroup | None = None
    """The log group, unless the log is switched off."""
    stage: StageLogConfig
    """What the stage logs and traces."""


def bind_access_log(
    scope: Construct, values: StackValues, caller: str, options: ObservabilityConfig
) -> AccessLogConfig:
    """The log group, if there is to be one, and what the stage logs.

    :param caller: The mapping expression of who calls.
    """
    group = _log_group(scope, values, options) if options.access_logs else None
    return AccessLogConfig(
        group=group,
        stage=StageLogConfig(
            options=apigateway.StageOptions(
                stage_name=STAGE,
                access_log_destination=apigateway.LogGroupLogDestination(group) if group is not None else None,
                access_log_format=apigateway.AccessLogFormat.custom(_line(caller)) if group is not None else None,
                tracing_enabled=options.tracing_enabled,
            ),
            level="ERROR" if group is not None else "OFF",
            account_role=options.account_role,
        ),
    )


def _log_group(scope: Construct, values: StackValues, options: ObservabilityConfig) -> logs.ILogGroup:
    given = options.access_log_group
    if given is not None:
        check_same_region("SAC197", "access_log_group", given.env.region, values.region)
        return given
    group = logs.LogGroup(
        scope,
        "AccessLog",
        retention=options.retention,
        encryption_key=options.encryption_key,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    acknowledge_log_group(group)
    return group


def _line(caller: str) -> str:
    # All values are quoted: a variable that has none is written as a bare hyphen, which would not be JSON. What a
    # client writes freely (User-Agent, path) and messages that quote its headers are left out, so that no line is
    # forged and no token logged.
    fields = [
        _field("requestId", "$context.requestId"),
        # A client can choose the id above, not this one (APIGW api-gateway-variables-for-access-logging).
        _field("extendedRequestId", "$context.extendedRequestId"),
        _field("requestTime", "$context.requestTime"),
        _field("apiId", "$context.apiId"),
        _field("stage", "$context.stage"),
        _field("method", "$context.httpMethod"),
        _field("resource", "$context.resourcePath"),
        _field("sourceIp", "$context.identity.sourceIp"),
        _field("caller", f"${caller}"),
        _field("apiKeyId", "$context.identity.apiKeyId"),
        _field("status", "$context.status"),
        _field("error", "$context.error.responseType"),
        _field("waf", "$context.wafResponseCode"),
        _field("transferMode", "$context.integration.responseTransferMode"),
        _field("timeToAllHeaders", "$context.integration.timeToAllHeaders"),
        _field("timeToFirstContent", "$context.integration.timeToFirstContent"),
        # With STREAM this is the time until the stream ends (APIGW response-streaming-troubleshoot).
        _field("integrationLatency", "$context.integration.latency"),
        _field("integrationStatus", "$context.integration.status"),
        _field("responseLatency", "$context.responseLatency"),
        _field("responseLength", "$context.responseLength"),
        _field("traceId", "$context.xrayTraceId"),
    ]
    return "{" + ",".join(fields) + "}"


def _field(name: str, value: str) -> str:
    return f'"{name}":"{value}"'
