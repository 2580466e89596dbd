"""The alarms of one API: critical ones where callers get errors, warnings where they wait or are refused."""

import typing
from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..durations import milliseconds
from .metrics import MetricSources, blocked_requests, runtime_metric, throttled_requests, time_to_first_content
from .observability import AlarmThresholds, Observability

_SERVER_ERROR_PERCENT = 5
_RUNTIME_ERRORS = 5
_FIRST_CONTENT_MS = 10000
_THROTTLED = 50
_BLOCKED = 500


def api_alarms(scope: Construct, sources: MetricSources, options: Observability) -> Sequence[cloudwatch.Alarm]:
    """The alarms of the front door, most urgent first."""
    if not wants_alarms(options):
        return []
    thresholds = _thresholds(options)
    throttled = thresholds.throttled_requests
    blocked = thresholds.blocked_requests
    alarms = [
        _alarm(
            scope,
            "ServerErrorsAlarm",
            # The average of 0 and 1 over all requests is their share.
            sources.api.metric_server_error(statistic="Average"),
            server_error_percent(options) / 100,
            "callers get 5xx: read 'error' and 'integrationStatus' in the access log",
            options.critical_topic,
        )
    ]
    if sources.logged:
        alarms.append(
            _alarm(
                scope,
                "SlowAnswersAlarm",
                time_to_first_content(sources, "p90"),
                first_content_ms(options),
                "one answer in ten begins late: see whether the agent starts slowly or its model answers slowly",
                options.warning_topic,
            )
        )
        alarms.append(
            _alarm(
                scope,
                "ThrottledRequestsAlarm",
                throttled_requests(sources, "Sum"),
                throttled if throttled is not None else _THROTTLED,
                "callers get 429: find by 'caller' in the access log who calls too often, or raise the limit",
                options.warning_topic,
            )
        )
    if sources.web_acl_metric is not None:
        alarms.append(
            _alarm(
                scope,
                "BlockedRequestsAlarm",
                blocked_requests(sources, "Sum"),
                blocked if blocked is not None else _BLOCKED,
                "the firewall blocks many requests: read in its log which rule, and whether it is right",
                options.warning_topic,
            )
        )
    return alarms


def runtime_alarm(
    scope: Construct, runtime: agentcore.IBedrockAgentRuntime, qualifier: str, options: Observability
) -> cloudwatch.Alarm | None:
    """The alarm of one agent's runtime."""
    if not wants_alarms(options):
        return None
    return _alarm(
        scope,
        "RuntimeErrorsAlarm",
        runtime_metric(runtime, qualifier, "SystemErrors", "Sum", "system errors"),
        runtime_errors(options),
        "AgentCore fails to run the agent: read the runtime's log group",
        options.critical_topic,
    )


def wants_alarms(options: Observability) -> bool:
    """Whether alarms are not switched off."""
    return options.alarms if options.alarms is not None else True


def server_error_percent(options: Observability) -> float:
    """The share of failed answers from which it rings."""
    percent = _thresholds(options).server_error_percent
    return percent if percent is not None else _SERVER_ERROR_PERCENT


def runtime_errors(options: Observability) -> float:
    """The errors of one runtime from which it rings."""
    errors = _thresholds(options).runtime_errors
    return errors if errors is not None else _RUNTIME_ERRORS


def first_content_ms(options: Observability) -> float:
    """The time within which nine of ten answers begin."""
    limit = _thresholds(options).time_to_first_content
    return milliseconds("time_to_first_content", limit) if limit is not None else _FIRST_CONTENT_MS


def _thresholds(options: Observability) -> AlarmThresholds:
    return options.alarm_thresholds if options.alarm_thresholds is not None else AlarmThresholds()


def _alarm(
    scope: Construct,
    id: str,
    metric: cloudwatch.Metric,
    threshold: float,
    description: str,
    topic: sns.ITopic | None,
) -> cloudwatch.Alarm:
    alarm = cloudwatch.Alarm(
        scope,
        id,
        metric=metric,
        threshold=threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        # Ten of fifteen minutes: one bad request at night rings nobody.
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=description,
    )
    if topic is not None:
        alarm.add_alarm_action(typing.cast(cloudwatch.IAlarmAction, actions.SnsAction(topic)))
    return alarm
