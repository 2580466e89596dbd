"""Signs in with a name and a password that never leaves the machine: Cognito's USER_SRP_AUTH."""

import json
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2

from .address import AgentAddress
from .call_errors import SignInFailed
from .srp import SrpClient, timestamp_of
from .token_source import Flow, TokenSource, json_of
from .tokens import Tokens

# challenge -> the response that Cognito asks for (Cognito API RespondToAuthChallenge)
_ANSWERS = {
    "EMAIL_OTP": "EMAIL_OTP_CODE",
    "NEW_PASSWORD_REQUIRED": "NEW_PASSWORD",
    "SMS_MFA": "SMS_MFA_CODE",
    "SMS_OTP": "SMS_OTP_CODE",
    "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
}
_MOST_CHALLENGES = 10  # no pool has more steps than a password, a new one, and two factors


@dataclass(frozen=True)
class Challenge:
    """What Cognito asks after the password: a code, or a new password instead of a temporary one."""

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
        """InitiateAuth, the answer to SRP, and the challenges that Cognito has."""
        srp = SrpClient(address.pool.partition("_")[2], self._password)
        result = yield from _asked(
            address,
            "InitiateAuth",
            {
                "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": {"USERNAME": self._username, "SRP_A": f"{srp.public:x}"},
            },
        )
        for _ in range(_MOST_CHALLENGES):
            if "AuthenticationResult" in result:
                return _tokens_of(result)
            result = yield from self._challenged(address, srp, result)
        raise SignInFailed(
            "CLI013", f"the user pool asked for more than {_MOST_CHALLENGES} challenges: check cognito_endpoint"
        )

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """REFRESH_TOKEN_AUTH."""
        result = yield from _asked(
            address,
            "InitiateAuth",
            {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": refresh_token}},
        )
        return _tokens_of(result, refresh_token)

    def _challenged(
        self, address: AgentAddress, srp: SrpClient, result: Mapping[str, Any]
    ) -> Generator[httpx2.Request, httpx2.Response, Mapping[str, Any]]:
        challenge = _challenge_of(result)
        if challenge.name == "PASSWORD_VERIFIER":
            responses = _proved(srp, challenge.parameters)
        elif challenge.name in _ANSWERS and self._answer is not None:
            username = challenge.parameters.get("USER_ID_FOR_SRP", self._username)
            responses = {"USERNAME": username, _ANSWERS[challenge.name]: self._answer(challenge)}
        else:
            raise SignInFailed(
                "CLI013",
                f"the user pool asks for more than a password, the challenge {challenge.name[:60]}: give SrpSignIn an"
                " answer, or sign in with BrowserSignIn",
            )
        content = {"ChallengeName": challenge.name, "ChallengeResponses": responses}
        if "Session" in result:
            content["Session"] = result["Session"]
        return (yield from _asked(address, "RespondToAuthChallenge", content))


def _challenge_of(result: Mapping[str, Any]) -> Challenge:
    parameters = result.get("ChallengeParameters")
    given = parameters if isinstance(parameters, dict) else {}
    return Challenge(
        str(result.get("ChallengeName")), {name: value for name, value in given.items() if isinstance(value, str)}
    )


def _tokens_of(result: Mapping[str, Any], refresh: str | None = None) -> Tokens:
    inside = result.get("AuthenticationResult")
    if not isinstance(inside, dict):
        raise SignInFailed("CLI032", "the sign-in was answered without AuthenticationResult: check cognito_endpoint")
    return Tokens.of_cognito_api(inside, refresh)


def _proved(srp: SrpClient, asked: Mapping[str, str]) -> dict[str, str]:
    timestamp = timestamp_of(datetime.now(UTC))
    try:
        signature = srp.signature(
            asked["USER_ID_FOR_SRP"],
            salt=_number(asked["SALT"]),
            server_public=_number(asked["SRP_B"]),
            secret_block=asked["SECRET_BLOCK"],
            timestamp=timestamp,
        )
    except KeyError as problem:
        raise SignInFailed(
            "CLI014", f"Cognito's SRP challenge is invalid: it has no {problem.args[0]}: check cognito_endpoint"
        ) from None
    except UnicodeEncodeError:
        raise SignInFailed("CLI014", "the user name or the password has half a character: write it in UTF-8") from None
    except ValueError as problem:
        raise SignInFailed("CLI014", f"Cognito's SRP challenge is invalid: {problem}: check cognito_endpoint") from None
    return {
        "USERNAME": asked["USER_ID_FOR_SRP"],
        "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": signature,
        "TIMESTAMP": timestamp,
    }


def _number(text: str) -> int:
    if re.fullmatch(r"[0-9a-fA-F]{1,1024}", text) is None:
        raise ValueError("one of its numbers is not hexadecimal")
    return int(text, 16)


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
        content=json.dumps({"ClientId": address.client_id, **content}),
    )
    return json_of(response, "the sign-in")
