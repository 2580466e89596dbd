"""What an authorizer's function may answer, and what its policy allows."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from streaming_agent.local.api_gateway.authorizers import LambdaAuthorizer
from streaming_agent.local.api_gateway.lambda_authorizer import LambdaAuthorization
from streaming_agent.local.api_gateway.request_context import Context
from streaming_agent.local.api_gateway.responses import HttpError
from streaming_agent.local.clock import Clock
from streaming_agent.local.messages import Request
from streaming_agent.template import TemplateResource, TemplateSet

from tests.unit.streaming_agent.local.apps import resource

ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/invocations"
OTHER = ARN.replace("POST", "GET")
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ARN}
DENY = {**ALLOW, "Effect": "Deny"}


def policy(*statements: Any) -> dict[str, Any]:
    return {"principalId": "somebody", "policyDocument": {"Statement": list(statements)}}


def authorized(answer: Any) -> dict[str, str]:
    """The variables that an answer gives."""
    body = {"Resources": {"Function": resource("AWS::Lambda::Function")}}
    (function,) = TemplateSet.of({"Chat": body}).view().resources("AWS::Lambda::Function")

    async def call(function: TemplateResource, event: Mapping[str, Any]) -> Any:
        return answer

    authorizer = LambdaAuthorizer(
        name="decider", type="TOKEN", function=function, identity_sources=("method.request.header.Authorization",)
    )
    context = Context(Request(method="POST", path="/prod/invocations", headers=(("Authorization", "x"),)))
    return asyncio.run(LambdaAuthorization(call, Clock()).authorize(authorizer, context, ARN))


def response_to(answer: Any) -> str:
    """The gateway response that an answer leads to; an empty text when the call goes on."""
    try:
        authorized(answer)
    except HttpError as error:
        return error.response_type
    return ""


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "Allow",
        {},
        {"principalId": "somebody"},
        {"principalId": "somebody", "policyDocument": "Allow"},
        {"policyDocument": {"Statement": [ALLOW]}},
        {**policy(ALLOW), "principalId": None},
        {**policy(ALLOW), "principalId": ["somebody"]},
        {**policy(ALLOW), "context": None},
        {**policy(ALLOW), "context": ["a"]},
        {**policy(ALLOW), "context": {"groups": ["a"]}},
        {**policy(ALLOW), "context": {"user": {"name": "a"}}},
        policy("Allow"),
        policy(ALLOW, None),
        policy({**ALLOW, "Effect": ["Allow"]}),
        policy({**ALLOW, "Effect": "allow"}),
        policy({**ALLOW, "Action": {"a": 1}}),
        policy({**ALLOW, "Resource": [[ARN]]}),
        policy({"Effect": "Allow", "Action": "execute-api:Invoke"}),
        policy({"Effect": "Allow", "Resource": ARN}),
    ],
    ids=str,
)
def test_an_answer_of_another_shape_is_a_configuration_error(answer: Any) -> None:
    assert response_to(answer) == "AUTHORIZER_CONFIGURATION_ERROR"


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([ALLOW], True),
        ([{**ALLOW, "Action": "execute-api:*", "Resource": ["arn:aws:s3:::*", "arn:aws:execute-api:*"]}], True),
        ([{**ALLOW, "Action": "EXECUTE-API:invoke"}], True),
        ([{**ALLOW, "Resource": OTHER}], False),
        ([ALLOW, DENY], False),
        ([], False),
        ([ALLOW, {"Effect": "Deny", "Action": "*", "NotResource": OTHER}], False),
        ([ALLOW, {"Effect": "Deny", "Action": "*", "NotResource": ARN}], True),
        ([ALLOW, {"Effect": "Deny", "NotAction": "execute-api:ManageConnections", "Resource": "*"}], False),
        ([{"Effect": "Allow", "NotAction": "s3:*", "NotResource": OTHER}], True),
        ([{"Effect": "Allow", "NotAction": "execute-api:*", "Resource": "*"}], False),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}], True),
        ([{**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}], False),
        ([ALLOW, {**DENY, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}], False),
    ],
)
def test_some_statement_must_allow_the_method_and_none_deny_it(statements: list[Any], allowed: bool) -> None:
    assert response_to(policy(*statements)) == ("" if allowed else "ACCESS_DENIED")


def test_one_statement_needs_no_list() -> None:
    assert response_to({"principalId": "somebody", "policyDocument": {"Statement": ALLOW}}) == ""


def test_the_context_is_handed_on_as_texts() -> None:
    answer = {**policy(ALLOW), "context": {"tier": "gold", "count": 5, "admin": True, "nothing": None}}

    assert authorized(answer) == {
        "authorizer.principalId": "somebody",
        "authorizer.tier": "gold",
        "authorizer.count": "5",
        "authorizer.admin": "true",
    }
