"""Signing in with unmodified boto3; the client's half of SRP is pycognito's, which knows nothing of ours."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk import aws_cognito
from botocore.exceptions import ClientError
from pycognito import AWSSRP
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import Tokens, ask, cognito, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def by_password(ready: Endpoints, username: str, password: str) -> Any:
    return cognito(ready).initiate_auth(
        ClientId=ready.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )["AuthenticationResult"]


def by_srp(ready: Endpoints, username: str, password: str) -> Any:
    srp = AWSSRP(username, password, ready.user_pool_id, ready.client_id, client=cognito(ready))
    return srp.authenticate_user()["AuthenticationResult"]


@pytest.mark.parametrize("way", [by_password, by_srp])
def test_the_right_password_signs_in(chain: Endpoints, way: Any) -> None:
    result = way(chain, chain.username, chain.password)

    assert ask(chain.invocations_url, token=result["IdToken"]).status == 200
    assert result["TokenType"] == "Bearer"


@pytest.mark.parametrize("way", [by_password, by_srp])
@pytest.mark.parametrize("username", ["the user", "somebody who does not exist"])
def test_a_wrong_password_and_an_unknown_user_sound_the_same(chain: Endpoints, way: Any, username: str) -> None:
    with pytest.raises(ClientError) as refused:
        way(chain, chain.username if username == "the user" else "nobody", "Wrong1!password")

    assert refused.value.response["Error"]["Code"] == "NotAuthorizedException"
    assert refused.value.response["Error"]["Message"] == "Incorrect username or password."


def test_a_refresh_token_gives_new_tokens_of_the_same_sign_in(chain: Endpoints, tokens: Tokens) -> None:
    result = cognito(chain).initiate_auth(
        ClientId=chain.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens.refresh},
    )["AuthenticationResult"]

    assert ask(chain.invocations_url, token=result["IdToken"]).status == 200
    assert claims(result["IdToken"])["origin_jti"] == claims(tokens.id)["origin_jti"]
    assert "RefreshToken" not in result


def test_a_made_up_refresh_token_is_refused(chain: Endpoints) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        cognito(chain).initiate_auth(
            ClientId=chain.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": "made-up"}
        )


def test_tokens_carry_what_cognitos_carry(chain: Endpoints, tokens: Tokens) -> None:
    identity, access = claims(tokens.id), claims(tokens.access)

    assert identity["token_use"] == "id"
    assert identity["aud"] == chain.client_id
    assert "client_id" not in identity
    assert identity["cognito:username"] == chain.username
    assert access["token_use"] == "access"
    assert access["client_id"] == chain.client_id
    assert "aud" not in access
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert identity["sub"] == access["sub"]
    assert len(identity["sub"]) == 36


def test_tokens_live_as_long_as_the_client_says(chain: Endpoints, tokens: Tokens) -> None:
    identity, access = claims(tokens.id), claims(tokens.access)

    assert identity["exp"] - identity["iat"] == 30 * 60
    assert access["exp"] - access["iat"] == 60 * 60


@pytest.fixture(scope="module")
def srp_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    folder = tmp_path_factory.mktemp("srp") / "cdk.out"
    with emulator_of(synthesise(folder, flows=aws_cognito.AuthFlow(user_srp=True))) as ready:
        yield ready


def test_a_flow_that_the_client_does_not_allow_is_refused(srp_only: Endpoints) -> None:
    with pytest.raises(ClientError) as refused:
        by_password(srp_only, srp_only.username, srp_only.password)

    assert refused.value.response["Error"]["Message"] == "USER_PASSWORD_AUTH flow not enabled for this client"
    assert sign_in(srp_only).id


def test_a_challenge_is_answered_once(srp_only: Endpoints) -> None:
    client = cognito(srp_only)
    srp = AWSSRP(srp_only.username, srp_only.password, srp_only.user_pool_id, srp_only.client_id, client=client)
    challenge = client.initiate_auth(
        ClientId=srp_only.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params()
    )
    answer = {
        "ClientId": srp_only.client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": srp.process_challenge(challenge["ChallengeParameters"], srp.get_auth_params()),
    }

    assert client.respond_to_auth_challenge(**answer)["AuthenticationResult"]
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        client.respond_to_auth_challenge(**answer)


def test_a_public_value_that_gives_the_key_away_is_refused(srp_only: Endpoints) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        cognito(srp_only).initiate_auth(
            ClientId=srp_only.client_id,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": srp_only.username, "SRP_A": "0"},
        )
