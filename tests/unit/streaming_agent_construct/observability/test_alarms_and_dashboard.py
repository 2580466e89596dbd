"""Alarms that ring for what callers feel, metrics to build on, and one dashboard to look at."""

import json
import re
from typing import Any

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

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
from ..templates import flat, only, resources, warnings

OWN_ARN = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/0123"


def alarms(stack: Stack) -> dict[str, Any]:
    """By what they watch."""
    found = {}
    for alarm in resources(stack, "AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        metric = properties if "MetricName" in properties else properties["Metrics"][0]["MetricStat"]["Metric"]
        found[metric["MetricName"]] = properties
    return found


def statistic(alarm: dict[str, Any]) -> str:
    return str(alarm["Statistic"] if "Statistic" in alarm else alarm["Metrics"][0]["MetricStat"]["Stat"])


def widgets(stack: Stack) -> list[dict[str, Any]]:
    body = flat(only(stack, "AWS::CloudWatch::Dashboard")["DashboardBody"])
    return list(json.loads(body)["widgets"])


def titles(stack: Stack) -> list[str]:
    return [widget["properties"]["title"] for widget in widgets(stack)]


def lines(stack: Stack) -> dict[str, dict[str, float]]:
    """The horizontal lines of each graph that has some."""
    found = {}
    for widget in widgets(stack):
        horizontal = widget["properties"].get("annotations", {}).get("horizontal", [])
        if horizontal:
            found[widget["properties"]["title"]] = {line["label"]: line["value"] for line in horizontal}
    return found


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


def filters(stack: Stack) -> list[tuple[str, float]]:
    """What counts late answers: the regular expression of each filter, and the value it counts."""
    found = []
    for one in resources(stack, "AWS::Logs::MetricFilter").values():
        transformation = one["Properties"]["MetricTransformations"][0]
        if transformation["MetricName"] == "SlowAnswers":
            match = re.fullmatch(r"{ \$\.timeToFirstContent = %(.*)% }", one["Properties"]["FilterPattern"])
            assert match is not None
            found.append((match[1], float(transformation["MetricValue"])))
    return found


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


def test_errors_are_a_share_of_the_requests(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    errors = alarms(stack)["5XXError"]
    assert (statistic(errors), errors["Threshold"]) == ("Average", 0.05)


def test_a_quiet_night_rings_nobody(stack: Stack, agent: AgentSource) -> None:
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


def test_thresholds_of_yours(stack: Stack, agent: AgentSource) -> None:
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
def test_an_alarm_that_always_or_never_rings_is_refused(
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


def test_the_runtimes_metrics_are_those_of_the_endpoint_that_is_called(stack: Stack, agent: AgentSource) -> None:
    """aws-cdk#38486: an alarm without these dimensions stays in INSUFFICIENT_DATA."""
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(runtime_name="mine", qualifier="blue"))
    metric = alarms(stack)["SystemErrors"]["Metrics"][0]["MetricStat"]["Metric"]
    dimensions = {d["Name"]: d["Value"] for d in metric["Dimensions"]}
    assert dimensions["Name"] == "mine::blue"
    assert dimensions["Operation"] == "InvokeAgentRuntime"


def test_a_metric_to_build_on(stack: Stack, agent: AgentSource) -> None:
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


def test_the_dashboard_shows_alarms_first_then_the_api_then_the_agent(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert titles(stack) == [
        "Alarms",
        "Requests",
        "Requests that fail",
        "Time until an answer begins",
        "Requests that are refused",
        "Latest refusals and failures",
        "Agent",
        "Agent: calls and new sessions",
        "Agent: errors of the runtime",
    ]


def test_the_dashboard_grows_by_a_row_with_each_agent(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("writer", agent=agent)
    assert [title for title in titles(stack) if "writer" in title] == [
        "Agent writer",
        "Agent writer: calls and new sessions",
        "Agent writer: errors of the runtime",
    ]


def test_a_graph_shows_from_where_its_alarm_rings(stack: Stack, agent: AgentSource) -> None:
    thresholds = AlarmThresholds(
        server_error_percent=1, runtime_errors=2, time_to_first_content=Duration.seconds(3), throttled_requests=4
    )
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarm_thresholds=thresholds))
    assert lines(stack) == {
        "Requests that fail": {"alarm": 1},
        "Time until an answer begins": {"p90 alarm": 3000},
        "Agent: errors of the runtime": {"system errors alarm": 2},
    }


def test_without_alarms_no_graph_shows_from_where_they_ring(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarms=False))
    assert lines(stack) == {}


def test_the_share_that_fails_is_in_percent_as_its_threshold_is(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    (fails,) = [one["properties"] for one in widgets(stack) if one["properties"]["title"] == "Requests that fail"]
    share, average = fails["metrics"]
    assert share[0]["expression"] == "100 * failed"
    assert average[1] == "5XXError"
    # Without a statistic it is the average.
    assert average[-1] == {"id": "failed", "visible": False}
    assert fails["yAxis"]["left"]["label"] == "% of all"


def test_a_runtimes_sessions_are_those_that_began(stack: Stack, agent: AgentSource) -> None:
    """AgentCore observability-runtime-metrics: SessionCount counts new sessions, Sessions is the account's."""
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    known = api.runtime.metric_session_count()
    shown = [metric for one in widgets(stack) for metric in one["properties"].get("metrics", [])]
    (sessions,) = [metric for metric in shown if metric[-1].get("label") == "new sessions"]
    assert sessions[:2] == [known.namespace, known.metric_name]


def test_a_value_stays_one_of_five_minutes_however_long_a_time_is_looked_at(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    body = json.loads(flat(only(stack, "AWS::CloudWatch::Dashboard")["DashboardBody"]))
    assert body["periodOverride"] == "inherit"


def test_every_axis_begins_at_zero_and_says_its_unit(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    axes = [one["properties"]["yAxis"]["left"] for one in widgets(stack) if one["type"] == "metric"]
    assert {axis["label"] for axis in axes} == {"in 5 minutes", "% of all", "ms"}
    assert all(axis["min"] == 0 for axis in axes)


def test_an_alarm_that_rings_is_shown_first(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    shown = [widget["properties"] for widget in widgets(stack) if widget["type"] == "alarm"]
    assert [one["sortBy"] for one in shown] == ["stateUpdatedTimestamp"] * 2


def test_the_widgets_fill_the_grid_and_none_lies_on_another(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    cells = [
        (x, y)
        for widget in widgets(stack)
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert {x for x, _ in cells} == set(range(24))


def test_what_is_switched_off_is_not_made(stack: Stack, agent: AgentSource) -> None:
    settings = Observability(alarms=False, dashboard=False, tracing_enabled=False)
    api = StreamingAgentApi(stack, "Agent", agent=agent, observability=settings)
    assert api.dashboard is None
    assert resources(stack, "AWS::CloudWatch::Alarm") == resources(stack, "AWS::CloudWatch::Dashboard") == {}
    assert only(stack, "AWS::ApiGateway::Stage")["TracingEnabled"] is False


def test_a_dashboard_without_an_access_log_and_firewall_shows_what_is_there(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        observability=Observability(access_logs=False, alarms=False),
        protection=Protection(firewall=Firewall.disabled()),
    )
    assert titles(stack) == [
        "Requests",
        "Requests that fail",
        "Time until an answer ends (no access log)",
        "Requests that are refused",
        "Agent: calls and new sessions",
        "Agent: errors of the runtime",
    ]


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
def test_a_topic_that_alarms_cannot_tell_is_refused(
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


def in_ireland(
    app: App, region: str, account: str = "111122223333", observability: Observability | None = None
) -> Stack:
    """A stack in Ireland with the API of a runtime that exists elsewhere."""
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn=f"arn:aws:bedrock-agentcore:{region}:{account}:runtime/agent-0123456789",
        agent_runtime_id="agent-0123456789",
        agent_runtime_name="agent",
        role_arn=f"arn:aws:iam::{account}:role/agent",
    )
    agent = AgentSource.from_existing_runtime(runtime)
    StreamingAgentApi(stack, "Agent", agent=agent, observability=observability)
    return stack


def of_the_runtime(stack: Stack) -> list[dict[str, Any]]:
    """The dashboard's graphs of the runtime."""
    graphs = [widget["properties"] for widget in widgets(stack) if widget["type"] == "metric"]
    return [graph for graph in graphs if "AWS/Bedrock-AgentCore" in str(graph.get("metrics"))]


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
