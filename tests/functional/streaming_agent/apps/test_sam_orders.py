"""A SAM template with a function's route, a mock and an agent's route in its OpenAPI body."""

from collections.abc import Iterator

import pytest

from tests.functional.streaming_agent.local.calls import ask

from .terminals import Terminals, copy_of, local

ORIGIN = "https://shop.example.com"
pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminals]:
    # its image is a parameter, so the agent's folder is named
    with local(copy_of("sam_orders", tmp_path_factory.mktemp("app")), "--agent", "agent") as terminals:
        yield terminals


def url(terminals: Terminals, path: str) -> str:
    return f"{terminals.ready['url']}{path}"


def test_it_answers_in_the_second_terminal(terminals: Terminals) -> None:
    assert url(terminals, "").endswith("/beta/")
    assert terminals.type("chat", "Ada") == "[beta] no order for Ada \n"


def test_the_answer_streams(terminals: Terminals) -> None:
    answer = ask(url(terminals, "ask"), {"prompt": "Ada"}, token=terminals.type("token").strip())

    assert (answer.status, len(answer.events)) == (200, 5)
    assert answer.arrivals[-1] - answer.arrivals[0] > 0.1


def test_sams_cors_answers_the_preflight_of_each_path_without_a_token(terminals: Terminals) -> None:
    for path, methods in (("ask", "OPTIONS,POST"), ("orders", "GET,OPTIONS"), ("health", "GET,OPTIONS")):
        answer = ask(url(terminals, path), method="OPTIONS", headers={"Origin": ORIGIN})

        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-allow-headers"] == "Authorization,Content-Type"
        assert answer.headers["access-control-allow-methods"] == methods
        assert answer.headers["access-control-max-age"] == "600"


def test_sams_default_authorizer_holds_where_the_body_names_none(terminals: Terminals) -> None:
    refused = ask(url(terminals, "ask"), {"prompt": "Ada"})

    assert (refused.status, refused.headers["access-control-allow-origin"]) == (401, ORIGIN)
    assert ask(url(terminals, "health"), method="GET").body == b'{"alive": true}'


def test_the_functions_route_says_that_it_is_not_run(terminals: Terminals) -> None:
    answer = ask(url(terminals, "orders"), method="GET", token=terminals.type("token").strip())

    assert (answer.status, answer.message) == (
        501,
        "GET /orders is not run locally: it is the Lambda function Orders, which the local run does not start for a"
        " route (SAL012)",
    )
    assert ask(url(terminals, "orders"), method="GET").status == 401  # as on AWS, before what it leads to


def test_another_parameter_is_another_stage(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = copy_of("sam_orders", tmp_path_factory.mktemp("app"))
    with local(app, "--agent", "agent/main.py", "--parameter", "StageName=prod") as terminals:
        assert url(terminals, "").endswith("/prod/")
        assert terminals.type("chat", "Ada") == "[prod] no order for Ada \n"
