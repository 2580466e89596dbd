"""Application load balancers, the target groups that they forward to, and the tasks and functions behind these."""

from collections.abc import Iterator
from typing import Any

from ..template import TemplateResource, functions_of, permissions
from .functions import INVOKE_AGENT, Function
from .system import System

_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"


def target_groups(system: System, balancer: TemplateResource) -> list[TemplateResource]:
    """The target groups that a balancer's listeners forward to."""
    found: list[TemplateResource] = []
    listeners = [
        one for one in system.view.resources(_LISTENER) if system.view.resource(one.get("LoadBalancerArn")) is balancer
    ]
    actions = [action for one in listeners for action in one.items("DefaultActions")]
    for rule in system.view.resources(_RULE):
        if system.view.resource(rule.get("ListenerArn")) in listeners:
            actions += rule.items("Actions")
    for action in actions:
        for arn in _forwarded_to(action):
            group = system.view.resource(arn)
            if group is not None and group not in found:
                found.append(group)
    return found


def _forwarded_to(action: Any) -> Iterator[Any]:
    if not isinstance(action, dict) or action.get("Type") != "forward":
        return
    yield action.get("TargetGroupArn")
    config = action.get("ForwardConfig")
    groups = config.get("TargetGroups") if isinstance(config, dict) else None
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict):
            yield group.get("TargetGroupArn")


def serves_agent(system: System, balancer: TemplateResource) -> TemplateResource | None:
    """The ECS service behind a balancer whose tasks may invoke an agent."""
    groups = target_groups(system, balancer)
    for service in system.view.resources("AWS::ECS::Service"):
        for attached in service.items("LoadBalancers"):
            group = attached.get("TargetGroupArn") if isinstance(attached, dict) else None
            if group is not None and system.view.resource(group) in groups and _task_asks_agent(system, service):
                return service
    return None


def _task_asks_agent(system: System, service: TemplateResource) -> bool:
    task = system.view.resource(service.get("TaskDefinition"))
    return task is not None and bool(permissions(system.view, task.get("TaskRoleArn")).allowing(INVOKE_AGENT))


def functions_behind(system: System, group: TemplateResource) -> Iterator[Function]:
    """The functions that a target group of type lambda names."""
    for target in group.items("Targets"):
        for resource in functions_of(system.view, target.get("Id") if isinstance(target, dict) else None):
            yield system.function(resource)
