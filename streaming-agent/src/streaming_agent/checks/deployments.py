"""Deployments of REST APIs: which API, and what CloudFormation makes before them."""

from collections.abc import Iterator
from typing import Any

from ..template import Api, TemplateResource
from .agent_routes import CheckContext


def deployments(context: CheckContext) -> Iterator[tuple[TemplateResource, Api]]:
    """Every Deployment of an API of the templates."""
    for deployment in context.view.resources("AWS::ApiGateway::Deployment"):
        identity = deployment.get("RestApiId")
        for api in context.apis:
            if api.identity == identity and api.identity:
                yield deployment, api


def waits_for(deployment: TemplateResource, method: TemplateResource) -> bool:
    """Whether CloudFormation makes a method before a deployment: by DependsOn or by a reference, through others too."""
    resources = deployment.stack.resources
    pending, seen = [deployment.logical_id], set()
    while pending:
        logical_id = pending.pop()
        if logical_id in seen or logical_id not in resources:
            continue
        seen.add(logical_id)
        body = resources[logical_id]
        pending.extend(body.depends_on)
        pending.extend(_referred_to(body.properties))
    return method.logical_id in seen


def _referred_to(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            for key, inner in one.items():
                if key == "Ref" and isinstance(inner, str):
                    yield inner
                elif key == "Fn::GetAtt":
                    yield str(inner[0]) if isinstance(inner, list) and inner else str(inner).split(".", 1)[0]
                elif key == "Fn::Sub":
                    text = inner[0] if isinstance(inner, list) and inner else inner
                    for part in str(text).split("${")[1:]:
                        yield part.split("}")[0].split(".")[0].strip()
                pending.append(inner)
        elif isinstance(one, list):
            pending.extend(one)
