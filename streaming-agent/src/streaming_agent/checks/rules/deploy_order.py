"""deploy-order: a Deployment that does not wait for the methods."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..deployments import deployments, waits_for
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK081",
    name="deploy-order",
    severity=Severity.ERROR,
    title="A Deployment that does not wait for its methods",
    why="CloudFormation may make it first: 'No integration defined for method', or a snapshot without the route.",
    fix="DependsOn: [<each method of the API>]",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
    group="Limits, logs, deployment",
    absence=True,
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for deployment, api in deployments(context):
        methods = [
            agent.resource for agent in context.routes_of(api) if agent.resource.type == "AWS::ApiGateway::Method"
        ]
        missing = [
            method.logical_id
            for method in methods
            if method.stack is deployment.stack and not waits_for(deployment, method)
        ]
        if missing:
            yield RULE.hit(
                deployment,
                (),
                f"{deployment.logical_id} does not wait for {' and '.join(missing)}: it may deploy the API without it",
                fix=f"DependsOn: [{', '.join(missing)}]",
            )
