"""Gotchas of tokens that must not pass, at the local run's gateway and at its runtime."""

from ..mutation import Mutation
from ..pages import AGENTCORE, APIGW, COGNITO

LOCAL = "streaming-agent/src/streaming_agent/local"
ATTACKS = "tests/functional/streaming_agent/local/test_token_attacks.py"
FORGED = f"{ATTACKS}::test_a_forged_token_is_refused"
BEST_PRACTICES = "https://www.rfc-editor.org/rfc/rfc8725"
VERIFYING = f"{COGNITO}/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html"

_ALGORITHM_AND_KEY = """\
        if header.get("alg") != "RS256":
            raise InvalidToken("its algorithm is not RS256")
        if not isinstance(key_id, str):
            raise InvalidToken("it names no key")
        issuer, key = await keys.issuer_and_key(key_id)
        claims = jwt.decode(token, key, algorithms=["RS256"]).claims
"""
_TRUSTS_UNSIGNED = """\
        issuer, key = await keys.issuer_and_key(str(key_id))
        if header.get("alg") == "none":
            claims = __import__("json").loads(jws.extract_compact(token.encode("ascii")).payload)
        else:
            claims = jwt.decode(token, key, algorithms=["RS256"]).claims
"""
_TRUSTS_THE_HEADER = """\
        issuer, key = await keys.issuer_and_key(str(key_id))
        if header.get("alg") == "HS256":
            signed, _, signature = token.rpartition(".")
            made = __import__("hmac").digest(key.as_pem(private=False), signed.encode(), "sha256")
            if __import__("base64").urlsafe_b64encode(made).decode().rstrip("=") != signature:
                raise InvalidToken("its signature is another one")
            claims = __import__("json").loads(jws.extract_compact(token.encode("ascii")).payload)
        else:
            claims = jwt.decode(token, key, algorithms=["RS256"]).claims
"""

LOCAL_TOKENS = (
    Mutation(
        gotcha="a token whose header says alg none proves nothing",
        page=BEST_PRACTICES,
        file=f"{LOCAL}/jwt_check.py",
        code=_ALGORITHM_AND_KEY,
        mutated=_TRUSTS_UNSIGNED,
        tests=(f"{FORGED}[invocations_url-alg none]", f"{FORGED}[runtime_url-alg none]"),
    ),
    Mutation(
        gotcha="a verifier that trusts the header's alg takes HS256 signed with the public key",
        page=BEST_PRACTICES,
        file=f"{LOCAL}/jwt_check.py",
        code=_ALGORITHM_AND_KEY,
        mutated=_TRUSTS_THE_HEADER,
        tests=(
            f"{FORGED}[invocations_url-HS256 with the public key's PEM]",
            f"{FORGED}[runtime_url-HS256 with the public key's PEM]",
        ),
    ),
    Mutation(
        gotcha="an emulator that cannot reach the keys admits everybody",
        page=BEST_PRACTICES,
        file=f"{LOCAL}/jwt_check.py",
        code=_ALGORITHM_AND_KEY,
        mutated="""\
        try:
            issuer, key = await keys.issuer_and_key(str(key_id))
            claims = jwt.decode(token, key, algorithms=["RS256"]).claims
        except KeysUnreachable:
            claims = __import__("json").loads(jws.extract_compact(token.encode("ascii")).payload)
            issuer = claims["iss"]
""",
        tests=(f"{ATTACKS}::test_nothing_is_admitted_when_the_keys_cannot_be_had",),
    ),
    Mutation(
        gotcha="a token of another issuer may be signed with a key of the same id",
        page=VERIFYING,
        file=f"{LOCAL}/jwt_check.py",
        code='iss={"essential": True, "value": issuer}',
        mutated='iss={"essential": True}',
        tests=(f"{FORGED}[invocations_url-another issuer]", f"{FORGED}[runtime_url-another issuer]"),
    ),
    Mutation(
        gotcha="a token that has expired was good once",
        page=VERIFYING,
        file=f"{LOCAL}/jwt_check.py",
        code="now=int(clock.now()),",
        mutated="now=int(clock.now()), leeway=3600,",
        tests=(f"{FORGED}[invocations_url-expired]", f"{FORGED}[runtime_url-expired]"),
    ),
    Mutation(
        gotcha="a token without an exp never expires",
        page="https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4",
        file=f"{LOCAL}/jwt_check.py",
        code=', exp={"essential": True}',
        mutated="",
        tests=(f"{FORGED}[invocations_url-no expiry]", f"{FORGED}[runtime_url-no expiry]"),
    ),
    Mutation(
        gotcha="locally too: a method without scopes takes the ID token and no access token",
        page=f"{APIGW}/apigateway-enable-cognito-user-pool.html",
        file=f"{LOCAL}/api_gateway/cognito_authorizer.py",
        code='    if use != "id":\n',
        mutated="    if False:\n",
        tests=(f"{FORGED}[invocations_url-an access token's use]",),
    ),
    Mutation(
        gotcha="locally too: with scopes on the method the access token is taken and no ID token",
        page=f"{APIGW}/apigateway-enable-cognito-user-pool.html",
        file=f"{LOCAL}/api_gateway/cognito_authorizer.py",
        code='        if use != "access" or not set(scopes)',
        mutated='        if use == "access" and not set(scopes)',
        tests=(
            "tests/functional/streaming_agent/local/test_authorizers.py::test_a_method_with_scopes_takes_the_access_token_alone",
        ),
    ),
    Mutation(
        gotcha="locally too: a Cognito authorizer takes any client's token, the runtime those for its audience",
        page=f"{AGENTCORE}/inbound-jwt-authorizer.html",
        file=f"{LOCAL}/agentcore/authorizer.py",
        code="        if rules.audiences and not",
        mutated="        if False and not",
        tests=(
            f"{ATTACKS}::test_a_token_for_somebody_else_is_refused_by_the_runtime",
            "tests/functional/streaming_agent/local/test_app.py::test_another_token_is_refused_at_both_layers[access-runtime_url]",
        ),
        says="JSONDecodeError",
    ),
    Mutation(
        gotcha="locally too: what a Lambda authorizer lets in, the runtime checks again",
        page=f"{AGENTCORE}/inbound-jwt-authorizer.html",
        file=f"{LOCAL}/agentcore/runtime_service.py",
        code="            await running.authorize(request)\n",
        mutated="",
        tests=(
            "tests/functional/streaming_agent/local/test_authorizers.py::test_a_function_cannot_let_a_token_past_the_runtime",
        ),
    ),
    Mutation(
        gotcha="locally too: an ID token carries no client_id",
        page=f"{COGNITO}/amazon-cognito-user-pools-using-the-id-token.html",
        file=f"{LOCAL}/cognito/token_mint.py",
        code='            "aud": client.id,\n',
        mutated='            "aud": client.id,\n            "client_id": client.id,\n',
        tests=("tests/functional/streaming_agent/local/test_sign_in.py::test_tokens_carry_what_cognitos_carry",),
    ),
)
