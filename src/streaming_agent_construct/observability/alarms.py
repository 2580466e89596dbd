"""The alarms of one API: critical ones where callers get errors, warnings where they wait or are refused."""

from __future__ import annotations

import typing

from aws_cdk import aws_cloudwatch as cloudwatch

_SLOW_SHARE = 0.1

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from .metrics import ApiMetrics, RuntimeMetrics
    from .observability import ObservabilityConfig


def api_alarms(scope: Construct, metrics: ApiMetrics, options: ObservabilityConfig) -> Sequence[cloudwatch.Alarm]:
    """The alarms of the API, most urgent first."""
    if not options.alarms:
        return []
    thresholds = options.thresholds
    alarms = [
        _alarm(
            scope,
            "ServerErrorsAlarm",
            metrics.server_error_share,
            thresholds.server_error_percent / 100,
            "callers get 5xx: read 'error' and 'integrationStatus' in the access log",
            options.critical_topic,
        )
    ]
    if metrics.slow_answer_share is not None:
        alarms.append(
            _alarm(
                scope,
                "SlowAnswersAlarm",
                # Nine of ten answers begin earlier: the same as a limit on the metric's p90.
                metrics.slow_answer_share,
                _SLOW_SHARE,
                "one answer in ten begins late: see whether the agent starts slowly or its model answers slowly",
                options.warning_topic,
            )
        )
    if metrics.throttled is not None:
        alarms.append(
            _alarm(
                scope,
                "ThrottledRequestsAlarm",
                metrics.throttled,
                thresholds.throttled_requests,
                "callers get 429: find by 'caller' in the access log who calls too often, or raise the limit",
                options.warning_topic,
            )
        )
    if metrics.blocked is not None:
        alarms.append(
            _alarm(
                scope,
                "BlockedRequestsAlarm",
                metrics.blocked,
                thresholds.blocked_requests,
                "the firewall blocks many requests: read in its log which rule, and whether it is right",
                options.warning_topic,
            )
        )
    return alarms


def runtime_alarm(scope: Construct, metrics: RuntimeMetrics, options: ObservabilityConfig) -> cloudwatch.Alarm | None:
    """The alarm of one agent's runtime."""
    if not options.alarms:
        return None
    return _alarm(
        scope,
        "RuntimeErrorsAlarm",
        metrics.system_errors,
        options.thresholds.runtime_errors,
        "AgentCore fails to run the agent: read the runtime's log group",
        options.critical_topic,
    )


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
        # Ten of fifteen minutes: one bad request at night notifies nobody.
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=description,
    )
    if topic is not None:
        from aws_cdk import aws_cloudwatch_actions as actions

        alarm.add_alarm_action(typing.cast(cloudwatch.IAlarmAction, actions.SnsAction(topic)))
    return alarm
