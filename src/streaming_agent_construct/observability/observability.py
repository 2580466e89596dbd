"""Observability: what an operator is told of the API; the logs, traces, alarms and dashboard are on by default."""

import dataclasses

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from ..argument_types import checked_arguments
from ..durations import is_positive, milliseconds
from ..errors import StreamingAgentError


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class AlarmThresholds:
    """From where an alarm rings, each counted over five minutes.

    Example::

        AlarmThresholds(time_to_first_content=Duration.seconds(4), blocked_requests=1000)
    """

    server_error_percent: float | None = None
    """Answers with 5xx among all, in percent. Default: 5"""
    runtime_errors: int | None = None
    """Errors of AgentCore itself behind one agent. Default: 5"""
    time_to_first_content: Duration | None = None
    """The time within which nine of ten answers begin. Default: Duration.seconds(10)"""
    throttled_requests: int | None = None
    """Requests answered with 429. Default: 50"""
    blocked_requests: int | None = None
    """Requests that the firewall blocked. Default: 500"""


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class Observability:
    """What an operator is told of the API.

    API Gateway writes logs with a role that belongs to the account, one in each region: where none is set, the stage
    is not created ("CloudWatch Logs role ARN must be set in account settings"). Set it once, see
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html, or say ``account_role=True`` in
    one stack of the account.

    Example::

        Observability(retention=logs.RetentionDays.ONE_YEAR, critical_topic=sns.Topic(stack, "OnCall"))
    """

    access_logs: bool | None = None
    """Whether each request leaves a line of JSON: who, what, how it ended and when the answer began; never a token, a
    key or a prompt. What API Gateway says of its own errors is logged with it. Default: True
    """
    access_log_group: logs.ILogGroup | None = None
    """A log group of yours for the access log. Default: - a new one"""
    retention: logs.RetentionDays | None = None
    """How long new log groups keep their lines. Default: RetentionDays.THREE_MONTHS"""
    encryption_key: kms.IKey | None = None
    """The key of new log groups; a key of the same app is allowed to CloudWatch Logs, any other must be already.

    Default: - CloudWatch's own encryption
    """
    account_role: bool | None = None
    """Whether this stack sets the account's role for API Gateway's logs. It is one for all APIs of the account in the
    region, and stays when the stack goes. Default: False
    """
    firewall_logs: bool | None = None
    """Whether the firewall's new web ACL logs what it blocked or counted, without tokens, keys and prompts.

    Default: True
    """
    tracing_enabled: bool | None = None
    """Whether X-Ray traces the stage. Default: True"""
    alarms: bool | None = None
    """Whether alarms watch the API. Default: True"""
    alarm_thresholds: AlarmThresholds | None = None
    """From where the alarms ring. Default: - those of AlarmThresholds"""
    critical_topic: sns.ITopic | None = None
    """Who is told at once: callers get errors. Default: - nobody, the alarms are seen on the dashboard"""
    warning_topic: sns.ITopic | None = None
    """Who is told in working hours: answers are slow, requests are refused. Default: - nobody"""
    dashboard: bool | None = None
    """Whether there is a dashboard. Default: True"""


def check_observability(options: Observability) -> None:
    """Refuses what would watch nothing."""
    if options.access_logs is not None and not options.access_logs and options.access_log_group is not None:
        raise StreamingAgentError(
            "SAC090", "access_log_group is given and access_logs is False: leave access_logs out, or the log group"
        )
    topics = options.critical_topic is not None or options.warning_topic is not None
    if options.alarms is not None and not options.alarms and topics:
        raise StreamingAgentError(
            "SAC091", "a topic is given and alarms is False, so it would hear nothing: leave alarms out, or the topic"
        )
    if options.alarm_thresholds is not None:
        _check_thresholds(options.alarm_thresholds)


def _check_thresholds(thresholds: AlarmThresholds) -> None:
    first_content = thresholds.time_to_first_content
    for value in [
        thresholds.server_error_percent,
        thresholds.runtime_errors,
        thresholds.throttled_requests,
        thresholds.blocked_requests,
        milliseconds("time_to_first_content", first_content) if first_content is not None else None,
    ]:
        if value is not None and not is_positive(value):
            raise StreamingAgentError(
                "SAC092", f"an alarm's threshold must be more than 0, got {value:g}: it would ring all the time"
            )
