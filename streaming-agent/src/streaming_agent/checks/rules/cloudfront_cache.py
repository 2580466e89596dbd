"""cloudfront-cache: a cache, or too few methods, in front of a stream."""

from collections.abc import Iterator
from typing import Any

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..distributions import Behavior, behaviors
from ..finding import Severity
from ..rule import CLOUDFRONT, Hit, Rule

RULE = Rule(
    code="CHK022",
    name="cloudfront-cache",
    severity=Severity.ERROR,
    title="CloudFront caches answers of an agent, or lets no POST through",
    why="A cached answer goes to other callers too, and CloudFront refuses methods that a behaviour does not allow.",
    fix=(
        "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad (CachingDisabled),"
        " AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]"
    ),
    source=f"{CLOUDFRONT}/using-managed-cache-policies.html",
    group="CloudFront and load balancers",
    undecided="the cache policy is not in the template",
)
# managed policies that keep nothing unless the origin says so (using-managed-cache-policies)
_WITHOUT_CACHE = {
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
}
_MANAGED = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": "CachingOptimized",
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "CachingOptimizedForUncompressedObjects",
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": "Elemental-MediaPackage",
    "2e54312d-136d-493c-8eb9-b001f22f67d2": "Amplify",
}


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for behavior in behaviors(context):
        if behavior.origin.certain:
            yield from _cached(context, behavior)
            yield from _methods(context, behavior)


def _cached(context: CheckContext, behavior: Behavior) -> Iterator[Hit]:
    policy = behavior.written.get("CachePolicyId")
    at = (*behavior.path, "CachePolicyId")
    if policy is None:
        for name in ("MinTTL", "DefaultTTL"):
            if (as_number(behavior.written.get(name)) or 0) > 0:
                yield RULE.hit(
                    behavior.distribution,
                    (*behavior.path, name),
                    f"{behavior.label} leads to an agent and caches its answers ({name} {behavior.written[name]})",
                )
                return
        return
    written = context.view.resource(policy)
    if written is not None:
        ttl = [written.number("CachePolicyConfig", name) or 0 for name in ("MinTTL", "DefaultTTL")]
        if any(ttl) and (written.number("CachePolicyConfig", "MaxTTL") != 0):
            yield RULE.hit(
                behavior.distribution,
                at,
                f"{behavior.label} leads to an agent, and {written.logical_id} caches answers",
            )
    elif context.symbols.unknown(policy):
        yield RULE.cannot_tell(behavior.distribution, at, f"the cache policy of {behavior.label} is not known")
    elif str(policy) not in _WITHOUT_CACHE and str(policy) in _MANAGED:
        yield RULE.hit(
            behavior.distribution,
            at,
            f"{behavior.label} leads to an agent, and {_MANAGED[str(policy)]} caches its answers",
        )
    elif str(policy) not in _WITHOUT_CACHE:
        yield RULE.cannot_tell(behavior.distribution, at, f"the cache policy {policy} of {behavior.label} is not known")


def _methods(context: CheckContext, behavior: Behavior) -> Iterator[Hit]:
    methods: Any = behavior.written.get("AllowedMethods")
    if methods is not None and (not isinstance(methods, list) or context.symbols.unknown(methods)):
        return
    allowed = {str(method).upper() for method in methods or ["GET", "HEAD"]}
    wanted = {agent.route.method for agent in behavior.origin.routes} or {"POST"}
    missing = sorted(method for method in wanted if method not in allowed and method != "ANY")
    if not missing and "ANY" in wanted and "POST" not in allowed:
        missing = ["POST"]
    if missing:
        yield RULE.hit(
            behavior.distribution,
            (*behavior.path, "AllowedMethods"),
            f"{behavior.label} leads to an agent and lets no {' or '.join(missing)} through: CloudFront refuses it",
        )
