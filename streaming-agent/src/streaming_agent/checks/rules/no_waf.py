"""no-waf: a stage without a web ACL."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..firewalls import has_web_acl
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK072",
    name="no-waf",
    severity=Severity.WARNING,
    title="A stage without a web ACL",
    why="Nothing in front of the agent refuses known bad requests or floods from one address.",
    fix=(
        "AWS::WAFv2::WebACLAssociation with ResourceArn"
        " arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}"
    ),
    source=f"{APIGW}/apigateway-control-access-aws-waf.html",
    group="Limits, logs, deployment",
    absence=True,
    undecided="the association is not in the template, or Firewall Manager makes it",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, _ in context.stages():
        name = context.symbols.shown(stage.name)
        answer = has_web_acl(context, stage)
        if answer is None:
            yield RULE.cannot_tell(
                stage.resource, stage.path, f"whether a web ACL stands before stage {name} is not known: an"
                " association is for an ARN from elsewhere"
            )  # fmt: skip
        elif not answer:
            private = str(stage.api.endpoint_type()).upper() == "PRIVATE"
            yield RULE.hit(
                stage.resource,
                stage.path,
                f"no web ACL stands before stage {name}",
                severity=Severity.NOTE if private else Severity.WARNING,
            )
