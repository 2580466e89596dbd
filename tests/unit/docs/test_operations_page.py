"""docs/operations.md: its words are what the template says."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, AlarmThresholds, StreamingAgentApi

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """The template of an API with two agents and the defaults."""
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Chat")
    agent = AgentSource.from_image_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1")
    StreamingAgentApi(stack, "Agent", agent=agent).add_agent("writer", agent=agent)
    return dict(Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def alarms(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of each alarm, by its logical id without the construct's name and the hash."""
    found = {}
    for name, one in template["Resources"].items():
        if one["Type"] == "AWS::CloudWatch::Alarm":
            found[re.sub(r"^Agent(?=[A-Z])|[0-9A-F]{8}$", "", name)] = one["Properties"]
    return found


def _period(alarm: dict[str, Any]) -> int:
    metrics = [alarm, *(one["MetricStat"] for one in alarm.get("Metrics", []) if "MetricStat" in one)]
    (period,) = {one["Period"] for one in metrics if "Period" in one}
    return int(period)


def test_the_pages_python_runs() -> None:
    known: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.S):
        exec(compile(block, "docs/operations.md", "exec"), known)
    known["app"].synth()


def test_every_alarm_of_the_template_is_explained(alarms: dict[str, dict[str, Any]]) -> None:
    made = {re.sub(r"^Agentwriter", "", name) for name in alarms}
    assert made == set(re.findall(r"^### (\w+Alarm)$", PAGE, flags=re.M))
    assert made == set(re.findall(r"^\| \[`(\w+)`\]", PAGE, flags=re.M))


def test_the_pages_thresholds_are_the_templates(alarms: dict[str, dict[str, Any]]) -> None:
    thresholds = {name.removesuffix("Alarm"): one["Threshold"] for name, one in alarms.items()}
    said = dict(re.findall(r"^\| \[`(\w+)Alarm`\](.*)$", PAGE, flags=re.M))
    assert f"{thresholds['ServerErrors'] * 100:g} % of the requests" in said["ServerErrors"]
    assert f"{thresholds['SlowAnswers'] * 100:g} % of the answers begin after 10 seconds" in said["SlowAnswers"]
    for name in ("RuntimeErrors", "ThrottledRequests", "BlockedRequests"):
        assert re.search(rf"\b{thresholds[name]:g}\b", said[name])
    for alarm in alarms.values():
        assert _period(alarm) == 5 * 60
        assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (3, 2)
    assert set(re.findall(r"`(\w+)` \|$", "\n".join(said.values()), flags=re.M)) == set(
        inspect.signature(AlarmThresholds).parameters
    )


def test_the_pages_metrics_are_the_constructs() -> None:
    methods = [name for name in vars(StreamingAgentApi) if name.startswith("metric_")]
    assert re.findall(r"^\| `(metric_\w+)`", PAGE, flags=re.M) == methods


def test_every_field_of_the_access_log_is_explained_and_no_other_is_asked_for(template: dict[str, Any]) -> None:
    (stage,) = [one for one in template["Resources"].values() if one["Type"] == "AWS::ApiGateway::Stage"]
    fields = list(json.loads(stage["Properties"]["AccessLogSetting"]["Format"]))
    log = PAGE.partition("## The access log")[2]
    explained = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", log, flags=re.M)))
    assert sorted(explained) == sorted(fields)
    queries = re.findall(r"```\n(filter .*?)```", log, flags=re.S)
    assert len(queries) == 3
    own = {"filter", "stats", "sort", "desc", "limit", "by", "as", "bin", "count", "pct"}
    for query in queries:
        named = set(re.findall(r"as (\w+)", query))
        asked = set(re.findall(r"\b[A-Za-z]\w*", query)) - own - named
        assert asked <= set(fields), query
