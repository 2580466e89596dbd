"""The dashboard: is anything wrong, do answers come and begin soon, who is refused; then one row for each agent."""

from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from .agent_metrics import MetricSources, blocked_requests, runtime_metric, throttled_requests, time_to_first_content

_GREEN = "#2ca02c"
_BLUE = "#1f77b4"
_ORANGE = "#ff7f0e"
_RED = "#d62728"
_GREY = "#7f7f7f"


def new_dashboard(
    scope: Construct,
    sources: MetricSources,
    group: logs.ILogGroup | None,
    alarms: Sequence[cloudwatch.Alarm],
    first_content_ms: float,
) -> cloudwatch.Dashboard:
    """The dashboard with the rows of the front door."""
    dashboard = cloudwatch.Dashboard(scope, "Dashboard", start="-P1D")
    if len(alarms) > 0:
        dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=list(alarms), title="Alarms", width=24, height=3))
    dashboard.add_widgets(_requests(sources), _first_content(sources, first_content_ms))
    if group is not None:
        dashboard.add_widgets(_refusals(sources), _last_errors(group))
    else:
        dashboard.add_widgets(_refusals(sources))
    return dashboard


def add_agent_row(
    dashboard: cloudwatch.Dashboard,
    name: str,
    runtime: agentcore.IBedrockAgentRuntime,
    qualifier: str,
    alarm: cloudwatch.Alarm | None,
) -> None:
    """One row for one agent's runtime."""
    title = f"Agent {name}" if name != "" else "Agent"
    if alarm is not None:
        dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=[alarm], title=title, width=24, height=2))
    dashboard.add_widgets(
        cloudwatch.GraphWidget(
            title=f"{title}: invocations and open sessions",
            left=[_colored(runtime_metric(runtime, qualifier, "Invocations", "Sum", "invocations"), _BLUE)],
            right=[_colored(runtime_metric(runtime, qualifier, "Sessions", "Sum", "sessions"), _GREY)],
            left_y_axis=cloudwatch.YAxisProps(min=0),
            right_y_axis=cloudwatch.YAxisProps(min=0),
            width=12,
        ),
        cloudwatch.GraphWidget(
            title=f"{title}: errors of the runtime",
            left=[
                _colored(runtime_metric(runtime, qualifier, "SystemErrors", "Sum", "AgentCore's own"), _RED),
                _colored(runtime_metric(runtime, qualifier, "UserErrors", "Sum", "refused requests"), _ORANGE),
                _colored(runtime_metric(runtime, qualifier, "Throttles", "Sum", "over AgentCore's limit"), _GREY),
            ],
            left_y_axis=cloudwatch.YAxisProps(min=0),
            width=12,
        ),
    )


def _requests(sources: MetricSources) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title="Requests and errors",
        left=[
            sources.api.metric_count(label="requests", color=_BLUE),
            sources.api.metric_client_error(label="refused (4xx)", color=_ORANGE),
            sources.api.metric_server_error(label="failed (5xx)", color=_RED),
        ],
        left_y_axis=cloudwatch.YAxisProps(min=0),
        width=12,
    )


def _first_content(sources: MetricSources, limit_ms: float) -> cloudwatch.GraphWidget:
    if not sources.logged:
        return cloudwatch.GraphWidget(
            title="Until the stream ends (no access log, so no time to first content)",
            left=[sources.api.metric_integration_latency(label="p90", statistic="p90")],
            width=12,
        )
    return cloudwatch.GraphWidget(
        title="Time until an answer begins",
        left=[
            _colored(time_to_first_content(sources, "p50"), _GREEN),
            _colored(time_to_first_content(sources, "p90"), _ORANGE),
            _colored(time_to_first_content(sources, "p99"), _RED),
        ],
        left_annotations=[cloudwatch.HorizontalAnnotation(value=limit_ms, label="p90 alarm", color=_GREY)],
        left_y_axis=cloudwatch.YAxisProps(min=0, label="ms", show_units=False),
        width=12,
    )


def _refusals(sources: MetricSources) -> cloudwatch.GraphWidget:
    refused = [sources.api.metric_client_error(label="all refusals (4xx)", color=_GREY)]
    if sources.logged:
        refused.append(_colored(throttled_requests(sources, "Sum"), _ORANGE))
    if sources.web_acl_metric is not None:
        refused.append(_colored(blocked_requests(sources, "Sum"), _RED))
    return cloudwatch.GraphWidget(
        title="Who is refused: over a limit, blocked by the firewall",
        left=refused,
        left_y_axis=cloudwatch.YAxisProps(min=0),
        width=12,
    )


def _last_errors(group: logs.ILogGroup) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        title="Latest refusals and failures",
        log_group_names=[group.log_group_name],
        query_lines=[
            "fields @timestamp, status, error, waf, resource, caller, requestId",
            "filter status >= 400",
            "sort @timestamp desc",
            "limit 20",
        ],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=12,
    )


def _colored(metric: cloudwatch.Metric, color: str) -> cloudwatch.Metric:
    return metric.with_(color=color)
