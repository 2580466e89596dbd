"""A runtime's resource policy: which of its operations callers with a token may use (AC `resource-based-policies`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...template import Refusal, TemplateResource
from ...template.iam_policy import is_allowed
from ..values import LocalValues

_PREFIX = "bedrock-agentcore:"


@dataclass(frozen=True)
class RuntimePolicy:
    """The statements of the policy that are for callers with a token."""

    statements: tuple[Mapping[str, Any], ...]

    def allows(self, action: str, arn: str) -> bool:
        """Whether a caller with a good token may do this: some statement allows it and none denies it.

        Where a policy exists, it must allow. Callers with a token are nobody's principal, so only `*` means them.
        """
        return is_allowed(self.statements, f"{_PREFIX}{action}", arn, without_resource=True)


def read_runtime_policy(runtime: TemplateResource, values: LocalValues) -> RuntimePolicy | None:
    """The policy of a runtime; `None` without one."""
    arn = values.attribute(runtime, "AgentRuntimeArn")
    found: list[Mapping[str, Any]] | None = None
    for resource in values.view.resources("AWS::BedrockAgentCore::ResourcePolicy"):
        if values.of(resource).text("ResourceArn") == arn:
            found = [*(found or []), *_statements(resource, values)]
    return RuntimePolicy(tuple(found)) if found is not None else None


def _statements(resource: TemplateResource, values: LocalValues) -> list[Mapping[str, Any]]:
    written = values.of(resource).value("Policy")
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except (ValueError, RecursionError):
            written = None
    if not isinstance(written, dict):
        raise Refusal("SAL016", f"{resource.logical_id}.Policy: expected a policy as JSON, got something else")
    statements = written.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return [one for one in listed if isinstance(one, dict) and _is_for_everybody(one)]


def _is_for_everybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        named = principal.get("AWS")
        return "*" in (named if isinstance(named, list) else [named])
    return principal == "*"
