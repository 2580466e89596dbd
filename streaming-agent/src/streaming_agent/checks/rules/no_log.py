"""no-log: a stage without an access log."""

from collections.abc import Iterator

from ...template import Unknown
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK074",
    name="no-log",
    severity=Severity.WARNING,
    title="A stage without an access log",
    why="Without it nobody can say who called, whether it streamed, or how long the first byte took.",
    fix="AccessLogSetting: {DestinationArn: !GetAtt Records.Arn, Format: …}",
    source=f"{APIGW}/set-up-logging.html",
    group="Limits, logs, deployment",
    absence=True,
    undecided="the setting is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, _ in context.stages():
        setting = stage.get("AccessLogSetting")
        at = (*stage.path, "AccessLogSetting")
        name = context.symbols.shown(stage.name)
        symbol = context.symbols.only(setting)
        if isinstance(symbol, Unknown):
            yield RULE.cannot_tell(stage.resource, at, f"the access log of stage {name} is not known: {symbol.why}")
        elif not (isinstance(setting, dict) and setting.get("DestinationArn")):
            yield RULE.hit(stage.resource, at, f"stage {name} writes no access log")
