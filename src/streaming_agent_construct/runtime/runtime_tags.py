"""The tags of a runtime, checked wherever they come from: RuntimeOptions, or an Aspect such as ``Tags.of(app)``."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping

import jsii
from aws_cdk import Token
from constructs import IValidation

from ..errors import StreamingAgentError

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore

# API_TagResource of AgentCore.
_MAX_TAGS = 50


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuses tags that AgentCore does not take."""
    if len(tags) > _MAX_TAGS:
        raise StreamingAgentError("SAC141", f"tags: expected at most {_MAX_TAGS}, got {len(tags)}")
    for key in sorted(tags):
        problem = _problem(key, tags[key])
        if problem is not None:
            raise StreamingAgentError("SAC141", problem)


@jsii.implements(IValidation)
class RuntimeTags:
    """Checks the tags of a runtime after all Aspects have added theirs."""

    _resource: agentcore.CfnRuntime

    def __init__(self, resource: agentcore.CfnRuntime) -> None:
        self._resource = resource

    def validate(self) -> list[str]:
        """What is wrong with the tags, one sentence each."""
        tags = self._resource.cdk_tag_manager.tag_values()
        problems: list[str] = []
        if len(tags) > _MAX_TAGS:
            problems.append(f"tags: expected at most {_MAX_TAGS} on a runtime, got {len(tags)} (SAC141)")
        for key in sorted(tags):
            problem = _problem(key, tags[key])
            if problem is not None:
                problems.append(f"{problem} (SAC141)")
        return problems


def _problem(key: str, value: str) -> str | None:
    if re.fullmatch(r"[a-zA-Z0-9 ._:/=+@-]{1,128}", key) is None or key.lower().startswith("aws:"):
        return (
            "tags: expected keys of letters, digits, spaces and ._:/=+@-, at most 128, that do not begin with 'aws:', "
            f"got '{key}'"
        )
    if not Token.is_unresolved(value) and re.fullmatch(r"[a-zA-Z0-9 ._:/=+@-]{0,256}", value) is None:
        return (
            f"tags: expected letters, digits, spaces and ._:/=+@-, at most 256, as the value of '{key}', got '{value}'"
        )
    return None
