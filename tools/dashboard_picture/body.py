"""The dashboard's JSON and its alarms, out of the template of an app with two agents."""

import json
from dataclasses import dataclass
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, StreamingAgentApi

Json = dict[str, Any]
STACK = "Chat"
# What CloudFormation puts in the place of a reference when it deploys.
PSEUDO = {"AWS::Region": "eu-west-1", "AWS::AccountId": "111122223333", "AWS::Partition": "aws"}


@dataclass(frozen=True)
class Dashboard:
    """What a template says of its dashboard."""

    body: Json
    alarms: dict[str, Json]
    """The properties of each alarm, by its ARN."""


def template() -> Json:
    """The template of an API with two agents and the defaults."""
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), STACK)
    agent = AgentSource.from_image_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1")
    StreamingAgentApi(stack, "Agent", agent=agent).add_agent("writer", agent=agent)
    return dict(Template.from_stack(stack).to_json())


def from_template(synthesised: Json) -> Dashboard:
    """The one dashboard of a template, with plain names for what CloudFormation fills in."""
    resources = synthesised["Resources"]
    (dashboard,) = [one for one in resources.values() if one["Type"] == "AWS::CloudWatch::Dashboard"]
    return Dashboard(
        body=json.loads(resolved(dashboard["Properties"]["DashboardBody"])),
        alarms={
            _alarm_arn(name): resolved(one["Properties"])
            for name, one in resources.items()
            if one["Type"] == "AWS::CloudWatch::Alarm"
        },
    )


def resolved(value: Any) -> Any:
    """A value of the template, its references by name."""
    match value:
        case {"Ref": name}:
            return PSEUDO.get(name, name)
        case {"Fn::GetAtt": [name, "Arn"]} if name.rstrip("0123456789ABCDEF").endswith("Alarm"):
            return _alarm_arn(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(resolved(part) for part in parts)
        case dict():
            return {key: resolved(one) for key, one in value.items()}
        case list():
            return [resolved(one) for one in value]
        case _:
            return value


def _alarm_arn(logical_id: str) -> str:
    # CloudFormation's names: the stack's, the logical id, and random letters that are left out here.
    return f"arn:aws:cloudwatch:{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}:alarm:{STACK}-{logical_id}"
