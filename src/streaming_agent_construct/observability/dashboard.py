"""The dashboard: alarms, requests, failures, latency and refusals of the API, then one row for each agent."""

from __future__ import annotations

import typing

from aws_cdk import aws_cloudwatch as cloudwatch

from .colors import BLUE, GREY, LIGHT_BLUE, ORANGE, PURPLE, RED

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from .metrics import ApiMetrics, RuntimeMetrics
    from .observability import ObservabilityConfig


def new_dashboard(
    scope: Construct,
    api: apigateway.RestApi,
    metrics: ApiMetrics,
    group: logs.ILogGroup | None,
    alarms: Sequence[cloudwatch.Alarm],
    options: ObservabilityConfig,
) -> cloudwatch.Dashboard:
    """The dashboard with the rows of the API itself."""
    rows: list[list[cloudwatch.IWidget]] = []
    if len(alarms) > 0:
        rows.append([_alarm_status("Alarms", alarms, 24, 3)])
    rows.append([_requests(api), _failures(metrics, options), _first_content(api, metrics, options)])
    if group is not None:
        rows.append([_refusals(api, metrics, 8), _last_errors(group)])
    else:
        rows.append([_refusals(api, metrics, 24)])
    return cloudwatch.Dashboard(
        scope,
        "Dashboard",
        start="-P1D",
        # Each value stays one of five minutes, as the alarms count, however long a time is looked at.
        period_override=cloudwatch.PeriodOverride.INHERIT,
        widgets=rows,
    )


def add_agent_row(
    dashboard: cloudwatch.Dashboard,
    title: str,
    metrics: RuntimeMetrics,
    alarm: cloudwatch.Alarm | None,
    options: ObservabilityConfig,
) -> None:
    """One row for one agent's runtime."""
    width = 12 if alarm is None else 9
    calls = cloudwatch.GraphWidget(
        title=f"{title}: calls and new sessions",
        left=[
            metrics.sum("Invocations", "calls", BLUE),
            # Sessions that began. The metric named Sessions is that of the whole account
            # (AgentCore observability-runtime-metrics).
            metrics.sum("SessionCount", "new sessions", GREY),
        ],
        left_y_axis=_axis("in 5 minutes"),
        width=width,
    )
    errors = cloudwatch.GraphWidget(
        title=f"{title}: errors of the runtime",
        left=[
            metrics.system_errors,
            metrics.sum("UserErrors", "user errors", GREY),
            metrics.sum("Throttles", "over AgentCore's limit", ORANGE),
        ],
        left_annotations=(
            _alarm_line("system errors alarm", options.thresholds.runtime_errors, options) if alarm is not None else []
        ),
        left_y_axis=_axis("in 5 minutes"),
        width=width,
    )
    if alarm is not None:
        dashboard.add_widgets(_alarm_status(title, [alarm], 6, 6), calls, errors)
    else:
        dashboard.add_widgets(calls, errors)


def _requests(api: apigateway.RestApi) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title="Requests",
        left=[
            api.metric_count(label="all", color=BLUE),
            api.metric_client_error(label="refused (4xx)", color=ORANGE),
            api.metric_server_error(label="failed (5xx)", color=RED),
        ],
        left_y_axis=_axis("in 5 minutes"),
        width=8,
    )


def _failures(metrics: ApiMetrics, options: ObservabilityConfig) -> cloudwatch.GraphWidget:
    share = cloudwatch.MathExpression(
        # Among many requests the count of failures is a flat line; the average of 0 and 1 is their share.
        expression="100 * failed",
        using_metrics={"failed": metrics.server_error_share},
        label="failed (5xx)",
        color=RED,
    )
    return cloudwatch.GraphWidget(
        title="Requests that fail",
        left=[share],
        left_annotations=_alarm_line("alarm", options.thresholds.server_error_percent, options),
        left_y_axis=_axis("% of all"),
        width=8,
    )


def _first_content(
    api: apigateway.RestApi, metrics: ApiMetrics, options: ObservabilityConfig
) -> cloudwatch.GraphWidget:
    if not metrics.logged:
        return cloudwatch.GraphWidget(
            title="Time until an answer ends (no access log)",
            left=[api.metric_integration_latency(label="p90", statistic="p90", color=BLUE)],
            left_y_axis=_axis("ms"),
            width=8,
        )
    return cloudwatch.GraphWidget(
        title="Time until an answer begins",
        left=[
            metrics.time_to_first_content("p50", label="p50", color=LIGHT_BLUE),
            metrics.time_to_first_content("p90", label="p90", color=BLUE),
            metrics.time_to_first_content("p99", label="p99", color=GREY),
        ],
        left_annotations=_alarm_line("p90 alarm", options.thresholds.first_content_ms, options),
        left_y_axis=_axis("ms"),
        width=8,
    )


def _refusals(api: apigateway.RestApi, metrics: ApiMetrics, width: int) -> cloudwatch.GraphWidget:
    refused = [api.metric_client_error(label="all (4xx)", color=GREY)]
    if metrics.throttled is not None:
        refused.append(metrics.throttled)
    if metrics.blocked is not None:
        refused.append(metrics.blocked)
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
        # What went into ALARM last comes first.
        sort_by=cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        width=width,
        height=height,
    )


def _alarm_line(label: str, value: float, options: ObservabilityConfig) -> list[cloudwatch.HorizontalAnnotation]:
    if not options.alarms:
        return []
    return [cloudwatch.HorizontalAnnotation(value=value, label=label, color=PURPLE)]


def _axis(label: str) -> cloudwatch.YAxisProps:
    return cloudwatch.YAxisProps(min=0, label=label, show_units=False)
