"""Application load balancers, the target groups that they forward to, and the tasks and functions behind these."""

from collections.abc import Iterator
from typing import Any

from ..template import TemplateResource, functions_of, permissions
from .agent_routes import CheckContext
from .functions import INVOKE_AGENT, Function

_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"


def target_groups(context: CheckContext, balancer: TemplateResource) -> list[TemplateResource]:
    """The target groups that a balancer's listeners forward to."""
    found: list[TemplateResource] = []
    listeners = [one for one in context.view.resources(_LISTENER) if _balancer_of(context, one) is balancer]
    actions = [action for one in listeners for action in one.items("DefaultActions")]
    for rule in context.view.resources(_RULE):
        if context.view.resource(rule.get("ListenerArn")) in listeners:
            actions += rule.items("Actions")
    for action in actions:
        for arn in _forwarded_to(action):
            group = context.view.resource(arn)
            if group is not None and group not in found:
                found.append(group)
    return found


def _balancer_of(context: CheckContext, listener: TemplateResource) -> TemplateResource | None:
    return context.view.resource(listener.get("LoadBalancerArn"))


def _forwarded_to(action: Any) -> Iterator[Any]:
    if not isinstance(action, dict) or action.get("Type") != "forward":
        return
    yield action.get("TargetGroupArn")
    config = action.get("ForwardConfig")
    groups = config.get("TargetGroups") if isinstance(config, dict) else None
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict):
            yield group.get("TargetGroupArn")


def serves_agent(context: CheckContext, balancer: TemplateResource) -> TemplateResource | None:
    """The ECS service behind a balancer whose tasks may invoke an agent."""
    groups = target_groups(context, balancer)
    for service in context.view.resources("AWS::ECS::Service"):
        for attached in service.items("LoadBalancers"):
            group = attached.get("TargetGroupArn") if isinstance(attached, dict) else None
            if group is not None and context.view.resource(group) in groups and _task_asks_agent(context, service):
                return service
    return None


def _task_asks_agent(context: CheckContext, service: TemplateResource) -> bool:
    task = context.view.resource(service.get("TaskDefinition"))
    return task is not None and bool(permissions(context.view, task.get("TaskRoleArn")).allowing(INVOKE_AGENT))


def functions_behind(context: CheckContext, group: TemplateResource) -> Iterator[Function]:
    """The functions that a target group of type lambda names."""
    for target in group.items("Targets"):
        for resource in functions_of(context.view, target.get("Id") if isinstance(target, dict) else None):
            yield context.function(resource)
