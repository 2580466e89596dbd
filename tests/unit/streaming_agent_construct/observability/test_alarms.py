"""Alarms for what callers feel, their thresholds, and the topics that they publish to."""

from typing import Any

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from streaming_agent_construct import (
    AgentSource,
    AlarmThresholds,
    Observability,
    StreamingAgentApi,
)

from ..conftest import Refused
from ..templates import only, resources, warnings
from .monitored import alarms, in_ireland, lines, of_the_runtime, statistic


def test_alarms_are_of_errors_waiting_refusals_and_the_runtime(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    watched = {"5XXError", "SlowAnswers", "ThrottledRequests", "BlockedRequests", "SystemErrors"}
    assert set(alarms(stack)) == watched


def test_no_alarm_watches_latency(stack: Stack, agent: AgentSource) -> None:
    """With STREAM latency is the time until the stream ends: a long answer is a good one."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert [name for name in alarms(stack) if "Latency" in name] == []


def test_slow_is_when_one_answer_in_ten_begins_late(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    slow = alarms(stack)["SlowAnswers"]
    assert (statistic(slow), slow["Threshold"]) == ("Average", 0.1)


def test_errors_are_a_share_of_the_requests(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    errors = alarms(stack)["5XXError"]
    assert (statistic(errors), errors["Threshold"]) == ("Average", 0.05)


def test_one_bad_request_puts_no_alarm_into_alarm(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    for alarm in alarms(stack).values():
        assert alarm["TreatMissingData"] == "notBreaching"
        assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (2, 3)


def test_each_severity_has_its_topic(stack: Stack, agent: AgentSource) -> None:
    settings = Observability(critical_topic=sns.Topic(stack, "Page"), warning_topic=sns.Topic(stack, "Mail"))
    StreamingAgentApi(stack, "Agent", agent=agent, observability=settings)
    told = {name: alarm["AlarmActions"][0]["Ref"][:4] for name, alarm in alarms(stack).items()}
    assert told == {
        "5XXError": "Page",
        "SystemErrors": "Page",
        "SlowAnswers": "Mail",
        "ThrottledRequests": "Mail",
        "BlockedRequests": "Mail",
    }


def test_the_alarms_take_thresholds_of_yours(stack: Stack, agent: AgentSource) -> None:
    thresholds = AlarmThresholds(
        server_error_percent=1,
        runtime_errors=2,
        time_to_first_content=Duration.seconds(3),
        throttled_requests=4,
        blocked_requests=5,
    )
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarm_thresholds=thresholds))
    assert {name: alarm["Threshold"] for name, alarm in alarms(stack).items()} == {
        "5XXError": 0.01,
        "SystemErrors": 2,
        "SlowAnswers": 0.1,
        "ThrottledRequests": 4,
        "BlockedRequests": 5,
    }


@pytest.mark.parametrize(
    ("name", "threshold", "words"),
    [
        ("server_error_percent", 0, "expected more than 0 and at most 100, got 0;"),
        ("server_error_percent", 150, "expected more than 0 and at most 100, got 150;"),
        ("runtime_errors", 0, "expected a whole number from 1 to 2147483647, got 0;"),
        ("throttled_requests", 2.5, "expected a whole number from 1 to 2147483647, got 2.5;"),
        ("blocked_requests", -1, "expected a whole number from 1 to 2147483647, got -1;"),
        ("time_to_first_content", Duration.seconds(0), "expected more than 0 and at most 15 minutes, got 0 s"),
        ("time_to_first_content", Duration.minutes(16), "expected more than 0 and at most 15 minutes, got 16 minutes;"),
    ],
)
def test_an_alarm_that_is_always_or_never_in_alarm_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, name: str, threshold: Any, words: str
) -> None:
    thresholds = AlarmThresholds(**{name: threshold})
    with refused("SAC092", f"{name}: {words}"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarm_thresholds=thresholds))


@pytest.mark.parametrize("name", ["critical_topic", "warning_topic", "alarm_thresholds"])
def test_what_no_alarm_uses_is_refused(stack: Stack, agent: AgentSource, refused: Refused, name: str) -> None:
    given: Any = AlarmThresholds(runtime_errors=3) if name == "alarm_thresholds" else sns.Topic(stack, "Page")
    settings = Observability(alarms=False, **{name: given})
    with refused("SAC091", f"{name} is given and alarms is False, so no alarm would use it: leave alarms out, or"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=settings)


def test_every_agent_has_an_alarm_of_its_own(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("writer", agent=agent)
    found = [alarm["Properties"] for alarm in resources(stack, "AWS::CloudWatch::Alarm").values()]
    labels = [alarm["Metrics"][0]["Label"] for alarm in found if "Metrics" in alarm]
    assert labels.count("system errors") == 2


def test_a_topic_with_a_policy_of_its_own_lets_the_alarms_publish(stack: Stack, agent: AgentSource) -> None:
    """Any policy replaces SNS's default one, which lets CloudWatch in: alarms would turn red and tell nobody."""
    topic = sns.Topic(stack, "OnCall", enforce_ssl=True)
    StreamingAgentApi(
        stack, "Agent", agent=agent, observability=Observability(critical_topic=topic, warning_topic=topic)
    )
    statements = only(stack, "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [one for one in statements if one["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Resource"] == {"Ref": stack.get_logical_id(topic.node.default_child)}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:sqs:eu-west-1:111122223333:on-call", "expected 'arn:aws:sns:<region>:<account>:<name>'"),
        (
            "arn:aws:sns:us-east-1:111122223333:on-call",
            "expected one in eu-west-1, the stack's Region, got one in us-e",
        ),
    ],
)
@pytest.mark.parametrize("name", ["critical_topic", "warning_topic"])
def test_a_topic_that_alarms_cannot_publish_to_is_refused(
    app: App, agent: AgentSource, refused: Refused, arn: str, words: str, name: str
) -> None:
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    topic = sns.Topic.from_topic_arn(stack, "OnCall", arn)
    settings: Any = {name: topic}
    with refused("SAC191", f"{name}: {words}"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(**settings))


