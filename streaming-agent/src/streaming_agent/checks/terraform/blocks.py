"""A resource of a plan: its values, what they refer to, and what is known only after apply."""

import json
import re
from collections.abc import Mapping
from typing import Any

KNOWN_AFTER_APPLY = "Fn::KnownAfterApply"
_REFERENCE = re.compile(r"(?:module\.[\w-]+\.)*(aws_[a-z0-9_]+)\.([\w-]+)(?:\[[^\]]*\])?(?:\.(\w+))?")
# attributes of Terraform's that are what Ref is
_REF_ATTRIBUTES = frozenset({"", "id", "name", "function_name", "stage_name", "agent_runtime_id", "rest_api_id"})
_ATTRIBUTES = {
    "arn": "Arn",
    "invoke_arn": "InvokeArn",
    "response_streaming_invoke_arn": "StreamingInvokeArn",
    "agent_runtime_arn": "AgentRuntimeArn",
    "root_resource_id": "RootResourceId",
    "execution_arn": "ExecutionArn",
    "function_url": "FunctionUrl",
    "dns_name": "DNSName",
    "qualified_arn": "Arn",
}

Values = Mapping[str, Any]


class Block:
    """A resource of the plan: its values, what they refer to, and what is not known yet."""

    def __init__(self, planned: Mapping[str, Any], expressions: Any, unknown: Any) -> None:
        self.address = str(planned.get("address"))
        self.type = str(planned.get("type"))
        self.values: Values = planned.get("values") if isinstance(planned.get("values"), dict) else {}  # type: ignore[assignment]
        self.expressions = expressions if isinstance(expressions, dict) else {}
        self.unknown = unknown if isinstance(unknown, dict) else {}

    def get(self, name: str) -> Any:
        """A value; a reference, or an unknown, where it is known only after apply."""
        value = self.values.get(name)
        if value is None or value == []:
            referred = self.reference(name)
            if referred is not None:
                return referred
            if self.unknown.get(name) is True:
                return {KNOWN_AFTER_APPLY: name}
        return value

    def reference(self, name: str) -> Any:
        """The resource that an argument's expression refers to."""
        expression = self.expressions.get(name)
        names = expression.get("references") if isinstance(expression, dict) else None
        return referred_to(names if isinstance(names, list) else [], self.address)

    def block(self, name: str) -> Values:
        """The first block of a name."""
        found = self.values.get(name)
        first = found[0] if isinstance(found, list) and found else found
        return first if isinstance(first, dict) else {}


def referred_to(names: list[Any], address: str) -> Any:
    """The resource that the first of these references leads to, as a template refers to it."""
    for name in names:
        found = _REFERENCE.fullmatch(str(name))
        if found is None:
            continue
        module = address.rpartition(address.split(".")[-2] + ".")[0] if address.startswith("module.") else ""
        target, attribute = f"{module}{found[1]}.{found[2]}", found[3] or ""
        if attribute in _REF_ATTRIBUTES:
            return {"Ref": target}
        return {"Fn::GetAtt": [target, _ATTRIBUTES.get(attribute, attribute)]}
    return None


def present(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that are given."""
    return {name: value for name, value in properties.items() if value is not None and value != []}


def as_json(value: Any) -> Any:
    """What a JSON text holds; any other value as it is."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
