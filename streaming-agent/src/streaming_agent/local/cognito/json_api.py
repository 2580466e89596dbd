"""Cognito's JSON API as far as signing in needs it: InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge
and RevokeToken."""

import base64
import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from ..clock import Clock
from .srp_server import Handshake
from .token_mint import TokenMint
from .user_pool import PoolClient, User, UserPool

_CHALLENGE_SECONDS = 180  # Cognito's default AuthSessionValidity
_MAX_CHALLENGES = 1000
_TEXTS = ("AuthFlow", "ChallengeName", "ClientId", "ClientSecret", "Session", "Token", "UserPoolId")
_MAPPINGS = ("AuthParameters", "ChallengeResponses", "ClientMetadata")


class CognitoError(Exception):
    """An error in Cognito's own words; boto3 raises the exception of that name."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


class CognitoApi:
    """Answers the API's actions for a set of pools."""

    def __init__(self, pools: Mapping[str, UserPool], mints: Mapping[str, TokenMint], clock: Clock) -> None:
        self._clients = {client.id: (pool, client) for pool in pools.values() for client in pool.clients.values()}
        self._mints = mints
        self._clock = clock
        self._challenges: OrderedDict[str, tuple[Handshake, float, PoolClient, User | None]] = OrderedDict()

    def call(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Performs one action; raises `CognitoError`."""
        parameters = _checked(parameters)
        match action:
            case "InitiateAuth":
                return self._initiate_auth(parameters)
            case "AdminInitiateAuth":
                return self._admin_initiate_auth(parameters)
            case "RespondToAuthChallenge":
                return self._respond_to_auth_challenge(parameters)
            case "RevokeToken":
                pool, client = self._client(parameters)
                self._mints[pool.id].revoke(_required(parameters, "Token"), client)
                return {}
            case _:
                raise CognitoError("InvalidParameterException", f"{action} is not part of the local run.")

    def _initiate_auth(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        pool, client = self._client(parameters)
        flow, given = parameters.get("AuthFlow", ""), parameters.get("AuthParameters", {})
        allowed = "REFRESH_TOKEN_AUTH" if flow == "REFRESH_TOKEN" else flow
        if flow.startswith("ADMIN_"):
            raise CognitoError("InvalidParameterException", "Initiate Auth method not supported.")
        if not client.allows(allowed):
            raise CognitoError("InvalidParameterException", f"{flow} flow not enabled for this client")
        match allowed:
            case "USER_PASSWORD_AUTH":
                return self._sign_in_with_password(pool, client, given)
            case "USER_SRP_AUTH":
                return self._challenge(pool, client, given)
            case "REFRESH_TOKEN_AUTH":
                result = self._mints[pool.id].refresh(_required(given, "REFRESH_TOKEN"), client)
                if result is None:
                    raise CognitoError("NotAuthorizedException", "Invalid Refresh Token")
                return {"ChallengeParameters": {}, "AuthenticationResult": result}
            case _:
                raise CognitoError("InvalidParameterException", f"{flow} is not part of the local run.")

    def _admin_initiate_auth(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The operator's sign-in. AWS asks for AWS credentials too, which a local run has none of."""
        pool, client = self._client(parameters)
        if parameters.get("UserPoolId") != pool.id:
            raise CognitoError("ResourceNotFoundException", f"User pool {parameters.get('UserPoolId')} does not exist.")
        flow = parameters.get("AuthFlow", "")
        if flow != "ADMIN_USER_PASSWORD_AUTH":
            return self._initiate_auth(parameters)
        if not client.allows(flow):
            raise CognitoError("InvalidParameterException", "Auth flow not enabled for this client")
        return self._sign_in_with_password(pool, client, parameters.get("AuthParameters", {}))

    def _sign_in_with_password(self, pool: UserPool, client: PoolClient, given: Mapping[str, str]) -> dict[str, Any]:
        self._check_secret_hash(client, given, _required(given, "USERNAME"))
        self._user(pool, client, given["USERNAME"])
        user = pool.user_by_password(given["USERNAME"], _required(given, "PASSWORD"))
        if user is None:
            raise _wrong_password()
        return {"ChallengeParameters": {}, "AuthenticationResult": self._mints[pool.id].sign_in(user, client)}

    def _challenge(self, pool: UserPool, client: PoolClient, given: Mapping[str, str]) -> dict[str, Any]:
        name = _required(given, "USERNAME")
        self._check_secret_hash(client, given, name)
        user = self._user(pool, client, name)
        try:
            client_a = int(_required(given, "SRP_A"), 16)
        except ValueError:
            raise CognitoError("InvalidParameterException", "SRP_A is not hexadecimal") from None
        handshake = Handshake(
            pool_name=pool.id.split("_", 1)[1],
            user_id=user.username if user else name,
            password=user.password if user else None,
            client_a=client_a,
        )
        if not handshake.acceptable:
            raise CognitoError("InvalidParameterException", "SRP_A must not be a multiple of N")
        while len(self._challenges) >= _MAX_CHALLENGES:
            self._challenges.popitem(last=False)
        deadline = self._clock.monotonic() + _CHALLENGE_SECONDS
        self._challenges[handshake.secret_block] = (handshake, deadline, client, user)
        return {
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeParameters": {
                "SALT": f"{handshake.salt:x}",
                "SECRET_BLOCK": handshake.secret_block,
                "SRP_B": f"{handshake.server_b():x}",
                "USERNAME": handshake.user_id,
                "USER_ID_FOR_SRP": handshake.user_id,
            },
        }

    def _respond_to_auth_challenge(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        pool, client = self._client(parameters)
        if parameters.get("ChallengeName") != "PASSWORD_VERIFIER":
            name = parameters.get("ChallengeName")
            raise CognitoError("InvalidParameterException", f"{name} is not part of the local run.")
        given = parameters.get("ChallengeResponses", {})
        self._check_secret_hash(client, given, _required(given, "USERNAME"))
        # a challenge is answered once, right or wrong
        handshake, deadline, asked, user = self._challenges.pop(
            _required(given, "PASSWORD_CLAIM_SECRET_BLOCK"), (None, 0.0, None, None)
        )
        timestamp = _required(given, "TIMESTAMP")
        signature = _required(given, "PASSWORD_CLAIM_SIGNATURE")
        if (
            handshake is None
            or user is None
            or asked is not client
            or deadline < self._clock.monotonic()
            or given["USERNAME"] != handshake.user_id
            or not _is_cognito_timestamp(timestamp)
            or not handshake.proves(signature, timestamp)
        ):
            raise _wrong_password()
        return {"ChallengeParameters": {}, "AuthenticationResult": self._mints[pool.id].sign_in(user, client)}

    def _client(self, parameters: Mapping[str, Any]) -> tuple[UserPool, PoolClient]:
        client_id = parameters.get("ClientId", "")
        if client_id not in self._clients:
            raise CognitoError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
        return self._clients[client_id]

    @staticmethod
    def _user(pool: UserPool, client: PoolClient, name: str) -> User | None:
        user = pool.user_named(name)
        if user is None and not client.hides_unknown_users:
            raise CognitoError("UserNotFoundException", "User does not exist.")
        return user

    @staticmethod
    def _check_secret_hash(client: PoolClient, given: Mapping[str, str], username: str) -> None:
        if client.secret is None:
            return
        digest = hmac.digest(client.secret.encode(), f"{username}{client.id}".encode(), "sha256")
        expected = base64.b64encode(digest)
        if not hmac.compare_digest(expected, given.get("SECRET_HASH", "").encode()):
            raise CognitoError(
                "NotAuthorizedException",
                f"Client {client.id} is configured with secret but SECRET_HASH was not received",
            )


def _checked(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are given, each of the shape that the API's model has."""
    checked: dict[str, Any] = {}
    for name, value in parameters.items():
        if value is None:
            continue
        if name in _TEXTS:
            _check_text(value)
        elif name in _MAPPINGS:
            if not isinstance(value, dict):
                raise _not_converted(value, "a Map")
            value = {key: one for key, one in value.items() if one is not None}  # noqa: PLW2901
            for one in value.values():
                _check_text(one)
        checked[name] = value
    return checked


def _check_text(value: Any) -> None:
    if not isinstance(value, str):
        raise _not_converted(value, "a String")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise CognitoError("SerializationException", "half a character cannot be converted to a String") from problem


def _not_converted(value: Any, wanted: str) -> CognitoError:
    kinds = ((bool, "TRUE_VALUE"), ((int, float), "NUMBER_VALUE"), (list, "START_ARRAY"), (dict, "START_OBJECT"))
    found = next((name for kind, name in kinds if isinstance(value, kind)), "STRING_VALUE")
    return CognitoError("SerializationException", f"{found} can not be converted to {wanted}")


def _required(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise CognitoError("InvalidParameterException", f"Missing required parameter {name}")
    return given[name]


def _wrong_password() -> CognitoError:
    return CognitoError("NotAuthorizedException", "Incorrect username or password.")


def _is_cognito_timestamp(text: str) -> bool:
    try:
        time.strptime(text, "%a %b %d %H:%M:%S UTC %Y")
    except ValueError:
        return False
    return True
