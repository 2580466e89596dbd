"""An app in the shape of AWS's published tutorial: three stacks that know each other by exports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.streaming_agent.local.calls import ask

from .terminals import Terminals, copy_of, local

PAGE = "http://localhost:3000"
pytestmark = pytest.mark.network  # the agent's own requirements are installed


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("l1", "id"), id="L1 by id"),
        pytest.param(("l2", "arn"), id="L2 by encoded ARN"),
        pytest.param(("resource", "arn"), id="plain resource by encoded ARN", marks=pytest.mark.slow),
    ],
)
def terminals(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminals]:
    runtime, address = request.param
    app = copy_of("three_stacks", tmp_path_factory.mktemp("app"), runtime=runtime, address=address)
    with local(app) as terminals:
        yield terminals


def test_it_answers_in_the_second_terminal(terminals: Terminals) -> None:
    assert terminals.type("chat", "Vienna") == "Bon voyage: to Vienna by train. \n"


def test_the_answer_streams_to_the_web_pages_own_client(terminals: Terminals) -> None:
    token = terminals.type("token").strip()
    answer = ask(f"{terminals.ready['url']}chat", {"prompt": "Graz"}, token=token)

    assert terminals.ready["url"].endswith("/live/")
    assert answer.status == 200
    assert len(answer.arrivals) > 1
    assert answer.arrivals[-1] - answer.arrivals[0] > 0.1


def test_a_page_may_ask_and_sees_why_it_was_refused(terminals: Terminals) -> None:
    preflight = ask(f"{terminals.ready['url']}chat", method="OPTIONS", headers={"Origin": PAGE})
    refused = ask(f"{terminals.ready['url']}chat", {"prompt": "Graz"}, token="no.good.token")

    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert preflight.headers["access-control-allow-headers"] == "Content-Type,Authorization"
    assert (refused.status, refused.headers["access-control-allow-origin"]) == (401, PAGE)


def test_the_functions_route_says_that_it_is_not_run(terminals: Terminals) -> None:
    answer = ask(f"{terminals.ready['url']}trips", method="GET", token=terminals.type("token").strip())

    assert answer.status == 501
    assert answer.message.startswith("GET /trips is not run locally: it is the Lambda function Trips")
    assert "GET /trips is not run locally" in terminals.log()


def test_an_edit_of_the_agent_is_seen_at_the_next_question(terminals: Terminals) -> None:
    agent = terminals.folder / "agent" / "agent.py"
    agent.write_text(agent.read_text().replace("by train", "by bicycle"))

    assert terminals.type("chat", "Linz") == "Bon voyage: to Linz by bicycle. \n"
    assert sorted(path.name for path in Path(agent.parent).iterdir()) == ["agent.py", "pyproject.toml"]
