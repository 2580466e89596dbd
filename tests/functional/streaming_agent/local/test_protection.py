"""What the template says about who may send how much: firewall, throttle, API keys, quota."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway

from streaming_agent_construct import AgentSource, ApiKeys, Firewall, Protection, StreamingAgentApi, Throttle
from tests.functional.streaming_agent.local.calls import Answer, ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT


def streaming_app(folder: Path, protection: Protection) -> Path:
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    agent = AgentSource.from_directory(str(AGENT))
    StreamingAgentApi(Stack(app, "Chat"), "Agent", agent=agent, protection=protection)
    app.synth()
    return folder / "cdk.out"


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    quota = apigateway.QuotaSettings(limit=6, period=apigateway.Period.DAY)
    return streaming_app(
        tmp_path_factory.mktemp("protected"),
        Protection(firewall=Firewall.managed(requests_per_ip=40), api_keys=ApiKeys(clients=["web"], quota=quota)),
    )


@pytest.fixture
def protected_call(protected: Path) -> Iterator[Callable[..., Answer]]:
    """Asks a fresh chain with the right token and key unless told otherwise; its limits count from nothing."""
    with emulator_of(protected) as ready:
        token = sign_in(ready).id

        def asked(query: str = "", *, api_key: str | None = ready.api_key) -> Answer:
            headers = {} if api_key is None else {"x-api-key": api_key}
            return ask(ready.invocations_url + query, {"count": 1}, token=token, headers=headers)

        yield asked


@pytest.mark.parametrize("query", ["?qualifier=old", "?x=1&accountId=210987654321", "?%71ualifier=old", "?trace=1"])
def test_the_firewall_lets_no_query_string_pass(protected_call: Callable[..., Answer], query: str) -> None:
    answer = protected_call(query)

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, "ForbiddenException")


def test_without_a_query_string_the_agent_answers(protected_call: Callable[..., Answer]) -> None:
    assert protected_call().status == 200


@pytest.mark.parametrize("key", [None, "local-guessed"])
def test_without_a_key_of_the_plan_the_method_is_forbidden(
    protected_call: Callable[..., Answer], key: str | None
) -> None:
    answer = protected_call(api_key=key)

    assert (answer.status, answer.message) == (403, "Forbidden")


def test_a_key_that_has_used_up_its_quota_is_refused(protected_call: Callable[..., Answer]) -> None:
    statuses = [protected_call().status for _ in range(7)]

    assert statuses == [200] * 6 + [429]
    assert protected_call().message == "Limit Exceeded"


def test_a_burst_over_the_stages_limit_is_throttled(tmp_path: Path) -> None:
    folder = streaming_app(tmp_path, Protection(throttle=Throttle(rate_limit=1, burst_limit=10)))
    with emulator_of(folder) as ready, ThreadPoolExecutor(30) as pool:
        token = sign_in(ready).id
        answers = list(pool.map(lambda _: ask(ready.invocations_url, {"count": 1}, token=token), range(30)))

    statuses = Counter(answer.status for answer in answers)
    assert 10 <= statuses[200] <= 12  # a slow machine may let a second or two pass
    assert statuses[200] + statuses[429] == 30
    assert {answer.message for answer in answers if answer.status == 429} == {"Too Many Requests"}
