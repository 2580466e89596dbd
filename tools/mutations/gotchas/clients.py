"""Gotchas of the client that asks an agent."""

from ..mutation import Mutation
from ..pages import AGENTCORE, APIGW, COGNITO

CLIENT = "streaming-agent/src/streaming_agent/client"

CLIENTS = (
    Mutation(
        gotcha="the other of Cognito's two tokens is answered with a bare 401 that says nothing",
        page=f"{COGNITO}/amazon-cognito-user-pools-using-tokens-with-identity-providers.html",
        file=f"{CLIENT}/tokens.py",
        code="    check_type(token, wanted)\n    expired",
        mutated="    expired",
        tests=(
            "tests/functional/streaming_agent/client/test_sign_in.py::test_a_token_that_cannot_be_accepted_is_not_sent",
            "tests/functional/streaming_agent/client/test_local_run.py::test_the_wrong_type_of_token_is_refused_before_it_is_sent",
        ),
        says="ApiRefused",
    ),
    Mutation(
        gotcha="client credentials give no ID token, which the API would ask for",
        page=f"{COGNITO}/federation-endpoint-oauth-grants.html",
        file=f"{CLIENT}/client_credentials.py",
        code="        if address.token_type is TokenUse.ID:\n",
        mutated="        if False:\n",
        tests=(
            "tests/functional/streaming_agent/client/test_sign_in.py::test_client_credentials_are_refused_before_asking_where_id_tokens_are_taken",
        ),
    ),
    Mutation(
        gotcha="AgentCore refuses a session id of less than 33 characters",
        page=f"{AGENTCORE}/runtime-sessions.html",
        file=f"{CLIENT}/call.py",
        code="    if not SHORTEST_SESSION_ID <= len(session_id) <= LONGEST_SESSION_ID:\n",
        mutated="    if False:\n",
        tests=(
            "tests/functional/streaming_agent/client/test_calls.py::test_what_the_api_could_not_take_is_refused_before_it_is_sent",
        ),
    ),
    Mutation(
        gotcha="a compressor on the way holds chunks back: with STREAM API Gateway encodes nothing",
        page=f"{APIGW}/response-transfer-mode.html",
        file=f"{CLIENT}/call.py",
        code='            "Accept-Encoding": "identity",  # a compressor would hold chunks back\n',
        mutated="",
        tests=(
            "tests/functional/streaming_agent/client/test_calls.py::test_no_compressor_is_asked_for_that_would_hold_chunks_back",
        ),
    ),
    Mutation(
        gotcha="a client that gives up before the API does loses a stream that was only silent",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CLIENT}/connections.py",
        code="read=300.0",
        mutated="read=5.0",
        tests=(
            "tests/functional/streaming_agent/client/test_calls.py::test_an_agent_may_be_silent_for_as_long_as_the_api_lets_it",
        ),
    ),
)
