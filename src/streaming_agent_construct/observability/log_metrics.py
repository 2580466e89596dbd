"""Metrics read from the access log: API Gateway has none for when an answer begins, or for refusals by limit."""

from aws_cdk import aws_logs as logs
from constructs import Construct

# The namespace of the construct's own metrics in CloudWatch.
NAMESPACE = "StreamingAgentApi"
# Milliseconds until the first byte of the answer's body.
TIME_TO_FIRST_CONTENT = "TimeToFirstContent"
# Requests answered with 429.
THROTTLED_REQUESTS = "ThrottledRequests"


def new_log_metrics(scope: Construct, group: logs.ILogGroup) -> None:
    """Counts in the access log what API Gateway has no metric for."""
    _metric(
        scope,
        group,
        TIME_TO_FIRST_CONTENT,
        logs.FilterPattern.string_value("$.timeToFirstContent", "!=", "-"),
        "$.timeToFirstContent",
    )
    _metric(scope, group, THROTTLED_REQUESTS, logs.FilterPattern.string_value("$.status", "=", "429"), "1")


def _metric(scope: Construct, group: logs.ILogGroup, name: str, pattern: logs.IFilterPattern, value: str) -> None:
    logs.MetricFilter(
        scope,
        name,
        log_group=group,
        filter_pattern=pattern,
        metric_namespace=NAMESPACE,
        metric_name=name,
        metric_value=value,
        dimensions={"ApiId": "$.apiId"},
    )
