"""Signs in with a name and a password that never leaves the machine: Cognito's USER_SRP_AUTH."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2

from .address import AgentAddress
from .errors import SignInFailed
from .srp import Proof, timestamp_of
from .token_source import Flow, TokenSource, answered
from .tokens import Tokens

# challenge -> the response that Cognito asks for (Cognito API RespondToAuthChallenge)
_ANSWERS = {
    "EMAIL_OTP": "EMAIL_OTP_CODE",
    "NEW_PASSWORD_REQUIRED": "NEW_PASSWORD",
    "SMS_MFA": "SMS_MFA_CODE",
    "SMS_OTP": "SMS_OTP_CODE",
    "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
}


@dataclass(frozen=True)
class Challenge:
    """What Cognito asks after the password: a code, or a new password in the place of a temporary one."""

    name: str
    """Cognito's name for it, such as ``SOFTWARE_TOKEN_MFA`` or ``NEW_PASSWORD_REQUIRED``."""
    parameters: Mapping[str, str]
    """What Cognito says about it."""


class SrpSignIn(TokenSource):
    """A user's name and password.

    :param username: The name, or the e-mail address where the pool takes that.
    :param password: The password.
    :param answer: Answers a challenge, by asking the user. ``None``: a sign-in that needs one is refused.

    Example::

        SrpSignIn("me@example.com", getpass(), answer=lambda challenge: input(f"{challenge.name}: "))
    """

    def __init__(self, username: str, password: str, *, answer: Callable[[Challenge], str] | None = None) -> None:
        self._username = username
        self._password = password
        self._answer = answer

    @property
    def name(self) -> str:
        """The user's."""
        return self._username

    def sign_in(self, address: AgentAddress) -> Flow:
        """InitiateAuth, the proof, and as many challenges as Cognito has."""
        proof = Proof(address.pool.partition("_")[2], self._password)
        result = yield from _asked(
            address,
            "InitiateAuth",
            {
                "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": {"USERNAME": self._username, "SRP_A": f"{proof.public:x}"},
            },
        )
        while "AuthenticationResult" not in result:
            result = yield from self._challenged(address, proof, result)
        return Tokens.of_cognito_api(result["AuthenticationResult"])

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """REFRESH_TOKEN_AUTH."""
        result = yield from _asked(
            address,
            "InitiateAuth",
            {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": refresh_token}},
        )
        return Tokens.of_cognito_api(result["AuthenticationResult"], refresh_token)

    def _challenged(
        self, address: AgentAddress, proof: Proof, result: Mapping[str, Any]
    ) -> Generator[httpx2.Request, httpx2.Response, Mapping[str, Any]]:
        challenge = Challenge(str(result.get("ChallengeName")), result.get("ChallengeParameters", {}))
        if challenge.name == "PASSWORD_VERIFIER":
            responses = _proved(proof, challenge.parameters)
        elif challenge.name in _ANSWERS and self._answer is not None:
            username = challenge.parameters.get("USER_ID_FOR_SRP", self._username)
            responses = {"USERNAME": username, _ANSWERS[challenge.name]: self._answer(challenge)}
        else:
            raise SignInFailed(
                "CLI013",
                f"the sign-in must need no more than a password here, got the challenge {challenge.name}: give"
                " SrpSignIn an answer, or sign in with BrowserSignIn",
            )
        content = {"ChallengeName": challenge.name, "ChallengeResponses": responses}
        if "Session" in result:
            content["Session"] = result["Session"]
        return (yield from _asked(address, "RespondToAuthChallenge", content))


def _proved(proof: Proof, asked: Mapping[str, str]) -> dict[str, str]:
    timestamp = timestamp_of(datetime.now(UTC))
    try:
        signature = proof.signature(
            asked["USER_ID_FOR_SRP"],
            salt=int(asked["SALT"], 16),
            server_public=int(asked["SRP_B"], 16),
            secret_block=asked["SECRET_BLOCK"],
            timestamp=timestamp,
        )
    except (ValueError, KeyError) as problem:
        raise SignInFailed(
            "CLI014", f"the pool's SRP challenge must be whole and safe, got one where {problem}"
        ) from problem
    return {
        "USERNAME": asked["USER_ID_FOR_SRP"],
        "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": signature,
        "TIMESTAMP": timestamp,
    }


def _asked(
    address: AgentAddress, action: str, content: Mapping[str, Any]
) -> Generator[httpx2.Request, httpx2.Response, Mapping[str, Any]]:
    response = yield httpx2.Request(
        "POST",
        address.cognito_url,
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
        },
        json={"ClientId": address.client_id, **content},
    )
    return answered(response, "the sign-in")
