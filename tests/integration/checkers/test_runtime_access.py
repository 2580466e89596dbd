"""Who may do what on the runtimes of every variant and example: their resource policies, evaluated as IAM does."""

import json

import pytest

from tests.example_apps import EXAMPLES
from tools.docs.runtime_access import ACTIONS, CALLERS, Caller, RuntimeAccess, runtimes

from .conftest import Synthesised
from .variants import VARIANTS

CALLS = {"InvokeAgentRuntime", "InvokeAgentRuntimeForUser"}
# The runtime is another stack's, or exists already.
WITHOUT_A_RUNTIME = {"existing-runtime", "bring_your_own"}


@pytest.mark.parametrize("name", [*VARIANTS, *EXAMPLES])
def test_a_token_invokes_the_agent_and_does_nothing_else(stacks: dict[str, Synthesised], name: str) -> None:
    found = runtimes(json.loads(stacks[name].template.read_text(encoding="utf-8")))
    assert found or name in WITHOUT_A_RUNTIME
    for access in found.values():
        assert access.takes_tokens
        assert access.statements is not None
        for caller in CALLERS:
            allowed = {action for action in ACTIONS if access.allows(caller, action)}
            assert allowed <= (CALLS if caller.token else set()), caller


def test_the_evaluation_itself() -> None:
    """A denying statement decides, a token is nobody's principal but `*`, and either policy can let an identity in."""
    token, inside = Caller("token", token=True), Caller("token", token=True, vpc="vpc-1")
    here = Caller("identity", token=False, identity_allows=True)
    elsewhere = Caller("identity", token=False, account="999999999999", identity_allows=True)
    invoke = "InvokeAgentRuntime"

    def decided(statements: list[dict[str, object]] | None, caller: Caller, action: str = invoke) -> bool:
        return RuntimeAccess(caller.token, tuple(statements) if statements is not None else None).allows(caller, action)

    def statement(effect: str, principal: object = "*", action: object = "bedrock-agentcore:*", **more: object) -> dict:
        return {"Effect": effect, "Principal": principal, "Action": action, **more}

    in_vpc = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    outside = {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}
    assert decided(None, token)
    assert decided(None, here)
    assert not decided(None, elsewhere)
    assert not decided([], token)
    assert decided([statement("Allow")], token)
    assert decided([statement("Allow")], elsewhere)
    assert not decided([statement("Allow", {"AWS": "arn:aws:iam::111122223333:root"})], token)
    assert decided([statement("Allow", {"AWS": "arn:aws:iam::999999999999:root"})], elsewhere)
    assert not decided([statement("Allow"), statement("Deny")], token)
    assert decided(
        [statement("Allow", action="bedrock-agentcore:InvokeAgent*")], token, "InvokeAgentRuntimeCommandShell"
    )
    assert not decided(
        [statement("Allow", action=["bedrock-agentcore:InvokeAgentRuntime"])], token, "StopRuntimeSession"
    )
    assert decided([statement("Allow", Condition=in_vpc)], inside)
    assert not decided([statement("Allow", Condition=in_vpc)], token)
    assert not decided([statement("Allow"), statement("Deny", Condition=outside)], token)
    assert decided([statement("Allow"), statement("Deny", Condition=outside)], inside)
