"""cloudfront-idle: CloudFront gives up a stream after 30 seconds of silence."""

from collections.abc import Iterator

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..distributions import origins
from ..finding import Severity
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK020",
    name="cloudfront-idle",
    severity=Severity.WARNING,
    title="CloudFront ends a silent stream after 30 seconds",
    why="CloudFront waits 30 s for the next byte of an origin unless OriginReadTimeout says more (up to 180 s).",
    fix="CustomOriginConfig: {OriginReadTimeout: 120}, and a heartbeat of the agent below it",
    source=f"{CLOUDFRONT}/DownloadDistValuesOrigin.html",
    group="CloudFront and load balancers",
    undecided="the origin's domain is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for origin in origins(context):
        config = origin.written.get("CustomOriginConfig")
        if context.symbols.unknown(config if isinstance(config, str) else None):
            continue
        timeout = config.get("OriginReadTimeout") if isinstance(config, dict) else None
        seconds = as_number(timeout)
        if timeout is not None and (seconds is None or seconds > 30):
            continue
        said = "has no read timeout, so 30 s" if timeout is None else f"has a read timeout of {seconds:g} s:"
        streams = "" if origin.certain else " (whether the API streams is not in this template)"
        yield RULE.hit(
            origin.distribution,
            (*origin.path, "CustomOriginConfig", *(["OriginReadTimeout"] if timeout is not None else [])),
            f"origin {origin.id} {said} of silence end a stream{streams}",
        )
