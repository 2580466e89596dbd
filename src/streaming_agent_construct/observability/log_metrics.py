"""Metrics read from the access log: API Gateway has none for when an answer begins, or for refusals by limit."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from .number_patterns import at_least, less_than

# The namespace of the construct's own metrics in CloudWatch.
NAMESPACE = "StreamingAgentApi"
# Milliseconds until the first byte of the answer's body.
TIME_TO_FIRST_CONTENT = "TimeToFirstContent"
# 1 for an answer that begins late, 0 for one that doesn't: the average is the share of late ones. It counts lines, so
# it is right even if CloudWatch should take no value that stands in quotes, as those of the access log do.
SLOW_ANSWERS = "SlowAnswers"
# Requests answered with 429.
THROTTLED_REQUESTS = "ThrottledRequests"


def new_log_metrics(scope: Construct, group: logs.ILogGroup, slow_ms: int | None) -> None:
    """Counts in the access log what API Gateway has no metric for.

    :param slow_ms: From when an answer begins late; without it these are not counted.
    """
    content = logs.FilterPattern.string_value("$.timeToFirstContent", "!=", "-")
    _new_filter(scope, "TimeToFirstContent", group, TIME_TO_FIRST_CONTENT, content, "$.timeToFirstContent")
    limited = logs.FilterPattern.string_value("$.status", "=", "429")
    _new_filter(scope, "ThrottledRequests", group, THROTTLED_REQUESTS, limited, "1")
    if slow_ms is not None:
        _new_filter(scope, "SlowAnswers", group, SLOW_ANSWERS, _matching(at_least(slow_ms)), "1")
        _new_filter(scope, "QuickAnswers", group, SLOW_ANSWERS, _matching(less_than(slow_ms)), "0")


def _matching(expression: str) -> logs.IFilterPattern:
    return logs.FilterPattern.literal(f"{{ $.timeToFirstContent = %{expression}% }}")


def _new_filter(
    scope: Construct, id: str, group: logs.ILogGroup, metric: str, pattern: logs.IFilterPattern, value: str
) -> None:
    logs.MetricFilter(
        scope,
        id,
        log_group=group,
        filter_pattern=pattern,
        metric_namespace=NAMESPACE,
        metric_name=metric,
        metric_value=value,
        dimensions={"ApiId": "$.apiId"},
    )
