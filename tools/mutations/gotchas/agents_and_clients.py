"""Gotchas of the agent that streams, and of the client that asks it."""

from ..mutation import Mutation
from ..pages import AGENTCORE, APIGW, COGNITO

CLIENT = "streaming-agent/src/streaming_agent/client"
AGENT = "examples/hello_agent/agent"
HELLO = "examples/hello_agent/tests/test_hello_agent.py"
SDK = "https://github.com/aws/bedrock-agentcore-sdk-python"

AGENTS_AND_CLIENTS = (
    Mutation(
        gotcha="an agent that yields every event of Strands sends 50 times its text, history and traces with it",
        page="https://github.com/strands-agents/sdk-python/issues/1928",
        file=f"{AGENT}/streaming.py",
        code='                    yield server_sent({"text": event["data"]})\n',
        mutated='                    yield server_sent({"text": event["data"], "event": str(event)})\n',
        tests=(
            f"{HELLO}::TestStream::test_each_word_is_one_event_of_text_alone",
            f"{HELLO}::TestStream::test_the_wire_carries_little_more_than_the_words",
        ),
    ),
    Mutation(
        gotcha="the SDK runs a generator in a thread: a caller who leaves does not stop it, and the 41st caller waits",
        page=SDK,
        file=f"{AGENT}/agent.py",
        code="    return stream_answer(agent, prompt)\n",
        mutated='    return ({"text": e["data"]} async for e in agent.stream_async(prompt) if "data" in e)\n',
        tests=(
            f"{HELLO}::TestStream::test_a_caller_who_leaves_stops_the_model_within_a_tenth_of_a_second",
            f"{HELLO}::TestStream::test_fifty_answers_are_made_at_once",
        ),
        says="TimeoutError",
    ),
    Mutation(
        gotcha="a tool that works for longer than the idle limit in silence drops the stream",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{AGENT}/streaming.py",
        code="        ping=KEEP_ALIVE_SECONDS,\n",
        mutated="        ping=3600,\n",
        tests=(f"{HELLO}::TestStream::test_silence_is_filled_with_comments_before_and_between_the_words",),
    ),
    Mutation(
        gotcha="an exception in the middle of a stream comes after the 200, with its message",
        page=SDK,
        file=f"{AGENT}/streaming.py",
        code='        yield failure("agent_failed", "the answer could not be completed: ask again")\n',
        mutated="        raise\n",
        tests=(f"{HELLO}::TestFailure::test_an_error_after_some_words_is_one_last_event_without_internals",),
        says="RemoteProtocolError",
    ),
    Mutation(
        gotcha="API Gateway adds no CORS headers to a proxied answer: the agent has to",
        page=f"{APIGW}/how-to-cors.html",
        file=f"{AGENT}/streaming.py",
        code='                    headers["Access-Control-Allow-Origin"] = self.origins[0]\n',
        mutated="                    pass\n",
        tests=(f"{HELLO}::TestBrowser::test_pages_of_the_one_allowed_origin_may_read_every_reply",),
    ),
    Mutation(
        gotcha="AgentCore keeps Origin from agents, so the SDK's CORS middleware never answers",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{AGENT}/streaming.py",
        code='    ORIGIN_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin"\n',
        mutated='    ORIGIN_HEADER = "Origin"\n',
        tests=(f"{HELLO}::TestBrowser::test_of_several_origins_the_one_that_asks_is_named",),
    ),
    Mutation(
        gotcha="without a session the agent would remember one caller's words for the next",
        page=f"{AGENTCORE}/runtime-sessions.html",
        file=f"{AGENT}/agent.py",
        code=" if context.session_id else new_agent()\n",
        mutated="\n",
        tests=(f"{HELLO}::TestConversation::test_is_never_shown_to_another_session_or_to_a_caller_without_one",),
    ),
    Mutation(
        gotcha="the runtime's own address takes calls without the gateway's secret",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file="examples/production/agent/gateway_secret.py",
        code=" or await self._came_through_the_gateway(scope):\n",
        mutated=" or True:\n",
        tests=("examples/production/tests/test_gateway_secret.py::test_what_does_not_show_it_is_refused",),
    ),
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
