"""cloudfront-masks-errors: a refused call answers 200 with the site's page."""

from collections.abc import Iterator

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..distributions import behaviors
from ..finding import Severity
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK025",
    name="cloudfront-masks-errors",
    severity=Severity.WARNING,
    title="CloudFront turns the API's errors into the site's page",
    why="Custom error responses hold for every behaviour: a refused token answers 200 with index.html.",
    fix="a CloudFront function that rewrites the page's paths, or a distribution of its own for the API",
    source=f"{CLOUDFRONT}/GeneratingCustomErrorResponses.html",
    group="CloudFront and load balancers",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    told = set()
    for behavior in behaviors(context):
        distribution = behavior.distribution
        if id(distribution) in told:
            continue
        told.add(id(distribution))
        masked = []
        for one in distribution.items("DistributionConfig", "CustomErrorResponses"):
            code = as_number(one.get("ErrorCode")) if isinstance(one, dict) else None
            answer = as_number(one.get("ResponseCode")) if isinstance(one, dict) else None
            if code is not None and answer == 200 and (code in (401, 403, 404) or code >= 500):
                masked.append(f"{code:g}")
        if masked:
            yield RULE.hit(
                distribution,
                ("DistributionConfig", "CustomErrorResponses"),
                f"{' and '.join(masked)} become 200 for {behavior.label} too: a refused call looks like an answer",
            )
