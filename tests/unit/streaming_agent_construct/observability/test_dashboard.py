"""One dashboard to look at: alarms first, then the API, then a row for each agent."""

import json

from aws_cdk import Duration, Stack

from streaming_agent_construct import (
    AgentSource,
    AlarmThresholds,
    Firewall,
    Observability,
    Protection,
    StreamingAgentApi,
)

from ..templates import flat, only, resources
from .monitored import lines, titles, widgets


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


def test_a_graph_shows_the_threshold_of_its_alarm(stack: Stack, agent: AgentSource) -> None:
    thresholds = AlarmThresholds(
        server_error_percent=1, runtime_errors=2, time_to_first_content=Duration.seconds(3), throttled_requests=4
    )
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(alarm_thresholds=thresholds))
    assert lines(stack) == {
        "Requests that fail": {"alarm": 1},
        "Time until an answer begins": {"p90 alarm": 3000},
        "Agent: errors of the runtime": {"system errors alarm": 2},
    }


def test_without_alarms_no_graph_shows_a_threshold(stack: Stack, agent: AgentSource) -> None:
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


def test_an_alarm_in_alarm_is_shown_first(stack: Stack, agent: AgentSource) -> None:
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
