"""What a template says of alarms, metrics and the dashboard."""

import json
import re
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore

from streaming_agent_construct import (
    AgentSource,
    Observability,
    StreamingAgentApi,
)

from ..templates import flat, only, resources

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
