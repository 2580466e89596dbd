"""The access log: one line of JSON a request, with the times of the stream, and never a token, a key or a prompt."""

import typing

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from .observability import Observability

NAMESPACE = "StreamingAgentApi"
_STAGE = "prod"
TIME_TO_FIRST_CONTENT = "TimeToFirstContent"
THROTTLED_REQUESTS = "ThrottledRequests"


def access_log_group(scope: Construct, options: Observability) -> logs.ILogGroup | None:
    """The log group of the access log, if there is to be one."""
    if options.access_logs is not None and not options.access_logs:
        return None
    if options.access_log_group is not None:
        return options.access_log_group
    return logs.LogGroup(
        scope,
        "AccessLog",
        retention=log_retention(options),
        encryption_key=options.encryption_key,
        removal_policy=RemovalPolicy.RETAIN,
    )


def stage_options(group: logs.ILogGroup | None, caller: str, options: Observability) -> apigateway.StageOptions:
    """What the stage is told of logs and traces."""
    return apigateway.StageOptions(
        stage_name=_STAGE,
        access_log_destination=apigateway.LogGroupLogDestination(group) if group is not None else None,
        access_log_format=apigateway.AccessLogFormat.custom(_line(caller)) if group is not None else None,
        tracing_enabled=options.tracing_enabled if options.tracing_enabled is not None else True,
    )


def logging_level(group: logs.ILogGroup | None) -> str:
    """What API Gateway writes to its own log group: the reason of its errors, where requests are logged at all."""
    return "ERROR" if group is not None else "OFF"


def keep_error_log(scope: Construct, api: apigateway.RestApi, options: Observability) -> None:
    """Makes the log group that API Gateway writes its errors to, which it would make itself, to be kept for ever."""
    group = logs.LogGroup(
        scope,
        "ErrorLog",
        # The name is API Gateway's (APIGW set-up-logging). It holds the API's id, so no other stack's is met.
        log_group_name=f"API-Gateway-Execution-Logs_{api.rest_api_id}/{_STAGE}",
        retention=log_retention(options),
        encryption_key=options.encryption_key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    api.deployment_stage.node.add_dependency(group)


def log_retention(options: Observability) -> logs.RetentionDays:
    """How long new log groups keep their lines."""
    return options.retention if options.retention is not None else logs.RetentionDays.THREE_MONTHS


def measure_log(scope: Construct, group: logs.ILogGroup) -> None:
    """Counts what API Gateway has no metric for: when answers began, and requests that met a limit."""
    logs.MetricFilter(
        scope,
        "TimeToFirstContent",
        log_group=group,
        filter_pattern=logs.FilterPattern.string_value("$.timeToFirstContent", "!=", "-"),
        metric_namespace=NAMESPACE,
        metric_name=TIME_TO_FIRST_CONTENT,
        metric_value="$.timeToFirstContent",
        dimensions={"ApiId": "$.apiId"},
    )
    logs.MetricFilter(
        scope,
        "ThrottledRequests",
        log_group=group,
        filter_pattern=logs.FilterPattern.string_value("$.status", "=", "429"),
        metric_namespace=NAMESPACE,
        metric_name=THROTTLED_REQUESTS,
        metric_value="1",
        dimensions={"ApiId": "$.apiId"},
    )


def allow_logs(scope: Construct, key: kms.IKey) -> None:
    """Lets CloudWatch Logs use the key for the account's log groups (CloudWatch Logs encrypt-log-data-kms)."""
    stack = Stack.of(scope)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[typing.cast(iam.IPrincipal, iam.ServicePrincipal(f"logs.{stack.region}.{Aws.URL_SUFFIX}"))],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": stack.format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name="*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                }
            },
        ),
        True,
    )


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
