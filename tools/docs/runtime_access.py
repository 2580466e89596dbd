"""Writes the table of docs/security.md: who can do what with which credential on the runtime's own address.

It evaluates the resource policies of synthesised templates as IAM does: a denying statement decides, then an allowing
one; a caller with a token is matched only by the principal `*` (AC resource-based-policies).
"""

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, Protection, RuntimeGuard, StreamingAgentApi

Json = dict[str, Any]
VPC = "vpc-0123456789abcdef0"
ACCOUNT = "111122223333"
ACTIONS = (
    "InvokeAgentRuntime",
    "InvokeAgentRuntimeForUser",
    "InvokeAgentRuntimeCommand",
    "InvokeAgentRuntimeCommandShell",
    "InvokeAgentRuntimeWithWebSocketStream",
    "InvokeAgentRuntimeWithWebSocketStreamForUser",
    "StopRuntimeSession",
)


@dataclass(frozen=True)
class Caller:
    """Who asks, with what, and from where."""

    says: str
    token: bool
    """Whether it shows a token that the runtime's authorizer takes; otherwise an AWS signature."""
    account: str = ACCOUNT
    vpc: str | None = None
    identity_allows: bool = False
    """Whether the AWS identity's own policy allows everything of AgentCore."""


CALLERS = (
    Caller("a valid token, from the internet", token=True),
    Caller("a valid token, from the guard's VPC", token=True, vpc=VPC),
    Caller("a valid token, from another VPC", token=True, vpc="vpc-99999999999999999"),
    Caller("an AWS identity of this account", token=False, identity_allows=True),
    Caller("an AWS identity of another account", token=False, account="999999999999", identity_allows=True),
)


@dataclass(frozen=True)
class RuntimeAccess:
    """A runtime of a template: whether it takes tokens, and its policy."""

    takes_tokens: bool
    statements: tuple[Mapping[str, Any], ...] | None

    def allows(self, caller: Caller, action: str) -> bool:
        """Whether AWS lets the caller do it."""
        # A runtime takes either tokens or signatures, so the other kind ends before any policy is read.
        if caller.token is not self.takes_tokens:
            return False
        effects = {statement["Effect"] for statement in self.statements or () if _applies(statement, caller, action)}
        if "Deny" in effects:
            return False
        if caller.token:
            # Without a policy every token caller may do everything; with one it must allow.
            return self.statements is None or "Allow" in effects
        return "Allow" in effects or (caller.identity_allows and caller.account == ACCOUNT)


def runtimes(template: Mapping[str, Any]) -> dict[str, RuntimeAccess]:
    """The runtimes that a template makes, by logical id."""
    resources = template["Resources"]
    policies: dict[str, list[Json]] = {}
    for resource in resources.values():
        if resource["Type"] == "AWS::BedrockAgentCore::ResourcePolicy":
            properties = resource["Properties"]
            runtime = properties["ResourceArn"]["Fn::GetAtt"][0]
            policies.setdefault(runtime, []).extend(json.loads(_text(properties["Policy"]))["Statement"])
    return {
        name: RuntimeAccess(
            takes_tokens="CustomJWTAuthorizer" in resource["Properties"].get("AuthorizerConfiguration", {}),
            statements=tuple(policies[name]) if name in policies else None,
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::BedrockAgentCore::Runtime"
    }


def table() -> str:
    """The table, a row for each caller."""
    made = {name: _only_runtime(guard) for name, guard in _GUARDS.items()}
    lines = [f"| with | {' | '.join(f'`{action}`' for action in ACTIONS)} |", f"| --- |{' --- |' * len(ACTIONS)}"]
    for name, access in made.items():
        for caller in CALLERS:
            cells = ["**yes**" if access.allows(caller, action) else "no" for action in ACTIONS]
            lines.append(f"| {name}: {caller.says} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _private_path(stack: Stack) -> RuntimeGuard:
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=VPC, availability_zones=["eu-west-1a"])
    link = apigateway.VpcLink.from_vpc_link_id(stack, "Link", "abc123")
    return RuntimeGuard.private_path(vpc_link=link, vpc=vpc)


_GUARDS: dict[str, Callable[[Stack], RuntimeGuard | None]] = {
    "no guard": lambda _: None,
    "`shared_secret`": lambda _: RuntimeGuard.shared_secret(),
    "`private_path`": _private_path,
}


def _only_runtime(guard: Callable[[Stack], RuntimeGuard | None]) -> RuntimeAccess:
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Chat")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
        StreamingAgentApi(
            stack,
            "Agent",
            agent=AgentSource.from_directory(folder),
            protection=Protection(runtime_guard=guard(stack)),
        )
        (access,) = runtimes(Template.from_stack(stack).to_json()).values()
    return access


def _applies(statement: Mapping[str, Any], caller: Caller, action: str) -> bool:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    if not any(_matches(pattern, f"bedrock-agentcore:{action}") for pattern in actions):
        return False
    if not _is_principal(statement["Principal"], caller):
        return False
    for operator, tests in statement.get("Condition", {}).items():
        for key, value in tests.items():
            if key != "aws:SourceVpc" or operator not in ("StringEquals", "StringNotEquals"):
                raise ValueError(f"no rule for the condition {operator} {key}")
            # A negated operator holds where the request has no such key.
            if (caller.vpc == value) is (operator == "StringNotEquals"):
                return False
    return True


def _is_principal(principal: Any, caller: Caller) -> bool:
    if principal in ("*", {"AWS": "*"}):
        return True
    if caller.token:
        return False
    named = principal["AWS"] if isinstance(principal["AWS"], list) else [principal["AWS"]]
    return any(caller.account in text for text in named)


def _matches(pattern: str, text: str) -> bool:
    wanted = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wanted, text, re.IGNORECASE) is not None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return str(value["Fn::Join"][0]).join(_text(part) for part in value["Fn::Join"][1])
    return "arn"
