"""alb-lambda: a function that streams behind a load balancer."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..balancers import functions_behind
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK027",
    name="alb-lambda",
    severity=Severity.ERROR,
    title="A streaming function behind a load balancer",
    why="A load balancer does not stream answers of Lambda functions.",
    fix="a function URL with InvokeMode: RESPONSE_STREAM, or a REST API with STREAM",
    source="https://aws.github.io/aws-lambda-web-adapter/features/response-streaming.html",
    group="CloudFront and load balancers",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for group in context.view.resources("AWS::ElasticLoadBalancingV2::TargetGroup"):
        if group.text("TargetType") != "lambda":
            continue
        for function in functions_behind(context, group):
            if function.streams:
                yield RULE.hit(
                    group,
                    ("Targets",),
                    f"{function.resource.logical_id} streams, and the load balancer in front of it does not",
                )
