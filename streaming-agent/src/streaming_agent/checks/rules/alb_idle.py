"""alb-idle: a load balancer ends a silent stream after 60 seconds."""

from collections.abc import Iterator

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..balancers import serves_agent
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK026",
    name="alb-idle",
    severity=Severity.WARNING,
    title="A load balancer ends a silent stream after 60 seconds",
    why="An Application Load Balancer closes a connection that is idle for 60 s unless its attribute says more.",
    fix="LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: '300'}]",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    group="CloudFront and load balancers",
    undecided="the tasks' role is not in the template",
)
_KEY = "idle_timeout.timeout_seconds"


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for balancer in context.view.resources("AWS::ElasticLoadBalancingV2::LoadBalancer"):
        if (balancer.text("Type") or "application") != "application":
            continue
        attributes = balancer.items("LoadBalancerAttributes")
        written = next((one for one in attributes if isinstance(one, dict) and one.get("Key") == _KEY), None)
        value = written.get("Value") if written else None
        seconds = as_number(value)
        if (value is not None and seconds is None) or (seconds is not None and seconds > 60):
            continue
        if balancer.opaque("LoadBalancerAttributes"):
            continue
        service = serves_agent(context, balancer)
        if service is not None:
            said = "is left at 60 s" if value is None else f"is {seconds:g} s"
            yield RULE.hit(
                balancer,
                ("LoadBalancerAttributes",),
                f"the idle timeout of {balancer.logical_id} {said}, and {service.logical_id} behind it asks an agent",
                related=((service, ()),),
            )
