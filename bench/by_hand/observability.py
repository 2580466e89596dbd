"""Metrics of the access log, alarms and the dashboard."""

from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

BLUE, LIGHT_BLUE, RED, ORANGE = "#1f77b4", "#6baed6", "#d62728", "#ff7f0e"
BROWN, GREY, PURPLE = "#8c564b", "#7f7f7f", "#9467bd"
LATE = (
    "^[1-9][0-9][0-9][0-9][0-9][0-9][0-9]*$|^10000$|^1000[1-9]$|^100[1-9][0-9]$|^10[1-9][0-9][0-9]$"
    "|^1[1-9][0-9][0-9][0-9]$|^[2-9][0-9][0-9][0-9][0-9]$"
)
SOON = "^[0-9]$|^[1-9][0-9]$|^[1-9][0-9][0-9]$|^[1-9][0-9][0-9][0-9]$"


def observe(
    scope: Construct,
    api: apigateway.RestApi,
    runtime: agentcore.Runtime,
    access_log: logs.LogGroup,
    web_acl_metric: str,
) -> None:
    count_in(scope, access_log)

    def logged(name: str, statistic: str, label: str, color: str | None = None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="StreamingAgentApi",
            metric_name=name,
            dimensions_map={"ApiId": api.rest_api_id},
            statistic=statistic,
            label=label,
            color=color,
        )

    failed_share = api.metric_server_error(statistic="Average")
    throttled = logged("ThrottledRequests", "Sum", "over a limit (429)", ORANGE)
    blocked = cloudwatch.Metric(
        namespace="AWS/WAFV2",
        metric_name="BlockedRequests",
        dimensions_map={"WebACL": web_acl_metric, "Region": Aws.REGION, "Rule": "ALL"},
        statistic="Sum",
        label="by the firewall",
        color=BROWN,
    )
    of_runtime = {
        "Operation": "InvokeAgentRuntime",
        "Name": f"{runtime.agent_runtime_name}::DEFAULT",
        "Resource": runtime.agent_runtime_arn,
    }

    def counted(name: str, label: str, color: str) -> cloudwatch.Metric:
        return runtime.metric(name, dimensions_map=of_runtime, statistic="Sum", label=label, color=color)

    system_errors = counted("SystemErrors", "system errors", RED)
    alarms = [
        new_alarm(
            scope,
            "ServerErrors",
            failed_share,
            0.05,
            "callers get 5xx: read 'error' and 'integrationStatus' in the access log",
        ),
        new_alarm(
            scope,
            "SlowAnswers",
            logged("SlowAnswers", "Average", "answers that begin late"),
            0.1,
            "one answer in ten begins late: see whether the agent starts slowly or its model answers slowly",
        ),
        new_alarm(
            scope,
            "ThrottledRequests",
            throttled,
            50,
            "callers get 429: find by 'caller' in the access log who calls too often, or raise the limit",
        ),
        new_alarm(
            scope,
            "BlockedRequests",
            blocked,
            500,
            "the firewall blocks many requests: read in its log which rule, and whether it is right",
        ),
    ]
    runtime_alarm = new_alarm(
        scope, "RuntimeErrors", system_errors, 5, "AgentCore fails to run the agent: read the runtime's log group"
    )
    share = cloudwatch.MathExpression(
        expression="100 * failed", using_metrics={"failed": failed_share}, label="failed (5xx)", color=RED
    )
    requests: list[cloudwatch.IMetric] = [
        api.metric_count(label="all", color=BLUE),
        api.metric_client_error(label="refused (4xx)", color=ORANGE),
        api.metric_server_error(label="failed (5xx)", color=RED),
    ]
    first_content: list[cloudwatch.IMetric] = [
        logged("TimeToFirstContent", "p50", "p50", LIGHT_BLUE),
        logged("TimeToFirstContent", "p90", "p90", BLUE),
        logged("TimeToFirstContent", "p99", "p99", GREY),
    ]
    refused: list[cloudwatch.IMetric] = [api.metric_client_error(label="all (4xx)", color=GREY), throttled, blocked]
    calls: list[cloudwatch.IMetric] = [
        counted("Invocations", "calls", BLUE),
        counted("SessionCount", "new sessions", GREY),
    ]
    errors: list[cloudwatch.IMetric] = [
        system_errors,
        counted("UserErrors", "user errors", GREY),
        counted("Throttles", "over AgentCore's limit", ORANGE),
    ]
    per_5_minutes = "in 5 minutes"
    cloudwatch.Dashboard(
        scope,
        "Dashboard",
        start="-P1D",
        period_override=cloudwatch.PeriodOverride.INHERIT,
        widgets=[
            [status("Alarms", alarms, 24, 3)],
            [
                graph("Requests", requests, per_5_minutes, 8),
                graph("Requests that fail", [share], "% of all", 8, (5, "alarm")),
                graph("Time until an answer begins", first_content, "ms", 8, (10000, "p90 alarm")),
            ],
            [graph("Requests that are refused", refused, per_5_minutes, 8), latest(access_log)],
            [
                status("Agent", [runtime_alarm], 6, 6),
                graph("Agent: calls and new sessions", calls, per_5_minutes, 9),
                graph("Agent: errors of the runtime", errors, per_5_minutes, 9, (5, "system errors alarm")),
            ],
        ],
    )


def count_in(scope: Construct, access_log: logs.LogGroup) -> None:
    for id, name, pattern, value in (
        ("TimeToFirstContent", "TimeToFirstContent", '!= "-"', "$.timeToFirstContent"),
        ("SlowAnswers", "SlowAnswers", f"= %{LATE}%", "1"),
        ("QuickAnswers", "SlowAnswers", f"= %{SOON}%", "0"),
        ("ThrottledRequests", "ThrottledRequests", '= "429"', "1"),
    ):
        field = "status" if name == "ThrottledRequests" else "timeToFirstContent"
        logs.MetricFilter(
            scope,
            id,
            log_group=access_log,
            filter_pattern=logs.FilterPattern.literal(f"{{ $.{field} {pattern} }}"),
            metric_namespace="StreamingAgentApi",
            metric_name=name,
            metric_value=value,
            dimensions={"ApiId": "$.apiId"},
        )


def new_alarm(
    scope: Construct, name: str, metric: cloudwatch.IMetric, threshold: float, description: str
) -> cloudwatch.Alarm:
    return cloudwatch.Alarm(
        scope,
        f"{name}Alarm",
        metric=metric,
        threshold=threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=description,
    )


def status(title: str, alarms: list[Any], width: int, height: int) -> cloudwatch.AlarmStatusWidget:
    latest_first = cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP
    return cloudwatch.AlarmStatusWidget(title=title, alarms=alarms, sort_by=latest_first, width=width, height=height)


def graph(
    title: str, metrics: list[cloudwatch.IMetric], unit: str, width: int, line: tuple[float, str] | None = None
) -> cloudwatch.GraphWidget:
    lines = [cloudwatch.HorizontalAnnotation(value=line[0], label=line[1], color=PURPLE)] if line is not None else []
    axis = cloudwatch.YAxisProps(min=0, label=unit, show_units=False)
    return cloudwatch.GraphWidget(title=title, left=metrics, left_annotations=lines, left_y_axis=axis, width=width)


def latest(access_log: logs.LogGroup) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        title="Latest refusals and failures",
        log_group_names=[access_log.log_group_name],
        query_lines=[
            "fields @timestamp, status, error, resource, caller, requestId",
            "filter status >= 400",
            "sort @timestamp desc",
            "limit 20",
        ],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=16,
    )
