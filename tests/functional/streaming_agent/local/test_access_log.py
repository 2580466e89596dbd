"""The access log: one line for each request, in the template's own format, when its answer has ended."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aws_cdk import App, Stack
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentSource, StreamingAgentApi
from tests.functional.streaming_agent.local.calls import ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT


@pytest.fixture(scope="module")
def logging_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    folder = tmp_path_factory.mktemp("logging") / "cdk.out"
    app = App(outdir=str(folder), context={"aws:cdk:bundling-stacks": []})
    StreamingAgentApi(Stack(app, "Chat"), "Agent", agent=AgentSource.from_directory(str(AGENT)))
    app.synth()
    with emulator_of(folder) as ready:
        yield ready


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> Callable[[], dict[str, Any]]:
    """The one line that was written."""
    caplog.set_level("INFO", logger="streaming_agent.access")

    def written() -> dict[str, Any]:
        # written when the answer has ended, which the client may see a moment before
        deadline = time.monotonic() + 2
        while not (lines := [one.getMessage() for one in caplog.records if one.name == "streaming_agent.access"]):
            assert time.monotonic() < deadline, "no line was written"
            time.sleep(0.01)
        (message,) = lines
        return dict(json.loads(message))

    return written


def test_a_stream_is_logged_with_its_times(logging_chain: Endpoints, line: Callable[[], dict[str, Any]]) -> None:
    token = sign_in(logging_chain).id
    answer = ask(logging_chain.invocations_url, {"count": 3, "pause": 0.1}, token=token)

    written = line()
    assert written["status"] == "200"
    assert written["requestId"] == answer.headers["x-amzn-requestid"]
    assert written["transferMode"] == "STREAMED"
    assert written["responseLength"] == str(len(answer.body))
    assert len(written["caller"]) == 36
    assert token not in json.dumps(written)
    # latency is the time until the stream ends: never the one to alarm on
    assert int(written["timeToAllHeaders"]) <= int(written["timeToFirstContent"]) < int(written["integrationLatency"])
    assert int(written["integrationLatency"]) >= 300


def test_a_refusal_is_logged_with_its_kind(logging_chain: Endpoints, line: Callable[[], dict[str, Any]]) -> None:
    ask(logging_chain.invocations_url)

    written = line()
    assert (written["status"], written["error"], written["integrationStatus"]) == ("401", "UNAUTHORIZED", "-")


def test_what_the_firewall_blocks_is_logged_as_blocked(
    logging_chain: Endpoints, line: Callable[[], dict[str, Any]]
) -> None:
    ask(f"{logging_chain.invocations_url}?qualifier=old")

    written = line()
    assert (written["status"], written["waf"]) == ("403", "WAF_BLOCK")