def test_a_key_of_another_region_is_refused(app: App, agent: AgentSource, refused: Refused) -> None:
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:111122223333:key/0123")
    with refused("SAC192", "encryption_key: expected one in eu-west-1, the stack's Region, got one in us-east-1"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(encryption_key=key))


def test_a_topic_without_a_policy_keeps_the_default_one(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(
        stack, "Agent", agent=agent, observability=Observability(critical_topic=sns.Topic(stack, "OnCall"))
    )
    assert resources(stack, "AWS::SNS::TopicPolicy") == {}


def test_a_runtime_that_exists_here_has_its_alarm(app: App) -> None:
    stack = in_ireland(app, "eu-west-1")
    assert "SystemErrors" in alarms(stack)
    assert "RuntimeErrorsAlarm" not in warnings(stack)
    assert len(of_the_runtime(stack)) == 2


def test_a_runtime_of_another_region_has_a_row_and_no_alarm_that_would_stay_green(app: App) -> None:
    """An alarm reads its own Region, where the runtime has no errors; a dashboard reads every Region."""
    stack = in_ireland(app, "us-east-1")
    assert "SystemErrors" not in alarms(stack)
    assert "the existing runtime is in us-east-1" in warnings(stack)
    assert "left out here: RuntimeErrorsAlarm." in warnings(stack)
    graphs = of_the_runtime(stack)
    assert [graph["title"] for graph in graphs] == ["Agent: calls and new sessions", "Agent: errors of the runtime"]
    regions = [metric[-1]["region"] for graph in graphs for metric in graph["metrics"]]
    assert set(regions) == {"us-east-1"}
    assert "Agent: errors of the runtime" not in lines(stack)


def test_a_runtime_of_another_account_is_watched_there(app: App) -> None:
    stack = in_ireland(app, "eu-west-1", "444455556666")
    assert "SystemErrors" not in alarms(stack)
    assert of_the_runtime(stack) == []
    assert "the existing runtime is in account 444455556666" in warnings(stack)
    assert "left out here: RuntimeErrorsAlarm and the dashboard's row for it." in warnings(stack)


def test_without_alarms_a_runtime_of_another_region_lacks_nothing(app: App) -> None:
    stack = in_ireland(app, "us-east-1", observability=Observability(alarms=False))
    assert len(of_the_runtime(stack)) == 2
    assert "left out here" not in warnings(stack)
