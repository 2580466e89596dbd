"""Cognito's JSON API: a parameter of another kind is the caller's mistake, as on AWS."""

import asyncio
import json
from typing import Any

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.cognito import Issuer, fake_pool
from streaming_agent.local.messages import Request

SIGN_IN = {
    "AuthFlow": "USER_PASSWORD_AUTH",
    "ClientId": "client",
    "AuthParameters": {"USERNAME": "somebody", "PASSWORD": "x"},
}


def answered(action: str, body: bytes) -> tuple[int, str]:
    """The status, and the name of the error."""
    pool = fake_pool("arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_A", ["client"])
    headers = (("X-Amz-Target", f"AWSCognitoIdentityProviderService.{action}"),)
    issuer = Issuer([pool], "http://127.0.0.1:9000", Clock())
    reply = asyncio.run(issuer.handle(Request(method="POST", path="/", headers=headers, body=body)))
    assert isinstance(reply.body, bytes)
    return reply.status, json.loads(reply.body).get("__type", "")


@pytest.mark.parametrize("action", ["InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "RevokeToken"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"AuthFlow": 1},
        {"AuthFlow": True},
        {"AuthParameters": []},
        {"AuthParameters": "USERNAME"},
        {"AuthParameters": {"USERNAME": ["x"]}},
        {"AuthParameters": {"USERNAME": "somebody", "PASSWORD": {"a": 1}}},
        {"AuthParameters": {"USERNAME": "\ud800", "PASSWORD": "x"}},
        {"ClientId": ["client"]},
        {"ClientId": {}},
        {"UserPoolId": 5},
        {"ChallengeName": ["PASSWORD_VERIFIER"]},
        {"ChallengeResponses": [1]},
        {"Token": [1]},
    ],
    ids=ascii,
)
def test_a_parameter_of_another_kind_is_a_serialization_error(action: str, wrong: dict[str, Any]) -> None:
    body = json.dumps({**SIGN_IN, **wrong}).encode()

    assert answered(action, body) == (400, "SerializationException")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"AuthParameters": None}, "InvalidParameterException"),
        ({"AuthFlow": None}, "InvalidParameterException"),
        ({"ClientId": None}, "ResourceNotFoundException"),
        ({"AuthParameters": {"USERNAME": None, "PASSWORD": "x"}}, "InvalidParameterException"),
    ],
)
def test_nothing_is_a_parameter_that_is_not_given(given: dict[str, Any], error: str) -> None:
    assert answered("InitiateAuth", json.dumps({**SIGN_IN, **given}).encode()) == (400, error)


def test_a_body_that_is_nested_without_end_is_a_serialization_error() -> None:
    assert answered("InitiateAuth", b"[" * 100_000) == (400, "SerializationException")
