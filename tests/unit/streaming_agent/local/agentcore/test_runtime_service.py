"""What a token opens on a runtime's address: by the runtime's policy, one call at a time where that is asked for."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from streaming_agent.errors import Refusal
from streaming_agent.local.agentcore import AgentCore, RunningRuntime
from streaming_agent.local.clock import Clock
from streaming_agent.local.http_client import HttpClient
from streaming_agent.local.messages import Headers, Reply, Request, Stream

from tests.unit.streaming_agent.local.apps import TEMPLATE, deployment, resource

SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
OPERATIONS = {
    "InvokeAgentRuntime": ("POST", "invocations"),
    "InvokeAgentRuntimeCommand": ("POST", "commands"),
    "InvokeAgentRuntimeCommandShell": ("GET", "ws/shells"),
    "InvokeAgentRuntimeWithWebSocketStream": ("GET", "ws"),
    "StopRuntimeSession": ("POST", "stopruntimesession"),
}


def allow(action: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": "*", **more}


NAMED = [
    allow(["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeAgentRuntimeForUser"]),
]
IN_A_VPC = [
    allow("bedrock-agentcore:InvokeAgentRuntime", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
    allow("bedrock-agentcore:*", "Deny", Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
]


class Answer(Stream):
    """Ends when it is told."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self._said = False

    async def __anext__(self) -> bytes:
        if not self._said:
            self._said = True
            return b"data: {}\n\n"
        await self.may_end.wait()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        return


class Agent:
    """One agent for every session; remembers which were stopped."""

    origin = "http://127.0.0.1:9"
    headers: Headers = ()

    def __init__(self) -> None:
        self.stopped: list[str] = []

    @asynccontextmanager
    async def agent_of(self, session_id: str) -> AsyncIterator["Agent"]:
        yield self

    async def settled(self) -> None:
        return

    async def stop(self, session_id: str) -> bool:
        self.stopped.append(session_id)
        return session_id.startswith("known")


class Asked(HttpClient):
    """Answers in the place of the agent."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []

    async def ask(self, origin: str, request: Request) -> Reply:
        self.answers.append(Answer())
        return Reply(status=200, body=self.answers[-1])


class Admitting(RunningRuntime):
    """Takes every token: the policy is asked after it."""

    async def authorize(self, request: Request) -> None:
        return


def agentcore(statements: Any, **options: Any) -> tuple[AgentCore, Asked, Agent, str]:
    body = copy.deepcopy(TEMPLATE)
    if statements is not None:
        body["Resources"]["Policy"] = resource(
            "AWS::BedrockAgentCore::ResourcePolicy",
            ResourceArn={"Fn::GetAtt": ["Runtime", "AgentRuntimeArn"]},
            Policy={"Fn::ToJsonString": {"Version": "2012-10-17", "Statement": statements}},
        )
    found = deployment(body)
    agent, client = Agent(), Asked()
    runtime = Admitting(found.runtime, agent, lambda url: None, Clock())  # type: ignore[arg-type, return-value]
    return AgentCore([runtime], found.account, client, **options), client, agent, found.runtime.id


def status_of(operation: str, statements: Any, *headers: tuple[str, str]) -> int:
    verb, path = OPERATIONS[operation]
    core, _, _, runtime_id = agentcore(statements)
    request = Request(
        method=verb, path=f"/runtimes/{runtime_id}/{path}", query="accountId=123456789012", headers=headers
    )
    return asyncio.run(core.handle(request)).status


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - {"InvokeAgentRuntime"}))
@pytest.mark.parametrize("statements", [NAMED, IN_A_VPC, [], [allow("bedrock-agentcore:*", Principal={"AWS": "1"})]])
def test_a_policy_keeps_a_token_from_everything_but_the_agent(operation: str, statements: Any) -> None:
    assert status_of(operation, statements) == 403


@pytest.mark.parametrize("statements", [None, NAMED, IN_A_VPC, [allow("*")], [allow("bedrock-agentcore:Invoke*")]])
def test_the_agent_itself_is_open_where_the_policy_allows_it(statements: Any) -> None:
    assert status_of("InvokeAgentRuntime", statements) == 200


@pytest.mark.parametrize("statements", [[], [allow("*"), allow("*", "Deny")], [allow("bedrock-agentcore:Get*")]])
def test_where_a_policy_exists_it_must_allow(statements: Any) -> None:
    assert status_of("InvokeAgentRuntime", statements) == 403


def test_a_user_id_needs_the_action_for_it() -> None:
    user = ("X-Amzn-Bedrock-AgentCore-Runtime-User-Id", "somebody")

    assert status_of("InvokeAgentRuntime", NAMED, user) == 200
    assert status_of("InvokeAgentRuntime", [allow("bedrock-agentcore:InvokeAgentRuntime")], user) == 403


@pytest.mark.parametrize("operation", ["InvokeAgentRuntimeCommand", "InvokeAgentRuntimeCommandShell"])
def test_without_a_policy_shells_and_commands_are_allowed_and_not_run(operation: str) -> None:
    assert status_of(operation, None) == 501


@pytest.mark.parametrize(("session", "status"), [("known" * 8, 200), ("other" * 8, 404), (None, 400)])
def test_ones_own_session_can_be_stopped(session: str | None, status: int) -> None:
    headers = [(SESSION, session)] if session is not None else []

    assert status_of("StopRuntimeSession", None, *headers) == status


@pytest.mark.parametrize(("conflict", "second"), [(False, 200), (True, 409)])
def test_a_second_call_of_a_busy_session_is_a_conflict_where_that_is_asked_for(conflict: bool, second: int) -> None:
    async def calls() -> tuple[int, int, str, int]:
        core, client, _, runtime_id = agentcore(None, refuses_conflicts=conflict)
        request = Request(
            method="POST",
            path=f"/runtimes/{runtime_id}/invocations",
            query="accountId=123456789012",
            headers=((SESSION, "s" * 40),),
        )
        first = await core.handle(request)
        again = await core.handle(request)
        kind = again.header("x-amzn-ErrorType") or ""
        for answer in client.answers:
            answer.may_end.set()
        for reply in (first, again):
            if not isinstance(reply.body, bytes):
                async for _ in reply.body:
                    pass
                await reply.body.aclose()
        return first.status, again.status, kind, (await core.handle(request)).status

    expected = "RetryableConflictException" if conflict else ""
    assert asyncio.run(calls()) == (200, second, expected, 200)


def test_a_policy_that_is_no_policy_is_refused_with_its_place() -> None:
    body = copy.deepcopy(TEMPLATE)
    arn = {"Fn::GetAtt": ["Runtime", "AgentRuntimeArn"]}
    body["Resources"]["Policy"] = resource(
        "AWS::BedrockAgentCore::ResourcePolicy", ResourceArn=arn, Policy=json.dumps([1])
    )
    with pytest.raises(Refusal, match=r"Policy\.Policy: expected a policy as JSON"):
        deployment(body)
