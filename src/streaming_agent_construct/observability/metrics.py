"""The metrics of one API: those that the CDK has no method for, and those that alarms and dashboard share."""

from __future__ import annotations

import typing

from aws_cdk import aws_cloudwatch as cloudwatch

from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from .colors import BROWN, ORANGE
from .log_metrics import NAMESPACE, SLOW_ANSWERS, THROTTLED_REQUESTS, TIME_TO_FIRST_CONTENT

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore


class ApiMetrics:
    """The metrics of one API. Each is of five minutes unless another period is given."""

    logged: bool
    """Whether there is an access log to read some of them from."""
    web_acl_metric: str | None
    """The name under which the firewall counts, where it is known."""
    server_error_share: cloudwatch.Metric
    """The share of the requests that end with 5xx, 0 to 1: the average of 0 and 1 over all requests."""
    slow_answer_share: cloudwatch.Metric | None
    """The share of the answers that begin late, 0 to 1, where it is counted."""
    throttled: cloudwatch.Metric | None
    """Requests answered with 429, as alarm and dashboard show them, where they are counted."""
    blocked: cloudwatch.Metric | None
    """Requests that the firewall blocked, as alarm and dashboard show them, where they are counted."""
    _api_id: str
    _region: str

    def __init__(
        self,
        api: apigateway.RestApi,
        api_id: str,
        region: str,
        logged: bool,
        counts_slow_answers: bool,
        web_acl_metric: str | None,
    ) -> None:
        self.logged = logged
        self.web_acl_metric = web_acl_metric
        self.server_error_share = api.metric_server_error(statistic="Average")
        self._api_id = api_id
        self._region = region
        self.slow_answer_share = (
            self._logged_metric(SLOW_ANSWERS, "Average", None, "answers that begin late", None)
            if logged and counts_slow_answers
            else None
        )
        self.throttled = self.throttled_requests("Sum", None, "over a limit (429)", ORANGE) if logged else None
        self.blocked = (
            self.blocked_requests("Sum", None, "by the firewall", BROWN) if web_acl_metric is not None else None
        )

    def time_to_first_content(
        self, statistic: str, period: Duration | None = None, label: str | None = None, color: str | None = None
    ) -> cloudwatch.Metric:
        """Milliseconds until the first byte of the answer's body."""
        return self._logged_metric(TIME_TO_FIRST_CONTENT, statistic, period, label, color)

    def throttled_requests(
        self, statistic: str, period: Duration | None = None, label: str | None = None, color: str | None = None
    ) -> cloudwatch.Metric:
        """Requests answered with 429: over the throttle, or over a key's quota."""
        return self._logged_metric(THROTTLED_REQUESTS, statistic, period, label, color)

    def blocked_requests(
        self, statistic: str, period: Duration | None = None, label: str | None = None, color: str | None = None
    ) -> cloudwatch.Metric:
        """Requests that the firewall blocked."""
        if self.web_acl_metric is None:
            raise StreamingAgentError(
                "SAC094",
                "there is no metric for blocked requests: use Firewall.managed(), or pass metric_name to "
                "Firewall.existing(...)",
            )
        return cloudwatch.Metric(
            namespace="AWS/WAFV2",
            metric_name="BlockedRequests",
            dimensions_map={"WebACL": self.web_acl_metric, "Region": self._region, "Rule": "ALL"},
            statistic=statistic,
            period=_resolve_period(period),
            label=label if label is not None else "blocked by the firewall",
            color=color,
        )

    def _logged_metric(
        self, name: str, statistic: str, period: Duration | None, label: str | None, color: str | None
    ) -> cloudwatch.Metric:
        if not self.logged:
            raise StreamingAgentError(
                "SAC093",
                f"there is no metric {name}: it is read from the access log, which is switched off; "
                "leave access_logs out",
            )
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={"ApiId": self._api_id},
            statistic=statistic,
            period=_resolve_period(period),
            label=label if label is not None else f"{name} {statistic}",
            color=color,
        )


class RuntimeMetrics:
    """AgentCore's metrics of one agent, for the endpoint of its runtime that the API calls."""

    system_errors: cloudwatch.Metric
    """Errors of AgentCore itself."""
    _runtime: agentcore.IBedrockAgentRuntime
    _name: str
    _arn: str
    _region: str | None

    def __init__(
        self, runtime: agentcore.IBedrockAgentRuntime, qualifier: str, color: str, region: str | None = None
    ) -> None:
        self._runtime = runtime
        self._region = region
        self._name = f"{runtime.agent_runtime_name}::{qualifier}"
        self._arn = runtime.agent_runtime_arn
        self.system_errors = self.sum("SystemErrors", "system errors", color)

    def sum(self, metric_name: str, label: str, color: str) -> cloudwatch.Metric:
        """How many there were."""
        return self._runtime.metric(
            metric_name,
            # Written out: the CDK's own name the endpoint DEFAULT, and its older releases none (aws-cdk#38486).
            dimensions_map={"Operation": "InvokeAgentRuntime", "Name": self._name, "Resource": self._arn},
            statistic="Sum",
            label=label,
            color=color,
            region=self._region,
        )


def _resolve_period(period: Duration | None) -> Duration | None:
    """The period, where CloudWatch has it; without one the CDK takes five minutes."""
    if period is None:
        return None
    given_ms = resolve_milliseconds("period", period)
    # CloudWatch API_MetricStat: shorter than a minute are these only.
    if given_ms not in [1000, 5000, 10000, 20000, 30000] and (given_ms == 0 or not is_multiple_of(given_ms, 60000)):
        raise StreamingAgentError(
            "SAC095",
            f"period: expected whole minutes, or 1, 5, 10, 20 or 30 seconds, got {period.to_human_string()}: "
            "write Duration.minutes(5)",
        )
    return period
