"""Observability: the API's logs, traces, alarms and dashboard, all of them on by default."""

from __future__ import annotations

import dataclasses
import typing

from aws_cdk import Token
from aws_cdk import aws_logs as logs

from ..argument_types import checked_arguments
from ..auth.auth_config import AuthorizerLogConfig
from ..durations import MOST_WHOLE, check_positive, check_whole_number, resolve_milliseconds
from ..errors import StreamingAgentError

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

_DEFAULT_PERCENT = 5
_DEFAULT_FIRST_CONTENT_MS = 10 * 1000
# APIGW response-streaming-http: the longest timeout of a streamed response.
_LONGEST_ANSWER_MS = 15 * 60 * 1000


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class AlarmThresholds:
    """The thresholds of the alarms, each over five minutes.

    Thresholds out of their range are refused (SAC092, SAC195).

    See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html

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
    """The API's logs, traces, alarms and dashboard.

    API Gateway writes logs with a role that belongs to the account, one in each Region; where none is set, this stack
    sets one, see ``account_role`` and
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html

    What would be of no use, a log group or a topic for what is switched off, is refused (SAC090, SAC091), and so is
    what is of another Region (SAC191, SAC192, SAC197).

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
    """How long new log groups keep their lines; that of the function behind ``AgentAuth.oidc`` keeps them one month
    if this is left out. Default: RetentionDays.THREE_MONTHS
    """
    encryption_key: kms.IKey | None = None
    """The key of new log groups; a key of the same app is allowed to CloudWatch Logs, any other must be already.

    Default: - CloudWatch's own encryption
    """
    account_role: bool | None = None
    """The account's role for API Gateway's logs, one for all APIs of the account in the Region. True: this stack makes
    a role and sets it, whatever is set. False: this stack leaves the account as it is, for accounts that forbid the
    change. Default: - a role is made and set where there is none, or one that no longer exists; it stays when the stack
    goes
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
    """The thresholds of the alarms. Default: - those of AlarmThresholds"""
    critical_topic: sns.ITopic | None = None
    """Who is notified at once: callers get errors. Default: - nobody, the alarms are seen on the dashboard"""
    warning_topic: sns.ITopic | None = None
    """Who is notified in working hours: answers are slow, requests are refused. Default: - nobody"""
    dashboard: bool | None = None
    """Whether there is a dashboard. Default: True"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThresholdsConfig:
    """The thresholds of the alarms, with all defaults."""

    server_error_percent: float
    """Answers with 5xx among all, in percent."""
    runtime_errors: float
    """Errors of AgentCore itself behind one agent."""
    first_content_ms: int
    """The time within which nine of ten answers begin, in milliseconds."""
    throttled_requests: float
    """Requests answered with 429."""
    blocked_requests: float
    """Requests that the firewall blocked."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObservabilityConfig:
    """The API's logs, traces, alarms and dashboard, with all defaults."""

    access_logs: bool
    """Whether each request leaves a line, and API Gateway's own errors too."""
    access_log_group: logs.ILogGroup | None = None
    """The user's own log group for the access log."""
    retention: logs.RetentionDays
    """How long new log groups keep their lines."""
    encryption_key: kms.IKey | None = None
    """The key of new log groups."""
    authorizer_log: AuthorizerLogConfig
    """How the log group of the authorizer's function is kept."""
    account_role: bool
    """Whether this stack sets the account's role for API Gateway's logs, whatever is set."""
    makes_missing_account_role: bool
    """Whether this stack sets one where there is none."""
    firewall_logs: bool
    """Whether the firewall's new web ACL logs."""
    tracing_enabled: bool
    """Whether X-Ray traces the stage."""
    alarms: bool
    """Whether alarms watch the API."""
    thresholds: ThresholdsConfig
    """Their thresholds."""
    critical_topic: sns.ITopic | None = None
    """Who is notified at once."""
    warning_topic: sns.ITopic | None = None
    """Who is notified in working hours."""
    dashboard: bool
    """Whether there is a dashboard."""


