"""The dashboard: is anything wrong, do answers come and begin soon, who is refused; then one row for each agent.

Blue is traffic and how long it takes, red what fails, orange what meets a limit, brown what the firewall blocks, grey
what stands beside it to compare; a purple line is where an alarm rings.
"""

from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from .alarms import first_content_ms, runtime_errors, server_error_percent, wants_alarms
from .metrics import MetricSources, blocked_requests, runtime_metric, throttled_requests, time_to_first_content
from .observability import Observability

_BLUE = "#1f77b4"
_LIGHT_BLUE = "#6baed6"
_RED = "#d62728"
_ORANGE = "#ff7f0e"
_BROWN = "#8c564b"
_GREY = "#7f7f7f"
_PURPLE = "#9467bd"


def new_dashboard(
    scope: Construct,
    sources: MetricSources,
    group: logs.ILogGroup | None,
    alarms: Sequence[cloudwatch.Alarm],
    options: Observability,
) -> cloudwatch.Dashboard:
    """The dashboard with the rows of the front door."""
    dashboard = cloudwatch.Dashboard(
        scope,
        "Dashboard",
        start="-P1D",
        # Each value stays one of five minutes, as the alarms count, however long a time is looked at.
        period_override=cloudwatch.PeriodOverride.INHERIT,
    )
    if len(alarms) > 0:
        dashboard.add_widgets(_alarm_status("Alarms", alarms, 24, 3))
    dashboard.add_widgets(_requests(sources), _failures(sources, options), _first_content(sources, options))
    if group is not None:
        dashboard.add_widgets(_refusals(sources, 8), _last_errors(group))
    else:
        dashboard.add_widgets(_refusals(sources, 24))
    return dashboard


def add_agent_row(
    dashboard: cloudwatch.Dashboard,
    name: str,
    runtime: agentcore.IBedrockAgentRuntime,
    qualifier: str,
    alarm: cloudwatch.Alarm | None,
    options: Observability,
) -> None:
    """One row for one agent's runtime."""
    title = f"Agent {name}" if name != "" else "Agent"
    width = 12 if alarm is None else 9
    calls = cloudwatch.GraphWidget(
        title=f"{title}: calls and new sessions",
        left=[
            runtime_metric(runtime, qualifier, "Invocations", "Sum", "calls").with_(color=_BLUE),
            # Sessions that began. The metric named Sessions is that of the whole account
            # (AgentCore observability-runtime-metrics).
            runtime_metric(runtime, qualifier, "SessionCount", "Sum", "new sessions").with_(color=_GREY),
        ],
        left_y_axis=_axis("in 5 minutes"),
        width=width,
    )
    errors = cloudwatch.GraphWidget(
        title=f"{title}: errors of the runtime",
        left=[
            runtime_metric(runtime, qualifier, "SystemErrors", "Sum", "system errors").with_(color=_RED),
            runtime_metric(runtime, qualifier, "UserErrors", "Sum", "user errors").with_(color=_GREY),
            runtime_metric(runtime, qualifier, "Throttles", "Sum", "over AgentCore's limit").with_(color=_ORANGE),
        ],
        left_annotations=_alarm_line("system errors alarm", runtime_errors(options), options),
        left_y_axis=_axis("in 5 minutes"),
        width=width,
    )
    if alarm is not None:
        dashboard.add_widgets(_alarm_status(title, [alarm], 6, 6), calls, errors)
    else:
        dashboard.add_widgets(calls, errors)


def _requests(sources: MetricSources) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title="Requests",
        left=[
            sources.api.metric_count(label="all", color=_BLUE),
            sources.api.metric_client_error(label="refused (4xx)", color=_ORANGE),
            sources.api.metric_server_error(label="failed (5xx)", color=_RED),
        ],
        left_y_axis=_axis("in 5 minutes"),
        width=8,
    )


def _failures(sources: MetricSources, options: Observability) -> cloudwatch.GraphWidget:
    share = cloudwatch.MathExpression(
        # Among many requests the count of failures is a flat line; the average of 0 and 1 is their share.
        expression="100 * failed",
        using_metrics={"failed": sources.api.metric_server_error(statistic="Average")},
        label="failed (5xx)",
        color=_RED,
    )
    return cloudwatch.GraphWidget(
        title="Requests that fail",
        left=[share],
        left_annotations=_alarm_line("alarm", server_error_percent(options), options),
        left_y_axis=_axis("% of all"),
        width=8,
    )


def _first_content(sources: MetricSources, options: Observability) -> cloudwatch.GraphWidget:
    if not sources.logged:
        return cloudwatch.GraphWidget(
            title="Time until an answer ends (no access log)",
            left=[sources.api.metric_integration_latency(label="p90", statistic="p90", color=_BLUE)],
            left_y_axis=_axis("ms"),
            width=8,
        )
    return cloudwatch.GraphWidget(
        title="Time until an answer begins",
        left=[
            time_to_first_content(sources, "p50").with_(label="p50", color=_LIGHT_BLUE),
            time_to_first_content(sources, "p90").with_(label="p90", color=_BLUE),
            time_to_first_content(sources, "p99").with_(label="p99", color=_GREY),
        ],
        left_annotations=_alarm_line("p90 alarm", first_content_ms(options), options),
        left_y_axis=_axis("ms"),
        width=8,
    )


def _refusals(sources: MetricSources, width: int) -> cloudwatch.GraphWidget:
    refused = [sources.api.metric_client_error(label="all (4xx)", color=_GREY)]
    if sources.logged:
        refused.append(throttled_requests(sources, "Sum").with_(label="over a limit (429)", color=_ORANGE))
    if sources.web_acl_metric is not None:
        refused.append(blocked_requests(sources, "Sum").with_(label="by the firewall", color=_BROWN))
    return cloudwatch.GraphWidget(
        title="Requests that are refused", left=refused, left_y_axis=_axis("in 5 minutes"), width=width
    )


def _last_errors(group: logs.ILogGroup) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        title="Latest refusals and failures",
        log_group_names=[group.log_group_name],
        query_lines=[
            # The firewall's refusals are seen by their error, WAF_FILTERED.
            "fields @timestamp, status, error, resource, caller, requestId",
            "filter status >= 400",
            "sort @timestamp desc",
            "limit 20",
        ],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=16,
    )


def _alarm_status(
    title: str, alarms: Sequence[cloudwatch.Alarm], width: int, height: int
) -> cloudwatch.AlarmStatusWidget:
    return cloudwatch.AlarmStatusWidget(
        title=title,
        alarms=list(alarms),
        # What rings comes first.
        sort_by=cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        width=width,
        height=height,
    )


def _alarm_line(label: str, value: float, options: Observability) -> list[cloudwatch.HorizontalAnnotation]:
    if not wants_alarms(options):
        return []
    return [cloudwatch.HorizontalAnnotation(value=value, label=label, color=_PURPLE)]


def _axis(label: str) -> cloudwatch.YAxisProps:
    return cloudwatch.YAxisProps(min=0, label=label, show_units=False)
