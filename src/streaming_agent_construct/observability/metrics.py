"""The metrics of one API that the CDK's own constructs do not give, and those that alarms and dashboard read."""

import dataclasses

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch

from ..durations import is_multiple_of, milliseconds
from ..errors import StreamingAgentError
from .access_log import NAMESPACE, THROTTLED_REQUESTS, TIME_TO_FIRST_CONTENT

_PERIOD_MINUTES = 5


@dataclasses.dataclass(frozen=True, kw_only=True)
class MetricSources:
    """What of one API counts, and where."""

    api: apigateway.RestApi
    """The API."""
    logged: bool
    """Whether the access log is measured."""
    web_acl_metric: str | None = None
    """The name under which the firewall counts, where it is known."""


def time_to_first_content(sources: MetricSources, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    """Milliseconds until the first byte of the answer's body."""
    return _logged(sources, TIME_TO_FIRST_CONTENT, statistic, period)


def throttled_requests(sources: MetricSources, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    """Requests answered with 429: over the throttle, or over a key's quota."""
    return _logged(sources, THROTTLED_REQUESTS, statistic, period)


def blocked_requests(sources: MetricSources, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    """Requests that the firewall blocked."""
    name = sources.web_acl_metric
    if name is None:
        raise StreamingAgentError(
            "SAC094",
            "what the firewall blocks is not known: keep Firewall.managed(), or give Firewall.existing(...) the "
            "metric_name under which your web ACL counts",
        )
    return cloudwatch.Metric(
        namespace="AWS/WAFV2",
        metric_name="BlockedRequests",
        dimensions_map={"WebACL": name, "Region": sources.api.stack.region, "Rule": "ALL"},
        statistic=statistic,
        period=_period(period),
        label="blocked by the firewall",
    )


def runtime_metric(
    runtime: agentcore.IBedrockAgentRuntime, qualifier: str, metric_name: str, statistic: str, label: str
) -> cloudwatch.Metric:
    """A metric of AgentCore's, for the endpoint that the API calls."""
    return runtime.metric(
        metric_name,
        # Written out: the CDK's own name the endpoint DEFAULT, and its older releases none (aws-cdk#38486).
        dimensions_map={
            "Operation": "InvokeAgentRuntime",
            "Name": f"{runtime.agent_runtime_name}::{qualifier}",
            "Resource": runtime.agent_runtime_arn,
        },
        statistic=statistic,
        period=_period(),
        label=label,
    )


def _logged(sources: MetricSources, name: str, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    if not sources.logged:
        raise StreamingAgentError(
            "SAC093",
            f"the metric {name} is read from the access log, which is switched off: leave access_logs out",
        )
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"ApiId": sources.api.rest_api_id},
        statistic=statistic,
        period=_period(period),
        label=f"{name} {statistic}",
    )


def _period(period: Duration | None = None) -> Duration:
    if period is None:
        return Duration.minutes(_PERIOD_MINUTES)
    given_ms = milliseconds("period", period)
    # CloudWatch API_MetricStat: shorter than a minute are these alone.
    if given_ms not in [1000, 5000, 10000, 20000, 30000] and (given_ms == 0 or not is_multiple_of(given_ms, 60000)):
        raise StreamingAgentError(
            "SAC095",
            f"a metric's period is whole minutes, or 1, 5, 10, 20 or 30 seconds, got {period.to_human_string()}: "
            "write Duration.minutes(5)",
        )
    return period
