"""log-fields: an access log that says nothing of the stream."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK075",
    name="log-fields",
    severity=Severity.NOTE,
    title="An access log that says nothing of the stream",
    why="Latency is the time until the stream ends; the mode and the time to the first content are fields of"
    " their own.",
    fix=(
        '"mode": "$context.integration.responseTransferMode", "firstContent": "$context.integration.timeToFirstContent"'
    ),
    source=f"{APIGW}/response-streaming-troubleshoot.html",
    group="Limits, logs, deployment",
    undecided="the format is not in the template",
)
_FIELDS = ("integration.responseTransferMode", "integration.timeToFirstContent")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, _ in context.stages():
        setting = stage.get("AccessLogSetting")
        written = setting.get("Format") if isinstance(setting, dict) else None
        if not isinstance(written, str) or context.symbols.unknown(written):
            continue
        missing = [field for field in _FIELDS if field not in written]
        if missing:
            names = " and ".join(f"$context.{field}" for field in missing)
            yield RULE.hit(stage.resource, (*stage.path, "AccessLogSetting", "Format"), f"the access log lacks {names}")
