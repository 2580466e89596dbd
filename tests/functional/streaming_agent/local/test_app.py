"""The whole chain over real HTTP: a signed token, two checks, a stream from a real agent process."""

import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import Tokens, ask


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
def test_an_id_token_gets_the_agents_answer_chunk_by_chunk(chain: Endpoints, tokens: Tokens, entrance: str) -> None:
    answer = ask(getattr(chain, entrance), {"count": 4, "pause": 0.15}, token=tokens.id)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [event["text"] for event in answer.events[1:]] == ["0", "1", "2", "3"]
    assert len(answer.arrivals) >= 4
    assert answer.arrivals[-1] - answer.arrivals[0] > 0.4


def test_the_agent_has_the_templates_environment_and_the_users_session(chain: Endpoints, tokens: Tokens) -> None:
    first, second = (ask(chain.invocations_url, token=tokens.id).events[0] for _ in range(2))

    assert first["greeting"] == "hello from us-east-1"
    assert first["session"] == second["session"]
    assert first["pid"] == second["pid"]


def test_the_client_cannot_choose_a_session_that_the_gateway_maps(chain: Endpoints, tokens: Tokens) -> None:
    session = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "somebody-elses-session-0123456789-0123456789"}

    through_the_gateway = ask(chain.invocations_url, token=tokens.id, headers=session)

    assert through_the_gateway.events[0]["session"] != next(iter(session.values()))


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
@pytest.mark.parametrize("kind", ["no", "access"])
def test_another_token_is_refused_at_both_layers(chain: Endpoints, tokens: Tokens, entrance: str, kind: str) -> None:
    answer = ask(getattr(chain, entrance), token={"no": None, "access": tokens.access}[kind])

    assert answer.status == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


def test_the_gateway_refuses_in_the_templates_words_for_browsers(chain: Endpoints) -> None:
    answer = ask(chain.invocations_url)

    assert answer.message == "Unauthorized"
    assert answer.headers["access-control-allow-origin"] == "https://chat.example.com"


def test_the_runtime_refuses_in_its_own_words(chain: Endpoints, tokens: Tokens) -> None:
    answer = ask(chain.runtime_url, token=tokens.access)

    assert answer.message == "Claim 'aud' value mismatch with configuration."
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_path_without_a_method_is_a_missing_authentication_token(chain: Endpoints) -> None:
    answer = ask(f"{chain.url}nowhere")

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, "MissingAuthenticationTokenException")


def test_a_stage_that_is_not_there_is_forbidden_in_words_that_no_template_changes(chain: Endpoints) -> None:
    answer = ask(chain.invocations_url.replace("/prod/", "/staging/"))

    assert (answer.status, answer.message) == (403, "Forbidden")
    assert answer.headers["x-amzn-errortype"] == "ForbiddenException"
    assert "access-control-allow-origin" not in answer.headers


def test_a_preflight_is_answered_without_a_token(chain: Endpoints) -> None:
    answer = ask(chain.invocations_url, method="OPTIONS", body=b"")

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "https://chat.example.com"


def test_a_body_over_ten_megabytes_is_too_long(chain: Endpoints, tokens: Tokens) -> None:
    answer = ask(chain.invocations_url, token=tokens.id, body=b"x" * (10 * 1024 * 1024 + 1))

    assert (answer.status, answer.message) == (413, "Request Too Long")


def test_an_agent_that_dies_mid_stream_ends_the_answer_unfinished(chain: Endpoints, tokens: Tokens) -> None:
    before = ask(chain.invocations_url, token=tokens.id)
    broken = ask(chain.invocations_url, {"crash_at": 2, "pause": 0.05}, token=tokens.id)
    after = ask(chain.invocations_url, token=tokens.id)

    assert broken.status == 200
    assert not broken.whole
    assert [event["text"] for event in broken.events[1:]] == ["0", "1"]
    assert after.status == 200
    assert after.events[0]["pid"] != before.events[0]["pid"]


def test_the_agents_own_error_is_a_424(chain: Endpoints, tokens: Tokens) -> None:
    answer = ask(chain.invocations_url, {"fail": True}, token=tokens.id)

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (424, "RuntimeClientError")
