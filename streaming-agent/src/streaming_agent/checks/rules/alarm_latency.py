"""alarm-latency: an alarm on the time until a stream ends."""

from collections.abc import Iterator
from typing import Any

from ...template import TemplateResource
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK084",
    name="alarm-latency",
    severity=Severity.NOTE,
    title="An alarm on the time until a stream ends",
    why="Latency and IntegrationLatency of a streamed answer are the time until it ends: a long answer is no fault.",
    fix="a metric filter of the access log's $context.integration.timeToFirstContent, and an alarm on that",
    source=f"{APIGW}/response-streaming-troubleshoot.html",
    group="Limits, logs, deployment",
)
_METRICS = ("Latency", "IntegrationLatency")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    names = set()
    for api in context.agent_apis:
        if api.resource is not None and any(agent.streams for agent in context.routes_of(api)):
            names |= {api.identity, api.resource.text("Name")}
    for alarm in context.view.resources("AWS::CloudWatch::Alarm") if names else ():
        for metric, dimensions, path in _metrics(alarm):
            if metric in _METRICS and any(value in names for value in dimensions):
                yield RULE.hit(
                    alarm, path, f"{alarm.logical_id} watches {metric} of a stream: it rings for long answers"
                )


def _metrics(alarm: TemplateResource) -> Iterator[tuple[str, list[Any], tuple[str | int, ...]]]:
    if alarm.text("Namespace") == "AWS/ApiGateway":
        yield alarm.text("MetricName") or "", _values(alarm.get("Dimensions")), ("MetricName",)
    for index, query in enumerate(alarm.items("Metrics")):
        stat = query.get("MetricStat") if isinstance(query, dict) else None
        metric = stat.get("Metric") if isinstance(stat, dict) else None
        if isinstance(metric, dict) and metric.get("Namespace") == "AWS/ApiGateway":
            yield str(metric.get("MetricName")), _values(metric.get("Dimensions")), ("Metrics", index)


def _values(dimensions: Any) -> list[Any]:
    return [one.get("Value") for one in dimensions if isinstance(one, dict)] if isinstance(dimensions, list) else []
