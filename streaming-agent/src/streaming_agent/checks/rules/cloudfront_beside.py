"""cloudfront-beside: the API behind CloudFront can be called past it."""

from collections.abc import Iterator

from ...template.plain_values import as_flag
from ..agent_routes import CheckContext
from ..distributions import origins
from ..finding import Severity
from ..firewalls import has_web_acl
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK024",
    name="cloudfront-beside",
    severity=Severity.WARNING,
    title="The API behind CloudFront can be called past it",
    why="A firewall that stands only on CloudFront is stepped around by whoever calls the API's own address.",
    fix="a web ACL on the stage that wants CloudFront's secret header, or a resource policy of the API",
    source=f"{CLOUDFRONT}/restrict-access-to-load-balancer.html",
    group="CloudFront and load balancers",
    absence=True,
    undecided="the header is checked in code",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for origin in origins(context):
        api = origin.api
        if api is None or api.resource is None or not api.stages:
            continue
        if api.policy() is not None or as_flag(api.resource.get("DisableExecuteApiEndpoint")):
            continue
        if any(has_web_acl(context, stage) is not False for stage in api.stages):
            continue
        asks = all(agent.route.authorization.kind != "NONE" for agent in origin.routes)
        yield RULE.hit(
            api.resource,
            (),
            f"{api.resource.logical_id} is behind CloudFront, and its own address is open beside it",
            severity=Severity.NOTE if asks else Severity.WARNING,
            related=((origin.distribution, origin.path),),
        )
