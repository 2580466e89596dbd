"""Metrics to build on, of the API and of each runtime."""

import re

import pytest
from aws_cdk import Duration, Stack

from streaming_agent_construct import (
    AgentSource,
    AlarmThresholds,
    Firewall,
    Observability,
    Protection,
    RuntimeOptions,
    StreamingAgentApi,
)

from ..conftest import Refused
from .monitored import OWN_ARN, alarms, filters


@pytest.mark.parametrize("limit_ms", [1, 10, 99, 3000, 4567, 123_456])
def test_an_answer_is_late_from_the_limit_on_and_counted_once(stack: Stack, agent: AgentSource, limit_ms: int) -> None:
    """As text, since the log's values stand in quotes: whether CloudWatch takes them as numbers is not known."""
    thresholds = AlarmThresholds(time_to_first_content=Duration.millis(limit_ms))
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarm_thresholds=thresholds))
    counting = filters(stack)
    near = range(max(0, limit_ms - 120), limit_ms + 120)
    far = [0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 9_999, 10_000, 99_999, 100_000, 899_999]
    for milliseconds in [*near, *far]:
        counted = [value for expression, value in counting if re.search(expression, str(milliseconds))]
        assert counted == [1 if milliseconds >= limit_ms else 0], milliseconds


def test_a_line_without_an_answer_counts_as_neither(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert [value for expression, value in filters(stack) if re.search(expression, "-")] == []


def test_the_runtimes_metrics_are_those_of_the_endpoint_that_is_called(stack: Stack, agent: AgentSource) -> None:
    """aws-cdk#38486: an alarm without these dimensions stays in INSUFFICIENT_DATA."""
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(runtime_name="mine", qualifier="blue"))
    metric = alarms(stack)["SystemErrors"]["Metrics"][0]["MetricStat"]["Metric"]
    dimensions = {d["Name"]: d["Value"] for d in metric["Dimensions"]}
    assert dimensions["Name"] == "mine::blue"
    assert dimensions["Operation"] == "InvokeAgentRuntime"


def test_a_metric_takes_a_period_and_a_statistic(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    metric = api.metric_time_to_first_content(statistic="p50", period=Duration.minutes(1))
    assert (metric.namespace, metric.metric_name) == ("StreamingAgentApi", "TimeToFirstContent")
    assert metric.statistic == "p50"
    assert metric.period.to_seconds() == 60
    assert api.metric_throttled_requests().statistic == "Sum"
    assert api.metric_blocked_requests().namespace == "AWS/WAFV2"


@pytest.mark.parametrize("period", [Duration.seconds(0), Duration.seconds(7), Duration.seconds(90)])
def test_a_period_that_cloudwatch_does_not_have_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, period: Duration
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC095", f"got {period.to_human_string()}"):
        api.metric_throttled_requests(period=period)


def test_a_metric_of_a_log_that_is_not_written_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(access_logs=False))
    with refused("SAC093", "TimeToFirstContent", "leave access_logs out"):
        api.metric_time_to_first_content()


def test_a_metric_of_an_unknown_firewall_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=Firewall.existing(OWN_ARN)))
    with refused("SAC094", "metric_name"):
        api.metric_blocked_requests()


def test_a_web_acl_of_yours_is_watched_under_its_metric_name(stack: Stack, agent: AgentSource) -> None:
    firewall = Firewall.existing(OWN_ARN, metric_name="mine")
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=firewall))
    metric = alarms(stack)["BlockedRequests"]["Metrics"][0]["MetricStat"]["Metric"]
    assert {d["Name"]: d["Value"] for d in metric["Dimensions"]}["WebACL"] == "mine"
