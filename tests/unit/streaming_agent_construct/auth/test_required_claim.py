"""Claims that no token can satisfy are refused, with advice that works."""

from collections.abc import Callable

import pytest

from streaming_agent_construct import AgentAuth, RequiredClaim

from ..conftest import Refused


@pytest.mark.parametrize(
    ("claims", "code", "words"),
    [
        (
            lambda: [RequiredClaim.string_equals("tenant", "acme"), RequiredClaim.string_equals("tenant", "beta")],
            "SAC166",
            "to be 'acme' and 'beta' at once",
        ),
        (
            lambda: [RequiredClaim.string_equals("roles", "a"), RequiredClaim.list_contains("roles", "a")],
            "SAC166",
            "as a text and as a list",
        ),
        (lambda: [RequiredClaim.string_equals("token_use", "access")], "SAC168", "token=TokenType.ACCESS"),
        (lambda: [RequiredClaim.string_equals("cognito:groups", "staff")], "SAC169", "write groups=['...']"),
        (lambda: [RequiredClaim.list_contains("email", "a")], "SAC169", "RequiredClaim.string_equals"),
        (lambda: [RequiredClaim.list_contains("custom:team", "a")], "SAC169", "RequiredClaim.string_equals"),
    ],
)
def test_claims_that_no_token_satisfies_are_refused(
    refused: Refused, claims: Callable[[], list[RequiredClaim]], code: str, words: str
) -> None:
    with refused(code, words):
        AgentAuth.cognito(claims=claims())


def test_two_lists_of_one_claim_can_hold_both() -> None:
    AgentAuth.cognito(claims=[RequiredClaim.list_contains("roles", "a"), RequiredClaim.list_contains("roles", "b")])


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "auth_time"])
def test_a_claim_that_is_no_text_is_refused(refused: Refused, name: str) -> None:
    with refused("SAC167", "let the agent check it"):
        RequiredClaim.string_equals(name, "true")
