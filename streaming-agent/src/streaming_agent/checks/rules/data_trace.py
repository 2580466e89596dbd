"""data-trace: prompts and answers in the execution log."""

from collections.abc import Iterator

from ...template.method_settings import applies, method_settings
from ...template.plain_values import as_flag
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK077",
    name="data-trace",
    severity=Severity.WARNING,
    title="Prompts and answers in the execution log",
    why="Data trace writes whole requests and responses into the log: prompts, answers and tokens.",
    fix="DataTraceEnabled: false",
    source=f"{APIGW}/set-up-logging.html",
    group="Limits, logs, deployment",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, routes in context.stages():
        for path, entry in method_settings(stage):
            if as_flag(entry.get("DataTraceEnabled")) is not True:
                continue
            if any(applies(entry, agent.route) for agent in routes) or (not routes and applies(entry, None)):
                yield RULE.hit(
                    stage.resource,
                    (*path, "DataTraceEnabled"),
                    f"stage {context.symbols.shown(stage.name)} writes prompts and answers into the execution log",
                )
                break