def resolve_observability(observability: Observability | None) -> ObservabilityConfig:
    """The options with their defaults; those that would watch nothing are refused."""
    options = observability if observability is not None else Observability()
    _check_uses(options)
    return ObservabilityConfig(
        access_logs=_or_on(options.access_logs),
        access_log_group=options.access_log_group,
        retention=options.retention if options.retention is not None else logs.RetentionDays.THREE_MONTHS,
        encryption_key=options.encryption_key,
        authorizer_log=AuthorizerLogConfig(
            retention=options.retention if options.retention is not None else logs.RetentionDays.ONE_MONTH,
            encryption_key=options.encryption_key,
        ),
        account_role=options.account_role if options.account_role is not None else False,
        makes_missing_account_role=options.account_role is None,
        firewall_logs=_or_on(options.firewall_logs),
        tracing_enabled=_or_on(options.tracing_enabled),
        alarms=_or_on(options.alarms),
        thresholds=_resolve_thresholds(options.alarm_thresholds),
        critical_topic=options.critical_topic,
        warning_topic=options.warning_topic,
        dashboard=_or_on(options.dashboard),
    )


def _check_uses(options: Observability) -> None:
    """Refuses a log group that would never be written to, and what no alarm would use."""
    if options.access_logs is not None and not options.access_logs and options.access_log_group is not None:
        raise StreamingAgentError(
            "SAC090",
            "access_log_group is given and access_logs is False, so nothing would be written to it: "
            "leave access_logs out, or the log group",
        )
    if options.alarms is not None and not options.alarms:
        _check_not_given("critical_topic", options.critical_topic is not None)
        _check_not_given("warning_topic", options.warning_topic is not None)
        _check_not_given("alarm_thresholds", options.alarm_thresholds is not None)


def _check_not_given(name: str, is_given: bool) -> None:
    if is_given:
        raise StreamingAgentError(
            "SAC091",
            f"{name} is given and alarms is False, so no alarm would use it: leave alarms out, or {name}",
        )


def _or_on(option: bool | None) -> bool:
    return option if option is not None else True


def _resolve_thresholds(given: AlarmThresholds | None) -> ThresholdsConfig:
    thresholds = given if given is not None else AlarmThresholds()
    percent = thresholds.server_error_percent
    if percent is not None and Token.is_unresolved(percent):
        # The alarm compares a share: a hundredth of what only the deployment knows.
        raise StreamingAgentError(
            "SAC195",
            "server_error_percent: expected a number that is known at synthesis, got one known only at deployment; "
            "write it as a number, such as 5",
        )
    return ThresholdsConfig(
        server_error_percent=_resolve_percent(percent),
        runtime_errors=_resolve_count("runtime_errors", thresholds.runtime_errors, 5),
        first_content_ms=_resolve_first_content(thresholds.time_to_first_content),
        throttled_requests=_resolve_count("throttled_requests", thresholds.throttled_requests, 50),
        blocked_requests=_resolve_count("blocked_requests", thresholds.blocked_requests, 500),
    )


def _resolve_first_content(limit: Duration | None) -> int:
    if limit is None:
        return _DEFAULT_FIRST_CONTENT_MS
    limit_ms = resolve_milliseconds("time_to_first_content", limit)
    if limit_ms <= 0 or limit_ms > _LONGEST_ANSWER_MS:
        raise StreamingAgentError(
            "SAC092",
            f"time_to_first_content: expected more than 0 and at most 15 minutes, got {limit.to_human_string()}; "
            "every answer ends by then, so write a shorter time such as Duration.seconds(10)",
        )
    # The access log counts whole milliseconds.
    return max(1, int(limit_ms))


def _resolve_percent(value: float | None) -> float:
    if value is None:
        return _DEFAULT_PERCENT
    check_positive(
        "SAC092",
        "server_error_percent",
        value,
        100,
        instead_words="write a share of all answers in percent, such as 5",
    )
    return value


def _resolve_count(name: str, value: int | None, default: int) -> float:
    if value is None:
        return default
    check_whole_number(
        "SAC092",
        name,
        value,
        1,
        MOST_WHOLE,
        instead_words="write how many in five minutes put the alarm into ALARM",
    )
    return value
