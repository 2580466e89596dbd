"""cloudfront-host: the viewer's Host header goes on to an origin that expects its own."""

from collections.abc import Iterator

from ...template import TemplateResource
from ..agent_routes import CheckContext
from ..distributions import Behavior, behaviors
from ..finding import Severity
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK023",
    name="cloudfront-host",
    severity=Severity.ERROR,
    title="CloudFront sends the viewer's Host to API Gateway or Lambda",
    why="API Gateway and function URLs expect their own name in Host: with the viewer's they answer 403.",
    fix="OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac (AllViewerExceptHostHeader)",
    source=f"{CLOUDFRONT}/using-managed-origin-request-policies.html",
    group="CloudFront and load balancers",
    undecided="the origin request policy is not in the template",
)
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for behavior in behaviors(context):
        if behavior.origin.kind not in ("api", "url"):
            continue
        policy = behavior.written.get("OriginRequestPolicyId")
        at = (*behavior.path, "OriginRequestPolicyId")
        written = context.view.resource(policy)
        if policy == _ALL_VIEWER:
            yield _hit(behavior, at, "AllViewer")
        elif written is not None and _sends_host(written):
            yield _hit(behavior, at, written.logical_id)
        elif policy is not None and context.symbols.unknown(policy):
            yield RULE.cannot_tell(
                behavior.distribution, at, f"the origin request policy of {behavior.label} is not known"
            )
        elif policy is None and _forwards_host(behavior):
            yield _hit(behavior, (*behavior.path, "ForwardedValues"), "ForwardedValues")


def _hit(behavior: Behavior, at: tuple[str | int, ...], what: str) -> Hit:
    return RULE.hit(
        behavior.distribution,
        at,
        f"{behavior.label}: {what} sends the viewer's Host to origin {behavior.origin.id}, which answers 403",
    )


def _sends_host(policy: TemplateResource) -> bool:
    behavior = policy.text("OriginRequestPolicyConfig", "HeadersConfig", "HeaderBehavior")
    names = [str(name).lower() for name in policy.items("OriginRequestPolicyConfig", "HeadersConfig", "Headers")]
    if behavior in ("allViewer", "allViewerAndWhitelistCloudFront"):
        return True
    return "host" in names if behavior == "whitelist" else behavior == "allExcept" and "host" not in names


def _forwards_host(behavior: Behavior) -> bool:
    values = behavior.written.get("ForwardedValues")
    headers = values.get("Headers") if isinstance(values, dict) else None
    return isinstance(headers, list) and any(str(name).lower() in ("host", "*") for name in headers)
