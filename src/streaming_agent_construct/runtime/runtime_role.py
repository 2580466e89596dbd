"""The role of a runtime whose name is chosen: another name gets another role, and the old runtime keeps its own."""

from __future__ import annotations

import typing

from aws_cdk import Token

if typing.TYPE_CHECKING:
    from aws_cdk import CfnElement
    from aws_cdk import aws_bedrockagentcore as agentcore

    from ..stack_values import StackValues

_MAX_LOGICAL_ID = 255


def give_role_per_name(runtime: agentcore.Runtime, values: StackValues, name: str) -> None:
    """Puts the runtime's name into the logical ids of its role and of the role's policy.

    The role's trust names the runtime. A new name makes a new runtime beside the old one; the same role, changed first,
    would no longer be the old runtime's, which answers until the new one is there.
    """
    if Token.is_unresolved(name):
        return
    role = runtime.role.node
    policy = role.try_find_child("DefaultPolicy")
    for resource in [role.default_child, policy.node.default_child if policy is not None else None]:
        if resource is None:
            continue  # Role.customize_roles makes none
        element = typing.cast("CfnElement", resource)
        logical_id = f"{values.stack.get_logical_id(element)}{name.replace('_', '')}"
        if len(logical_id) <= _MAX_LOGICAL_ID:
            element.override_logical_id(logical_id)
