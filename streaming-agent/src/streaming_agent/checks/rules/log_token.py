"""log-token: tokens in the access log."""

import re
from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK076",
    name="log-token",
    severity=Severity.ERROR,
    title="Tokens in the access log",
    why="Whoever reads the log can call as the one who called.",
    fix='"user": "$context.authorizer.claims.sub"',
    source=f"{APIGW}/api-gateway-variables-for-access-logging.html",
    group="Limits, logs, deployment",
)
_SECRET = re.compile(
    r"\$context\.(?:"
    r"requestOverride\.header\.(?i:authorization)"
    r"|identity\.apiKey(?![A-Za-z])"
    r"|authorizer\.(?:[A-Za-z_]*(?i:token|jwt|authorization))(?![A-Za-z_])"
    r"|identity\.(?:accessKey|sessionToken)"
    r")"
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, _ in context.stages():
        setting = stage.get("AccessLogSetting")
        written = setting.get("Format") if isinstance(setting, dict) else None
        for found in sorted(set(_SECRET.findall(written))) if isinstance(written, str) else ():
            yield RULE.hit(stage.resource, (*stage.path, "AccessLogSetting", "Format"), f"the access log holds {found}")
