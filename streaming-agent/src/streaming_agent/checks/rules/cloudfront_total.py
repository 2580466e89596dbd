"""cloudfront-total: CloudFront ends the whole answer before the integration does."""

from collections.abc import Iterator

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..distributions import Origin, origins
from ..finding import Severity
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK021",
    name="cloudfront-total",
    severity=Severity.WARNING,
    title="CloudFront ends the answer before the integration does",
    why="ResponseCompletionTimeout is the longest that a whole answer may take, streamed or not.",
    fix="remove ResponseCompletionTimeout, or 900",
    source=f"{CLOUDFRONT}/DownloadDistValuesOrigin.html",
    group="CloudFront and load balancers",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for origin in origins(context):
        limit = as_number(origin.written.get("ResponseCompletionTimeout"))
        lasts = _lasts(origin)
        if limit is not None and lasts is not None and limit < lasts:
            yield RULE.hit(
                origin.distribution,
                (*origin.path, "ResponseCompletionTimeout"),
                f"origin {origin.id} may take {limit:g} s for a whole answer, and the stream behind it {lasts:g} s",
            )


def _lasts(origin: Origin) -> float | None:
    if origin.url is not None and origin.url.function is not None:
        return origin.url.function.timeout_seconds
    times = [as_number(agent.route.integration.timeout_ms) for agent in origin.routes if agent.streams]
    known = [time / 1000 for time in times if time is not None]
    return max(known) if known else None
